package io.holdfast.internal.retry;

import static io.holdfast.Classification.Delay.BACKOFF;
import static io.holdfast.Classification.Delay.LONGEST;
import static io.holdfast.Classification.Delay.NONE;
import static io.holdfast.Classification.Delay.REST_OF_SPREAD_AND_BACKOFF;
import static io.holdfast.Classification.Delay.SPREAD;
import static io.holdfast.Classification.Delay.SPREAD_AND_BACKOFF;
import static io.holdfast.Classification.Delay.SPREAD_AND_LONGEST;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.Classification;
import io.holdfast.Classification.Delay;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.AttemptTimedOut;
import io.holdfast.ConnectionException.ConfirmationTimedOut;
import io.holdfast.ConnectionException.ConnectFailed;
import io.holdfast.ConnectionException.ConsumerStalled;
import io.holdfast.ConnectionException.DeviceSlept;
import io.holdfast.ConnectionException.EndedWithoutClose;
import io.holdfast.ConnectionException.HandshakeRejected;
import io.holdfast.ConnectionException.HeartbeatTimedOut;
import io.holdfast.ConnectionException.HostUnresolved;
import io.holdfast.ConnectionException.MessageTooLarge;
import io.holdfast.ConnectionException.NetworkChanged;
import io.holdfast.ConnectionException.NetworkLost;
import io.holdfast.ConnectionException.OutageTooLong;
import io.holdfast.ConnectionException.PeerClosed;
import io.holdfast.ConnectionException.ProtocolFailed;
import io.holdfast.ConnectionException.ProtocolNotReady;
import io.holdfast.ConnectionException.ProtocolViolated;
import io.holdfast.ConnectionException.ReconnectAsked;
import io.holdfast.ConnectionException.Refused;
import io.holdfast.ConnectionException.Replaced;
import io.holdfast.ConnectionException.RequestFailed;
import io.holdfast.ConnectionException.RequestInvalid;
import io.holdfast.ConnectionException.RequestTimedOut;
import io.holdfast.ConnectionException.StreamBroken;
import io.holdfast.ConnectionException.Suspended;
import io.holdfast.ConnectionException.TlsFailed;
import io.holdfast.ConnectionException.WriteStalled;
import io.holdfast.ReconnectHint;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The table of failures. A new kind fails here until someone decides what it means. */
class FailuresTest {
  private static final Duration WHILE = Duration.ofSeconds(1);

  /** A line of the table: no delays mean fatal. */
  record Row(ConnectionException cause, @Nullable Delay first, @Nullable Delay later) {
    @Override
    public String toString() {
      return cause.getClass().getSimpleName() + ": " + cause.getMessage();
    }
  }

  static Stream<Row> table() {
    return Stream.of(
        fatal(new RequestInvalid("cleartext", null)),
        fatal(new TlsFailed("pin", true, null)),
        fatal(new ProtocolFailed("denied", true, null)),
        fatal(new PeerClosed(1002, "")),
        fatal(new PeerClosed(1003, "")),
        fatal(new PeerClosed(1007, "")),
        fatal(new PeerClosed(1008, "")),
        fatal(new PeerClosed(1010, "")),
        fatal(rejected(400)),
        fatal(rejected(410)),
        retried(new HeartbeatTimedOut(WHILE), NONE, BACKOFF),
        retried(new WriteStalled(WHILE), NONE, BACKOFF),
        retried(new NetworkLost(), NONE, BACKOFF),
        retried(new Suspended(), NONE, BACKOFF),
        retried(new NetworkChanged(), NONE, BACKOFF),
        retried(new DeviceSlept(WHILE), NONE, BACKOFF),
        retried(new Replaced("late"), NONE, BACKOFF),
        fatal(new OutageTooLong(WHILE, null)),
        retried(new EndedWithoutClose(), SPREAD, SPREAD_AND_BACKOFF),
        retried(new StreamBroken("reset", null), SPREAD, SPREAD_AND_BACKOFF),
        retried(new Refused("refused", null), SPREAD, SPREAD_AND_BACKOFF),
        retried(new ReconnectAsked("", ReconnectHint.DEFAULT), SPREAD, SPREAD_AND_BACKOFF),
        retried(new PeerClosed(1000, ""), SPREAD, SPREAD_AND_BACKOFF),
        retried(new PeerClosed(1001, ""), SPREAD, SPREAD_AND_BACKOFF),
        retried(new PeerClosed(1011, ""), SPREAD, SPREAD_AND_BACKOFF),
        retried(new PeerClosed(1012, ""), SPREAD, SPREAD_AND_BACKOFF),
        retried(new PeerClosed(1013, ""), SPREAD_AND_LONGEST, SPREAD_AND_LONGEST),
        retried(new PeerClosed(1005, ""), BACKOFF, BACKOFF),
        retried(new PeerClosed(1009, ""), BACKOFF, BACKOFF),
        retried(new PeerClosed(3000, ""), BACKOFF, BACKOFF),
        retried(new PeerClosed(4000, ""), BACKOFF, BACKOFF),
        retried(new PeerClosed(4999, ""), BACKOFF, BACKOFF),
        retried(new AttemptTimedOut(WHILE), BACKOFF, REST_OF_SPREAD_AND_BACKOFF),
        retried(rejected(404), LONGEST, LONGEST),
        retried(rejected(401), NONE, NONE),
        retried(rejected(403), NONE, NONE),
        retried(rejected(429), BACKOFF, SPREAD_AND_BACKOFF),
        retried(rejected(500), BACKOFF, SPREAD_AND_BACKOFF),
        retried(rejected(503), BACKOFF, SPREAD_AND_BACKOFF),
        retried(rejected(101), BACKOFF, BACKOFF),
        retried(rejected(200), BACKOFF, BACKOFF),
        retried(rejected(302), BACKOFF, BACKOFF),
        retried(rejected(407), BACKOFF, BACKOFF),
        retried(rejected(408), BACKOFF, BACKOFF),
        retried(rejected(421), BACKOFF, BACKOFF),
        retried(rejected(425), BACKOFF, BACKOFF),
        retried(new RequestFailed("no token", null), BACKOFF, BACKOFF),
        retried(new RequestTimedOut(WHILE), BACKOFF, BACKOFF),
        retried(new HostUnresolved("no address", null), BACKOFF, BACKOFF),
        retried(new TlsFailed("expired", false, null), BACKOFF, BACKOFF),
        retried(new ConnectFailed("no route", null), BACKOFF, BACKOFF),
        retried(new ConfirmationTimedOut(WHILE), BACKOFF, BACKOFF),
        retried(new ConsumerStalled(WHILE), BACKOFF, BACKOFF),
        retried(new ProtocolViolated(1002, "rule"), BACKOFF, BACKOFF),
        retried(new MessageTooLarge("rule"), BACKOFF, BACKOFF),
        retried(new ProtocolNotReady("authenticated", WHILE), BACKOFF, BACKOFF),
        retried(new ProtocolFailed("no such topic", false, null), BACKOFF, BACKOFF));
  }

  private static Row fatal(ConnectionException cause) {
    return new Row(cause, null, null);
  }

  private static Row retried(ConnectionException cause, Delay first, Delay later) {
    return new Row(cause, first, later);
  }

  @Test
  void eachKindOfFailureIsDecided() {
    Set<Class<?>> decided = table().map(row -> row.cause().getClass()).collect(toSet());

    assertThat(decided)
        .containsExactlyInAnyOrder(ConnectionException.class.getPermittedSubclasses());
  }

  @ParameterizedTest
  @MethodSource("table")
  void eachFailureMeansWhatItsRowSays(Row row) {
    Classification classification = Failures.classify(row.cause(), false);

    boolean fatal = row.first() == null;
    assertThat(classification.fatal()).isEqualTo(fatal);
    if (!fatal) {
      assertThat(classification.first()).isEqualTo(row.first());
      assertThat(classification.later()).isEqualTo(row.later());
    }
    assertThat(classification.refreshCredentials()).isEqualTo(Failures.isUnauthorized(row.cause()));
    assertThat(classification.atLeast()).isZero();
    assertThat(classification.spread()).isNull();
    assertThat(classification.endpoint()).isNull();
  }

  @ParameterizedTest
  @MethodSource("table")
  void whatIsFatalCanBeRetriedWithABackoffIfAnAppSaysSo(Row row) {
    Classification classification = Failures.classify(row.cause(), false);

    if (classification.fatal()) {
      assertThat(classification.asRetried()).isEqualTo(Classification.retried(BACKOFF, BACKOFF));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403})
  void credentialsThatAreRefusedTwiceInARowAreFatal(int status) {
    Classification twice = Failures.classify(rejected(status), true);

    assertThat(twice.fatal()).isTrue();
    assertThat(twice.asRetried())
        .isEqualTo(Classification.retried(BACKOFF, BACKOFF).withRefreshedCredentials());
    assertThat(Failures.classify(rejected(503), true).fatal()).isFalse();
  }

  @Test
  void onlyCloseCodesThatBlameUsAreFatal() {
    assertThat(IntStream.range(1000, 5000).filter(code -> isFatal(new PeerClosed(code, ""))))
        .containsExactly(1002, 1003, 1007, 1008, 1010);
  }

  @Test
  void anAnswerIsFatalIfItIs4xxButForThoseThatMayPass() {
    Set<Integer> retried = Set.of(401, 403, 404, 407, 408, 421, 425, 429);

    assertThat(IntStream.range(400, 500).filter(status -> !isFatal(rejected(status))))
        .containsExactlyInAnyOrderElementsOf(retried);
    assertThat(
            IntStream.concat(IntStream.range(100, 400), IntStream.range(500, 600))
                .filter(status -> isFatal(rejected(status))))
        .isEmpty();
  }

  @Test
  void aPeerThatAsksForAReconnectNamesTheLeastDelayAndTheEndpoint() {
    URI other = URI.create("wss://other/");

    ReconnectHint hint =
        ReconnectHint.DEFAULT
            .withDelay(Duration.ofSeconds(7))
            .withSpread(Duration.ofDays(1))
            .withEndpoint(other);

    Classification asked = Failures.classify(new ReconnectAsked("moving", hint), false);

    assertThat(asked.atLeast()).isEqualTo(Duration.ofSeconds(7));
    assertThat(asked.endpoint()).isEqualTo(other);
    assertThat(asked.spread()).isEqualTo(Duration.ofHours(1));
  }

  @ParameterizedTest
  @MethodSource("table")
  void whatIsOurOwnDoingIsNotHeldAgainstAnEndpoint(Row row) {
    Set<Class<?>> ours =
        Set.of(
            NetworkLost.class,
            Suspended.class,
            NetworkChanged.class,
            DeviceSlept.class,
            Replaced.class,
            OutageTooLong.class,
            RequestFailed.class,
            RequestTimedOut.class,
            RequestInvalid.class,
            ConsumerStalled.class);
    boolean own = ours.contains(row.cause().getClass()) || Failures.isUnauthorized(row.cause());

    assertThat(Failures.isOfEndpoint(row.cause())).isEqualTo(!own);
  }

  private static boolean isFatal(ConnectionException cause) {
    return Failures.classify(cause, false).fatal();
  }

  private static HandshakeRejected rejected(int status) {
    return new HandshakeRejected("status " + status, status, List.of(), "");
  }
}
