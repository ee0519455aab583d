package io.holdfast.sample.demo;

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
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The embedded server, the path to it that fails, and the thread that makes it fail. */
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

  private Stage(TestServer server, FaultProxy proxy) {
    this.server = server;
    this.proxy = proxy;
  }

  static Stage open() throws IOException {
    // It warns of connections that the faults cut, which is what the timeline is about.
    SERVER_LOG.setLevel(Level.OFF);
    TestServer server = TestServer.start();
    try {
      // Only such sessions can be told to flood.
      server.unruly();
      return new Stage(server, FaultProxy.to(server.port()));
    } catch (IOException e) {
      server.close();
      throw e;
    }
  }

  /** Where to connect to: the proxy. */
  URI url() {
    return URI.create("ws://127.0.0.1:" + proxy.port() + "/");
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
    }
  }
}
