package io.holdfast.simulation;

import io.holdfast.Assurance;
import io.holdfast.ConnectionState;
import io.holdfast.Delivery;
import io.holdfast.Fate;
import io.holdfast.ManagedConnection;
import io.holdfast.Message;
import io.holdfast.MessageDemand;
import io.holdfast.Overflow;
import io.holdfast.Registration;
import io.holdfast.SendOptions;
import io.holdfast.fixtures.ModelNetwork;
import io.holdfast.fixtures.ModelNetwork.Door;
import io.holdfast.fixtures.ModelServer;
import io.holdfast.fixtures.RecordingListener;
import io.holdfast.fixtures.VirtualClock;
import io.holdfast.network.NetworkMonitor;
import io.holdfast.network.NetworkStatus;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * One life of a connection in virtual time, all of it drawn from one seed: two minutes of faults
 * and of an app's doings, then fine weather, then the end. {@link Judges} look at what came of it.
 */
final class SeededRun {
  private static final Duration FAULTS = Duration.ofMinutes(2);
  // Attempt 15 s, backoff 30 s, spread 5 s, heartbeat 35 s and its allowance of 60 s, twice over.
  private static final Duration RECOVERY = Duration.ofMinutes(5);

  private static final List<Door> DOORS = List.of(Door.values());

  final ModelServer server = new ModelServer();
  final RecordingListener told = new RecordingListener();
  final List<Sent> sent = new ArrayList<>();
  final List<String> received = new ArrayList<>();
  final Map<String, Integer> faults = new HashMap<>();
  final VirtualClock clock;
  final ModelNetwork network;
  final ManagedConnection connection;
  boolean openedAgain;
  boolean deliversPromptly;

  private final Random random;
  private final MessageDemand demand;
  private NetworkMonitor.@Nullable Listener monitor;
  private long pushed;

  /** A message that was given to the connection, and how often it was told a fate. */
  static final class Sent {
    final String text;
    final SendOptions options;
    final Delivery delivery;
    boolean cancelled;
    int told;

    private Sent(String text, SendOptions options, Delivery delivery) {
      this.text = text;
      this.options = options;
      this.delivery = delivery;
    }
  }

  SeededRun(long seed) {
    random = new Random(seed);
    clock = new VirtualClock(new Random(random.nextLong()));
    network = new ModelNetwork(clock, new Random(random.nextLong()), server);
    connection =
        ManagedConnection.builder(URI.create("ws://model/"))
            .transport(network)
            .clock(clock)
            .ioExecutor(clock.executor())
            .random(new Random(random.nextLong()))
            .network(this::listenToNetwork)
            .maxQueuedMessages(1 << (4 + random.nextInt(10)))
            .overflow(random.nextBoolean() ? Overflow.REJECT : Overflow.EVICT_OLDEST)
            .resendLimit(1 + random.nextInt(50))
            .maxInboundMessages(1 + random.nextInt(20))
            .build();
    connection.addListener(told);
    demand = connection.receive(this::receive);
  }

  private Registration listenToNetwork(NetworkMonitor.Listener listener) {
    monitor = listener;
    return () -> monitor = null;
  }

  private void receive(Message message) {
    received.add(((Message.Text) message).text());
  }

  /** Runs it to the end. */
  void run() {
    if (random.nextBoolean()) burst();
    connection.open();
    long until = clock.nanoTime() + FAULTS.toNanos();
    while (clock.nanoTime() < until) {
      clock.advanceNanos(nextStepNanos());
      if (random.nextInt(3) == 0) fault();
      else app();
    }
    heal();
    clock.advance(RECOVERY);
    openedAgain = connection.state() instanceof ConnectionState.Open;
    Delivery farewell = connection.send("farewell");
    // A round trip, and the barrier's spacing.
    clock.advance(Duration.ofSeconds(2));
    deliversPromptly = farewell.fate() instanceof Fate.Confirmed;
    connection.drain(Duration.ofMinutes(1));
    clock.advance(Duration.ofMinutes(2));
  }

  private long nextStepNanos() {
    return (long) (Math.pow(random.nextDouble(), 3) * 10e9);
  }

  // ---- What the app does

  private void app() {
    switch (random.nextInt(12)) {
      case 0 -> connection.probe();
      case 1 -> connection.reconnectNow();
      case 2 -> cancelOne();
      case 3 -> demand.request(1 + random.nextInt(30));
      case 4, 5 -> burst();
      default -> send();
    }
  }

  private void burst() {
    for (int i = random.nextInt(60); i > 0; i--) send();
  }

  private void send() {
    String text = Integer.toString(sent.size()) + " ".repeat(random.nextInt(600));
    SendOptions options = options();
    Sent one = new Sent(text, options, connection.send(Message.text(text), options));
    one.delivery.whenEnded(fate -> one.told++);
    sent.add(one);
  }

  private SendOptions options() {
    return switch (random.nextInt(10)) {
      case 0 -> SendOptions.DEFAULT.withAssurance(Assurance.WRITTEN);
      case 1 -> SendOptions.DEFAULT.withAtMostOnce();
      case 2 -> SendOptions.DEFAULT.withTimeToLive(Duration.ofMillis(1 + random.nextInt(20_000)));
      default -> SendOptions.DEFAULT;
    };
  }

  private void cancelOne() {
    if (sent.isEmpty()) return;
    Sent one = sent.get(sent.size() - 1 - random.nextInt(Math.min(20, sent.size())));
    one.cancelled |= one.delivery.cancel();
  }

  // ---- What the world does

  private void fault() {
    switch (random.nextInt(13)) {
      case 0 -> count("black hole", () -> network.blackHole(true));
      case 1 -> count("reset", network::reset);
      case 2 -> count("fin", network::finish);
      case 3 -> count("close", () -> network.close(random.nextBoolean() ? 1001 : 1011));
      case 4 -> count("door", () -> network.door(DOORS.get(random.nextInt(DOORS.size()))));
      case 5 -> count("server stops reading", () -> network.serverReads(false));
      case 6 -> count("no pongs", () -> network.serverAnswersPings(false));
      case 7 -> count("latency", () -> network.latencyNanos(random.nextInt(3_000) * 1_000_000L));
      case 8 -> count("suspend", connection::suspend);
      case 9 -> count("network lost", () -> report(new NetworkStatus(false, "")));
      case 10 -> count("flood", this::flood);
      default -> heal();
    }
  }

  private void count(String fault, Runnable effect) {
    faults.merge(fault, 1, Integer::sum);
    effect.run();
  }

  private void flood() {
    for (int i = random.nextInt(100); i > 0; i--) network.push(Message.text("in" + pushed++));
  }

  private void report(NetworkStatus status) {
    if (monitor != null) monitor.onStatus(status);
  }

  private void heal() {
    network.blackHole(false);
    network.door(Door.OPEN);
    network.serverReads(true);
    network.serverAnswersPings(true);
    network.latencyNanos(20_000_000);
    connection.resume();
    report(new NetworkStatus(true, "wifi-" + random.nextInt(2)));
    demand.request(MessageDemand.UNBOUNDED);
  }

  static boolean isDelivered(Sent one) {
    Fate fate = one.delivery.fate();
    return fate != null && fate.delivered();
  }
}
