package io.holdfast.sample;

import static java.time.Duration.ZERO;

import io.holdfast.sample.Fault.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * When what goes wrong: a function of seed and duration.
 *
 * <p>The kinds come in rounds, each in an order of its own, so that a show of half a minute has all
 * of them. Between two faults there is time to recover, and after the last one too.
 */
record FaultScript(List<Fault> faults) {
  private static final int SHORTEST_CALM_MILLIS = 1_900;
  private static final int LONGEST_CALM_MILLIS = 2_700;
  private static final Duration CALM_AT_THE_END = Duration.ofSeconds(2);

  static FaultScript of(long seed, Duration duration) {
    Random random = new Random(seed);
    List<Fault> faults = new ArrayList<>();
    while (addRound(faults, random, duration.minus(CALM_AT_THE_END))) {}
    return new FaultScript(List.copyOf(faults));
  }

  /** Adds what fits, and returns whether anything did. */
  private static boolean addRound(List<Fault> faults, Random random, Duration end) {
    int before = faults.size();
    List<Kind> kinds = new ArrayList<>(List.of(Kind.values()));
    Collections.shuffle(kinds, random);
    for (Kind kind : kinds) {
      Duration calmSince = faults.isEmpty() ? ZERO : faults.get(faults.size() - 1).endsAt();
      Duration at = calmSince.plus(between(SHORTEST_CALM_MILLIS, LONGEST_CALM_MILLIS, random));
      Fault fault = new Fault(kind, at, between(kind.shortestMillis, kind.longestMillis, random));
      if (fault.endsAt().compareTo(end) <= 0) faults.add(fault);
    }
    return faults.size() > before;
  }

  private static Duration between(int shortestMillis, int longestMillis, Random random) {
    return Duration.ofMillis(shortestMillis + random.nextInt(longestMillis - shortestMillis + 1));
  }
}
