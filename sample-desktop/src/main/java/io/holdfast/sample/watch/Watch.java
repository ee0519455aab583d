package io.holdfast.sample.watch;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionEvent.RetryScheduled;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.OutageTooLong;
import io.holdfast.ConnectionListener;
import io.holdfast.ConnectionState;
import io.holdfast.ConnectionState.Closed;
import io.holdfast.ConnectionState.Open;
import io.holdfast.ManagedConnection;
import io.holdfast.Message;
import io.holdfast.QueueSnapshot;
import io.holdfast.rx.RxConnection;
import io.holdfast.sample.terminal.AtExit;
import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.reactivex.rxjava3.subjects.CompletableSubject;
import io.reactivex.rxjava3.subjects.SingleSubject;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A connection to any server, with lines of an input as messages. */
final class Watch {
  private static final int LINE_LIMIT_BYTES = 16 << 20;
  private static final Duration QUEUE_INTERVAL = Duration.ofSeconds(1);
  private static final int TICK_MILLIS = 100;

  private final Plan plan;
  private final Report report;
  private final BooleanSupplier outputBroken;
  private final RxConnection connection;
  private final Outlet outlet;
  private final Story story = new Story();
  private final AtomicLong notSent = new AtomicLong();
  private final AtomicLong delivered = new AtomicLong();
  private final AtomicLong received = new AtomicLong();
  private final CompletableSubject closed = CompletableSubject.create();
  private final CompletableSubject messagesTaken = CompletableSubject.create();
  // The first reason to end counts.
  private final SingleSubject<Ending> ending = SingleSubject.create();
  private final CompositeDisposable background = new CompositeDisposable();
  private final ReentrantLock finishing = new ReentrantLock();
  // Guarded by the lock `finishing`.
  private @Nullable Outcome outcome;
  // Written by the callback thread before `ending` is told.
  private volatile @Nullable ConnectionException gaveUpFor;

  private Watch(Plan plan, Report report, BooleanSupplier outputBroken) {
    this.plan = plan;
    this.report = report;
    this.outputBroken = outputBroken;
    ManagedConnection managed = plan.connection().callbackExecutor(oneThread()).build();
    connection = RxConnection.of(managed);
    outlet =
        new Outlet(managed, plan.sendOptions(), plan.inputWaits(), System::nanoTime, this::ended);
  }

  // States and messages on one thread are told in the order in which they came.
  private static Executor oneThread() {
    ThreadPoolExecutor thread =
        new ThreadPoolExecutor(1, 1, 1, SECONDS, new LinkedBlockingQueue<>(), Watch::newThread);
    thread.allowCoreThreadTimeOut(true);
    return thread;
  }

  private static Thread newThread(Runnable body) {
    Thread thread = new Thread(body, "holdfast-watch-callbacks");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Watches until the plan's end, the connection's, the JVM's (Ctrl-C), or that of whoever reads
   * the output.
   *
   * @param outputBroken whether nobody reads what the report prints; asked now and then
   */
  static Outcome run(Plan plan, Report report, BooleanSupplier outputBroken) {
    Watch watch = new Watch(plan, report, outputBroken);
    return AtExit.alsoRun(
        () -> watch.finish(Ending.INTERRUPTED),
        () -> {
          watch.start();
          return watch.finish(watch.ending.blockingGet());
        });
  }

  private void start() {
    report.begin(plan);
    connection.connection().addListener(new Listener());
    connection.messages().doOnNext(this::show).ignoreElements().subscribe(messagesTaken);
    background.addAll(
        // Nothing is in it at first.
        connection.queue(QUEUE_INTERVAL).skip(1).subscribe(this::showQueue),
        Flowable.interval(TICK_MILLIS, MILLISECONDS)
            .onBackpressureDrop()
            .subscribe(tick -> tick()));
    if (plan.limit() != null) endAfter(plan.limit(), Ending.DURATION_PASSED);
    if (plan.input() != null) startReading(plan.input());
    connection.connection().open();
  }

  private void endAfter(Duration delay, Ending reason) {
    background.add(
        Completable.timer(delay.toMillis(), MILLISECONDS)
            .subscribe(() -> ending.onSuccess(reason)));
  }

  private void tick() {
    report.tick();
    if (outputBroken.getAsBoolean()) ending.onSuccess(Ending.OUTPUT_CLOSED);
  }

  private void show(Message message) {
    received.incrementAndGet();
    report.message(message);
  }

  private void showQueue(QueueSnapshot queue) {
    if (!(connection.state() instanceof Closed)) report.queue(queue);
  }

  private void ended(Ended ended) {
    if (ended.fate().delivered()) delivered.incrementAndGet();
    report.ended(ended);
  }

  // A thread of its own: to read a terminal blocks, and nothing can end it.
  private void startReading(InputStream input) {
    Thread reader = new Thread(() -> read(input), "holdfast-watch-input");
    reader.setDaemon(true);
    reader.start();
  }

  private void read(InputStream input) {
    try {
      InputLines source = new InputLines(input, LINE_LIMIT_BYTES);
      boolean taken = true;
      for (InputLine line; taken && (line = source.next()) != null; ) taken = take(line);
      if (plan.limit() == null) endAfterInput();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private boolean take(InputLine line) throws InterruptedException {
    if (line.message() != null) return outlet.send(line.number(), line.message());
    notSent.incrementAndGet();
    if (line.fault() != null) report.notSent(line.number(), line.fault());
    return true;
  }

  private void endAfterInput() throws InterruptedException {
    long drainMillis = plan.drain().toMillis();
    // It may be between two transports just now.
    Completable open = connection.state(Open.class).firstElement().ignoreElement();
    boolean answersMayCome =
        open.blockingAwait(drainMillis, MILLISECONDS) && outlet.awaitEmpty(plan.drain());
    endAfter(answersMayCome ? plan.linger() : Duration.ZERO, Ending.INPUT_ENDED);
  }

  /** Has what was typed delivered if that makes sense, closes, and sums up. */
  private Outcome finish(Ending reason) {
    ending.onSuccess(reason);
    finishing.lock();
    try {
      if (outcome == null) {
        outlet.stop();
        endConnection(ending.blockingGet());
        background.dispose();
        outcome = sumUp(ending.blockingGet());
      }
      return outcome;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } finally {
      finishing.unlock();
    }
  }

  private void endConnection(Ending reason) throws InterruptedException {
    boolean mayDeliver = reason == Ending.DURATION_PASSED || reason == Ending.INTERRUPTED;
    if (mayDeliver && !outlet.awaitEmpty(Duration.ZERO)) {
      report.draining(plan.drain());
      connection.connection().drain(plan.drain());
    } else {
      connection.connection().close();
    }
    closed.blockingAwait();
    messagesTaken.blockingAwait();
    outlet.awaitEmpty(Duration.ofNanos(Long.MAX_VALUE));
  }

  private Outcome sumUp(Ending reason) {
    long taken = outlet.sent() + notSent.get();
    ConnectionException failure = reason == Ending.GAVE_UP ? gaveUpFor : story.failure();
    Outcome judged = Outcome.of(story.everOpened(), failure, delivered.get() == taken);
    report.result(
        new Result(
            reason,
            judged,
            taken,
            delivered.get(),
            received.get(),
            story.reconnects(),
            story.roundTrips()));
    return judged;
  }

  private final class Listener implements ConnectionListener {
    @Override
    public void onState(ConnectionState state) {
      story.state(state);
      report.state(state);
      if (state instanceof Closed end) {
        if (end.cause() instanceof OutageTooLong) giveUp();
        closed.onComplete();
        ending.onSuccess(Ending.CLOSED);
      }
    }

    @Override
    public void onEvent(ConnectionEvent event) {
      story.event(event);
      report.event(event);
      if (event instanceof RetryScheduled retry && retry.attempt() > plan.attempts()) {
        // Before the next attempt, which may come at once and succeed.
        giveUp();
      }
    }

    private void giveUp() {
      if (gaveUpFor == null) gaveUpFor = story.failure();
      ending.onSuccess(Ending.GAVE_UP);
    }
  }
}
