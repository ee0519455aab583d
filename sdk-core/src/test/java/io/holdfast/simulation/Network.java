package io.holdfast.simulation;

import io.holdfast.Registration;
import io.holdfast.network.NetworkMonitor;
import io.holdfast.network.NetworkStatus;
import java.util.ArrayList;
import java.util.List;

/** The way between the device and the server, and what the device's monitor says of it. */
final class Network implements NetworkMonitor {
  private static final long MILLI = 1_000_000;

  private final World world;
  private final Conditions conditions;
  private final Dice dice;
  private final List<Flow> flows = new ArrayList<>();
  private final List<NetworkMonitor.Listener> listeners = new ArrayList<>();
  // Who waits for better times: retransmission timers that would only poll.
  private List<Waiter> waiters = new ArrayList<>();
  private int address = 1;
  private boolean available = true;
  private NetworkStatus told = new NetworkStatus(true, "");

  private record Waiter(long retryNanos, Runnable task) {}

  Network(World world, Dice dice) {
    this.world = world;
    this.conditions = world.conditions;
    this.dice = dice;
  }

  // ---- Segments

  long latencyNanos() {
    long nanos = world.scenario.setup().latencyNanos();
    if (conditions.strikes(FaultKind.LATENCY_STEP)) {
      nanos += conditions.amount(FaultKind.LATENCY_STEP) * MILLI;
    }
    if (conditions.strikes(FaultKind.JITTER)) {
      nanos += dice.between(0, conditions.amount(FaultKind.JITTER) * MILLI);
    }
    return nanos + dice.between(0, nanos / 8);
  }

  long nanosFor(long bytes) {
    long perSecond = world.scenario.setup().bytesPerSecond();
    if (conditions.strikes(FaultKind.SLOW_BANDWIDTH)) {
      perSecond = conditions.amount(FaultKind.SLOW_BANDWIDTH);
    }
    return (long) (bytes * 1e9 / perSecond);
  }

  /** Returns how many bytes a segment carries at most. */
  long segmentBytes() {
    if (!conditions.strikes(FaultKind.TINY_SEGMENTS)) return 16 << 10;
    return dice.between(1, conditions.amount(FaultKind.TINY_SEGMENTS));
  }

  /** Whether a segment that leaves now is lost. */
  boolean loses(Flow flow, boolean up) {
    if (world.device.isOff()) return true;
    if (losesAll(up)) return true;
    if (flow.address != address) {
      conditions.hit(FaultKind.ADDRESS_CHANGE);
      return true;
    }
    if (forgets(flow)) {
      if (up && conditions.holds(FaultKind.NAT_RESETS)) flow.resetAtDevice();
      return true;
    }
    flow.segmentPassed();
    return false;
  }

  private boolean losesAll(boolean up) {
    if (!available || conditions.strikes(FaultKind.BLACK_HOLE)) return true;
    return conditions.strikes(up ? FaultKind.BLACK_HOLE_UP : FaultKind.BLACK_HOLE_DOWN);
  }

  private boolean forgets(Flow flow) {
    if (flow.wasForgotten()) return true;
    return forgets(flow, FaultKind.NAT_FORGETS) || forgets(flow, FaultKind.NAT_RESETS);
  }

  private boolean forgets(Flow flow, FaultKind kind) {
    if (!conditions.holds(kind)) return false;
    if (!flow.isForgotten(conditions.amount(kind) * 1_000_000_000L)) return false;
    conditions.hit(kind);
    return true;
  }

  /** Whether the device reaches anyone now, both ways; for handshakes. */
  boolean passesBothWays() {
    return !world.device.isOff() && !losesAll(true) && !losesAll(false);
  }

  /** Runs {@code task} some time after conditions have changed, as a retransmission would. */
  void whenBetter(long retryNanos, Runnable task) {
    waiters.add(new Waiter(retryNanos, task));
  }

  /** Tells that conditions may have changed. */
  void changed() {
    List<Waiter> due = waiters;
    waiters = new ArrayList<>();
    for (Waiter waiter : due) {
      world.agenda.after(dice.between(0, waiter.retryNanos), waiter.task);
    }
  }

  // ---- Flows

  Flow newFlow(SimulatedTransport transport) {
    // Whoever has seen pongs takes them for granted.
    boolean may = !world.scenario.setup().heart().ignoresPings();
    boolean proxied = may && conditions.holds(FaultKind.PROXY_ANSWERS_PINGS);
    Flow flow = new Flow(world, flows.size() + 1, transport, proxied);
    flows.add(flow);
    return flow;
  }

  List<Flow> flows() {
    return flows;
  }

  /** Returns those that the device has open. */
  List<Flow> openFlows() {
    List<Flow> open = new ArrayList<>();
    for (Flow flow : flows) if (flow.transport.isOpen()) open.add(flow);
    return open;
  }

  // ---- Faults

  void resetAll(boolean spareSegments) {
    for (Flow flow : openFlows()) {
      conditions.hit(FaultKind.RESET);
      flow.reset(spareSegments);
    }
  }

  int address() {
    return address;
  }

  void changeAddress(boolean tell) {
    address++;
    if (tell) tellStatus();
  }

  void lose() {
    available = false;
    tellStatus();
  }

  void comeBack(boolean sameAddress) {
    if (available) return;
    available = true;
    if (!sameAddress) address++;
    tellStatus();
    changed();
  }

  boolean isAvailable() {
    return available;
  }

  // ---- The monitor

  @Override
  public Registration listen(Listener listener) {
    listeners.add(listener);
    told = status();
    listener.onStatus(told);
    return () -> listeners.remove(listener);
  }

  /** Returns the label that the monitor told last. */
  String toldLabel() {
    return told.label();
  }

  int listeners() {
    return listeners.size();
  }

  void tellStatus() {
    // What it is once the monitor's thread runs.
    world.device.execute(
        () -> {
          world.app.now().hurriedAtNanos = world.device.elapsedNanos();
          NetworkStatus before = told;
          told = status();
          for (NetworkMonitor.Listener listener : List.copyOf(listeners)) listener.onStatus(told);
          boolean another = available && before.available() && !told.equals(before);
          if (another) world.judges.pingAsked(world.app.now());
          if (another) world.judges.hurried(world.app.now());
          if (another) world.judges.networkChanged(world.app.now());
        });
  }

  private NetworkStatus status() {
    return new NetworkStatus(available, available ? "network-" + address : "");
  }
}
