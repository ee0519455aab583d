package io.holdfast.internal.retry;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

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
import io.holdfast.ConnectionException.StreamBroken;
import io.holdfast.ConnectionException.Suspended;
import io.holdfast.ConnectionException.TlsFailed;
import io.holdfast.ConnectionException.WriteStalled;
import io.holdfast.ReconnectHint;
import io.holdfast.internal.retry.Failures.FirstDelay;
import io.holdfast.internal.retry.Failures.LaterDelay;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The table of failures. A new kind fails here until someone decides what it means. */
class FailuresTest {
  private static final Duration WHILE = Duration.ofSeconds(1);
  private static final Map<ConnectionException, FirstDelay> RETRIED = new LinkedHashMap<>();
  private static final List<ConnectionException> FATAL =
      List.of(
          new RequestInvalid("cleartext", null),
          new TlsFailed("pin", true, null),
          new OutageTooLong(WHILE, null),
          new PeerClosed(1008, "policy"));

  static {
    RETRIED.put(new HeartbeatTimedOut(WHILE), FirstDelay.NONE);
    RETRIED.put(new WriteStalled(WHILE), FirstDelay.NONE);
    RETRIED.put(new NetworkLost(), FirstDelay.NONE);
    RETRIED.put(new Suspended(), FirstDelay.NONE);
    RETRIED.put(new NetworkChanged(), FirstDelay.NONE);
    RETRIED.put(new DeviceSlept(WHILE), FirstDelay.NONE);
    RETRIED.put(new Replaced("late"), FirstDelay.NONE);
    RETRIED.put(new EndedWithoutClose(), FirstDelay.SPREAD);
    RETRIED.put(new StreamBroken("reset", null), FirstDelay.SPREAD);
    RETRIED.put(new Refused("refused", null), FirstDelay.SPREAD);
    RETRIED.put(new PeerClosed(1001, ""), FirstDelay.SPREAD);
    RETRIED.put(new PeerClosed(4000, ""), FirstDelay.BACKOFF);
    RETRIED.put(new RequestFailed("no token", null), FirstDelay.BACKOFF);
    RETRIED.put(new HostUnresolved("no address", null), FirstDelay.BACKOFF);
    RETRIED.put(new TlsFailed("expired", false, null), FirstDelay.BACKOFF);
    RETRIED.put(new ConnectFailed("no route", null), FirstDelay.BACKOFF);
    RETRIED.put(rejected(503), FirstDelay.BACKOFF);
    RETRIED.put(rejected(404), FirstDelay.LONGEST);
    RETRIED.put(new AttemptTimedOut(WHILE), FirstDelay.BACKOFF);
    RETRIED.put(new ConfirmationTimedOut(WHILE), FirstDelay.BACKOFF);
    RETRIED.put(new ProtocolViolated(1002, "rule"), FirstDelay.BACKOFF);
    RETRIED.put(new MessageTooLarge("rule"), FirstDelay.BACKOFF);
    RETRIED.put(new ConsumerStalled(WHILE), FirstDelay.BACKOFF);
    RETRIED.put(new ProtocolNotReady("authenticated", WHILE), FirstDelay.BACKOFF);
    RETRIED.put(new ProtocolFailed("no such topic", false, null), FirstDelay.BACKOFF);
    RETRIED.put(new ReconnectAsked("restart", ReconnectHint.DEFAULT), FirstDelay.SPREAD);
  }

  @Test
  void eachKindOfFailureIsDecided() {
    Set<Class<?>> decided = RETRIED.keySet().stream().map(Object::getClass).collect(toSet());
    FATAL.forEach(cause -> decided.add(cause.getClass()));

    assertThat(decided)
        .containsExactlyInAnyOrder(ConnectionException.class.getPermittedSubclasses());
  }

  @Test
  void whatCanPassIsRetriedWithAFirstDelayByWhoEndedIt() {
    RETRIED.forEach(
        (cause, first) -> {
          assertThat(Failures.isFatal(cause)).as("%s", cause).isFalse();
          assertThat(Failures.firstDelay(cause)).as("%s", cause).isEqualTo(first);
        });
  }

  @Test
  void whoeverMayHaveBeenTurnedAwayWithOthersKeepsToTheSpread() {
    Map<LaterDelay, Set<ConnectionException>> later =
        RETRIED.keySet().stream().collect(groupingBy(Failures::laterDelay, toSet()));

    assertThat(later.remove(LaterDelay.BACKOFF)).hasSize(18);
    assertThat(kinds(later.remove(LaterDelay.AFTER_SPREAD)))
        .containsExactlyInAnyOrder(
            EndedWithoutClose.class,
            StreamBroken.class,
            Refused.class,
            ReconnectAsked.class,
            PeerClosed.class,
            HandshakeRejected.class);
    assertThat(kinds(later.remove(LaterDelay.AFTER_REST_OF_SPREAD)))
        .containsExactly(AttemptTimedOut.class);
    assertThat(kinds(later.remove(LaterDelay.LONGEST))).containsExactly(HandshakeRejected.class);
    assertThat(later).isEmpty();
  }

  private static List<Class<?>> kinds(@Nullable Set<ConnectionException> causes) {
    return requireNonNull(causes).stream().<Class<?>>map(Object::getClass).toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 502, 503, 504})
  void answersOfAnOverloadedServerKeepToTheSpread(int status) {
    assertThat(Failures.laterDelay(rejected(status))).isEqualTo(LaterDelay.AFTER_SPREAD);
  }

  @ParameterizedTest
  @ValueSource(ints = {101, 200, 302, 401, 403, 407, 408, 421, 425})
  void otherAnswersConcernUsAlone(int status) {
    assertThat(Failures.laterDelay(rejected(status))).isEqualTo(LaterDelay.BACKOFF);
  }

  @Test
  void whatCannotPassIsFatal() {
    FATAL.forEach(cause -> assertThat(Failures.isFatal(cause)).as("%s", cause).isTrue());
  }

  @ParameterizedTest
  @ValueSource(ints = {1002, 1003, 1007, 1008, 1010})
  void closeCodesThatBlameUsAreFatal(int code) {
    assertThat(Failures.isFatal(new PeerClosed(code, ""))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      ints = {1000, 1001, 1004, 1005, 1006, 1009, 1011, 1012, 1013, 1014, 1015, 3000, 4000, 4999})
  void otherCloseCodesAreRetried(int code) {
    assertThat(Failures.isFatal(new PeerClosed(code, ""))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 1001, 1011, 1012, 1013})
  void closeCodesOfAServerThatGoesAwayAreSpread(int code) {
    assertThat(Failures.firstDelay(new PeerClosed(code, ""))).isEqualTo(FirstDelay.SPREAD);
  }

  @Test
  void anAnswerOf4xxIsFatalButForThoseThatMayPass() {
    Set<Integer> retried = Set.of(401, 403, 404, 407, 408, 421, 425, 429);

    assertThat(IntStream.range(400, 500).filter(status -> !Failures.isFatal(rejected(status))))
        .containsExactlyInAnyOrderElementsOf(retried);
  }

  @Test
  void everyOtherAnswerIsRetried() {
    assertThat(
            IntStream.concat(IntStream.range(100, 400), IntStream.range(500, 600))
                .filter(status -> Failures.isFatal(rejected(status))))
        .isEmpty();
  }

  private static HandshakeRejected rejected(int status) {
    return new HandshakeRejected("status " + status, status, List.of(), "");
  }
}
