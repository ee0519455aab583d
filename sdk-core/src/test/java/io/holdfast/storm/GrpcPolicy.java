package io.holdfast.storm;

import java.util.Random;

/**
 * gRPC's connection backoff protocol ({@code doc/connection-backoff.md} of grpc/grpc): the first
 * attempt at once; then {@code INITIAL_BACKOFF} 1 s, {@code MULTIPLIER} 1.6, {@code MAX_BACKOFF}
 * 120 s and {@code JITTER} 0.2 from the second backoff on, each counted from the start of the
 * attempt before; {@code MIN_CONNECT_TIMEOUT} 20 s, or the backoff if that is longer.
 */
final class GrpcPolicy implements Policy {
  private static final double INITIAL_NANOS = 1e9;
  private static final double MULTIPLIER = 1.6;
  private static final double MAX_NANOS = 120e9;
  private static final double JITTER = 0.2;
  private static final long MIN_CONNECT_NANOS = 20_000_000_000L;

  private final Random random;
  private double backoffNanos;
  private long deadlineNanos;

  GrpcPolicy(Random random) {
    this.random = random;
  }

  @Override
  public long delayNanos(Failure failure, int retryAfterSeconds, long attemptNanos) {
    if (failure == Failure.LOST) {
      backoffNanos = INITIAL_NANOS;
      deadlineNanos = (long) backoffNanos;
      return 0;
    }
    long delayNanos = Math.max(0, deadlineNanos - attemptNanos);
    backoffNanos = Math.min(backoffNanos * MULTIPLIER, MAX_NANOS);
    double jitter = (2 * random.nextDouble() - 1) * JITTER;
    deadlineNanos = (long) (backoffNanos * (1 + jitter));
    return delayNanos;
  }

  @Override
  public void opened() {
    // The next loss starts over.
  }

  @Override
  public Patience patience() {
    return Patience.total(Math.max(deadlineNanos, MIN_CONNECT_NANOS));
  }
}
