package io.holdfast.simulation;

import com.github.valfirst.slf4jtest.TestLoggerFactory;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/** Runs many seeds, one world a thread, on all cores, until so many are done or time is up. */
final class Campaign {
  private static final long PROGRESS_SECONDS = 10;
  private static final int MOST_VIOLATIONS = 1_000;

  private final long endSeed;
  private final long endNanos;
  private final long begunNanos = System.nanoTime();
  private final PrintStream progress;
  private final AtomicLong nextSeed;
  private final AtomicLong done = new AtomicLong();
  private final AtomicLong found = new AtomicLong();

  Campaign(long firstSeed, long seeds, Duration atMost, PrintStream progress) {
    nextSeed = new AtomicLong(firstSeed);
    endSeed = firstSeed + seeds;
    endNanos = begunNanos + atMost.toNanos();
    this.progress = progress;
  }

  Tally run() {
    int threads = Runtime.getRuntime().availableProcessors();
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    List<Future<Tally>> parts = new ArrayList<>();
    for (int i = 0; i < threads; i++) parts.add(pool.submit(this::runPart));
    pool.shutdown();
    Tally all = new Tally();
    for (Future<Tally> part : parts) all.add(await(part));
    return all;
  }

  private Tally runPart() {
    Tally tally = new Tally();
    for (long seed = nextSeed.getAndIncrement();
        seed < endSeed && System.nanoTime() - endNanos < 0 && found.get() < MOST_VIOLATIONS;
        seed = nextSeed.getAndIncrement()) {
      run(seed, tally);
      done.incrementAndGet();
    }
    return tally;
  }

  private void run(long seed, Tally tally) {
    World world = new World(Scenario.of(seed), false);
    try {
      world.run();
    } catch (RuntimeException | Error e) {
      found.incrementAndGet();
      progress.println("seed " + seed + ": " + e.getMessage());
      tally.add(new Tally.Violation(seed, e));
    }
    tally.add(world);
  }

  private Tally await(Future<Tally> part) {
    while (true) {
      try {
        return part.get(PROGRESS_SECONDS, TimeUnit.SECONDS);
      } catch (TimeoutException e) {
        tellProgress();
        // What other threads logged long ago is kept for nobody.
        TestLoggerFactory.clearAll();
      } catch (InterruptedException | ExecutionException e) {
        throw new IllegalStateException("a part of the campaign did not end", e);
      }
    }
  }

  private void tellProgress() {
    double seconds = (System.nanoTime() - begunNanos) / 1e9;
    progress.printf(
        Locale.ROOT,
        "%,d seeds in %.0f s, %.0f a second, %d violations%n",
        done.get(),
        seconds,
        done.get() / seconds,
        found.get());
  }
}
