package io.holdfast.storm;

import io.holdfast.Clock;
import io.holdfast.storm.Policy.Failure;
import io.holdfast.storm.Policy.Patience;
import org.jspecify.annotations.Nullable;

/** A member of a fleet that keeps to a policy. */
final class ModelMember implements Attempt.Listener {
  private final int number;
  private final StormClock clock;
  private final StormServer server;
  private final Policy policy;
  private @Nullable Attempt attempt;
  // Of the connect, then of the answer.
  private Clock.@Nullable Timer phaseDeadline;
  private Clock.@Nullable Timer deadline;
  private long startedAtNanos;

  ModelMember(int number, StormClock clock, StormServer server, Policy policy) {
    this.number = number;
    this.clock = clock;
    this.server = server;
    this.policy = policy;
  }

  void connect() {
    startedAtNanos = clock.nanoTime();
    Patience patience = policy.patience();
    phaseDeadline = clock.schedule(this::giveUp, patience.connectNanos());
    deadline = clock.schedule(this::giveUp, patience.totalNanos());
    attempt = server.connect(number, this);
  }

  private void giveUp() {
    if (attempt != null) attempt.cancel();
    retry(Failure.TIMED_OUT, 0);
  }

  @Override
  public void established() {
    stop(phaseDeadline);
    phaseDeadline = clock.schedule(this::giveUp, policy.patience().answerNanos());
  }

  @Override
  public void opened() {
    stop(phaseDeadline);
    stop(deadline);
    policy.opened();
  }

  @Override
  public void refused() {
    retry(Failure.REFUSED, 0);
  }

  @Override
  public void rejected(int retryAfterSeconds) {
    retry(Failure.REJECTED, retryAfterSeconds);
  }

  @Override
  public void lost() {
    retry(Failure.LOST, 0);
  }

  private void retry(Failure failure, int retryAfterSeconds) {
    stop(phaseDeadline);
    stop(deadline);
    long attemptNanos = clock.nanoTime() - startedAtNanos;
    clock.schedule(this::connect, policy.delayNanos(failure, retryAfterSeconds, attemptNanos));
  }

  private static void stop(Clock.@Nullable Timer timer) {
    if (timer != null) timer.stop();
  }
}
