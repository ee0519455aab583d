package io.holdfast.rx;

import io.holdfast.ConnectTimeline;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionState;
import java.time.Duration;

/** States to tell in tests. */
final class States {
  private States() {}

  static final ConnectionState IDLE = new ConnectionState.Idle();
  static final ConnectionState CONNECTING =
      new ConnectionState.Connecting(1, ConnectionState.Phase.HANDSHAKE);
  static final ConnectionState OPEN = new ConnectionState.Open(1, "", "", ConnectTimeline.EMPTY);
  static final ConnectionState WAITING =
      new ConnectionState.Waiting(1, Duration.ofSeconds(1), reset());
  static final ConnectionState CLOSED = new ConnectionState.Closed(1000, "", true, null);
  static final ConnectionState FAILED = new ConnectionState.Closed(1006, "", false, reset());

  private static ConnectionException reset() {
    return new ConnectionException.StreamBroken("reset", null);
  }
}
