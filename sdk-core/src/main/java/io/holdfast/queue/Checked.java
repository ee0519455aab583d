package io.holdfast.queue;

/** Checks of arguments that all queues make. */
final class Checked {
  private Checked() {}

  static long upTo(long upTo) {
    if (upTo < 0) throw new IllegalArgumentException("upTo must not be negative but was " + upTo);
    return upTo;
  }

  static byte[] state(byte[] state) {
    if (state.length > StoredMessage.MAX_STATE) {
      throw new IllegalArgumentException(
          "state must be at most " + StoredMessage.MAX_STATE + " bytes but was " + state.length);
    }
    return state;
  }
}
