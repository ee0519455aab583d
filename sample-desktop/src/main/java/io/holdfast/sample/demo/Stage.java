package io.holdfast.sample.demo;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.holdfast.testkit.FaultListener;
import io.holdfast.testkit.FaultPlan;
import io.holdfast.testkit.FaultProxy;
import io.holdfast.testkit.FaultRun;
import io.holdfast.testkit.FaultScheduler;
import io.holdfast.testkit.Ledger;
import io.holdfast.testkit.TestServer;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * The embedded server, the path to it that fails, the thread that makes it fail, and a directory
 * for the sender's journal.
 */
final class Stage implements Closeable {
  // MockWebServer's log; held here, for the logging system forgets what nobody holds.
  private static final Logger SERVER_LOG = Logger.getLogger("mockwebserver3.MockWebServer");

  private final TestServer server;
  private final FaultProxy proxy;
  private final ScheduledExecutorService hand =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "holdfast-demo-faults");
            thread.setDaemon(true);
            return thread;
          });

  private final Path journal;

  private Stage(TestServer server, FaultProxy proxy, Path journal) {
    this.server = server;
    this.proxy = proxy;
    this.journal = journal;
  }

  static Stage open() throws IOException {
    // It warns of connections that the faults cut, which is what the timeline is about.
    SERVER_LOG.setLevel(Level.OFF);
    TestServer server = TestServer.start();
    try {
      // Only such sessions can be told to flood.
      server.unruly();
      server.reliable();
      Path journal = Files.createTempDirectory("holdfast-demo");
      return new Stage(server, FaultProxy.to(server.port()), journal);
    } catch (IOException e) {
      server.close();
      throw e;
    }
  }

  /** Where to connect to: the proxy. */
  URI url() {
    return URI.create("ws://127.0.0.1:" + proxy.port() + "/");
  }

  /** Where the sender's process keeps its messages, for as long as the stage is open. */
  Path journal() {
    return journal;
  }

  /** Does {@code action} after {@code delay}, unless the stage is closed before. */
  void after(Duration delay, Runnable action) {
    var unused = hand.schedule(action, delay.toMillis(), MILLISECONDS);
  }

  /** Each fault of {@code plan} at its time from now on; closing the run heals what is broken. */
  FaultRun play(FaultPlan plan, FaultListener listener) {
    return FaultRun.start(plan, proxy, server, FaultScheduler.on(hand), listener);
  }

  /** What arrived, once nothing more can: every session has ended, or {@code patience} has. */
  Ledger ledgerWhenQuiet(Duration patience) {
    try {
      server.await(now -> now.liveSessions() == 0, patience);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return server.ledger();
  }

  @Override
  public void close() throws IOException {
    hand.shutdownNow();
    try (server) {
      proxy.close();
    } finally {
      deleteJournal();
    }
  }

  private void deleteJournal() throws IOException {
    try (Stream<Path> files = Files.walk(journal)) {
      // The directory is the first.
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
