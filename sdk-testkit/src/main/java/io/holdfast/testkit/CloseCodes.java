package io.holdfast.testkit;

/** Close codes of RFC 6455 section 7.4.1. */
final class CloseCodes {
  static final int NORMAL_CLOSURE = 1000;
  static final int NO_STATUS_RECEIVED = 1005;
  static final int NO_CLOSE_FRAME = 1006;
  static final int POLICY_VIOLATION = 1008;

  private CloseCodes() {}
}
