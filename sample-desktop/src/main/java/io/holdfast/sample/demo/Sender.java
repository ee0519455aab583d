package io.holdfast.sample.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.holdfast.Assurance;
import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionEvent.AttemptFailed;
import io.holdfast.ConnectionEvent.OutageEnded;
import io.holdfast.ConnectionEvent.TransportLost;
import io.holdfast.ConnectionEvent.TransportOpened;
import io.holdfast.Delivery;
import io.holdfast.ManagedConnection;
import io.holdfast.Message;
import io.holdfast.SendOptions;
import io.holdfast.rx.RxConnection;
import io.holdfast.sample.terminal.AtExit;
import io.holdfast.sample.terminal.Narrator;
import io.holdfast.sample.terminal.Texts;
import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The process that a show kills: it sends numbered messages, which a journal keeps through the
 * kill, and tells all that happens on its standard output. On its standard input it is told when to
 * go and when to come to an end; if that ends, it dies at once.
 */
final class Sender {
  private static final Duration DRAIN_DEADLINE = Duration.ofSeconds(20);
  private static final Duration STATUS_INTERVAL = Duration.ofMillis(100);
  private static final SendOptions ACKNOWLEDGED =
      SendOptions.DEFAULT.withAssurance(Assurance.ACKNOWLEDGED);
  // By which a message is known after a restart.
  private static final String NUMBER = "number";
  // What makes the consumer slow: it takes a thousand messages a second at most.
  private static final long CONSUMER_MILLIS = 1;

  private final Task task;
  private final PrintStream out;
  private final ManagedConnection managed;
  private final RxConnection connection;
  private final Narrator narrator = new Narrator();
  private final AtomicLong received = new AtomicLong();
  // It ends with the process.
  private final CompositeDisposable watching = new CompositeDisposable();
  private final CountDownLatch done = new CountDownLatch(1);
  private volatile long stateSinceNanos = System.nanoTime();
  private volatile boolean draining;

  /**
   * What it has to do.
   *
   * @param directory for its journal
   * @param first number to send
   * @param last number to send
   */
  record Task(URI url, Path directory, long seed, int rate, long first, long last) {
    String[] arguments() {
      return new String[] {
        url.toString(),
        directory.toString(),
        Long.toString(seed),
        Integer.toString(rate),
        Long.toString(first),
        Long.toString(last)
      };
    }

    static Task of(String... arguments) {
      return new Task(
          URI.create(arguments[0]),
          Path.of(arguments[1]),
          Long.parseLong(arguments[2]),
          Integer.parseInt(arguments[3]),
          Long.parseLong(arguments[4]),
          Long.parseLong(arguments[5]));
    }
  }

  private Sender(Task task, PrintStream out) {
    this.task = task;
    this.out = out;
    managed = Pace.connection(task.url(), task.seed(), task.directory());
    connection = RxConnection.of(managed);
  }

  /** Runs the process. */
  public static void main(String... arguments) throws IOException {
    Sender sender = new Sender(Task.of(arguments), new PrintStream(System.out, false, UTF_8));
    // A terminal's Ctrl-C reaches this process, too; who started it says when to end.
    AtExit.alsoRun(
        sender::awaitDone,
        () -> {
          sender.start();
          sender.obey(new BufferedReader(new InputStreamReader(System.in, UTF_8)));
          return sender;
        });
  }

  private void start() {
    watching.add(connection.states().subscribe(state -> stateSinceNanos = System.nanoTime()));
    watching.add(connection.events().subscribe(this::happened));
    watching.add(connection.roundTripTimes().subscribe(time -> tell(new Report.RoundTrip(time))));
    watching.add(narrator.follow(connection, line -> tell(new Report.Told(line))));
    watching.add(connection.messages().concatMapCompletable(this::takeSlowly).subscribe());
    watching.add(
        Flowable.interval(0, STATUS_INTERVAL.toMillis(), MILLISECONDS)
            .onBackpressureDrop()
            .subscribe(tick -> tell(status())));
    var unused = managed.recovered().thenAccept(left -> left.forEach(this::follow));
    managed.open();
  }

  private void obey(BufferedReader orders) throws IOException {
    for (String order = orders.readLine(); order != null; order = orders.readLine()) {
      if (order.equals("go")) send();
      else if (order.equals("drain")) drain();
    }
    if (done.getCount() > 0) Runtime.getRuntime().halt(1);
  }

  private void awaitDone() {
    try {
      done.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void send() {
    long periodNanos = SECONDS.toNanos(1) / task.rate();
    long count = Math.max(0, task.last() - task.first() + 1);
    watching.add(
        Flowable.intervalRange(task.first(), count, 0, periodNanos, NANOSECONDS)
            .takeWhile(number -> !draining)
            .subscribe(this::send, Throwable::printStackTrace, () -> tell(new Report.Done())));
  }

  private void send(long number) {
    tell(new Report.Sending(number));
    SendOptions options = ACKNOWLEDGED.withMetadata(Map.of(NUMBER, Long.toString(number)));
    follow(managed.send(Message.text("message " + number), options));
  }

  private void follow(Delivery delivery) {
    long number = Long.parseLong(delivery.options().metadata().getOrDefault(NUMBER, "0"));
    delivery.whenAccepted(() -> tell(new Report.Accepted(number)));
    delivery.whenEnded(fate -> tell(new Report.Ended(number, Report.Ending.of(fate))));
  }

  private void drain() {
    draining = true;
    watching.add(
        connection
            .drain(DRAIN_DEADLINE)
            .subscribe(
                () -> {
                  tell(status());
                  done.countDown();
                  System.exit(0);
                }));
  }

  private Completable takeSlowly(Message message) {
    return Completable.timer(CONSUMER_MILLIS, MILLISECONDS).doOnComplete(received::incrementAndGet);
  }

  private void happened(ConnectionEvent event) {
    if (event instanceof TransportOpened) tell(new Report.Opened());
    else if (event instanceof OutageEnded) tell(new Report.Proved());
    else if (event instanceof AttemptFailed) tell(new Report.Failed());
    else if (event instanceof TransportLost lost) {
      tell(new Report.Lost(lost.inFlight(), Texts.cause(lost.cause())));
    }
  }

  private Report.Status status() {
    Duration inState = Duration.ofNanos(System.nanoTime() - stateSinceNanos);
    return new Report.Status(
        Standing.of(connection.state(), inState), connection.queue(), received.get());
  }

  // In one write, so that a kill cuts no line in two that another thread's follows.
  private void tell(Report report) {
    byte[] line = (report.encode() + "\n").getBytes(UTF_8);
    out.write(line, 0, line.length);
    out.flush();
  }
}
