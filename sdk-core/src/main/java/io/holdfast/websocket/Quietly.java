package io.holdfast.websocket;

import java.io.Closeable;
import java.io.IOException;

/** Closes what is given up anyway. */
final class Quietly {
  private Quietly() {}

  static void close(Closeable closeable) {
    try {
      closeable.close();
    } catch (IOException | RuntimeException e) {
      // TLS complains here of what a cancelled stream cannot do.
    }
  }
}
