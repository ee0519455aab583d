package io.holdfast.sample.watch;

import io.holdfast.sample.terminal.Texts;
import java.util.Locale;

/** Names of the SDK's kinds as they stand in JSON: {@code heartbeat-timed-out}. */
final class Names {
  private Names() {}

  static String of(Class<?> kind) {
    return Texts.words(kind).replace(' ', '-');
  }

  static String of(Enum<?> kind) {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
