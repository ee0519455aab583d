package io.holdfast.internal.retry;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import io.github.resilience4j.retry.RetryRegistry;
import io.holdfast.Backoff;
import io.holdfast.ConnectRequest.Header;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.HandshakeRejected;
import io.holdfast.ConnectionException.HeartbeatTimedOut;
import io.holdfast.ConnectionException.PeerClosed;
import io.holdfast.ConnectionException.Refused;
import io.holdfast.ConnectionException.StreamBroken;
import io.holdfast.internal.retry.Retries.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
      assertThat(retries.ask(refused).delayNanos()).isBetween(0L, 30 * SECOND);
    }
  }

  @Test
  void theFirstDelayComesBackWithEachOutage() {
    Retries retries = ours();
    ConnectionException halfOpen = new HeartbeatTimedOut(Duration.ofSeconds(35));
    assertThat(retries.ask(halfOpen)).isEqualTo(new Answer(0, 0));
    for (int i = 0; i < 10; i++) retries.ask(refused);
    assertThat(retries.ask(halfOpen).delayNanos()).isPositive();

    retries.endOutage();

    assertThat(retries.ask(halfOpen)).isEqualTo(new Answer(0, 0));
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
      assertThat(retries.ask(refused)).isEqualTo(new Answer(SECOND / 2, 0));
      assertThat(retries.ask(refused)).isEqualTo(new Answer(SECOND / 2, 0));
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

    assertThat(retries.ask(refused)).isEqualTo(new Answer(SECOND / 2, 0));
  }

  private void assertOurDelays(Retries retries) {
    long longest = 0;
    for (int i = 0; i < 200; i++) {
      long delayNanos = retries.ask(refused).delayNanos();
      assertThat(delayNanos).isBetween(0L, 30 * SECOND);
      longest = Math.max(longest, delayNanos);
    }
    assertThat(longest).isGreaterThan(20 * SECOND);
  }

  // ---- What the server asks for

  @Test
  void aServerThatAsksForALongerDelayGetsIt() {
    assertThat(ours().ask(rejected(503, new Header("Retry-After", "120"))))
        .isEqualTo(new Answer(120 * SECOND, 120 * SECOND));
  }

  @Test
  void aServerThatAsksForAShorterDelayDoesNotShortenOurs() {
    RetryConfig hourly =
        RetryConfig.custom().waitDuration(Duration.ofMinutes(2)).maxAttempts(9).build();

    assertThat(of(Retry.of("app", hourly)).ask(rejected(429, new Header("retry-after", "1"))))
        .isEqualTo(new Answer(120 * SECOND, SECOND));
  }

  @Test
  void aDateIsReadByTheServersOwnClock() {
    assertThat(
            ours()
                .ask(
                    rejected(
                        503,
                        new Header("Date", "Tue, 15 Nov 1994 08:12:31 GMT"),
                        new Header("Retry-After", "Tue, 15 Nov 1994 08:14:31 GMT"))))
        .isEqualTo(new Answer(120 * SECOND, 120 * SECOND));
  }

  @Test
  void noServerShutsAClientOutForEver() {
    assertThat(ours().ask(rejected(503, new Header("Retry-After", "99999999999999999999"))))
        .isEqualTo(new Answer(3600 * SECOND, 3600 * SECOND));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "soon", "-5", "1.5", "Tue, 15 Nov 1994 08:14:31 GMT"})
  void whatCannotBeReadIsNotAsked(String value) {
    assertThat(RetryAfter.millis(rejected(503, new Header("Retry-After", value)))).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403})
  void theNextAttemptMayBringFreshCredentialsAndARefusalTwiceInARowIsFatal(int status) {
    Retries retries = ours();

    assertThat(retries.ask(rejected(status))).isNotEqualTo(Answer.STOP);
    assertThat(retries.ask(rejected(status))).isEqualTo(Answer.STOP);
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

  private static HandshakeRejected rejected(int status, Header... headers) {
    return new HandshakeRejected("status " + status, status, List.of(headers), "");
  }

  private static Retries ours() {
    return new Retries(Backoff.DEFAULT, null, new Random(7));
  }

  private static Retries of(Retry retry) {
    return new Retries(Backoff.DEFAULT, retry, new Random(7));
  }
}
