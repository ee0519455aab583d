package io.holdfast.simulation.mutation;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.lang.invoke.MethodHandle;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The search for one seed at which a judge objects to a mutant. */
final class Hunt {
  // A seed takes milliseconds.
  private static final int HANGS_AFTER_SECONDS = 60;

  private Hunt() {}

  /**
   * What came of it.
   *
   * @param seed at which a judge objected, or the last one tried
   * @param objection the first line of what the judge said; null if none objected
   */
  record Result(long seed, @Nullable String objection) {
    boolean found() {
      return objection != null;
    }
  }

  /** Tries the seeds from 1 to {@code lastSeed}, in order, until a judge objects. */
  static Result of(Mutant mutant, long lastSeed) throws InterruptedException {
    MethodHandle check = new MutantLoader(mutant).check();
    // Its own thread, as nothing stops one that never returns.
    ExecutorService runner = Executors.newSingleThreadExecutor(Hunt::newThread);
    try {
      for (long seed = 1; seed <= lastSeed; seed++) {
        String objection = objection(runner, check, seed);
        if (objection != null) return new Result(seed, objection);
      }
      return new Result(lastSeed, null);
    } finally {
      runner.shutdownNow();
    }
  }

  private static Thread newThread(Runnable task) {
    Thread thread = new Thread(task, "hunt");
    thread.setDaemon(true);
    return thread;
  }

  private static @Nullable String objection(ExecutorService runner, MethodHandle check, long seed)
      throws InterruptedException {
    Future<?> run = runner.submit(() -> run(check, seed));
    try {
      run.get(HANGS_AFTER_SECONDS, SECONDS);
      return null;
    } catch (TimeoutException e) {
      return "hangs";
    } catch (ExecutionException e) {
      return firstLine(e);
    }
  }

  private static @Nullable Void run(MethodHandle check, long seed) throws Exception {
    try {
      check.invokeExact(seed);
      return null;
    } catch (Exception | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  private static String firstLine(ExecutionException failure) {
    Throwable root = failure;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) root = cause;
    String message = root.getMessage();
    String said = root instanceof AssertionError && message != null ? message : root.toString();
    return said.strip().lines().findFirst().orElse("");
  }
}
