package io.holdfast.internal.retry;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.valfirst.slf4jtest.TestLoggerFactory;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import io.github.resilience4j.retry.RetryRegistry;
import io.holdfast.Backoff;
import io.holdfast.Classification.Delay;
import io.holdfast.ConnectRequest.Header;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.HandshakeRejected;
import io.holdfast.ConnectionException.HeartbeatTimedOut;
import io.holdfast.ConnectionException.PeerClosed;
import io.holdfast.ConnectionException.ReconnectAsked;
import io.holdfast.ConnectionException.Refused;
import io.holdfast.ConnectionException.StreamBroken;
import io.holdfast.FailureClassifier;
import io.holdfast.ReconnectHint;
import io.holdfast.internal.retry.Retries.Answer;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.Level;

/** Who decides on a retry: our table first, then the app's resilience4j or ours. */
class RetriesTest {
  private final ConnectionException refused = new Refused("refused", null);
  private final ConnectionException fatal = new PeerClosed(1008, "policy");
  private static final long SECOND = 1_000_000_000L;

  // ---- Ours

  @Test
  void ourPolicyHasNoLimitOfAttempts() {
    Retries retries = ours();

    for (int i = 0; i < 100_000; i++) {
      assertThat(retries.ask(refused).delayNanos()).isBetween(0L, 20 * SECOND);
    }
  }

  @Test
  void theFirstDelayComesBackWithEachOutage() {
    Retries retries = ours();
    ConnectionException halfOpen = new HeartbeatTimedOut(Duration.ofSeconds(35));
    assertThat(retries.ask(halfOpen)).isEqualTo(at(0, 0));
    for (int i = 0; i < 10; i++) retries.ask(refused);
    assertThat(retries.ask(halfOpen).delayNanos()).isPositive();

    retries.endOutage();

    assertThat(retries.ask(halfOpen)).isEqualTo(at(0, 0));
  }

  @Test
  void fatalIsAStop() {
    assertThat(ours().ask(fatal)).isEqualTo(Answer.STOP);
  }

  // ---- The app's

  @Test
  void anAppsConfigurationBoundsTheAttemptsOfOneOutage() {
    Retries retries = of(Retry.of("app", RetryConfig.ofDefaults()));
    for (int outage = 0; outage < 3; outage++) {
      assertThat(retries.ask(refused)).isEqualTo(at(SECOND / 2, 0));
      assertThat(retries.ask(refused)).isEqualTo(at(SECOND / 2, 0));
      retries.endOutage();
    }

    retries.ask(refused);
    retries.ask(refused);

    assertThat(retries.ask(refused)).isEqualTo(Answer.STOP);
  }

  @Test
  void anAppsPredicateIsAskedWithTheConnectionsOwnException() {
    List<Throwable> asked = new ArrayList<>();
    RetryConfig config =
        RetryConfig.custom()
            .maxAttempts(100)
            .retryOnException(
                cause -> {
                  asked.add(cause);
                  return cause instanceof Refused;
                })
            .build();
    Retries retries = of(Retry.of("app", config));
    ConnectionException reset = new StreamBroken("reset", null);

    assertThat(retries.ask(refused).delayNanos()).isNotNegative();
    assertThat(retries.ask(reset)).isEqualTo(Answer.STOP);

    assertThat(asked).containsExactly(refused, reset);
  }

  @Test
  void anAppsIntervalsAreTakenAsTheyAre() {
    Retries retries =
        of(
            Retry.of(
                "app",
                RetryConfig.custom()
                    .maxAttempts(100)
                    .intervalFunction(IntervalFunction.ofExponentialBackoff(100, 3))
                    .build()));

    assertThat(retries.ask(refused).delayNanos()).isEqualTo(SECOND / 10);
    assertThat(retries.ask(refused).delayNanos()).isEqualTo(3 * SECOND / 10);
    assertThat(retries.ask(refused).delayNanos()).isEqualTo(9 * SECOND / 10);
  }

  @Test
  void aRetryOfARegistryTellsItsEventsAndCountsOneOutageAsOneCall() {
    Retry retry = RetryRegistry.ofDefaults().retry("feed");
    List<String> told = new ArrayList<>();
    retry.getEventPublisher().onEvent(event -> told.add(event.getEventType().name()));
    Retries retries = of(retry);

    retries.ask(refused);
    retries.ask(refused);
    assertThat(retry.getMetrics().getNumberOfSuccessfulCallsWithRetryAttempt()).isZero();
    retries.endOutage();
    retries.ask(refused);
    retries.ask(refused);
    retries.ask(refused);

    assertThat(told).containsExactly("RETRY", "RETRY", "SUCCESS", "RETRY", "RETRY", "ERROR");
    assertThat(retry.getMetrics().getNumberOfSuccessfulCallsWithRetryAttempt()).isEqualTo(1);
    assertThat(retry.getMetrics().getNumberOfFailedCallsWithRetryAttempt()).isEqualTo(1);
  }

  @Test
  void anOutageThatEndsWithoutAFailureTellsTheAppNothing() {
    Retry retry = Retry.ofDefaults("feed");
    List<Object> told = new ArrayList<>();
    retry.getEventPublisher().onEvent(told::add);

    of(retry).endOutage();

    assertThat(told).isEmpty();
  }

  @Test
  void theAppIsNeverAskedAboutWhatIsFatal() {
    List<Throwable> asked = new ArrayList<>();
    RetryConfig config =
        RetryConfig.custom().retryOnException(cause -> asked.add(cause)).maxAttempts(9).build();

    assertThat(of(Retry.of("app", config)).ask(fatal)).isEqualTo(Answer.STOP);

    assertThat(asked).isEmpty();
  }

  @Test
  void whatAnAppsPredicateThrowsMeansOurDelay() {
    RetryConfig config =
        RetryConfig.custom()
            .retryOnException(
                cause -> {
                  throw new IllegalStateException("app");
                })
            .build();

    assertOurDelays(of(Retry.of("app", config)));
  }

  @Test
  void aCheckedExceptionOfAKotlinAppMeansOurDelayToo() {
    RetryConfig config =
        RetryConfig.custom()
            .retryOnException(
                cause -> {
                  throw RetriesTest.<RuntimeException>undeclared(new IOException("app"));
                })
            .build();

    assertOurDelays(of(Retry.of("app", config)));
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <E extends Throwable> E undeclared(Throwable what) throws E {
    throw (E) what;
  }

  @Test
  void whatAnAppsIntervalThrowsMeansOurDelay() {
    RetryConfig config =
        RetryConfig.custom()
            .maxAttempts(1000)
            .intervalBiFunction(
                (attempt, outcome) -> {
                  throw new AssertionError("app");
                })
            .build();

    assertOurDelays(of(Retry.of("app", config)));
  }

  @Test
  void whatAnAppsEventConsumerThrowsDoesNotStopTheNextOutage() {
    Retry retry = Retry.ofDefaults("app");
    retry
        .getEventPublisher()
        .onSuccess(
            event -> {
              throw new IllegalStateException("app");
            });
    Retries retries = of(retry);
    retries.ask(refused);
    retries.ask(refused);

    retries.endOutage();

    assertThat(retries.ask(refused)).isEqualTo(at(SECOND / 2, 0));
  }

  private void assertOurDelays(Retries retries) {
    long longest = 0;
    for (int i = 0; i < 200; i++) {
      long delayNanos = retries.ask(refused).delayNanos();
      assertThat(delayNanos).isBetween(0L, 20 * SECOND);
      longest = Math.max(longest, delayNanos);
    }
    assertThat(longest).isGreaterThan(15 * SECOND);
  }

  // ---- The app's classification

  @Test
  void anAppMakesAFatalFailureRetriedAndARetriedOneFatal() {
    Retries retries =
        classified(
            (cause, proposed) -> proposed.fatal() ? proposed.asRetried() : proposed.asFatal());

    assertThat(retries.ask(fatal).delayNanos()).isBetween(0L, SECOND);
    assertThat(retries.ask(refused).isStop()).isTrue();
  }

  @Test
  void anAppReadsADelayFromACloseReasonAndNothingCutsItShort() {
    Retries retries =
        classified(
            (cause, proposed) ->
                cause instanceof PeerClosed closed && closed.code() == 4002
                    ? proposed.withAtLeast(Duration.parse(closed.reason()))
                    : proposed);

    assertAsked(retries.ask(new PeerClosed(4002, "PT90S")), 90 * SECOND);
    assertThat(retries.ask(new PeerClosed(4003, "")).bidNanos()).isZero();
  }

  @Test
  void anAppNeedNotHeedWhatTheServerAsksFor() {
    Retries retries = classified((cause, proposed) -> proposed.withAtLeast(Duration.ofSeconds(1)));

    assertThat(retries.ask(rejected(503, new Header("Retry-After", "120"))).bidNanos())
        .isEqualTo(SECOND);
  }

  @Test
  void anAppNamesAnEndpointAndWantsFreshCredentials() {
    URI other = URI.create("wss://other/?token=secret");
    Retries retries =
        classified(
            (cause, proposed) ->
                proposed
                    .withDelays(Delay.NONE, Delay.BACKOFF)
                    .withEndpoint(other)
                    .withRefreshedCredentials());

    assertThat(retries.ask(new PeerClosed(4001, ""))).isEqualTo(new Answer(0, 0, true, other));
  }

  @Test
  void whomAPeerAsksToReconnectIsSpreadAfterTheDelayAndNotWithinIt() {
    ReconnectHint hint =
        ReconnectHint.DEFAULT
            .withDelay(Duration.ofSeconds(30))
            .withSpread(Duration.ofSeconds(5))
            .withDrain();
    List<Long> delays = new ArrayList<>();

    for (int client = 0; client < 100; client++) {
      Retries retries = new Retries(Backoff.DEFAULT, null, null, new Random(client));
      delays.add(retries.ask(new ReconnectAsked("restart", hint)).delayNanos());
      delays.add(retries.askDelay(new ReconnectAsked("restart", hint)).delayNanos());
    }

    assertThat(delays).allSatisfy(delay -> assertThat(delay).isBetween(30 * SECOND, 35 * SECOND));
    assertThat(delays.stream().filter(delay -> delay == 30 * SECOND)).hasSizeLessThan(5);
  }

  @Test
  void resilience4jIsAskedAfterTheClassificationAndNotAboutWhatThatMadeFatal() {
    List<Throwable> asked = new ArrayList<>();
    RetryConfig config =
        RetryConfig.custom()
            .maxAttempts(9)
            .waitDuration(Duration.ofSeconds(3))
            .retryOnException(cause -> asked.add(cause))
            .build();
    Retries retries =
        new Retries(
            Backoff.DEFAULT,
            Retry.of("app", config),
            (cause, proposed) -> cause == refused ? proposed.asFatal() : proposed.asRetried(),
            new Random(7));

    assertThat(retries.ask(fatal)).isEqualTo(at(3 * SECOND, 0));
    assertThat(retries.ask(refused).isStop()).isTrue();

    assertThat(asked).containsExactly(fatal);
  }

  @Test
  void theLongerOfResilience4jsDelayAndTheLeastOneIsTaken() {
    RetryConfig config =
        RetryConfig.custom().maxAttempts(9).waitDuration(Duration.ofSeconds(3)).build();
    List<Duration> least = new ArrayList<>(List.of(Duration.ofSeconds(2), Duration.ofSeconds(4)));
    Retries retries =
        new Retries(
            Backoff.DEFAULT,
            Retry.of("app", config),
            (cause, proposed) -> proposed.withAtLeast(least.remove(0)),
            new Random(7));

    assertThat(retries.ask(refused).delayNanos()).isEqualTo(3 * SECOND);
    assertThat(retries.ask(refused).delayNanos()).isEqualTo(4 * SECOND);
  }

  @Test
  @SuppressWarnings("NullAway") // What the compiler would refuse.
  void whatWasProposedHoldsIfTheAppsClassifierThrowsOrGivesNullAndAWarningIsLogged() {
    List<FailureClassifier> bad =
        List.of(
            (cause, proposed) -> null,
            (cause, proposed) -> {
              throw new IllegalStateException("app");
            },
            (cause, proposed) -> {
              throw RetriesTest.<RuntimeException>undeclared(new IOException("app"));
            });

    for (FailureClassifier classifier : bad) {
      TestLoggerFactory.clear();
      Retries retries = classified(classifier);

      assertThat(retries.ask(refused).delayNanos()).isBetween(0L, 5 * SECOND);
      assertThat(retries.ask(fatal).isStop()).isTrue();

      assertThat(TestLoggerFactory.getLoggingEvents())
          .hasSize(2)
          .allMatch(event -> event.getLevel() == Level.WARN);
    }
    TestLoggerFactory.clear();
  }

  private static Retries classified(FailureClassifier classifier) {
    return new Retries(Backoff.DEFAULT, null, classifier, new Random(7));
  }

  // ---- What the server asks for

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 307, 308, 401, 429, 503})
  void eachAnswerMayAskForTimeInSecondsOrByADate(int status) {
    Header date = new Header("Date", "Tue, 15 Nov 1994 08:12:31 GMT");
    Header until = new Header("Retry-After", "Tue, 15 Nov 1994 08:13:31 GMT");

    assertAsked(ours().ask(rejected(status, new Header("Retry-After", "60"))), 60 * SECOND);
    assertAsked(ours().ask(rejected(status, date, until)), 60 * SECOND);
  }

  @Test
  void aServerThatAsksForALongerDelayGetsIt() {
    assertAsked(ours().ask(rejected(503, new Header("Retry-After", "120"))), 120 * SECOND);
  }

  @Test
  void aServerThatAsksForAShorterDelayDoesNotShortenOurs() {
    RetryConfig hourly =
        RetryConfig.custom().waitDuration(Duration.ofMinutes(2)).maxAttempts(9).build();

    assertThat(of(Retry.of("app", hourly)).ask(rejected(429, new Header("retry-after", "1"))))
        .isEqualTo(at(120 * SECOND, SECOND));
  }

  @Test
  void aDateIsReadByTheServersOwnClock() {
    Answer answer =
        ours()
            .ask(
                rejected(
                    503,
                    new Header("Date", "Tue, 15 Nov 1994 08:12:31 GMT"),
                    new Header("Retry-After", "Tue, 15 Nov 1994 08:14:31 GMT")));

    assertAsked(answer, 120 * SECOND);
  }

  @Test
  void noServerShutsAClientOutForEver() {
    Answer answer = ours().ask(rejected(503, new Header("Retry-After", "99999999999999999999")));

    assertAsked(answer, 3600 * SECOND);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "soon", "-5", "1.5", "Tue, 15 Nov 1994 08:14:31 GMT"})
  void whatCannotBeReadIsNotAsked(String value) {
    assertThat(RetryAfter.of(rejected(503, new Header("Retry-After", value)))).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403})
  void theNextAttemptMayBringFreshCredentialsAndARefusalTwiceInARowIsFatal(int status) {
    Retries retries = ours();

    assertThat(retries.ask(rejected(status))).isEqualTo(new Answer(0, 0, true, null));
    assertThat(retries.ask(rejected(status))).isEqualTo(Answer.STOP);
  }

  @Test
  void freshCredentialsAreTriedAtOnceHoweverLongTheOutage() {
    Retries retries = ours();
    for (int i = 0; i < 9; i++) retries.ask(refused);

    assertThat(retries.ask(rejected(401))).isEqualTo(new Answer(0, 0, true, null));
  }

  @Test
  void refusalsWithAnotherFailureBetweenThemAreNotInARow() {
    Retries retries = ours();

    retries.ask(rejected(401));
    retries.ask(refused);
    assertThat(retries.ask(rejected(401))).isNotEqualTo(Answer.STOP);
    retries.endOutage();

    assertThat(retries.ask(rejected(401))).isNotEqualTo(Answer.STOP);
  }

  private static Answer at(long waitNanos, long bidNanos) {
    return new Answer(waitNanos, bidNanos, false, null);
  }

  private static void assertAsked(Answer answer, long bidNanos) {
    assertThat(answer.bidNanos()).isEqualTo(bidNanos);
    assertThat(answer.delayNanos()).isEqualTo(bidNanos);
  }

  private static HandshakeRejected rejected(int status, Header... headers) {
    return new HandshakeRejected("status " + status, status, List.of(headers), "");
  }

  private static Retries ours() {
    return new Retries(Backoff.DEFAULT, null, null, new Random(7));
  }

  private static Retries of(Retry retry) {
    return new Retries(Backoff.DEFAULT, retry, null, new Random(7));
  }
}
