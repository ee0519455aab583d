package io.holdfast.sample;

import io.holdfast.sample.Line.Tone;
import io.holdfast.testkit.FaultProxy;
import io.holdfast.testkit.Ledger;
import io.holdfast.testkit.TestServer;
import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Scheduler;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The embedded server, the faulty path to it, and the hand that makes it fail by a script. */
final class Stage implements Closeable {
  // MockWebServer's log; held here, for the logging system forgets what nobody holds.
  private static final Logger SERVER_LOG = Logger.getLogger("mockwebserver3.MockWebServer");

  private final TestServer server;
  private final FaultProxy proxy;
  private final Timeline timeline;
  private final ReentrantLock lock = new ReentrantLock();

  // The lock guards the field below, and makes each fault's beginning and end one step.
  private boolean healedForGood;

  private Stage(TestServer server, FaultProxy proxy, Timeline timeline) {
    this.server = server;
    this.proxy = proxy;
    this.timeline = timeline;
  }

  static Stage open(Timeline timeline) throws IOException {
    // It warns of connections that the faults cut, which is what the timeline is about.
    SERVER_LOG.setLevel(Level.OFF);
    TestServer server = TestServer.start();
    try {
      return new Stage(server, FaultProxy.to(server.port()), timeline);
    } catch (IOException e) {
      server.close();
      throw e;
    }
  }

  /** Where to connect to: the proxy. */
  URI url() {
    return URI.create("ws://127.0.0.1:" + proxy.port() + "/");
  }

  /** What arrived, once nothing more can: every session has ended, or {@code patience} has. */
  Ledger ledgerWhenQuiet(Duration patience) {
    try {
      server.await(now -> now.liveSessions() == 0, patience);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return server.ledger();
  }

  /** Each fault of {@code script} at its time, from the subscription on. */
  Completable play(FaultScript script, Scheduler scheduler) {
    return Completable.merge(
        script.faults().stream().map(fault -> play(fault, scheduler)).toList());
  }

  private Completable play(Fault fault, Scheduler scheduler) {
    return after(fault.at(), scheduler)
        .andThen(Completable.fromAction(() -> begin(fault)))
        .andThen(after(fault.lasts(), scheduler))
        .andThen(Completable.fromAction(() -> end(fault)));
  }

  private static Completable after(Duration delay, Scheduler scheduler) {
    return Completable.timer(delay.toMillis(), TimeUnit.MILLISECONDS, scheduler);
  }

  private void begin(Fault fault) {
    lock.lock();
    try {
      if (healedForGood) return;
      String lasts = fault.lasts().isZero() ? "" : " for " + Texts.seconds(fault.lasts());
      String text = fault.kind().words + lasts + ": " + fault.kind().meaning;
      timeline.add(Tone.FAULT, ">> FAULT", text);
      switch (fault.kind()) {
        case RESTART -> {
          proxy.refuse();
          server.stop();
        }
        case BLACK_HOLE -> proxy.blackHole();
        case RESET -> proxy.reset();
      }
    } finally {
      lock.unlock();
    }
  }

  private void end(Fault fault) throws IOException {
    lock.lock();
    try {
      if (healedForGood || fault.lasts().isZero()) return;
      timeline.add(Tone.FAULT, "<< HEALED", fault.kind().words + " is over");
      heal();
    } finally {
      lock.unlock();
    }
  }

  private void heal() throws IOException {
    server.startAgain();
    proxy.pass();
  }

  /** Heals what is broken; nothing breaks from now on. */
  void healForGood() throws IOException {
    lock.lock();
    try {
      healedForGood = true;
      heal();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() throws IOException {
    try (server) {
      proxy.close();
    }
  }
}
