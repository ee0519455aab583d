package io.holdfast.storm;

/**
 * Phoenix's JavaScript implementation, with its defaults: {@code assets/js/phoenix/socket.js}
 * ({@code reconnectAfterMs}: 10, 50, 100, 150, 200, 250, 500, 1000, 2000 ms, then 5000 ms, without
 * jitter; counts start over on open). Its {@code timeout} of 10 s is that of a push: a WebSocket
 * attempt has the browser's deadline alone, 240 s in Chromium ({@code
 * kHandshakeTimeoutIntervalInSeconds} in {@code net/websockets/websocket_stream.cc}).
 */
final class PhoenixPolicy implements Policy {
  private static final long MILLI = 1_000_000;
  private static final int[] STEPS_MILLIS = {10, 50, 100, 150, 200, 250, 500, 1000, 2000};
  private static final int LAST_MILLIS = 5000;
  private static final long TIMEOUT_NANOS = 240_000 * MILLI;

  private int tries;

  @Override
  public long delayNanos(Failure failure, int retryAfterSeconds, long attemptNanos) {
    int millis = tries < STEPS_MILLIS.length ? STEPS_MILLIS[tries] : LAST_MILLIS;
    tries++;
    return millis * MILLI;
  }

  @Override
  public void opened() {
    tries = 0;
  }

  @Override
  public Patience patience() {
    return Patience.total(TIMEOUT_NANOS);
  }
}
