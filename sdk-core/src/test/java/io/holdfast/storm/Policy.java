package io.holdfast.storm;

import java.util.Random;

/** How one member of a fleet waits between its attempts. An object belongs to one member. */
interface Policy {

  /** Why a member waits. */
  enum Failure {
    LOST,
    REFUSED,
    REJECTED,
    TIMED_OUT
  }

  /**
   * Returns the delay before the next attempt.
   *
   * @param retryAfterSeconds what the server asked for with {@link Failure#REJECTED}; else zero
   * @param attemptNanos how long the failed attempt took
   */
  long delayNanos(Failure failure, int retryAfterSeconds, long attemptNanos);

  /** An attempt succeeded. */
  void opened();

  /** When the next attempt is given up. */
  Patience patience();

  /**
   * The deadlines of an attempt.
   *
   * @param connectNanos from its start to the TCP connect
   * @param answerNanos from the TCP connect to the answer
   */
  record Patience(long connectNanos, long answerNanos, long totalNanos) {
    static Patience total(long nanos) {
      return new Patience(nanos, nanos, nanos);
    }
  }

  /** Makes the policy of one member. */
  @FunctionalInterface
  interface Factory {
    Policy of(Random random);
  }
}
