package io.holdfast.endtoend;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.holdfast.Backoff;
import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionEvent.RoundTripMeasured;
import io.holdfast.ConnectionEvent.TransportLost;
import io.holdfast.ConnectionEvent.TransportOpened;
import io.holdfast.ConnectionEvent.WokeUp;
import io.holdfast.ConnectionListener;
import io.holdfast.ManagedConnection;
import io.holdfast.network.DesktopNetworkMonitor;
import io.holdfast.testkit.FaultProxy;
import io.holdfast.testkit.TestServer;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A process with an open connection is stopped (SIGSTOP) for four seconds, in which its path dies,
 * and goes on (SIGCONT), as a laptop that sleeps.
 */
class StoppedProcessTest {
  private static final Duration STOPPED = Duration.ofSeconds(4);
  // The heartbeat's interval and timeout.
  private static final Duration BY_HEARTBEAT = Duration.ofSeconds(35);

  private TestServer server;
  private FaultProxy path;

  @BeforeEach
  void start() throws IOException {
    server = TestServer.start();
    path = FaultProxy.to(server.port());
  }

  @AfterEach
  void stop() throws IOException {
    path.close();
    server.close();
  }

  @Test
  void itIsConnectedAgainSoonAfterItGoesOn() throws Exception {
    assumeTrue(
        Files.isExecutable(Path.of("/bin/kill")) || Files.isExecutable(Path.of("/usr/bin/kill")));
    String url = "ws://127.0.0.1:" + path.port() + "/";
    try (ChildProcess child = ChildProcess.start(Child.class, url)) {
      await(child, RoundTripMeasured.class);

      child.signal("-STOP");
      path.blackHole();
      assertThat(new CountDownLatch(1).await(STOPPED.toSeconds(), SECONDS)).isFalse();
      long wentOnAt = System.nanoTime();
      child.signal("-CONT");

      await(child, WokeUp.class);
      // The old transport stays dead; the next one finds a path.
      await(child, TransportLost.class);
      path.pass();
      await(child, TransportOpened.class);
      Duration took = Duration.ofNanos(System.nanoTime() - wentOnAt);
      System.out.println("connected again " + took.toMillis() + " ms after the process went on");
      assertThat(took).isLessThan(BY_HEARTBEAT.dividedBy(3));
    }
  }

  private static void await(ChildProcess child, Class<? extends ConnectionEvent> event)
      throws IOException {
    String line = child.readLine();
    while (line != null && !line.equals(event.getSimpleName())) line = child.readLine();
    assertThat(line).as("the child tells").isEqualTo(event.getSimpleName());
  }

  /** Holds a connection open, and tells its events. */
  static final class Child implements ConnectionListener {
    private static final Duration SOON = Duration.ofMillis(20);

    private final PrintStream out = System.out;

    @Override
    public void onEvent(ConnectionEvent event) {
      out.println(event.getClass().getSimpleName());
    }

    /** Runs until it is killed. */
    public static void main(String[] args) throws InterruptedException {
      ManagedConnection connection =
          ManagedConnection.builder(URI.create(args[0]))
              .backoff(new Backoff(SOON, SOON, SOON))
              .network(DesktopNetworkMonitor.create(Duration.ofMillis(250)))
              .build();
      connection.addListener(new Child());
      connection.open();
      new CountDownLatch(1).await();
    }
  }
}
