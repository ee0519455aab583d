package io.holdfast.storm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.holdfast.storm.Policy.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The policies of others against the numbers that their sources state. */
class PolicyTest {
  private static final int CROWD = 2_000;
  private final Random random = new Random(3);

  @Test
  void socketIoDoublesFrom1SecondWithHalfOfItAsJitterEitherWayUpTo5Seconds() {
    List<Bounds> bounds = boundsOf(() -> new SocketIoPolicy(random), 5);

    assertBounds(bounds.get(0), 0.55, 1.5);
    assertBounds(bounds.get(1), 1.1, 3.0);
    assertBounds(bounds.get(2), 2.2, 5.0);
    assertBounds(bounds.get(4), 5.0, 5.0);
  }

  @Test
  void phoenixTakesItsSteps() {
    List<Bounds> bounds = boundsOf(PhoenixPolicy::new, 11);

    assertThat(bounds)
        .extracting(bound -> bound.least)
        .containsExactly(0.01, 0.05, 0.1, 0.15, 0.2, 0.25, 0.5, 1.0, 2.0, 5.0, 5.0);
    assertThat(bounds).allMatch(bound -> bound.least == bound.most);
  }

  @Test
  void scarletJittersFullyUntilItReaches10SecondsAndNotFromThenOn() {
    List<Bounds> bounds = boundsOf(() -> new ScarletPolicy(random), 6);

    assertBounds(bounds.get(0), 0.0, 1.0);
    assertBounds(bounds.get(3), 0.0, 8.0);
    assertBounds(bounds.get(4), 10.0, 10.0);
    assertBounds(bounds.get(5), 10.0, 10.0);
  }

  @Test
  void grpcStartsAtOnceThenAfter1SecondThenGrowsBy60PercentWithAFifthAsJitter() {
    List<Bounds> bounds = boundsOf(() -> new GrpcPolicy(random), 20);

    assertBounds(bounds.get(0), 0.0, 0.0);
    assertBounds(bounds.get(1), 1.0, 1.0);
    assertBounds(bounds.get(2), 1.3, 1.9);
    assertBounds(bounds.get(19), 96.0, 144.0);
  }

  @Test
  void grpcCountsABackoffFromTheStartOfTheAttempt() {
    GrpcPolicy policy = new GrpcPolicy(random);
    policy.delayNanos(Failure.LOST, 0, 0);

    assertThat(policy.delayNanos(Failure.TIMED_OUT, 0, StormServer.SECOND / 4))
        .isEqualTo(StormServer.SECOND * 3 / 4);
    assertThat(policy.delayNanos(Failure.TIMED_OUT, 0, 20 * StormServer.SECOND)).isZero();
  }

  @Test
  void afterItOpenedEachStartsOver() {
    for (Policy policy :
        List.of(
            new SocketIoPolicy(random),
            new PhoenixPolicy(),
            new ScarletPolicy(random),
            new GrpcPolicy(random))) {
      policy.delayNanos(Failure.LOST, 0, 0);
      for (int i = 0; i < 20; i++) policy.delayNanos(Failure.REFUSED, 0, 0);

      policy.opened();

      assertThat(Duration.ofNanos(policy.delayNanos(Failure.LOST, 0, 0)))
          .isLessThanOrEqualTo(Duration.ofMillis(1500));
    }
  }

  /** In seconds. */
  private record Bounds(double least, double most) {}

  private static void assertBounds(Bounds bounds, double least, double most) {
    assertThat(bounds.least).isCloseTo(least, within(0.02 * most));
    assertThat(bounds.most).isCloseTo(most, within(0.02 * most));
  }

  /**
   * Returns the least and the most of each delay of a crowd: after the loss, and after refusals.
   */
  private static List<Bounds> boundsOf(Supplier<Policy> policies, int delays) {
    List<Policy> crowd = new ArrayList<>();
    for (int i = 0; i < CROWD; i++) crowd.add(policies.get());
    List<Bounds> bounds = new ArrayList<>();
    for (int i = 0; i < delays; i++)
      bounds.add(next(crowd, i == 0 ? Failure.LOST : Failure.REFUSED));
    return bounds;
  }

  private static Bounds next(List<Policy> crowd, Failure failure) {
    long least = Long.MAX_VALUE;
    long most = 0;
    for (Policy policy : crowd) {
      long nanos = policy.delayNanos(failure, 0, 0);
      least = Math.min(least, nanos);
      most = Math.max(most, nanos);
    }
    return new Bounds(least / 1e9, most / 1e9);
  }
}
