package io.holdfast.endtoend;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.Backoff;
import io.holdfast.ConnectionState.Closed;
import io.holdfast.Delivery;
import io.holdfast.Fate;
import io.holdfast.ManagedConnection;
import io.holdfast.Message;
import io.holdfast.SendOptions;
import io.holdfast.queue.JournalSendQueue;
import io.holdfast.testkit.Arrival;
import io.holdfast.testkit.FaultProxy;
import io.holdfast.testkit.Ledger;
import io.holdfast.testkit.TestServer;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that sends numbered messages through a connection with a journal is killed with SIGKILL
 * at a random moment, and begun again, over and over. As often as one asks for, with {@code
 * -Dholdfast.kills=100}:
 *
 * <pre>
 * mvn -q -pl sdk-testkit,sdk-core test -Dtest=ConnectionKillTest \
 *     -Dsurefire.failIfNoSpecifiedTests=false -Dholdfast.kills=100
 * </pre>
 */
class ConnectionKillTest {
  private static final int BUILD_KILLS = 3;
  private static final int LINES_OF_A_LIFE = 3_000;
  // Of one without a server: fewer than it tells before it has all in flight that it may.
  private static final int LINES_ALONE = 350;
  private static final long NUMBERS_OF_A_LIFE = 1_000_000;
  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir Path directory;
  private final Random random = new Random(7);
  private final Ledger ledger = new Ledger(Long::parseLong, 10_000_000);
  private TestServer server;
  private FaultProxy path;

  // What the child told.
  private final Set<Long> accepted = new HashSet<>();
  // Numbers that must not come in a session above that.
  private final Map<Long, Integer> goneAfter = new HashMap<>();

  // Of the life that is being heard.
  private final List<Long> confirmed = new ArrayList<>();
  private final Map<Long, Integer> confirmedBefore = new HashMap<>();
  private int goneOfLife;

  @BeforeEach
  void start() throws IOException {
    server = TestServer.builder().ledger(ledger).start();
    path = FaultProxy.to(server.port());
  }

  @AfterEach
  void stop() throws IOException {
    path.close();
    server.close();
  }

  @Test
  void whatWasAcceptedArrivesInOrderThroughEveryKill() throws Exception {
    int kills = Integer.getInteger("holdfast.kills", BUILD_KILLS);
    for (int kill = 0; kill < kills; kill++) liveAndDie(kill);
    liveToTheEnd();

    check();
    System.out.printf(
        "%d kills, %d messages accepted, %d arrivals, %d messages twice or more%n",
        kills, accepted.size(), ledger.arrivals(), ledger.arrivals() - ledger.distinct());
    assertThat(accepted).hasSizeGreaterThan(kills);
    assertThat(ledger.distinct()).isGreaterThan(kills);
  }

  // ---- Lives

  private void liveAndDie(int life) throws Exception {
    confirmed.clear();
    confirmedBefore.clear();
    goneOfLife = 0;
    // In turn: the server takes all, there is none, and what is on its way at the end is lost.
    boolean alone = life % 3 == 1;
    if (alone) path.refuse();
    int most = 1 + random.nextInt(alone ? LINES_ALONE : LINES_OF_A_LIFE);
    String firstNumber = Long.toString(life * NUMBERS_OF_A_LIFE);
    try (ChildProcess child =
        ChildProcess.start(Child.class, directory.toString(), url().toString(), firstNumber)) {
      int lines = 0;
      for (String line = child.readLine(); line != null; line = child.readLine()) {
        hear(line);
        if (++lines < most) continue;
        if (lines == most && life % 3 == 2) path.blackHole();
        child.kill();
      }
      assertThat(lines).as("what the child told").isGreaterThanOrEqualTo(most);
    }
    path.reset();
    path.pass();
    // Later lives are sessions of their own.
    assertThat(server.await(now -> now.liveSessions() == 0, LONG)).isTrue();
    int lastSession = ledger.kept().stream().mapToInt(Arrival::session).max().orElse(-1);
    for (long number : confirmed.subList(0, goneOfLife)) goneAfter.put(number, lastSession);
  }

  private URI url() {
    return URI.create("ws://127.0.0.1:" + path.port() + "/");
  }

  private void hear(String line) {
    // The last line may be torn.
    if (!line.endsWith(".")) return;
    long number = Long.parseLong(line.substring(1, line.length() - 1));
    switch (line.charAt(0)) {
      case '>' -> confirmedBefore.put(number, confirmed.size());
      case '+' -> {
        accepted.add(number);
        // What was released before a message that is durable is released for good.
        goneOfLife = Math.max(goneOfLife, confirmedBefore.getOrDefault(number, 0));
      }
      case '-' -> confirmed.add(number);
      default -> throw new AssertionError(line);
    }
  }

  private void liveToTheEnd() throws Exception {
    ExecutorService disk = Executors.newSingleThreadExecutor();
    ManagedConnection connection = Child.connection(directory, url(), disk);
    States states = States.of(connection);
    List<Delivery> left = connection.recovered().get(30, SECONDS);
    connection.open();
    long last = 0;
    for (Delivery delivery : left) {
      assertThat(delivery.id()).isGreaterThan(last);
      last = delivery.id();
      Fate fate = delivery.toFuture().get(30, SECONDS);
      boolean once = delivery.options().atMostOnce();
      assertThat(fate.delivered() || (once && fate instanceof Fate.InDoubt))
          .as("%s ends %s", delivery.message(), fate)
          .isTrue();
    }
    connection.close();
    states.await(Closed.class, 1);
    disk.shutdown();
  }

  // ---- What arrived

  private void check() {
    Map<Long, Integer> times = new HashMap<>();
    long highest = -1;
    for (Arrival arrival : ledger.kept()) {
      long number = arrival.number();
      int before = times.merge(number, 1, Integer::sum) - 1;
      if (before == 0) {
        assertThat(number).as("first arrivals are in order").isGreaterThan(highest);
        highest = number;
      } else {
        assertThat(Child.isOnce(number)).as("%d comes at most once", number).isFalse();
      }
      assertThat(arrival.session())
          .as("%d was released for good", number)
          .isLessThanOrEqualTo(goneAfter.getOrDefault(number, Integer.MAX_VALUE));
    }
    Set<Long> missing = new HashSet<>(accepted);
    missing.removeAll(times.keySet());
    missing.removeIf(Child::isOnce);
    assertThat(missing).isEmpty();
  }

  /**
   * Sends as fast as deliveries end, and tells: {@code >7.} is about to be sent, {@code +7.}
   * accepted, {@code -7.} confirmed.
   */
  static final class Child {
    private static final int IN_FLIGHT = 200;
    private static final Duration SOON = Duration.ofMillis(20);

    private Child() {}

    static ManagedConnection connection(Path directory, URI server, Executor disk) {
      return ManagedConnection.builder(server)
          .backoff(new Backoff(SOON, SOON, SOON))
          .barrierSpacing(SOON)
          .sendQueue(
              JournalSendQueue.builder(directory, disk)
                  .segmentBytes(64 * 1_024)
                  .maxBytes(4 << 20)
                  .build())
          .build();
    }

    static boolean isOnce(long number) {
      return number % 10 == 7;
    }

    /** Runs until it is killed. */
    public static void main(String[] args) throws InterruptedException {
      PrintStream out = System.out;
      ExecutorService disk = Executors.newSingleThreadExecutor();
      ManagedConnection connection = connection(Path.of(args[0]), URI.create(args[1]), disk);
      connection.open();
      Semaphore inFlight = new Semaphore(IN_FLIGHT);
      for (long number = Long.parseLong(args[2]); ; number++) {
        inFlight.acquire();
        send(connection, number, out, inFlight);
      }
    }

    private static void send(
        ManagedConnection connection, long number, PrintStream out, Semaphore inFlight) {
      SendOptions options =
          isOnce(number) ? SendOptions.DEFAULT.withAtMostOnce() : SendOptions.DEFAULT;
      out.println(">" + number + ".");
      Delivery delivery = connection.send(Message.text(Long.toString(number)), options);
      delivery.whenAccepted(() -> out.println("+" + number + "."));
      delivery.whenEnded(
          fate -> {
            if (fate instanceof Fate.Confirmed) out.println("-" + number + ".");
            inFlight.release();
          });
    }
  }
}
