package io.holdfast.simulation.mutation;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** The search for one of the journal's tests that fails with a mutant. */
final class JournalHunt {
  private static final int HANGS_AFTER_SECONDS = 120;
  // The quickest first.
  private static final List<String> TESTS =
      List.of(
          "FailingDiskTest",
          "JournalSendQueueTest",
          "DirectorySyncTest",
          "DamageTest",
          "CrashTest");

  private JournalHunt() {}

  /**
   * What came of it.
   *
   * @param test that failed; null if none did
   */
  record Result(@Nullable String test) {
    boolean found() {
      return test != null;
    }
  }

  /** Runs the tests, in order, until one fails. */
  static Result of(Mutant mutant) throws InterruptedException {
    MutantLoader loader = new MutantLoader(mutant);
    // Its own thread, as nothing stops one that never returns.
    ExecutorService runner = Executors.newSingleThreadExecutor(JournalHunt::newThread);
    try {
      for (String test : TESTS) {
        String failed = failed(runner, loader, test);
        if (failed != null) return new Result(failed);
      }
      return new Result(null);
    } finally {
      runner.shutdownNow();
    }
  }

  private static Thread newThread(Runnable task) {
    Thread thread = new Thread(task, "journal-hunt");
    thread.setDaemon(true);
    return thread;
  }

  private static @Nullable String failed(ExecutorService runner, MutantLoader loader, String test)
      throws InterruptedException {
    Future<@Nullable String> run = runner.submit(() -> failure(loader, test));
    try {
      return run.get(HANGS_AFTER_SECONDS, SECONDS);
    } catch (TimeoutException e) {
      return test + " hangs";
    } catch (ExecutionException e) {
      throw new AssertionError(test, e);
    }
  }

  private static @Nullable String failure(MutantLoader loader, String test)
      throws ClassNotFoundException {
    Class<?> type = loader.loadClass("io.holdfast.queue." + test);
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(DiscoverySelectors.selectClass(type))
            .build();
    SummaryGeneratingListener told = new SummaryGeneratingListener();
    LauncherFactory.create().execute(request, told);
    TestExecutionSummary summary = told.getSummary();
    if (summary.getTestsFoundCount() == 0) throw new AssertionError("no tests in " + test);
    return summary.getFailures().stream()
        .findFirst()
        .map(failure -> test + ": " + failure.getTestIdentifier().getDisplayName())
        .orElse(null);
  }
}
