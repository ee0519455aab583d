package io.holdfast.sample.demo;

import static java.time.Duration.ZERO;

import io.holdfast.sample.terminal.Texts;
import io.holdfast.testkit.FaultPlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * When what goes wrong: a function of seed, duration and kinds.
 *
 * <p>The kinds come in rounds, each in an order of its own, so that a show of the default length
 * has all of them. Between two faults there is time to recover, and after the last one too.
 */
record FaultScript(List<Scene> scenes) {
  private static final int SHORTEST_CALM_MILLIS = 1_200;
  private static final int LONGEST_CALM_MILLIS = 1_600;
  private static final Duration CALM_AT_THE_END = Duration.ofSeconds(2);

  /**
   * One thing that goes wrong.
   *
   * @param at from the start of the show
   */
  record Scene(FaultKind kind, Duration at, Duration lasts) {
    Duration endsAt() {
      return at.plus(lasts);
    }

    private FaultPlan.Step step() {
      return new FaultPlan.Step(at, kind.fault, lasts);
    }

    @Override
    public String toString() {
      return kind.words + " at " + Texts.seconds(at) + " for " + Texts.seconds(lasts);
    }
  }

  static FaultScript of(long seed, Duration duration, Set<FaultKind> kinds) {
    Random random = new Random(seed);
    List<Scene> scenes = new ArrayList<>();
    while (addRound(scenes, random, duration.minus(CALM_AT_THE_END), kinds)) {}
    return new FaultScript(List.copyOf(scenes));
  }

  /** Adds what fits, and returns whether anything did. */
  private static boolean addRound(
      List<Scene> scenes, Random random, Duration end, Set<FaultKind> kinds) {
    int before = scenes.size();
    List<FaultKind> order = new ArrayList<>(kinds);
    Collections.sort(order);
    Collections.shuffle(order, random);
    for (FaultKind kind : order) {
      Duration calmSince = scenes.isEmpty() ? ZERO : scenes.get(scenes.size() - 1).endsAt();
      Duration at = calmSince.plus(between(SHORTEST_CALM_MILLIS, LONGEST_CALM_MILLIS, random));
      Scene scene = new Scene(kind, at, between(kind.shortestMillis, kind.longestMillis, random));
      if (scene.endsAt().compareTo(end) <= 0) scenes.add(scene);
    }
    return scenes.size() > before;
  }

  private static Duration between(int shortestMillis, int longestMillis, Random random) {
    return Duration.ofMillis(shortestMillis + random.nextInt(longestMillis - shortestMillis + 1));
  }

  /** The same as the fault kit takes it. */
  FaultPlan plan() {
    return new FaultPlan(scenes.stream().map(Scene::step).toList());
  }

  /** Returns the scene that {@code step} of the plan is. */
  Scene scene(FaultPlan.Step step) {
    return scenes.stream()
        .filter(scene -> scene.step().equals(step))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no scene for " + step));
  }

  /** Returns the next scene that begins at {@code elapsed} or later; null if there is none. */
  @Nullable Scene after(Duration elapsed) {
    return scenes.stream()
        .filter(scene -> scene.at().compareTo(elapsed) >= 0)
        .findFirst()
        .orElse(null);
  }
}
