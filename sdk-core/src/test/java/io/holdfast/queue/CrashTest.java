package io.holdfast.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.queue.CrashScenario.Seen;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Crashes a journal at each step of its disk, in every way. As many images as one asks for, with
 * {@code -Dholdfast.images=1000000}:
 *
 * <pre>
 * mvn -q -pl sdk-testkit,sdk-core test -Dtest=CrashTest -Dsurefire.failIfNoSpecifiedTests=false \
 *     -Dholdfast.images=1000000
 * </pre>
 *
 * {@code -Dholdfast.images.first=N} begins with another seed than 1,000,001.
 */
class CrashTest {
  private static final long BUILD_IMAGES = 20_000;

  private final Map<Seen, Long> seen = new EnumMap<>(Seen.class);

  @Test
  void whatIsLeftIsWhatWasPromised() throws IOException {
    run(1, BUILD_IMAGES);

    assertThat(seen).allSatisfy((what, times) -> assertThat(times).as("%s", what).isPositive());
  }

  @Test
  @EnabledIfSystemProperty(named = "holdfast.images", matches = "[0-9]+")
  void whatIsLeftIsWhatWasPromisedInACampaign() throws IOException {
    long begun = System.nanoTime();

    run(Long.getLong("holdfast.images.first", 1_000_001), Long.getLong("holdfast.images", 0));

    double seconds = (System.nanoTime() - begun) / 1e9;
    System.out.printf(
        Locale.ROOT,
        "%s, %.0f images a second%n",
        seen,
        seen.getOrDefault(Seen.IMAGES, 0L) / seconds);
  }

  private void run(long firstSeed, long images) throws IOException {
    for (long seed = firstSeed; seen.getOrDefault(Seen.IMAGES, 0L) < images; seed++) {
      CrashScenario scenario = new CrashScenario(seed);
      scenario.run();
      scenario.seen.forEach((what, times) -> seen.merge(what, times, Long::sum));
    }
  }
}
