package io.holdfast.internal.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class IntervalLearnerTest {
  private static final Duration MIN = Duration.ofSeconds(20);
  private static final Duration MAX = Duration.ofMinutes(30);
  private static final int SEEDS = 500;
  // A ping: 6 + 12 bytes and TCP/IP's 40. Its pong: 2 + 12 and 40, with the ping's ACK. The pong's
  // ACK: 40.
  private static final int PING_BYTES = 58 + 54 + 40;

  private final IntervalLearner learner = new IntervalLearner(MIN, MAX);

  // ---- Convergence

  @ParameterizedTest
  @ValueSource(ints = {30, 60, 240, 300, 600, 1_800})
  void itSettlesWithinAFifthUnderTheLimitAfterAHandfulOfLosses(int limitSeconds) {
    for (int seed = 0; seed < SEEDS; seed++) {
      IntervalLearner fresh = new IntervalLearner(MIN, MAX);
      NatPath path = new NatPath(Duration.ofSeconds(limitSeconds), 0, seed);

      path.settle(fresh);

      assertThat(share(fresh, limitSeconds)).isBetween(0.8, 0.99);
      assertThat(path.losses()).isLessThanOrEqualTo(5);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {30, 60, 240, 300, 600, 1_800})
  void itDoesSoWhereOnePingInTwentyIsLostForOtherReasons(int limitSeconds) {
    List<Long> misled = new ArrayList<>();
    for (long seed = 0; seed < SEEDS; seed++) {
      IntervalLearner fresh = new IntervalLearner(MIN, MAX);
      NatPath path = new NatPath(Duration.ofSeconds(limitSeconds), 0.05, seed);

      path.settle(fresh);

      assertThat(path.losses()).isLessThanOrEqualTo(8);
      double share = share(fresh, limitSeconds);
      assertThat(share).isLessThan(1);
      if (share < 0.8) misled.add(seed);
    }
    // Three losses of the same silence in a row for other reasons: once in 8,000 silences.
    assertThat(misled).hasSizeLessThanOrEqualTo(SEEDS / 100);
  }

  @Test
  void whoeverWasMisledFindsOutTheNextDays() {
    Duration limit = Duration.ofMinutes(10);
    // Settled on the shortest after three losses that were no silence's.
    for (int i = 0; i < 3; i++) learner.lost(MIN);
    assertThat(learner.settled()).isTrue();
    NatPath path = new NatPath(limit, 0, 1);

    path.live(learner, Duration.ofDays(2));

    assertThat(share(learner, (int) limit.toSeconds())).isBetween(0.8, 0.99);
  }

  @Test
  void aPathWithoutALimitIsUsedAtTheLongestIntervalAndLosesNothing() {
    NatPath path = new NatPath(Duration.ofDays(1), 0, 1);

    path.settle(learner);

    assertThat(learner.interval()).isEqualTo(MAX);
    assertThat(path.losses()).isZero();
  }

  @Test
  void aPathThatForgetsSoonerThanTheShortestIsUsedAtTheShortest() {
    NatPath path = new NatPath(Duration.ofSeconds(15), 0, 1);

    path.live(learner, Duration.ofHours(1));

    assertThat(learner.interval()).isEqualTo(MIN);
  }

  @Test
  void onceSettledItLosesOneTransportADay() {
    NatPath path = new NatPath(Duration.ofMinutes(5), 0, 1);
    path.settle(learner);
    int losses = path.losses();

    path.live(learner, Duration.ofDays(10));

    assertThat(path.losses() - losses).isBetween(9, 10);
  }

  @Test
  void aLimitThatGrowsIsFoundWithinADayAndABit() {
    new NatPath(Duration.ofMinutes(1), 0, 1).settle(learner);
    NatPath wider = new NatPath(Duration.ofMinutes(10), 0, 2);

    wider.live(learner, Duration.ofHours(30));

    assertThat(share(learner, 600)).isBetween(0.8, 0.99);
  }

  @Test
  void aLimitThatShrinksIsFoundAfterThreeLossesInARow() {
    new NatPath(Duration.ofMinutes(10), 0, 1).settle(learner);
    NatPath narrower = new NatPath(Duration.ofMinutes(1), 0, 2);

    narrower.live(learner, Duration.ofHours(3));

    assertThat(share(learner, 60)).isBetween(0.8, 0.99);
    assertThat(narrower.losses()).isLessThanOrEqualTo(3 + 8);
  }

  // ---- Evidence

  @Test
  void itStepsUpToTwiceWhatWasSurvived() {
    assertThat(learner.interval()).isEqualTo(MIN);

    learner.survived(MIN);

    assertThat(learner.interval()).isEqualTo(MIN.multipliedBy(2));
  }

  @Test
  void oneLossIsDoubtedAndASuccessRefutesIt() {
    learner.survived(MIN);
    learner.lost(Duration.ofSeconds(40));
    assertThat(learner.interval()).isBetween(Duration.ofSeconds(28), Duration.ofSeconds(29));
    learner.survived(Duration.ofSeconds(28));
    learner.survived(Duration.ofSeconds(34));
    assertThat(learner.interval()).isEqualTo(Duration.ofSeconds(40));

    learner.survived(Duration.ofSeconds(40));

    assertThat(learner.interval()).isEqualTo(Duration.ofSeconds(80));
  }

  @Test
  void aTimerThatIsALittleLateIsNothingToRemember() {
    learner.survived(Duration.ofSeconds(40));
    String state = learner.state();

    learner.survived(Duration.ofMillis(40_700));

    assertThat(learner.state()).isEqualTo(state);
  }

  // ---- Memory

  @Test
  void whatItRemembersIsWhatItKnew() {
    NatPath path = new NatPath(Duration.ofMinutes(4), 0.05, 3);
    for (int i = 0; i < 100; i++) {
      IntervalLearner other = new IntervalLearner(MIN, MAX);
      other.recall(learner.state());

      assertThat(other.state()).isEqualTo(learner.state()).hasSizeLessThan(150);
      assertThat(other.interval()).isEqualTo(learner.interval());
      assertThat(other.settled()).isEqualTo(learner.settled());
      path.ping(learner);
    }
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "2;20000;;0;0",
        "1;-1;;0;0",
        "1;20000;x,;0;0",
        "1;20000;40000;0;0",
        "1;99999999999999999999;;0;0"
      })
  void whatCannotBeReadIsNothing(String state) {
    learner.survived(MIN);

    learner.recall(state);

    assertThat(learner.state()).isEqualTo("1;0;;0;0");
  }

  @Test
  void boundsThatHaveChangedSinceHold() {
    learner.recall("1;7200000;;0;0");
    assertThat(learner.interval()).isEqualTo(MAX);

    learner.recall("1;1000;2000,2000,2000,;0;0");

    assertThat(learner.interval()).isEqualTo(MIN);
  }

  @Test
  void whateverIsRememberedIntervalsStayWithinTheBounds() {
    for (String survived : List.of("0", "5000", "20000", "60000", "240000", "1800000", "7200000")) {
      for (String losses : List.of("", "15000,", "22000,22000,22000,", "250000,", "9000000,")) {
        for (int hours : new int[] {0, 24, 99}) {
          learner.recall("1;" + survived + ";" + losses + ";0;" + hours);

          for (int i = 0; i < 20; i++) {
            assertThat(learner.interval()).isBetween(MIN, MAX);
            if (learner.settled()) assertThat(learner.settledOn()).isBetween(MIN, MAX);
            learner.survived(learner.interval());
          }
        }
      }
    }
  }

  @Test
  void whatOneWithWiderBoundsLearntIsKeptThroughOneWithNarrowerOnes() {
    new NatPath(Duration.ofMinutes(10), 0, 1).settle(learner);
    IntervalLearner narrower = new IntervalLearner(MIN, Duration.ofMinutes(1));

    narrower.recall(learner.state());
    new NatPath(Duration.ofMinutes(10), 0, 2).live(narrower, Duration.ofHours(30));

    assertThat(narrower.interval()).isEqualTo(Duration.ofMinutes(1));
    IntervalLearner next = new IntervalLearner(MIN, MAX);
    next.recall(narrower.state());
    assertThat(next.settled()).isTrue();
  }

  @Test
  void whatWasSurvivedForAWeekIsStillRemembered() {
    new NatPath(Duration.ofDays(1), 0, 1).live(learner, Duration.ofDays(7));

    IntervalLearner next = new IntervalLearner(MIN, MAX);
    next.recall(learner.state());

    assertThat(next.interval()).isEqualTo(MAX);
    assertThat(next.state()).isEqualTo(learner.state());
  }

  // ---- The README's table

  @Test
  void theTable() {
    List<String> lines = new ArrayList<>();
    for (int limit : new int[] {30, 60, 240, 300, 600, 1_800}) {
      IntervalLearner fresh = new IntervalLearner(MIN, MAX);
      NatPath path = new NatPath(Duration.ofSeconds(limit), 0, 1);
      Duration took = path.settle(fresh);
      Duration interval = fresh.interval();
      lines.add(
          String.format(
              Locale.ROOT,
              "| learnt, the path forgets after %s | %d s | %d | %d | %d losses in %d min |",
              limit < 60 ? limit + " s" : limit / 60 + " min",
              interval.toSeconds(),
              pingsAnHour(interval),
              pingsAnHour(interval) * PING_BYTES,
              path.losses(),
              took.toMinutes()));
    }
    for (int fixed : new int[] {15, 25, 30, 60}) {
      long pings = pingsAnHour(Duration.ofSeconds(fixed));
      lines.add(
          String.format(
              Locale.ROOT, "| fixed | %d s | %d | %d | |", fixed, pings, pings * PING_BYTES));
    }

    assertThat(lines)
        .containsExactly(
            "| learnt, the path forgets after 30 s | 27 s | 132 | 20064 | 4 losses in 3 min |",
            "| learnt, the path forgets after 1 min | 54 s | 66 | 10032 | 4 losses in 7 min |",
            "| learnt, the path forgets after 4 min | 217 s | 17 | 2584 | 4 losses in 28 min |",
            "| learnt, the path forgets after 5 min | 259 s | 14 | 2128 | 3 losses in 29 min |",
            "| learnt, the path forgets after 10 min | 518 s | 7 | 1064 | 3 losses in 59 min |",
            "| learnt, the path forgets after 30 min | 1459 s | 2 | 304 | 3 losses in 158 min |",
            "| fixed | 15 s | 240 | 36480 | |",
            "| fixed | 25 s | 144 | 21888 | |",
            "| fixed | 30 s | 120 | 18240 | |",
            "| fixed | 60 s | 60 | 9120 | |");
  }

  private static long pingsAnHour(Duration interval) {
    return Math.round(3_600_000.0 / interval.toMillis());
  }

  private static double share(IntervalLearner learner, int limitSeconds) {
    Duration interval = learner.interval();
    return interval.toMillis() / (limitSeconds * 1_000.0);
  }
}
