package io.holdfast.internal.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.holdfast.Backoff;
import io.holdfast.Classification;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.AttemptTimedOut;
import io.holdfast.ConnectionException.HandshakeRejected;
import io.holdfast.ConnectionException.HeartbeatTimedOut;
import io.holdfast.ConnectionException.HostUnresolved;
import io.holdfast.ConnectionException.PeerClosed;
import io.holdfast.ConnectionException.Refused;
import java.time.Duration;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Delays as a crowd of clients would draw them. */
class BackoffPolicyTest {
  private static final int CROWD = 20_000;
  private final ConnectionException refused = new Refused("refused", null);
  private final ConnectionException timedOut = new AttemptTimedOut(Duration.ofSeconds(15));
  private final ConnectionException unresolved = new HostUnresolved("no address", null);

  private final Random random = new Random(42);
  private final BackoffPolicy policy = new BackoffPolicy(Backoff.DEFAULT, random);

  @ParameterizedTest
  @CsvSource({
    "2, 1000",
    "3, 2000",
    "4, 4000",
    "5, 8000",
    "6, 16000",
    "7, 20000",
    "8, 20000",
    "20, 20000",
    "1000000, 20000",
    "2147483647, 20000"
  })
  void delaysAreSpreadEvenlyFromZeroToTheBoundAndNeverBeyond(int failures, long boundMillis) {
    LongSummaryStatistics delays = draw(policy, failures, unresolved).summaryStatistics();

    assertThat(delays.getMin()).isNotNegative().isLessThan(boundMillis / 50);
    assertThat(delays.getMax())
        .isLessThanOrEqualTo(boundMillis)
        .isGreaterThan(boundMillis * 49 / 50);
    assertThat(delays.getAverage()).isCloseTo(boundMillis / 2.0, within(boundMillis * 0.02));
  }

  @Test
  void atTheTwentiethFailureTheCrowdIsStillSpreadOverEveryTenthOfTheBound() {
    long[] tenths = new long[10];
    draw(policy, 20, unresolved).forEach(delay -> tenths[(int) Math.min(9, delay / 2000)]++);

    for (long inTenth : tenths) {
      assertThat((double) inTenth).isCloseTo(CROWD / 10.0, within(CROWD * 0.01));
    }
  }

  @Test
  void theFirstDelayAfterALossDealtToAllIsSpread() {
    LongSummaryStatistics delays = draw(policy, 1, refused).summaryStatistics();

    assertThat(delays.getMin()).isLessThan(50);
    assertThat(delays.getMax()).isBetween(4_950L, 5_000L);
    assertThat(delays.getAverage()).isCloseTo(2_500, within(50.0));
  }

  @ParameterizedTest
  @CsvSource({"2, 1000", "3, 2000", "4, 4000", "5, 8000", "6, 15000", "7, 15000", "1000000, 15000"})
  void afterTheServerTurnsUsAwayTheSpreadComesFirstAndBothAreWithinTheLastBound(
      int failures, long boundMillis) {
    LongSummaryStatistics delays = draw(policy, failures, refused).summaryStatistics();

    assertThat(delays.getMin()).isBetween(5_000L, 5_000 + boundMillis / 50);
    assertThat(delays.getMax()).isBetween(5_000 + boundMillis * 49 / 50, 5_000 + boundMillis);
    assertThat(delays.getAverage()).isCloseTo(5_000 + boundMillis / 2.0, within(boundMillis * .02));
  }

  @ParameterizedTest
  @CsvSource({"2", "3", "9", "1000000"})
  void aSpreadBeyondTheLastBoundLeavesTheFirstBoundAsJitter(int failures) {
    BackoffPolicy fleet = spreadOver(Duration.ofSeconds(100));

    LongSummaryStatistics delays = draw(fleet, failures, refused).summaryStatistics();

    assertThat(delays.getMin()).isBetween(100_000L, 100_020L);
    assertThat(delays.getMax()).isBetween(100_980L, 101_000L);
  }

  @ParameterizedTest
  @CsvSource({"2, 5000", "4, 5000", "5, 8000", "7, 20000"})
  void afterATimeOutThatTookLongerThanTheSpreadTheDelayIsDrawnOverTheSpreadAtLeast(
      int failures, long boundMillis) {
    LongSummaryStatistics delays = draw(policy, failures, timedOut).summaryStatistics();

    assertThat(delays.getMin()).isLessThan(boundMillis / 50);
    assertThat(delays.getMax()).isBetween(boundMillis * 49 / 50, boundMillis);
  }

  @Test
  void afterATimeOutThatTookLessThanTheSpreadTheRestOfItComesFirst() {
    BackoffPolicy fleet = spreadOver(Duration.ofSeconds(100));

    LongSummaryStatistics delays = draw(fleet, 2, timedOut).summaryStatistics();

    assertThat(delays.getMin()).isBetween(85_000L, 85_300L);
    assertThat(delays.getMax()).isBetween(99_700L, 100_000L);
  }

  private BackoffPolicy spreadOver(Duration spread) {
    return new BackoffPolicy(
        new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30), spread), random);
  }

  @Test
  void theBoundItselfMayBeDrawn() {
    Random longest =
        new Random(1) {
          private static final long serialVersionUID = 1;

          @Override
          public double nextDouble() {
            return Math.nextDown(1.0);
          }
        };

    assertThat(delay(new BackoffPolicy(Backoff.DEFAULT, longest), 2, unresolved)).isEqualTo(1_000);
  }

  @Test
  void theFirstDelayAfterALocalLossIsNone() {
    assertThat(draw(policy, 1, new HeartbeatTimedOut(Duration.ofSeconds(35)))).containsOnly(0L);
  }

  @Test
  void theFirstDelayAfterAnythingElseIsTheFirstBackoff() {
    LongSummaryStatistics delays = draw(policy, 1, timedOut).summaryStatistics();

    assertThat(delays.getMax()).isBetween(990L, 1_000L);
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "9"})
  void whereNothingIsToBeFoundTheDelayIsDrawnUpToTheLastBoundFromTheStart(int failures) {
    ConnectionException notFound = new HandshakeRejected("404", 404, List.of(), "");

    LongSummaryStatistics delays = draw(policy, failures, notFound).summaryStatistics();

    assertThat(delays.getMax()).isBetween(19_800L, 20_000L);
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "9"})
  void aServerThatAsksForTimeIsMetAfterTheSpreadAndUpToTheLastBoundMore(int failures) {
    ConnectionException tryLater = new PeerClosed(1013, "");

    LongSummaryStatistics delays = draw(policy, failures, tryLater).summaryStatistics();

    assertThat(delays.getMin()).isBetween(5_000L, 5_400L);
    assertThat(delays.getMax()).isBetween(24_600L, 25_000L);
  }

  @Test
  void aServerThatAsksForTimeIsNotMetAtOnceEvenWithoutASpread() {
    LongSummaryStatistics delays =
        draw(spreadOver(Duration.ZERO), 1, new PeerClosed(1013, "")).summaryStatistics();

    assertThat(delays.getMin()).isBetween(1_000L, 1_600L);
  }

  @Test
  void aFailureMayHaveASpreadOfItsOwn() {
    Classification wide = Failures.classify(refused, false).withSpread(Duration.ofSeconds(60));

    LongSummaryStatistics first =
        LongStream.generate(() -> policy.delayMillis(1, refused, wide))
            .limit(CROWD)
            .summaryStatistics();
    LongSummaryStatistics second =
        LongStream.generate(() -> policy.delayMillis(2, refused, wide))
            .limit(CROWD)
            .summaryStatistics();

    assertThat(first.getMax()).isBetween(59_000L, 60_000L);
    assertThat(second.getMin()).isBetween(60_000L, 60_100L);
  }

  @Test
  void anEndpointRestsUpToABoundThatDoublesWithItsFailures() {
    LongSummaryStatistics first =
        LongStream.generate(() -> policy.restNanos(1)).limit(CROWD).summaryStatistics();
    LongSummaryStatistics fourth =
        LongStream.generate(() -> policy.restNanos(4)).limit(CROWD).summaryStatistics();

    assertThat(first.getMin()).isLessThan(20_000_000L);
    assertThat(first.getMax()).isBetween(980_000_000L, 1_000_000_000L);
    assertThat(fourth.getMax()).isBetween(7_800_000_000L, 8_000_000_000L);
    assertThat(policy.restNanos(Integer.MAX_VALUE)).isBetween(0L, 20_000_000_000L);
  }

  @Test
  void aSpreadOfZeroIsNone() {
    BackoffPolicy together =
        new BackoffPolicy(
            new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ZERO), random);

    assertThat(draw(together, 1, refused)).containsOnly(0L);
    assertThat(draw(together, 2, refused).summaryStatistics().getMin()).isLessThan(20);
  }

  @Test
  void aBoundBelowAMillisecondStillGrows() {
    BackoffPolicy hasty =
        new BackoffPolicy(
            new Backoff(Duration.ofNanos(1), Duration.ofSeconds(30), Duration.ZERO), random);

    assertThat(draw(hasty, 20, refused).summaryStatistics().getMax()).isGreaterThan(29_000);
  }

  @Test
  void aBoundOfAllTimeDoesNotOverflow() {
    BackoffPolicy slow =
        new BackoffPolicy(
            new Backoff(
                Duration.ofDays(1),
                Duration.ofNanos(Long.MAX_VALUE),
                Duration.ofNanos(Long.MAX_VALUE)),
            random);

    assertThat(draw(slow, 1, refused)).allMatch(delay -> delay >= 0);
    assertThat(draw(slow, Integer.MAX_VALUE, refused)).allMatch(delay -> delay >= 0);
  }

  private static long delay(BackoffPolicy policy, int failures, ConnectionException cause) {
    return policy.delayMillis(failures, cause, Failures.classify(cause, false));
  }

  private static LongStream draw(BackoffPolicy policy, int failures, ConnectionException cause) {
    return LongStream.generate(() -> delay(policy, failures, cause)).limit(CROWD);
  }
}
