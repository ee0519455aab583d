package io.holdfast.internal.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.ConnectTimeline;
import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionEvent.AttemptFailed;
import io.holdfast.ConnectionEvent.AttemptStarted;
import io.holdfast.ConnectionEvent.ConsumerStalled;
import io.holdfast.ConnectionEvent.NotDelivered;
import io.holdfast.ConnectionEvent.PingSent;
import io.holdfast.ConnectionEvent.QueueFilled;
import io.holdfast.ConnectionEvent.RetryScheduled;
import io.holdfast.ConnectionEvent.RoundTripMeasured;
import io.holdfast.ConnectionEvent.SuccessorDropped;
import io.holdfast.ConnectionEvent.SuccessorStarted;
import io.holdfast.ConnectionEvent.TransportLost;
import io.holdfast.ConnectionEvent.TransportOpened;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.HeartbeatTimedOut;
import io.holdfast.ConnectionException.Refused;
import io.holdfast.ConnectionException.Replaced;
import io.holdfast.ConnectionException.StreamBroken;
import io.holdfast.ConnectionMetrics;
import io.holdfast.ConnectionMetrics.Traffic;
import io.holdfast.ConnectionState;
import io.holdfast.ConnectionState.Closed;
import io.holdfast.ConnectionState.Closing;
import io.holdfast.ConnectionState.Connecting;
import io.holdfast.ConnectionState.Offline;
import io.holdfast.ConnectionState.Open;
import io.holdfast.ConnectionState.Phase;
import io.holdfast.ConnectionState.Waiting;
import io.holdfast.Fate;
import io.holdfast.QueueSnapshot;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TelemetryTest {
  private static final Secrets SECRETS = Secrets.of(URI.create("wss://example.com/feed"));
  private static final Open OPEN = new Open(1, "", "", ConnectTimeline.EMPTY);
  private static final Connecting CONNECTING = new Connecting(1, Phase.REQUEST);
  private static final Telemetry.Counted COUNTED =
      new Telemetry.Counted(
          new QueueSnapshot(1, 2, 3, Duration.ofSeconds(4)),
          new FateCounts().snapshot(),
          new Traffic(5, 6),
          new Traffic(7, 8),
          9);

  private final ConnectionException refused = new Refused("Connection refused", null);
  // As System.nanoTime may be.
  private long nowNanos = Long.MAX_VALUE - 1_000_000_000;
  private Telemetry telemetry = new Telemetry(5, SECRETS, nowNanos);

  // ---- Counts

  @Test
  void aConnectionToWhichNothingHappenedHasZeros() {
    ConnectionMetrics metrics = metrics();

    assertThat(metrics.attempts()).isZero();
    assertThat(metrics.attemptsFailed()).isEmpty();
    assertThat(metrics.transportsLost()).isEmpty();
    assertThat(metrics.downtime()).isZero();
    assertThat(metrics.roundTrips().count()).isZero();
    assertThat(telemetry.history()).isEmpty();
  }

  @Test
  void attemptsAndLossesAreCountedByTheirKind() {
    for (int attempt = 1; attempt <= 3; attempt++) {
      happen(new AttemptStarted(attempt, attempt));
      if (attempt < 3) happen(new AttemptFailed(attempt, refused, ConnectTimeline.EMPTY));
    }
    happen(new TransportOpened(3, 3, ConnectTimeline.EMPTY));
    happen(new TransportLost(3, new StreamBroken("reset", null), 0));

    assertThat(metrics().attempts()).isEqualTo(3);
    assertThat(metrics().transportsOpened()).isEqualTo(1);
    assertThat(metrics().attemptsFailed()).isEqualTo(Map.of("refused", 2L));
    assertThat(metrics().transportsLost()).isEqualTo(Map.of("stream-broken", 1L));
  }

  @Test
  void aSecondTransportIsAnAttemptThatOpensFailsOrIsNotNeeded() {
    happen(new AttemptStarted(1, 1));
    happen(new TransportOpened(1, 1, ConnectTimeline.EMPTY));
    happen(new SuccessorStarted(2, false));
    happen(new SuccessorDropped(2, null));
    happen(new SuccessorStarted(3, false));
    happen(new SuccessorDropped(3, refused));
    happen(new SuccessorStarted(4, true));
    happen(new TransportLost(1, new Replaced("drained"), 0));
    happen(new TransportOpened(4, 2, ConnectTimeline.EMPTY));

    assertThat(metrics().attempts()).isEqualTo(4);
    assertThat(metrics().transportsOpened()).isEqualTo(2);
    assertThat(metrics().attemptsFailed()).isEqualTo(Map.of("refused", 1L));
    assertThat(metrics().transportsLost()).isEqualTo(Map.of("replaced", 1L));
  }

  @Test
  void aSecondTransportThatTookThePlaceAndThenFailsCountsOnce() {
    happen(new AttemptStarted(1, 1));
    happen(new TransportOpened(1, 1, ConnectTimeline.EMPTY));
    happen(new SuccessorStarted(2, false));
    happen(new TransportLost(1, new StreamBroken("reset", null), 0));
    happen(new AttemptFailed(2, refused, ConnectTimeline.EMPTY));

    assertThat(metrics().attempts()).isEqualTo(2);
    assertThat(metrics().attemptsFailed()).isEqualTo(Map.of("refused", 1L));
  }

  @Test
  void aSnapshotStaysAsItWas() {
    happen(new AttemptFailed(1, refused, ConnectTimeline.EMPTY));
    ConnectionMetrics before = metrics();

    happen(new AttemptFailed(2, refused, ConnectTimeline.EMPTY));

    assertThat(before.attemptsFailed()).isEqualTo(Map.of("refused", 1L));
    assertThat(metrics().attemptsFailed()).isEqualTo(Map.of("refused", 2L));
  }

  @Test
  void detectionIsTheSilenceBeforeAHeartbeatFoundThePeerDead() {
    happen(new TransportLost(1, new HeartbeatTimedOut(Duration.ofSeconds(35)), 0));
    happen(new TransportLost(2, new HeartbeatTimedOut(Duration.ofSeconds(12)), 0));
    happen(new TransportLost(3, refused, 0));

    assertThat(metrics().lastDetection()).isEqualTo(Duration.ofSeconds(12));
    assertThat(metrics().longestDetection()).isEqualTo(Duration.ofSeconds(35));
  }

  @Test
  void pingsStallsAndAFullQueueAreCounted() {
    happen(new PingSent(1, 1));
    happen(new PingSent(1, 2));
    happen(new RoundTripMeasured(1, Duration.ofMillis(20)));
    happen(new QueueFilled(QueueSnapshot.EMPTY));
    happen(new ConsumerStalled(1));

    assertThat(metrics().pingsSent()).isEqualTo(2);
    assertThat(metrics().roundTrips().max()).isEqualTo(Duration.ofMillis(20));
    assertThat(metrics().queueFilled()).isEqualTo(1);
    assertThat(metrics().consumerStalls()).isEqualTo(1);
  }

  @Test
  void whatOthersCountIsTakenAsItIs() {
    assertThat(metrics().queue()).isEqualTo(COUNTED.queue());
    assertThat(metrics().deliveries()).isEqualTo(COUNTED.deliveries());
    assertThat(metrics().sent()).isEqualTo(new Traffic(5, 6));
    assertThat(metrics().received()).isEqualTo(new Traffic(7, 8));
    assertThat(metrics().readerPauses()).isEqualTo(9);
  }

  // ---- Downtime

  @Test
  void downtimeIsAllTimeWithoutAnOpenTransportFromTheStartToTheEnd() {
    pass(100);
    become(CONNECTING);
    pass(1);
    become(OPEN);
    pass(100);
    become(new Waiting(1, Duration.ofSeconds(1), refused));
    pass(2);
    become(CONNECTING);
    pass(4);
    become(new Offline(Offline.Reason.NO_NETWORK, refused));
    pass(8);
    become(CONNECTING);
    become(OPEN);
    pass(100);
    become(new Closing(1000, ""));
    pass(100);
    become(new Closed(1000, "", true, null));
    pass(100);

    assertThat(metrics().downtime()).isEqualTo(Duration.ofSeconds(15));
  }

  @Test
  void thePresentOutageCounts() {
    become(CONNECTING);
    pass(3);

    assertThat(metrics().downtime()).isEqualTo(Duration.ofSeconds(3));
    assertThat(telemetry.outageNanos(nowNanos)).isEqualTo(3_000_000_000L);
  }

  @Test
  void aConnectionThatGaveUpIsDownNoLonger() {
    become(CONNECTING);
    pass(3);
    become(new Closed(1006, "", false, refused));
    pass(100);

    assertThat(metrics().downtime()).isEqualTo(Duration.ofSeconds(3));
  }

  // ---- History

  @Test
  void theHistoryTellsWhatHappenedAndWhen() {
    happen(new AttemptStarted(1, 1));
    pass(12);
    happen(new AttemptFailed(1, refused, ConnectTimeline.EMPTY));
    happen(new RetryScheduled(2, Duration.ofSeconds(1), refused));
    become(new Waiting(2, Duration.ofSeconds(1), refused));

    assertThat(telemetry.history())
        .containsExactly(
            "+0.000 s  attempt 1",
            "+12.000 s  attempt 1 failed: refused: Connection refused",
            "+12.000 s  waiting 1.0 s before attempt 2: refused: Connection refused");
  }

  @Test
  void onlyTheLastEntriesAreKept() {
    for (int attempt = 1; attempt <= 8; attempt++) happen(new AttemptStarted(attempt, attempt));

    assertThat(telemetry.history())
        .hasSize(5)
        .startsWith("+0.000 s  attempt 4")
        .endsWith("+0.000 s  attempt 8");
  }

  @Test
  void anHourOfPingsIsOneEntry() {
    happen(new AttemptStarted(1, 1));
    for (int ping = 1; ping <= 144; ping++) {
      happen(new PingSent(1, ping));
      if (ping < 144) happen(new RoundTripMeasured(1, Duration.ofMillis(ping)));
      if (ping < 144) pass(25);
    }
    happen(new TransportLost(1, new HeartbeatTimedOut(Duration.ofSeconds(35)), 0));

    assertThat(telemetry.history())
        .containsExactly(
            "+0.000 s  attempt 1",
            "+0.000 s  144 pings, 143 answered, the last in 143 ms, until +3575.000 s",
            "+3575.000 s  lost transport 1, 0 in flight: heartbeat timed out: no byte from the peer"
                + " for PT35S");
  }

  @Test
  void deliveriesThatEndAlikeAreOneEntry() {
    for (int id = 1; id <= 1000; id++) happen(new NotDelivered(id, new Fate.Expired()));
    happen(new NotDelivered(0, new Fate.Rejected(Fate.Rejected.Reason.TOO_LARGE)));

    assertThat(telemetry.history())
        .containsExactly(
            "+0.000 s  1000 messages were not delivered: expired",
            "+0.000 s  a message was not delivered: rejected, it is too large");
  }

  @Test
  void withoutEntriesNothingIsRemembered() {
    telemetry = new Telemetry(0, SECRETS, nowNanos);

    happen(new AttemptStarted(1, 1));
    happen(new PingSent(1, 1));
    happen(new NotDelivered(0, new Fate.Expired()));
    become(new Offline(Offline.Reason.NO_NETWORK, null));

    assertThat(telemetry.history()).isEmpty();
    assertThat(metrics().attempts()).isEqualTo(1);
  }

  @Test
  void aNewRequestsSecretsAreHiddenFromThenOn() {
    telemetry.conceal(Secrets.of(URI.create("wss://example.com/feed?token=t0ken")));

    happen(new AttemptFailed(1, new Refused("no t0ken", null), ConnectTimeline.EMPTY));

    assertThat(telemetry.history()).containsExactly("+0.000 s  attempt 1 failed: refused: no ***");
  }

  @Test
  void aSecondTransportsRequestLeavesTheFirstOnesSecretsHidden() {
    telemetry.conceal(secretsOf("f1rst"));
    happen(new TransportOpened(1, 1, ConnectTimeline.EMPTY));
    telemetry.conceal(secretsOf("s3cond"));
    telemetry.conceal(secretsOf("th1rd"));

    happen(new TransportLost(1, new StreamBroken("no f1rst nor th1rd", null), 0));

    assertThat(telemetry.history().get(1)).endsWith("stream broken: no *** nor ***");
  }

  @Test
  void onceItHasTakenThePlaceOnlyItsOwnAreSecret() {
    telemetry.conceal(secretsOf("f1rst"));
    happen(new TransportOpened(1, 1, ConnectTimeline.EMPTY));
    telemetry.conceal(secretsOf("s3cond"));
    happen(new TransportOpened(2, 1, ConnectTimeline.EMPTY));

    happen(new TransportLost(2, new StreamBroken("no f1rst nor s3cond", null), 0));

    assertThat(telemetry.history().get(2)).endsWith("stream broken: no f1rst nor ***");
  }

  private static Secrets secretsOf(String token) {
    return Secrets.of(URI.create("wss://example.com/feed?token=" + token));
  }

  private void pass(int seconds) {
    nowNanos += seconds * 1_000_000_000L;
  }

  private void become(ConnectionState state) {
    telemetry.became(state, nowNanos);
  }

  private void happen(ConnectionEvent event) {
    telemetry.happened(event, nowNanos);
  }

  private ConnectionMetrics metrics() {
    return telemetry.metrics(COUNTED, nowNanos);
  }
}
