package io.holdfast.sample;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.holdfast.ConnectionState;
import io.holdfast.ConnectionState.Closed;
import io.holdfast.Fate;
import io.holdfast.ManagedConnection;
import io.holdfast.Message;
import io.holdfast.rx.RxConnection;
import io.holdfast.sample.Line.Tone;
import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.reactivex.rxjava3.schedulers.Schedulers;
import io.reactivex.rxjava3.subjects.CompletableSubject;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A connection to any server, with lines from an input as messages. */
final class Watch {
  // A long input is read as fast as it is delivered.
  private static final int MOST_UNDER_WAY = 1_000;
  private static final Duration DRAIN_DEADLINE = Duration.ofSeconds(5);

  private final Timeline timeline;
  private final RxConnection connection;
  private final Narrator narrator = new Narrator();
  private final Tally tally = new Tally();
  private final AtomicLong received = new AtomicLong();
  // Completes once no more is to be sent.
  private final CompletableSubject stopped = CompletableSubject.create();
  private final CompletableSubject fatesTold = CompletableSubject.create();
  private final CompositeDisposable watching = new CompositeDisposable();
  private final ReentrantLock ending = new ReentrantLock();
  // Guarded by the lock `ending`.
  private @Nullable Integer exitStatus;

  private Watch(ManagedConnection.Builder connection, Timeline timeline) {
    this.connection = RxConnection.of(connection.build());
    this.timeline = timeline;
  }

  /**
   * Watches until {@code limit} has passed, or, without one, until {@code input} ends; and in any
   * case until the JVM is told to end (Ctrl-C) or the connection is closed.
   *
   * @return the exit status: 0 if the connection opened, no failure closed it, and every message
   *     was delivered
   */
  static int run(
      ManagedConnection.Builder connection,
      InputStream input,
      @Nullable Duration limit,
      Timeline timeline) {
    Watch watch = new Watch(connection, timeline);
    return AtExit.alsoRun(
        watch::end,
        () -> {
          watch.start(input, limit);
          watch.stopped.blockingAwait();
          return watch.end();
        });
  }

  private void start(InputStream input, @Nullable Duration limit) {
    URI url = connection.connection().url();
    timeline.addPlain(
        "Holdfast connects to " + Texts.printable(Texts.address(url), Timeline.WIDTH - 30) + ".");
    timeline.addPlain("Each line that you type is sent as a message; Ctrl-C ends.");
    timeline.addPlain("");
    connection.states().ignoreElements().subscribe(stopped);
    if (limit != null) Completable.timer(limit.toMillis(), MILLISECONDS).subscribe(stopped);
    send(lines(input), limit == null);
    watching.addAll(
        narrator.follow(connection, timeline),
        connection.messages().subscribe(this::show),
        connection.open().onErrorComplete().subscribe(),
        Flowable.interval(1, SECONDS)
            .onBackpressureDrop()
            .map(tick -> narrator.status(tally, connection.connection().queue()))
            // A quiet connection has a quiet timeline.
            .distinctUntilChanged()
            .subscribe(timeline::add));
  }

  private static Flowable<String> lines(InputStream input) {
    BufferedReader reader = new BufferedReader(new InputStreamReader(input, UTF_8));
    return Flowable.<String>generate(
            lines -> {
              String line = reader.readLine();
              if (line == null) lines.onComplete();
              else lines.onNext(line);
            })
        .subscribeOn(Schedulers.io());
  }

  private void send(Flowable<String> lines, boolean endWithThem) {
    lines
        .doOnComplete(
            () -> {
              if (endWithThem) stopped.onComplete();
            })
        .takeUntil(stopped.toFlowable())
        .doOnNext(line -> tally.countSent())
        // Each send goes on when the lines have ended: disposing one would take its message back.
        .flatMapSingle(connection::send, false, MOST_UNDER_WAY)
        .doOnNext(this::count)
        .ignoreElements()
        .subscribe(fatesTold);
  }

  private void count(Fate fate) {
    tally.countEnded(fate);
    if (fate.delivered()) return;
    timeline.add(Tone.WARNING, "FATE", "undelivered: " + Texts.words(fate.getClass()));
  }

  private void show(Message message) {
    received.incrementAndGet();
    String content = message instanceof Message.Text text ? text.text() : message.size() + " bytes";
    timeline.add(Tone.PLAIN, "<- MESSAGE", content);
  }

  /** Has what was typed delivered, closes, and sums up. */
  private int end() {
    ending.lock();
    try {
      if (exitStatus == null) {
        stopped.onComplete();
        String text = "what waits has " + Texts.seconds(DRAIN_DEADLINE) + " to be delivered";
        timeline.add(Tone.PLAIN, "DRAINING", text);
        connection.drain(DRAIN_DEADLINE).andThen(fatesTold).blockingAwait();
        watching.dispose();
        exitStatus = sumUp();
      }
      return exitStatus;
    } finally {
      ending.unlock();
    }
  }

  private int sumUp() {
    timeline.addPlain("");
    timeline.addPlain(
        "accepted=%d delivered=%d undelivered=%d received=%d reconnects=%d"
            .formatted(
                tally.accepted(),
                tally.delivered(),
                tally.otherwise(),
                received.get(),
                narrator.reconnects()));
    ConnectionState state = connection.state();
    boolean failed = state instanceof Closed closed && closed.cause() != null;
    return failed || !narrator.everOpened() || tally.otherwise() > 0 ? 1 : 0;
  }
}
