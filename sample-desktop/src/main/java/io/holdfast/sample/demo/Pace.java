package io.holdfast.sample.demo;

import io.holdfast.Backoff;
import io.holdfast.Heartbeat;
import io.holdfast.ManagedConnection;
import io.holdfast.network.DesktopNetworkMonitor;
import io.holdfast.protocol.ReliableProtocol;
import io.holdfast.queue.JournalSendQueue;
import io.holdfast.sample.terminal.Texts;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;

/** The connection's times in a show, which are short, and what they are by default. */
final class Pace {
  private static final Heartbeat HEARTBEAT =
      new Heartbeat(Duration.ofSeconds(1), Duration.ofSeconds(1));
  private static final Backoff BACKOFF =
      new Backoff(Duration.ofMillis(200), Duration.ofSeconds(1), Duration.ofMillis(300));
  private static final Duration BARRIER_SPACING = Duration.ofMillis(200);
  private static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration PROVEN_AFTER = Duration.ofMillis(500);

  private Pace() {}

  /** A connection whose messages a journal keeps, and a protocol has done once. */
  static ManagedConnection connection(URI url, long seed, Path directory) {
    return ManagedConnection.builder(url)
        .network(DesktopNetworkMonitor.create())
        .protocol(ReliableProtocol.create())
        .sendQueue(
            JournalSendQueue.builder(directory, Executors.newSingleThreadExecutor(Pace::daemon))
                .build())
        .heartbeat(HEARTBEAT)
        .backoff(BACKOFF)
        .barrierSpacing(BARRIER_SPACING)
        .attemptTimeout(ATTEMPT_TIMEOUT)
        .provenAfter(PROVEN_AFTER)
        .random(new Random(seed))
        .build();
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "holdfast-demo-journal");
    thread.setDaemon(true);
    return thread;
  }

  static List<String> words() {
    return List.of(
        "Its times are short, for a show; in brackets, what they are by default:",
        "  heartbeat %s + %s (%s + %s), confirmation every %s (1.0 s),"
            .formatted(
                Texts.seconds(HEARTBEAT.interval()),
                Texts.seconds(HEARTBEAT.timeout()),
                Texts.seconds(Heartbeat.DEFAULT.interval()),
                Texts.seconds(Heartbeat.DEFAULT.timeout()),
                Texts.seconds(BARRIER_SPACING)),
        "  first delay up to %s (%s), later ones from %s to %s (%s to %s),"
            .formatted(
                Texts.seconds(BACKOFF.spread()),
                Texts.seconds(Backoff.DEFAULT.spread()),
                Texts.seconds(BACKOFF.initial()),
                Texts.seconds(BACKOFF.max()),
                Texts.seconds(Backoff.DEFAULT.initial()),
                Texts.seconds(Backoff.DEFAULT.max())),
        "  an attempt has %s (15.0 s), a transport has proved itself after %s (10.0 s)."
            .formatted(Texts.seconds(ATTEMPT_TIMEOUT), Texts.seconds(PROVEN_AFTER)));
  }
}
