package io.holdfast.simulation;

import io.holdfast.ConnectionState;
import io.holdfast.Delivery;
import io.holdfast.Fate;
import io.holdfast.SendOptions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The device, the network and the server of one scenario, on one thread and in virtual time. Faults
 * and the app's doings come first; then fair weather, in which everything must come right; then the
 * end, which must leave nothing over.
 */
final class World {
  private static final long SECOND_NANOS = 1_000_000_000L;
  // More than this at one moment is a livelock.
  private static final int MOST_AT_ONCE = 20_000;

  final Scenario scenario;
  final Agenda agenda = new Agenda();
  final Trace trace;
  final Conditions conditions;
  final Device device;
  final Network network;
  final Server server;
  final App app;
  final Disk disk;
  final Judges judges;
  private long wakesAtNanos;
  private int atOnce;
  private long endsAtNanos;

  World(Scenario scenario, boolean traced) {
    this(scenario, traced, Judges::all);
  }

  World(Scenario scenario, boolean traced, Function<World, List<Judge>> judging) {
    this.scenario = scenario;
    trace = new Trace(agenda, traced);
    conditions = new Conditions(agenda, trace, scenario.setup().places());
    device = new Device(agenda, conditions, new Dice(scenario.seed(), "device"));
    network = new Network(this, new Dice(scenario.seed(), "network"));
    server = new Server(this, new Dice(scenario.seed(), "server"));
    app = new App(this, new Dice(scenario.seed(), "app"));
    disk = new Disk(this, new Dice(scenario.seed(), "disk"));
    judges = new Judges(this, judging.apply(this));
  }

  // ---- Time

  /** Runs everything up to {@code untilNanos}. */
  private void runTo(long untilNanos) {
    endsAtNanos = untilNanos;
    goOn(untilNanos);
  }

  private void goOn(long untilNanos) {
    while (runNext(untilNanos)) judges.stepped();
    judges.stepped();
    agenda.moveTo(untilNanos);
  }

  /** A thread waits in a call of the app's, and all else goes on. */
  void block(long nanos) {
    goOn(Math.min(endsAtNanos, agenda.nowNanos() + nanos));
    if (device.asleep()) goOn(Math.min(endsAtNanos, wakesAtNanos));
  }

  private boolean runNext(long untilNanos) {
    if (device.runTask()) {
      if (++atOnce > MOST_AT_ONCE) judges.object("livelock", "time stands still");
      return true;
    }
    long timerAt = device.nextTimerAtNanos();
    long taskAt = agenda.nextAtNanos();
    long nextAt = Math.min(timerAt, taskAt);
    if (nextAt > untilNanos) return false;
    if (nextAt > agenda.nowNanos()) atOnce = 0;
    if (++atOnce > MOST_AT_ONCE) judges.object("livelock", "time stands still");
    if (timerAt < taskAt) device.fireTimer();
    else agenda.runNext();
    return true;
  }

  private boolean runUntilOpen(long forNanos) {
    long until = agenda.nowNanos() + forNanos;
    while (!isOpen() && agenda.nowNanos() < until) {
      runTo(Math.min(until, agenda.nowNanos() + SECOND_NANOS));
    }
    return isOpen();
  }

  private boolean isOpen() {
    return app.now().state() instanceof ConnectionState.Open;
  }

  private boolean isClosed() {
    return app.now().state() instanceof ConnectionState.Closed;
  }

  // ---- The three acts

  /** Runs it all; throws what the first judge to object says. */
  void run() {
    for (Step step : scenario.steps()) {
      agenda.at(
          step.atNanos(),
          () -> {
            if (trace.isOn()) trace.note("script", step.toString().trim());
            step.happen(this);
          });
    }
    app.begin();
    runTo(scenario.lengthNanos());
    // Whoever sleeps cannot be told that all is well.
    if (device.asleep()) runTo(wakesAtNanos);
    calm();
    comeRight();
    end();
    judges.finished();
  }

  private void calm() {
    trace.note("script", "fair weather");
    conditions.endAll();
    server.acceptTokens();
    network.comeBack(true);
    network.tellStatus();
    app.calm();
    conditionsChanged();
  }

  // Within the bounds that the settings imply, whatever had happened.
  private void comeRight() {
    Bounds bounds = new Bounds(scenario.setup());
    if (!runUntilOpen(bounds.openNanos())) {
      judges.object("opens again", app.now() + " is " + app.now().state());
    }
    // What was lost without a word, or open but dead, has been found by then.
    runTo(agenda.nowNanos() + bounds.settleNanos());
    if (!runUntilOpen(bounds.openNanos())) {
      judges.object("stays open", app.now() + " is " + app.now().state());
    }
    awaitIdleWay();
    long drainedBy = agenda.nowNanos() + bounds.drainNanos(app.now().connection.queue().bytes());
    while (app.now().connection.queue().bytes() > 0 && agenda.nowNanos() < drainedBy) {
      runTo(agenda.nowNanos() + SECOND_NANOS);
    }
    if (app.now().connection.queue().bytes() > 0) {
      judges.object("queue drained", "left are " + app.now().connection.queue());
    }
    // In which a dead peer that answers no pings may have been found.
    if (!runUntilOpen(bounds.openNanos())) {
      judges.object("stays open", app.now() + " is " + app.now().state());
    }
    farewell(bounds);
  }

  // What the server had sent before may take its time on a narrow way.
  private void awaitIdleWay() {
    long until = agenda.nowNanos() + 3600 * SECOND_NANOS;
    while (!(isOpen() && isIdle()) && agenda.nowNanos() < until)
      runTo(agenda.nowNanos() + SECOND_NANOS);
  }

  private boolean isIdle() {
    SimulatedTransport newest = app.now().newest();
    return newest != null && newest.isOpen() && newest.flow().down.isIdle();
  }

  private void farewell(Bounds bounds) {
    // Then it is Written at once, and a pong may still come.
    boolean unconfirmable = app.now().pingsUnanswered;
    Delivery farewell = app.send(app.now(), 1, SendOptions.DEFAULT).delivery();
    runTo(agenda.nowNanos() + bounds.promptNanos());
    if (farewell.fate() == null && unconfirmable) {
      // Only a write that stalls tells that such a peer is gone, whenever that is.
      runUntilOpen(bounds.openNanos());
      runTo(agenda.nowNanos() + bounds.promptNanos());
    }
    boolean prompt =
        farewell.fate() instanceof Fate.Confirmed
            || (scenario.setup().speaks() && isAnswered(farewell.fate()))
            || (unconfirmable && farewell.fate() instanceof Fate.Written);
    if (!prompt) judges.object("delivers promptly", "a last message is " + farewell.fate());
  }

  private static boolean isAnswered(@Nullable Fate fate) {
    return Judge.is(fate, Fate.Acknowledged.class, Fate.Refused.class)
        || new Fate.Rejected(Fate.Rejected.Reason.NOT_ENCODED).equals(fate);
  }

  private void end() {
    trace.note("script", "the end");
    app.closeForGood();
    long until = agenda.nowNanos() + 180 * SECOND_NANOS;
    while (!isClosed() && agenda.nowNanos() < until) runTo(agenda.nowNanos() + SECOND_NANOS);
    // For threads that are late; a timer would run longer.
    runTo(agenda.nowNanos() + 4 * SECOND_NANOS);
  }

  // ---- For faults

  void sleep(Fault fault, boolean stopClock) {
    if (device.asleep()) return;
    device.sleep(stopClock);
    wakeAfter(fault, fault.amount() * SECOND_NANOS);
  }

  void stop(Fault fault) {
    if (device.asleep()) return;
    device.stop();
    wakeAfter(fault, TimeUnit.MILLISECONDS.toNanos(fault.amount()));
  }

  private void wakeAfter(Fault fault, long nanos) {
    conditions.hit(fault.kind());
    wakesAtNanos = agenda.nowNanos() + nanos;
    agenda.at(
        wakesAtNanos,
        () -> {
          device.wake();
          conditionsChanged();
        });
  }

  void conditionsChanged() {
    network.changed();
    server.changed();
  }
}
