package io.holdfast.sample.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.holdfast.sample.terminal.AtExit;
import io.holdfast.sample.terminal.Line.Tone;
import io.holdfast.sample.terminal.Timeline;
import io.holdfast.testkit.Ledger;
import io.holdfast.testkit.TestServer;
import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.reactivex.rxjava3.subjects.CompletableSubject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** An echo server on loopback that tells on a timeline who comes, goes and says what. */
final class Serve {
  private static final String QUIT = "quit";
  private static final int GOING_AWAY = 1001;
  private static final Duration FAREWELL = Duration.ofSeconds(1);
  // MockWebServer's log; held here, for the logging system forgets what nobody holds.
  private static final Logger SERVER_LOG = Logger.getLogger("mockwebserver3.MockWebServer");

  private final Plan plan;
  private final Timeline timeline;
  private final TestServer server;
  private final CompletableSubject stopped = CompletableSubject.create();
  private final CompositeDisposable background = new CompositeDisposable();
  private final ReentrantLock ending = new ReentrantLock();
  // Guarded by the lock `ending`.
  private boolean ended;

  /**
   * What is served.
   *
   * @param port to listen on; any free one for 0
   * @param pushEvery how often each session gets a numbered line; null for never
   * @param limit for how long; null for until told to end
   * @param input whose lines each session gets, and which may say quit; null for none
   */
  record Plan(
      int port,
      boolean echo,
      @Nullable Duration pushEvery,
      @Nullable Duration limit,
      @Nullable InputStream input) {}

  private Serve(Plan plan, Timeline timeline) throws IOException {
    this.plan = plan;
    this.timeline = timeline;
    server =
        TestServer.builder()
            .port(plan.port())
            // It counts nothing, for a server may run for long.
            .ledger(new Ledger(text -> -1, 0))
            .listener(new Visitors(timeline))
            .start();
  }

  /**
   * Serves until {@code limit} has passed, the input says quit, or the JVM is told to end.
   *
   * @throws IOException if the port cannot be listened on
   */
  static void run(Plan plan, Timeline timeline) throws IOException {
    SERVER_LOG.setLevel(Level.OFF);
    Serve serve = new Serve(plan, timeline);
    AtExit.alsoRun(
        serve::end,
        () -> {
          serve.start();
          serve.stopped.blockingAwait();
          serve.end();
          return true;
        });
  }

  private void start() {
    if (plan.echo()) server.echo();
    announce();
    if (plan.limit() != null) {
      background.add(
          Completable.timer(plan.limit().toMillis(), MILLISECONDS).subscribe(stopped::onComplete));
    }
    if (plan.pushEvery() != null) {
      background.add(
          Flowable.interval(plan.pushEvery().toMillis(), MILLISECONDS)
              .onBackpressureDrop()
              .subscribe(tick -> push("push " + (tick + 1))));
    }
    if (plan.input() != null) startReading(plan.input());
  }

  private void announce() {
    timeline.addPlain(
        "Serving at %s, as an Android emulator sees it at ws://10.0.2.2:%d/."
            .formatted(server.url(), server.port()));
    timeline.addPlain(
        plan.input() == null
            ? "Ctrl-C ends."
            : "Each line of the input is sent to every session; quit or Ctrl-C ends.");
    timeline.addPlain("");
  }

  private void push(String text) {
    int sessions = server.push(text);
    if (sessions == 0) return;
    String to = sessions == 1 ? "1 session: " : sessions + " sessions: ";
    timeline.add(Tone.FAINT, "-> PUSHED", to + text);
  }

  // A thread of its own: to read a terminal blocks, and nothing can end it.
  private void startReading(InputStream input) {
    Thread reader = new Thread(() -> read(input), "holdfast-serve-input");
    reader.setDaemon(true);
    reader.start();
  }

  // A service has no input, so its end is nobody's wish.
  private void read(InputStream input) {
    try (BufferedReader lines = new BufferedReader(new InputStreamReader(input, UTF_8))) {
      for (String line; (line = lines.readLine()) != null; ) {
        if (line.strip().equals(QUIT)) stopped.onComplete();
        else push(line);
      }
    } catch (IOException e) {
      // A terminal that has gone.
    }
  }

  /** Says farewell, and stops. */
  private void end() {
    ending.lock();
    try {
      if (ended) return;
      ended = true;
      stopped.onComplete();
      background.dispose();
      int sessions = server.closeAll(GOING_AWAY, "server ends");
      server.await(now -> now.liveSessions() == 0, FAREWELL);
      server.close();
      timeline.addPlain("");
      timeline.addPlain("sessions=%d open_at_end=%d".formatted(server.sessions(), sessions));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } finally {
      ending.unlock();
    }
  }
}
