package io.holdfast.sample;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.holdfast.Backoff;
import io.holdfast.Heartbeat;
import io.holdfast.ManagedConnection;
import io.holdfast.rx.RxConnection;
import io.holdfast.sample.Line.Tone;
import io.holdfast.testkit.Ledger;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.reactivex.rxjava3.schedulers.Schedulers;
import io.reactivex.rxjava3.subjects.CompletableSubject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The show: numbered messages at a steady rate to an embedded server, while the path to it fails by
 * a script. In the end the server's ledger says what arrived.
 */
final class Demo {
  // Short, for a show of half a minute.
  private static final Heartbeat HEARTBEAT =
      new Heartbeat(Duration.ofSeconds(1), Duration.ofSeconds(1));
  private static final Backoff BACKOFF =
      new Backoff(Duration.ofMillis(300), Duration.ofSeconds(2), Duration.ofMillis(500));
  private static final Duration BARRIER_SPACING = Duration.ofMillis(200);
  private static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration PROVEN_AFTER = Duration.ofSeconds(1);

  private static final Duration DRAIN_DEADLINE = Duration.ofSeconds(20);
  private static final Duration LAST_ARRIVALS = Duration.ofSeconds(2);
  private static final int FAULTS_ANNOUNCED = 10;

  private final Plan plan;
  private final FaultScript script;
  private final Stage stage;
  private final Timeline timeline;
  private final RxConnection connection;
  private final Narrator narrator = new Narrator();
  private final Tally tally = new Tally();
  // Completes once no more is to be sent: at the end, when the app stops, or on Closed.
  private final CompletableSubject stopped = CompletableSubject.create();
  private final CompletableSubject fatesTold = CompletableSubject.create();
  private final CompositeDisposable watching = new CompositeDisposable();
  private final ReentrantLock ending = new ReentrantLock();
  // Guarded by the lock `ending`.
  private @Nullable Summary summary;

  /** What is shown. */
  record Plan(Duration duration, long seed, int rate) {
    long messages() {
      return duration.toMillis() * rate / 1_000;
    }
  }

  private Demo(Plan plan, Stage stage, Timeline timeline) {
    this.plan = plan;
    this.script = FaultScript.of(plan.seed(), plan.duration());
    this.stage = stage;
    this.timeline = timeline;
    this.connection = RxConnection.of(managed(stage.url(), plan.seed()));
  }

  private static ManagedConnection managed(URI url, long seed) {
    return ManagedConnection.builder(url)
        .heartbeat(HEARTBEAT)
        .backoff(BACKOFF)
        .barrierSpacing(BARRIER_SPACING)
        .attemptTimeout(ATTEMPT_TIMEOUT)
        .provenAfter(PROVEN_AFTER)
        .random(new Random(seed))
        .build();
  }

  /**
   * Runs the show. If the JVM is told to end meanwhile (Ctrl-C), the show ends first, in order.
   *
   * @throws IOException if the server or the proxy finds no port
   */
  static Summary run(Plan plan, Timeline timeline) throws IOException {
    try (Stage stage = Stage.open(timeline)) {
      Demo demo = new Demo(plan, stage, timeline);
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
        narrator.follow(connection, timeline),
        // The first attempt loads classes, which takes its time: the show begins after it.
        connection.open().onErrorComplete().subscribe(this::begin));
  }

  private void begin() {
    watching.addAll(
        Flowable.interval(1, SECONDS)
            .onBackpressureDrop()
            .subscribe(tick -> timeline.add(status())),
        stage.play(script, Schedulers.single()).subscribe(() -> {}, stopped::onError));
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

  private Line status() {
    return narrator.status(tally, connection.connection().queue());
  }

  /** Stops what is going on, has everything delivered, and compares. */
  private Summary end() {
    ending.lock();
    try {
      if (summary == null) {
        stopped.onComplete();
        summary = drainAndCompare();
        report(summary);
      }
      return summary;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      ending.unlock();
    }
  }

  private Summary drainAndCompare() throws IOException {
    stage.healForGood();
    timeline.add(Tone.PLAIN, "DRAINING", "no more is sent; what is queued has its fate first");
    connection.drain(DRAIN_DEADLINE).andThen(fatesTold).blockingAwait();
    watching.dispose();
    Ledger ledger = stage.ledgerWhenQuiet(LAST_ARRIVALS);
    return new Summary(
        tally.accepted(),
        ledger.distinct(),
        ledger.duplicates(),
        narrator.reconnects(),
        ledger.orderKept());
  }

  private void announce() {
    timeline.addPlain(
        "Holdfast sends %d messages in %s, %d a second, to a server on this machine (seed %d)."
            .formatted(plan.messages(), Texts.seconds(plan.duration()), plan.rate(), plan.seed()));
    timeline.addPlain("On the way there:");
    script.faults().stream()
        .limit(FAULTS_ANNOUNCED)
        .forEach(fault -> timeline.addPlain("  " + fault));
    int more = script.faults().size() - FAULTS_ANNOUNCED;
    if (more > 0) timeline.addPlain("  and " + more + " more");
    timeline.addPlain("Its times are short, for a show; in brackets, what they are by default:");
    timeline.addPlain(
        "  heartbeat %s + %s (%s + %s), confirmation every %s (1.0 s),"
            .formatted(
                Texts.seconds(HEARTBEAT.interval()),
                Texts.seconds(HEARTBEAT.timeout()),
                Texts.seconds(Heartbeat.DEFAULT.interval()),
                Texts.seconds(Heartbeat.DEFAULT.timeout()),
                Texts.seconds(BARRIER_SPACING)));
    timeline.addPlain(
        "  first delay up to %s (%s), later ones from %s to %s (%s to %s),"
            .formatted(
                Texts.seconds(BACKOFF.spread()),
                Texts.seconds(Backoff.DEFAULT.spread()),
                Texts.seconds(BACKOFF.initial()),
                Texts.seconds(BACKOFF.max()),
                Texts.seconds(Backoff.DEFAULT.initial()),
                Texts.seconds(Backoff.DEFAULT.max())));
    timeline.addPlain(
        "  an attempt has %s (15.0 s), a transport has proved itself after %s (10.0 s)."
            .formatted(Texts.seconds(ATTEMPT_TIMEOUT), Texts.seconds(PROVEN_AFTER)));
    timeline.addPlain("");
  }

  private void report(Summary result) {
    if (tally.otherwise() > 0) {
      timeline.addPlain(tally.otherwise() + " accepted messages ended undelivered or in doubt.");
    }
    timeline.addPlain("");
    timeline.addPlain(
        "The server's ledger: %d different messages, %d repeated, in order: %s."
            .formatted(result.delivered(), result.duplicates(), result.orderKept() ? "yes" : "NO"));
    timeline.addPlain(result.line());
  }
}
