package io.holdfast.sample.demo;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.holdfast.ConnectionState;
import io.holdfast.Message;
import io.holdfast.rx.RxConnection;
import io.holdfast.sample.demo.FaultScript.Scene;
import io.holdfast.sample.terminal.AtExit;
import io.holdfast.sample.terminal.Line.Tone;
import io.holdfast.sample.terminal.Narrator;
import io.holdfast.sample.terminal.Texts;
import io.holdfast.sample.terminal.Timeline;
import io.holdfast.testkit.FaultListener;
import io.holdfast.testkit.FaultPlan;
import io.holdfast.testkit.FaultRun;
import io.holdfast.testkit.Ledger;
import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.reactivex.rxjava3.disposables.Disposable;
import io.reactivex.rxjava3.subjects.CompletableSubject;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The show: numbered messages at a steady rate to an embedded server, while the path to it and the
 * server itself fail by a script. In the end the server's ledger says what arrived.
 */
final class Demo {
  private static final Duration DRAIN_DEADLINE = Duration.ofSeconds(20);
  private static final Duration LAST_ARRIVALS = Duration.ofSeconds(2);
  private static final int FAULTS_ANNOUNCED = 12;
  private static final int ROUND_TRIPS_KEPT = 40;
  // What makes the consumer slow: it takes a thousand messages a second at most.
  private static final long CONSUMER_MILLIS = 1;

  private final Plan plan;
  private final FaultScript script;
  private final Stage stage;
  private final Timeline timeline;
  private final Display display;
  private final RxConnection connection;
  private final Narrator narrator = new Narrator();
  private final Tally tally = new Tally();
  private final OutageLog outages = new OutageLog(System::nanoTime);
  private final RoundTrips roundTrips = new RoundTrips(ROUND_TRIPS_KEPT);
  private final AtomicLong received = new AtomicLong();
  // Completes once no more is to be sent: at the end, when the app stops, or on Closed.
  private final CompletableSubject stopped = CompletableSubject.create();
  private final CompletableSubject fatesTold = CompletableSubject.create();
  private final CompositeDisposable watching = new CompositeDisposable();
  private final ReentrantLock ending = new ReentrantLock();
  // Guarded by the lock `ending`.
  private @Nullable Summary summary;

  // Written by the callback thread and the hand of the faults; the display reads them.
  private volatile long beganAtNanos = System.nanoTime();
  private volatile long stateSinceNanos = System.nanoTime();
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
    this.connection = RxConnection.of(Pace.connection(stage.url(), plan.seed()));
  }

  /**
   * Runs the show. If the JVM is told to end meanwhile (Ctrl-C), the show ends first, in order.
   *
   * @throws IOException if the server or the proxy finds no port
   */
  static Summary run(Plan plan, Timeline timeline, Display display) throws IOException {
    try (Stage stage = Stage.open()) {
      Demo demo = new Demo(plan, stage, timeline, display);
      return AtExit.alsoRun(
          demo::end,
          () -> {
            demo.start();
            demo.stopped.blockingAwait();
            return demo.end();
          });
    }
  }

  private void start() {
    announce();
    connection.states().ignoreElements().subscribe(stopped);
    watching.addAll(
        connection.states().subscribe(state -> stateSinceNanos = System.nanoTime()),
        connection.events().subscribe(outages::add),
        connection.roundTripTimes().subscribe(roundTrips::add),
        narrator.follow(connection, timeline),
        consume(),
        // The first attempt loads classes, which takes its time: the show begins after it.
        connection.open().onErrorComplete().subscribe(this::begin));
  }

  private Disposable consume() {
    return connection.messages().concatMapCompletable(this::takeSlowly).subscribe();
  }

  private Completable takeSlowly(Message message) {
    return Completable.timer(CONSUMER_MILLIS, MILLISECONDS).doOnComplete(received::incrementAndGet);
  }

  private void begin() {
    beganAtNanos = System.nanoTime();
    run = stage.play(script.plan(), new Announcer());
    watching.add(
        Flowable.interval(0, display.interval().toMillis(), MILLISECONDS)
            .onBackpressureDrop()
            .subscribe(tick -> display.show(now())));
    send();
  }

  private void send() {
    long periodNanos = SECONDS.toNanos(1) / plan.rate();
    Flowable.intervalRange(1, plan.messages(), 0, periodNanos, NANOSECONDS)
        .takeUntil(stopped.toFlowable())
        .doOnComplete(stopped::onComplete)
        .doOnNext(number -> tally.countSent())
        // Each send goes on when the ticks have ended: disposing one would take its message back.
        .flatMapSingle(number -> connection.send("message " + number))
        .doOnNext(tally::countEnded)
        .ignoreElements()
        .subscribe(fatesTold);
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
    }

    @Override
    public void onHealing(FaultPlan.Step step) {
      fault = null;
      timeline.add(Tone.FAULT, "<< HEALED", script.scene(step).kind().words + " is over");
    }
  }

  private Moment now() {
    long now = System.nanoTime();
    ConnectionState state = connection.state();
    return new Moment(
        Duration.ofNanos(now - beganAtNanos),
        state,
        Duration.ofNanos(now - stateSinceNanos),
        roundTrips.all(),
        connection.queue(),
        fault,
        tally.sent(),
        tally.delivered(),
        received.get());
  }

  /** Stops what is going on, has everything delivered, and compares. */
  private Summary end() {
    ending.lock();
    try {
      if (summary == null) {
        stopped.onComplete();
        summary = drainAndCompare();
        report(summary);
        checkFaults();
      }
      return summary;
    } finally {
      ending.unlock();
    }
  }

  private Summary drainAndCompare() {
    FaultRun running = run;
    if (running != null) running.close();
    // Ended before it began.
    else fatesTold.onComplete();
    fault = null;
    timeline.add(Tone.PLAIN, "DRAINING", "no more is sent; what is queued has its fate first");
    connection.drain(DRAIN_DEADLINE).andThen(fatesTold).blockingAwait();
    watching.dispose();
    display.end();
    Ledger ledger = stage.ledgerWhenQuiet(LAST_ARRIVALS);
    return new Summary(
        tally.accepted(),
        ledger.distinct(),
        ledger.duplicates(),
        narrator.reconnects(),
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
