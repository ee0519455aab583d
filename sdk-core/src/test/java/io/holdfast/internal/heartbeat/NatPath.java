package io.holdfast.internal.heartbeat;

import java.time.Duration;
import java.util.Random;

/**
 * A path whose address translator forgets what is silent for {@code limit}, used by one idle
 * connection. Other losses look exactly the same.
 */
final class NatPath {
  private static final Duration TO_FIND_OUT = Duration.ofSeconds(10);

  private final long limitMillis;
  private final double otherLosses;
  private final Random random;
  private long nowMillis;
  private int losses;

  /** Makes one on which that share of pings is lost for other reasons. */
  NatPath(Duration limit, double otherLosses, long seed) {
    limitMillis = limit.toMillis();
    this.otherLosses = otherLosses;
    random = new Random(seed);
  }

  /** The connection is silent for as long as {@code learner} says, a little more, and pings. */
  void ping(IntervalLearner learner) {
    Duration silence = learner.interval().plusMillis(random.nextInt(50));
    nowMillis += silence.toMillis();
    if (silence.toMillis() >= limitMillis || random.nextDouble() < otherLosses) {
      losses++;
      learner.lost(silence);
      nowMillis += TO_FIND_OUT.toMillis();
    } else {
      learner.survived(silence);
    }
  }

  /** Pings until there is nothing more to learn; returns how long it took. */
  Duration settle(IntervalLearner learner) {
    long sinceMillis = nowMillis;
    while (!learner.settled()) ping(learner);
    return Duration.ofMillis(nowMillis - sinceMillis);
  }

  /** Pings for that long. */
  void live(IntervalLearner learner, Duration duration) {
    long untilMillis = nowMillis + duration.toMillis();
    while (nowMillis < untilMillis) ping(learner);
  }

  int losses() {
    return losses;
  }
}
