package io.holdfast.sample.demo;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.holdfast.QueueSnapshot;
import io.holdfast.sample.demo.FaultScript.Scene;
import io.holdfast.sample.terminal.AtExit;
import io.holdfast.sample.terminal.Line.Tone;
import io.holdfast.sample.terminal.Texts;
import io.holdfast.sample.terminal.Timeline;
import io.holdfast.testkit.FaultListener;
import io.holdfast.testkit.FaultPlan;
import io.holdfast.testkit.FaultRun;
import io.holdfast.testkit.Ledger;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The show: a process sends numbered messages at a steady rate to an embedded server, while the
 * path to it, the server and the process itself fail by a script. In the end the server's ledger
 * says what arrived.
 */
final class Demo {
  // A little more than the sender takes.
  private static final Duration DRAIN_PATIENCE = Duration.ofSeconds(25);
  private static final Duration LAST_ARRIVALS = Duration.ofSeconds(2);
  // For messages to get in flight whose acknowledgements do not come.
  private static final Duration BEFORE_THE_KILL = Duration.ofMillis(300);
  private static final int FAULTS_ANNOUNCED = 12;
  private static final int ROUND_TRIPS_KEPT = 40;

  private final Plan plan;
  private final FaultScript script;
  private final Stage stage;
  private final Timeline timeline;
  private final Display display;
  private final Tally tally = new Tally();
  private final OutageLog outages = new OutageLog(System::nanoTime);
  private final RoundTrips roundTrips = new RoundTrips(ROUND_TRIPS_KEPT);
  private final AtomicInteger opened = new AtomicInteger();
  // By the lives that were killed.
  private final AtomicLong receivedBefore = new AtomicLong();
  private final CountDownLatch allSent = new CountDownLatch(1);
  private final CompositeDisposable watching = new CompositeDisposable();
  private final ReentrantLock acting = new ReentrantLock();
  // Guarded by the lock `acting`, which whoever starts, kills and ends the sender holds.
  private @Nullable Summary summary;
  // Written under the lock.
  private volatile @Nullable SenderProcess sender;

  // Written by the thread that reads reports and the hand of the faults; the display reads them.
  private volatile long beganAtNanos = System.nanoTime();
  private volatile Report.Status status =
      new Report.Status(Standing.STARTING, QueueSnapshot.EMPTY, 0);
  private volatile boolean begun;
  private volatile @Nullable Scene fault;
  private volatile @Nullable FaultRun run;

  /** What is shown. */
  record Plan(Duration duration, long seed, int rate, Set<FaultKind> faults) {
    long messages() {
      return duration.toMillis() * rate / 1_000;
    }

    FaultScript script() {
      return FaultScript.of(seed, duration, faults);
    }
  }

  private Demo(Plan plan, Stage stage, Timeline timeline, Display display) {
    this.plan = plan;
    this.script = plan.script();
    this.stage = stage;
    this.timeline = timeline;
    this.display = display;
  }

  /**
   * Runs the show. If the JVM is told to end meanwhile (Ctrl-C), the show ends first, in order.
   *
   * @throws IOException if the server or the proxy finds no port, or no process can be started
   */
  static Summary run(Plan plan, Timeline timeline, Display display) throws IOException {
    try (Stage stage = Stage.open()) {
      Demo demo = new Demo(plan, stage, timeline, display);
      return AtExit.alsoRun(
          demo::end,
          () -> {
            demo.announce();
            demo.startSender();
            demo.awaitAllSent();
            return demo.end();
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private void awaitAllSent() {
    try {
      allSent.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // ---- The sender

  private void startSender() {
    acting.lock();
    try {
      if (sender != null || summary != null) return;
      Sender.Task task =
          new Sender.Task(
              stage.url(),
              stage.journal(),
              plan.seed(),
              plan.rate(),
              tally.last() + 1,
              plan.messages());
      SenderProcess started = SenderProcess.start(task, this::told);
      sender = started;
      // Or `begin` has it go.
      if (begun) started.go();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      acting.unlock();
    }
  }

  private void killSender() {
    acting.lock();
    try {
      SenderProcess killed = sender;
      if (killed == null || summary != null) return;
      sender = null;
      killed.kill();
      Report.Status last = status;
      outages.killed(last.queue().inFlight());
      receivedBefore.addAndGet(last.received());
      status =
          new Report.Status(
              new Standing("KILLED", Tone.BAD, "the process is gone"), last.queue(), 0);
      timeline.add(Tone.BAD, "KILLED", "the process is gone, with what it had in memory");
    } finally {
      acting.unlock();
    }
  }

  /** On the thread that reads the sender's reports. */
  private void told(Report report) {
    tally.add(report);
    outages.add(report);
    if (report instanceof Report.Told told) timeline.add(told.line());
    else if (report instanceof Report.RoundTrip roundTrip) roundTrips.add(roundTrip.time());
    else if (report instanceof Report.Status now) status = now;
    else if (report instanceof Report.Done) allSent.countDown();
    // The first attempt loads classes, which takes its time: the show begins after it.
    else if (report instanceof Report.Opened && opened.incrementAndGet() == 1) begin();
  }

  private void begin() {
    beganAtNanos = System.nanoTime();
    run = stage.play(script.plan(), new Announcer());
    watching.add(
        Flowable.interval(0, display.interval().toMillis(), MILLISECONDS)
            .onBackpressureDrop()
            .subscribe(tick -> display.show(now())));
    // Without the lock, whose holder may wait for this thread.
    begun = true;
    SenderProcess first = sender;
    if (first != null) first.go();
  }

  /** Says what begins and what is healed. */
  private final class Announcer implements FaultListener {
    @Override
    public void onBeginning(FaultPlan.Step step) {
      Scene scene = script.scene(step);
      fault = scene;
      outages.begins(scene.kind());
      String lasts = " for " + Texts.seconds(scene.lasts());
      String text = scene.kind().words + lasts + ": " + scene.kind().meaning;
      timeline.add(Tone.FAULT, ">> FAULT", text);
      if (scene.kind() == FaultKind.KILL) stage.after(BEFORE_THE_KILL, Demo.this::killSender);
    }

    @Override
    public void onHealing(FaultPlan.Step step) {
      fault = null;
      Scene scene = script.scene(step);
      timeline.add(Tone.FAULT, "<< HEALED", scene.kind().words + " is over");
      if (scene.kind() == FaultKind.KILL) startSender();
    }
  }

  private Moment now() {
    Report.Status now = status;
    return new Moment(
        Duration.ofNanos(System.nanoTime() - beganAtNanos),
        now.standing(),
        roundTrips.all(),
        now.queue(),
        fault,
        tally.last(),
        tally.delivered(),
        receivedBefore.get() + now.received());
  }

  // ---- The end

  /** Stops what is going on, has everything delivered, and compares. */
  private Summary end() {
    acting.lock();
    try {
      if (summary == null) {
        Summary result = drainAndCompare();
        summary = result;
        allSent.countDown();
        report(result);
        checkFaults();
      }
      return summary;
    } finally {
      acting.unlock();
    }
  }

  private Summary drainAndCompare() {
    FaultRun running = run;
    if (running != null) running.close();
    fault = null;
    timeline.add(Tone.PLAIN, "DRAINING", "no more is sent; what is queued has its fate first");
    // What a killed one left is delivered by its next life.
    startSender();
    SenderProcess last = sender;
    if (last != null) last.drain(DRAIN_PATIENCE);
    watching.dispose();
    display.end();
    Ledger ledger = stage.ledgerWhenQuiet(LAST_ARRIVALS);
    long accepted = tally.accepted(ledger);
    return new Summary(
        accepted,
        accepted - tally.lost(ledger),
        ledger.duplicates(),
        Math.max(0, opened.get() - 1),
        ledger.orderKept());
  }

  /** A show whose faults could not be done shows nothing. */
  private void checkFaults() {
    FaultRun ended = run;
    if (ended == null) return;
    try {
      ended.await(Duration.ZERO);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void announce() {
    timeline.addPlain(
        "Holdfast sends %d messages in %s, %d a second, to a server on this machine (seed %d)."
            .formatted(plan.messages(), Texts.seconds(plan.duration()), plan.rate(), plan.seed()));
    timeline.addPlain("On the way there:");
    script.scenes().stream()
        .limit(FAULTS_ANNOUNCED)
        .forEach(scene -> timeline.addPlain("  " + scene));
    int more = script.scenes().size() - FAULTS_ANNOUNCED;
    if (more > 0) timeline.addPlain("  and " + more + " more");
    Pace.words().forEach(timeline::addPlain);
    timeline.addPlain("");
  }

  private void report(Summary result) {
    if (tally.otherwise() > 0) {
      timeline.addPlain(tally.otherwise() + " accepted messages ended undelivered or in doubt.");
    }
    timeline.addPlain("");
    OutageTable.lines(outages).forEach(timeline::addPlain);
    timeline.addPlain("");
    timeline.addPlain(
        "The server's ledger: %d different messages, %d repeated, in order: %s."
            .formatted(result.delivered(), result.duplicates(), result.orderKept() ? "yes" : "NO"));
    timeline.addPlain(result.line());
  }
}
