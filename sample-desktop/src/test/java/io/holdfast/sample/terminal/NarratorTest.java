package io.holdfast.sample.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.ConnectTimeline;
import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionEvent.AttemptFailed;
import io.holdfast.ConnectionEvent.HeartbeatIntervalLearned;
import io.holdfast.ConnectionEvent.NetworkChanged;
import io.holdfast.ConnectionEvent.OutageLasts;
import io.holdfast.ConnectionEvent.RetryScheduled;
import io.holdfast.ConnectionEvent.SuccessorDropped;
import io.holdfast.ConnectionEvent.SuccessorStarted;
import io.holdfast.ConnectionEvent.TransportLost;
import io.holdfast.ConnectionEvent.TransportOpened;
import io.holdfast.ConnectionEvent.WokeUp;
import io.holdfast.ConnectionException.AttemptTimedOut;
import io.holdfast.ConnectionException.EndedWithoutClose;
import io.holdfast.ConnectionException.HandshakeRejected;
import io.holdfast.ConnectionException.HeartbeatTimedOut;
import io.holdfast.ConnectionException.PeerClosed;
import io.holdfast.ConnectionException.Refused;
import io.holdfast.ConnectionState;
import io.holdfast.ConnectionState.Closed;
import io.holdfast.ConnectionState.Connecting;
import io.holdfast.ConnectionState.Idle;
import io.holdfast.ConnectionState.Open;
import io.holdfast.ConnectionState.Phase;
import io.holdfast.ConnectionState.Waiting;
import io.holdfast.network.NetworkStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NarratorTest {
  private static final ConnectTimeline TOOK_2_MS =
      new ConnectTimeline(-1, 240_000, -1, 1_700_000, 2_100_000, null, null);

  private final Narrator narrator = new Narrator();
  private final List<String> told = new ArrayList<>();

  @Test
  void anOutageReadsAsAStory() {
    tell(new Idle());
    tell(new Connecting(1, Phase.REQUEST));
    tell(new Connecting(1, Phase.HANDSHAKE));
    tell(new TransportOpened(1, 1, TOOK_2_MS));
    tell(new Open(1, "", "", TOOK_2_MS));
    HeartbeatTimedOut silent = new HeartbeatTimedOut(Duration.ofMillis(1_256));
    tell(new TransportLost(1, silent, 50));
    tell(new RetryScheduled(1, Duration.ZERO, silent));
    tell(new Connecting(1, Phase.REQUEST));
    AttemptTimedOut late = new AttemptTimedOut(Duration.ofSeconds(1));
    tell(new AttemptFailed(1, late, TOOK_2_MS));
    tell(new RetryScheduled(2, Duration.ofMillis(244), late));
    tell(new Waiting(2, Duration.ofMillis(244), late));
    tell(new Connecting(2, Phase.REQUEST));
    tell(new TransportOpened(3, 2, TOOK_2_MS));
    tell(new Open(3, "", "", TOOK_2_MS));

    assertThat(told)
        .containsExactly(
            "CONNECTING attempt 1",
            "OPEN transport 1, attempt 1, 2.1 ms (tcp 0.2, upgrade 1.7)",
            "LOST transport 1, 50 in flight: heartbeat timed out, silent for 1256 ms",
            "CONNECTING attempt 1, at once",
            "FAILED attempt 1: not ready within 1000 ms, 2.1 ms (tcp 0.2, upgrade 1.7)",
            "WAITING attempt 2 in 244 ms",
            "CONNECTING attempt 2",
            "OPEN transport 3, attempt 2, 2.1 ms (tcp 0.2, upgrade 1.7); 50 go out again");
    assertThat(narrator.reconnects()).isEqualTo(1);
  }

  @Test
  void causesOfALowerLayerHaveATitle() {
    tell(new TransportLost(1, new EndedWithoutClose(), 0));
    tell(new TransportLost(2, new PeerClosed(1001, "going away"), 0));
    tell(new AttemptFailed(1, new Refused("Failed to connect", new IOException()), TOOK_2_MS));

    tell(new AttemptFailed(2, new HandshakeRejected("no", 503, List.of(), ""), TOOK_2_MS));

    assertThat(told)
        .containsExactly(
            "LOST transport 1, 0 in flight: stream ended without a Close frame",
            "LOST transport 2, 0 in flight: peer closed with 1001 going away",
            "FAILED attempt 1: refused, Failed to connect, 2.1 ms (tcp 0.2, upgrade 1.7)",
            "FAILED attempt 2: HTTP 503 instead of 101, 2.1 ms (tcp 0.2, upgrade 1.7)");
  }

  @Test
  void theEndSaysWhy() {
    tell(new Closed(1000, "", true, null));
    tell(new Closed(1008, "no", true, new PeerClosed(1008, "no")));

    assertThat(told)
        .containsExactly("CLOSED 1000, clean", "CLOSED 1008, clean: peer closed with 1008 no");
  }

  @Test
  void theDeviceHasItsLines() {
    tell(new NetworkChanged(new NetworkStatus(false, "")));
    tell(new NetworkChanged(new NetworkStatus(true, "")));
    tell(new NetworkChanged(new NetworkStatus(true, "mobile-2", true)));
    tell(new WokeUp(Duration.ofMillis(4_250)));
    tell(new OutageLasts(Duration.ofMinutes(2)));
    tell(new HeartbeatIntervalLearned("wifi-7", Duration.ofSeconds(217)));
    tell(new HeartbeatIntervalLearned("", Duration.ofSeconds(27)));

    assertThat(told)
        .containsExactly(
            "NETWORK there is none any more",
            "NETWORK there is one",
            "NETWORK it is mobile-2, metered",
            "WOKE UP slept for 4.3 s",
            "OUTAGE it has lasted for 120.0 s",
            "HEARTBEAT learnt to ping every 217.0 s on wifi-7",
            "HEARTBEAT learnt to ping every 27.0 s");
  }

  @Test
  void aSecondTransportSaysWhyItComesAndGoes() {
    tell(new SuccessorStarted(2, false));
    tell(new SuccessorDropped(2, null));
    tell(new SuccessorStarted(3, true));
    tell(new SuccessorDropped(3, new EndedWithoutClose()));

    assertThat(told)
        .containsExactly(
            "SECOND transport 2 is opened beside this one, for its pong is late",
            "SECOND transport 2 is given up: the first one answers",
            "SECOND transport 3 is opened beside this one, for the server asked to drain it",
            "SECOND transport 3 is given up: stream ended without a Close frame");
  }

  private void tell(ConnectionState state) {
    narrator.tell(state).ifPresent(line -> told.add(line.label() + " " + line.text()));
  }

  private void tell(ConnectionEvent event) {
    narrator.tell(event).ifPresent(line -> told.add(line.label() + " " + line.text()));
  }
}
