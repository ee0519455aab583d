package io.holdfast.websocket;

import io.holdfast.websocket.FuzzTest.Agreed;
import java.util.Arrays;

/**
 * Where Jazzer hands in bytes: the first says what was agreed on, the second how the rest, which a
 * server sends, is cut. CONTRIBUTING.md has the command.
 */
public final class FuzzTarget {
  private FuzzTarget() {}

  /** Takes any bytes; throws if a server that sends them can do more than break a rule. */
  public static void fuzzerTestOneInput(byte[] bytes) {
    if (bytes.length < 2) return;
    Agreed[] all = Agreed.values();
    Agreed agreed = all[(bytes[0] & 0xff) % all.length];
    FuzzTest.check(agreed, bytes[1] & 0xff, Arrays.copyOfRange(bytes, 2, bytes.length));
  }
}
