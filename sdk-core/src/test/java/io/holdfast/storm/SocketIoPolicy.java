package io.holdfast.storm;

import java.util.Random;

/**
 * Socket.IO's JavaScript implementation, with its defaults: {@code
 * packages/socket.io-client/lib/manager.ts} ({@code reconnectionDelay} 1000, {@code
 * reconnectionDelayMax} 5000, {@code randomizationFactor} 0.5, {@code timeout} 20000) and {@code
 * lib/contrib/backo2.ts} (factor 2; jitter of half the delay either way, and the maximum after it).
 * It is read as using WebSocket alone, as {@code transports: ["websocket"]} does; by default it
 * begins with HTTP polling, which is several requests an attempt.
 */
final class SocketIoPolicy implements Policy {
  private static final long MILLI = 1_000_000;
  private static final double DELAY_MILLIS = 1000;
  private static final long MAX_MILLIS = 5000;
  private static final double JITTER = 0.5;
  private static final long TIMEOUT_NANOS = 20_000 * MILLI;

  private final Random random;
  private int attempts;

  SocketIoPolicy(Random random) {
    this.random = random;
  }

  @Override
  public long delayNanos(Failure failure, int retryAfterSeconds, long attemptNanos) {
    double millis = DELAY_MILLIS * Math.pow(2, attempts++);
    double drawn = random.nextDouble();
    double deviation = Math.floor(drawn * JITTER * millis);
    // One draw decides both how far and, by its first decimal, which way.
    boolean sooner = ((int) Math.floor(drawn * 10) & 1) == 0;
    millis = sooner ? millis - deviation : millis + deviation;
    long delayMillis = (long) Math.min(millis, MAX_MILLIS);
    return delayMillis * MILLI;
  }

  @Override
  public void opened() {
    attempts = 0;
  }

  @Override
  public Patience patience() {
    return Patience.total(TIMEOUT_NANOS);
  }
}
