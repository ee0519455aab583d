package io.holdfast.internal.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.holdfast.ConnectRequest;
import io.holdfast.ConnectTimeline;
import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionEvent.AttemptFailed;
import io.holdfast.ConnectionEvent.AttemptStarted;
import io.holdfast.ConnectionEvent.ConsumerStalled;
import io.holdfast.ConnectionEvent.HeartbeatIntervalLearned;
import io.holdfast.ConnectionEvent.NetworkChanged;
import io.holdfast.ConnectionEvent.NotDelivered;
import io.holdfast.ConnectionEvent.OutageEnded;
import io.holdfast.ConnectionEvent.OutageLasts;
import io.holdfast.ConnectionEvent.PingSent;
import io.holdfast.ConnectionEvent.PongSupportLearned;
import io.holdfast.ConnectionEvent.QueueFilled;
import io.holdfast.ConnectionEvent.QueueHasRoom;
import io.holdfast.ConnectionEvent.ReadyStepReached;
import io.holdfast.ConnectionEvent.RetryScheduled;
import io.holdfast.ConnectionEvent.RoundTripMeasured;
import io.holdfast.ConnectionEvent.SuccessorDropped;
import io.holdfast.ConnectionEvent.SuccessorStarted;
import io.holdfast.ConnectionEvent.TransportLost;
import io.holdfast.ConnectionEvent.TransportOpened;
import io.holdfast.ConnectionEvent.WokeUp;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.HeartbeatTimedOut;
import io.holdfast.ConnectionException.Refused;
import io.holdfast.ConnectionState;
import io.holdfast.ConnectionState.Closed;
import io.holdfast.ConnectionState.Closing;
import io.holdfast.ConnectionState.Connecting;
import io.holdfast.ConnectionState.Idle;
import io.holdfast.ConnectionState.Offline;
import io.holdfast.ConnectionState.Open;
import io.holdfast.ConnectionState.Phase;
import io.holdfast.ConnectionState.Waiting;
import io.holdfast.Fate;
import io.holdfast.PongSupport;
import io.holdfast.QueueSnapshot;
import io.holdfast.network.NetworkStatus;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WordsTest {
  private static final Secrets SECRETS =
      Secrets.of(URI.create("wss://ann:passw0rd@example.com/feed?token=t0ken"));
  // A second try for each character would take hours.
  private static final Duration A_WHILE = Duration.ofSeconds(20);
  private static final ConnectTimeline TIMELINE =
      new ConnectTimeline(
          3_000_000,
          20_000_000,
          -1,
          300_000,
          24_000_000,
          InetSocketAddress.createUnresolved("203.0.113.7", 443),
          null);
  private final ConnectionException refused =
      new Refused("no wss://ann:passw0rd@example.com/feed?token=t0ken\r\nforged line", null);
  private final ConnectionException silent = new HeartbeatTimedOut(Duration.ofSeconds(35));
  private static final QueueSnapshot QUEUE = new QueueSnapshot(50, 10, 600, Duration.ofSeconds(1));

  // One of each kind at least.
  private final List<ConnectionEvent> events =
      List.of(
          new AttemptStarted(1, 1),
          new TransportOpened(2, 3, TIMELINE),
          new ReadyStepReached(1, "logged in with t0ken"),
          new AttemptFailed(3, refused, TIMELINE),
          new TransportLost(2, silent, 5),
          new RetryScheduled(1, Duration.ZERO, refused),
          new RetryScheduled(2, Duration.ofSeconds(1), refused),
          new OutageEnded(2),
          new PingSent(2, 7),
          new RoundTripMeasured(2, Duration.ofMillis(23)),
          new PongSupportLearned(PongSupport.NO),
          new ConsumerStalled(2),
          new NetworkChanged(new NetworkStatus(false, "")),
          new NetworkChanged(new NetworkStatus(true, "")),
          new NetworkChanged(new NetworkStatus(true, "wifi-7")),
          new NetworkChanged(new NetworkStatus(true, "cell-3", true)),
          new WokeUp(Duration.ofSeconds(90)),
          new SuccessorStarted(3, false),
          new SuccessorStarted(3, true),
          new SuccessorDropped(3, null),
          new SuccessorDropped(3, silent),
          new HeartbeatIntervalLearned("wifi-7", Duration.ofSeconds(90)),
          new OutageLasts(Duration.ofSeconds(90)),
          new QueueFilled(QUEUE),
          new QueueHasRoom(QUEUE),
          new NotDelivered(0, new Fate.Refused("t0ken")),
          new NotDelivered(17, new Fate.Rejected(Fate.Rejected.Reason.QUEUE_FULL)));
  private final List<ConnectionState> states =
      List.of(
          new Idle(),
          new Connecting(1, Phase.REQUEST),
          new Connecting(1, Phase.HANDSHAKE),
          new Connecting(1, Phase.READY),
          new Open(1, "t0ken", "", TIMELINE),
          new Waiting(3, Duration.ofMillis(1_234), refused),
          new Offline(Offline.Reason.NO_NETWORK, refused),
          new Offline(Offline.Reason.SUSPENDED, null),
          new Closing(1000, "t0ken"),
          new Closed(1000, "", true, null),
          new Closed(1006, "t0ken", false, null),
          new Closed(1006, "", false, refused));

  @Test
  void eachEventHasItsWords() {
    assertThat(events.stream().map(event -> Words.of(event, SECRETS)))
        .containsExactly(
            "attempt 1",
            "open: transport 2, attempt 3, 203.0.113.7:443, DNS 3.0 ms, TCP 20 ms, upgrade 0.3 ms,"
                + " in all 24 ms",
            "protocol step: logged in with ***",
            "attempt 3 failed: refused: no wss://***@example.com/feed?token=***  forged line,"
                + " 203.0.113.7:443, DNS 3.0 ms, TCP 20 ms, upgrade 0.3 ms, in all 24 ms",
            "lost transport 2, 5 in flight: heartbeat timed out: no byte from the peer for PT35S",
            "attempt 1 follows at once",
            null,
            "the transport has proved itself, the outage is over",
            "ping 7",
            "pong after 23 ms",
            "the peer answers no pings",
            "nothing is read, for the consumer of messages is too far behind",
            "there is no network any more",
            "there is a network",
            "the network is wifi-7",
            "the network is cell-3, metered",
            "the device slept for 1 min 30 s",
            "transport 3 is opened beside this one, for its pong is late",
            "transport 3 is opened beside this one, for the peer asked to drain it",
            "transport 3 is given up, for it is no longer needed",
            "transport 3 is given up: heartbeat timed out: no byte from the peer for PT35S",
            "learnt to ping every 1 min 30 s on wifi-7",
            "the outage has lasted for 1 min 30 s",
            "the queue is full: 50 queued, 10 in flight, together 600 bytes",
            "the queue has room again: 50 queued, 10 in flight, together 600 bytes",
            "a message was not delivered: refused",
            "message 17 was not delivered: rejected, the queue is full");
  }

  @Test
  void eachStateHasItsWordsUnlessAnEventSaysThem() {
    assertThat(states.stream().map(state -> Words.of(state, SECRETS)))
        .containsExactly(
            null,
            null,
            "request supplied, connecting",
            "connected, the protocol makes itself ready",
            null,
            "waiting 1.2 s before attempt 3: refused: no wss://***@example.com/feed?token=***"
                + "  forged line",
            "offline: there is no network",
            "offline: suspended by the app",
            "closing with 1000 ***",
            "closed with 1000",
            "closed with 1006 ***, without a closing handshake",
            "gave up: refused: no wss://***@example.com/feed?token=***  forged line");
  }

  @Test
  void noKindOfEventStateOrFateIsForgotten() {
    assertThat(classes(events))
        .containsExactlyInAnyOrder(ConnectionEvent.class.getPermittedSubclasses());
    assertThat(classes(states))
        .containsExactlyInAnyOrder(ConnectionState.class.getPermittedSubclasses());
    assertThat(classes(Fates.ALL)).containsExactlyInAnyOrder(Fate.class.getPermittedSubclasses());
  }

  private static Set<Class<?>> classes(List<?> all) {
    Set<Class<?>> classes = new HashSet<>();
    all.forEach(each -> classes.add(each.getClass()));
    return classes;
  }

  @Test
  void neitherWordsNorFactsTellASecret() {
    Stream<Object> facts =
        Stream.concat(events.stream().map(Facts::of), states.stream().map(Facts::of));
    Stream<Object> words =
        Stream.concat(
            events.stream().map(event -> "" + Words.of(event, SECRETS)),
            states.stream().map(state -> "" + Words.of(state, SECRETS)));

    assertThat(Stream.concat(facts, words))
        .allSatisfy(told -> assertThat(told.toString()).doesNotContain("t0ken", "passw0rd", "\n"));
  }

  @Test
  void aSecretThatTheCutWouldHalveIsHiddenFirst() {
    ConnectionException longWinded = new Refused("x".repeat(197) + "t0ken and more", null);

    String words = Words.cause(longWinded, SECRETS);

    assertThat(words).doesNotContain("t0k").endsWith("***...").hasSizeLessThan(220);
  }

  @Test
  void aSecretThatIsNotReadToItsEndIsHiddenAsWell() {
    String longest = "l0ng".repeat(250);
    Secrets secrets =
        Secrets.of(
            ConnectRequest.builder(URI.create("wss://example.com/feed?token=t0ken"))
                .addHeader("X-Api-Key", longest)
                .build());

    String half = Words.of(step(longest + "x".repeat(21) + "t0ken and more"), secrets);
    String user = Words.of(step(longest + " at ws://bob:hunter2x-and-more@example.com"), secrets);

    assertThat(half).isEqualTo("protocol step: ***" + "x".repeat(21) + "***...");
    assertThat(user).isEqualTo("protocol step: *** at ws://***...");
  }

  @Test
  void megabytesOfWhatLooksLikeSecretsAreReadInNoTime() {
    for (String piece : List.of("?", "&", "://", "?a", "://a?", "cookie ", "bearer ", "t0ke")) {
      ConnectionEvent said = step(piece.repeat(1 << 20));

      String words = assertTimeoutPreemptively(A_WHILE, () -> "" + Words.of(said, SECRETS));

      assertThat(words).endsWith("...").hasSizeLessThan(220);
    }
  }

  private static ConnectionEvent step(String word) {
    return new ReadyStepReached(1, word);
  }

  @Test
  void eachReasonOfAFateHasWordsOfItsOwn() {
    assertThat(Fates.ALL.stream().map(Words::fate)).doesNotHaveDuplicates();
    assertThat(Words.fate(new Fate.InDoubt(Fate.InDoubt.Reason.RESEND_LIMIT, refused)))
        .isEqualTo("in doubt, too many transports were lost with it");
  }
}
