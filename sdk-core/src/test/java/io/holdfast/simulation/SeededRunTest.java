package io.holdfast.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Thousands of seeded lives in virtual time. {@code -Dholdfast.seeds=N} runs another number of
 * them, {@code -Dholdfast.seed=S} one alone.
 */
class SeededRunTest {
  private static final int SEEDS = Integer.getInteger("holdfast.seeds", 3_000);
  private static final Long ONE_SEED = Long.getLong("holdfast.seed");

  @Test
  void everyJudgeIsContentWithEverySeed() {
    Map<String, Integer> faults = new TreeMap<>();
    long first = ONE_SEED != null ? ONE_SEED : 1;
    long last = ONE_SEED != null ? ONE_SEED : SEEDS;

    for (long seed = first; seed <= last; seed++) {
      SeededRun run = new SeededRun(seed);
      try {
        run.run();
        new Judges(run).judge();
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError(
            "seed " + seed + " fails; -Dholdfast.seed=" + seed + " runs it alone", e);
      }
      run.faults.forEach((fault, count) -> faults.merge(fault, count, Integer::sum));
    }

    // Each kind of fault really happened.
    if (ONE_SEED == null) assertThat(faults).hasSize(11);
  }
}
