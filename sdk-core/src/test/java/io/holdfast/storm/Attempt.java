package io.holdfast.storm;

import io.holdfast.Clock;

/**
 * One attempt of a member of the fleet as {@link StormServer} sees it, and then the open transport.
 * Answers take the way back, and none comes once it is over.
 */
final class Attempt {
  /** Who is told how it goes. */
  interface Listener {
    /** The TCP connect is done: the attempt waits in the listen backlog. */
    void established();

    /** The server answered 101. */
    void opened();

    /** The TCP connect was refused. */
    void refused();

    /** The server, or what stands before it, answered 503. */
    void rejected(int retryAfterSeconds);

    /** The open transport has ended, for the server restarts. */
    void lost();
  }

  final int member;
  final long latencyNanos;
  private final Clock clock;
  private final Listener listener;
  private boolean over;

  Attempt(int member, long latencyNanos, Clock clock, Listener listener) {
    this.member = member;
    this.latencyNanos = latencyNanos;
    this.clock = clock;
    this.listener = listener;
  }

  boolean isOver() {
    return over;
  }

  /** The member gives up; it hears nothing more. */
  void cancel() {
    over = true;
  }

  void answerEstablished() {
    afterTheWayBack(listener::established);
  }

  /** Runs {@code arrived} too, if the member still waits when the answer comes. */
  void answerOpened(Runnable arrived) {
    afterTheWayBack(
        () -> {
          arrived.run();
          listener.opened();
        });
  }

  void answerRefused() {
    last(listener::refused);
  }

  void answerRejected(int retryAfterSeconds) {
    last(() -> listener.rejected(retryAfterSeconds));
  }

  /** Runs {@code arrived} too, unless the member gave up before it could hear of it. */
  void end(Runnable arrived) {
    last(
        () -> {
          arrived.run();
          listener.lost();
        });
  }

  private void last(Runnable tell) {
    afterTheWayBack(
        () -> {
          over = true;
          tell.run();
        });
  }

  private void afterTheWayBack(Runnable tell) {
    clock.schedule(
        () -> {
          if (!over) tell.run();
        },
        latencyNanos);
  }
}
