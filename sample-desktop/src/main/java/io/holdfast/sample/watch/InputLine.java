package io.holdfast.sample.watch;

import io.holdfast.Message;
import org.jspecify.annotations.Nullable;

/**
 * One line of the input.
 *
 * @param number from 1
 * @param message what to send; null if the line cannot be sent
 * @param fault why not; null if it can
 */
record InputLine(long number, @Nullable Message message, @Nullable Fault fault) {

  /** Why a line cannot be sent. */
  enum Fault {
    NOT_UTF8("a line must be UTF-8"),
    TOO_LONG("a line must be at most 16 MiB");

    final String rule;

    Fault(String rule) {
      this.rule = rule;
    }
  }
}
