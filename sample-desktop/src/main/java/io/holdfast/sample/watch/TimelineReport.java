package io.holdfast.sample.watch;

import io.holdfast.ConnectTimeline;
import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionEvent.AttemptFailed;
import io.holdfast.ConnectionEvent.RoundTripMeasured;
import io.holdfast.ConnectionEvent.TransportOpened;
import io.holdfast.ConnectionException.HandshakeRejected;
import io.holdfast.ConnectionState;
import io.holdfast.ConnectionState.Open;
import io.holdfast.Message;
import io.holdfast.QueueSnapshot;
import io.holdfast.sample.terminal.Line;
import io.holdfast.sample.terminal.Line.Tone;
import io.holdfast.sample.terminal.Narrator;
import io.holdfast.sample.terminal.Texts;
import io.holdfast.sample.terminal.Timeline;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** A report for people. */
final class TimelineReport implements Report {
  private static final int WIDTH = Timeline.TEXT_WIDTH;

  private final Timeline timeline;
  private final Secrets secrets;
  // The connection's callback thread owns it.
  private final Narrator narrator = new Narrator();
  private final ReentrantLock lock = new ReentrantLock();
  // Guarded by the lock.
  private final FateRuns fates = new FateRuns();
  // The thread that looks at the queue owns it.
  private boolean queueShown;

  TimelineReport(Timeline timeline, Secrets secrets) {
    this.timeline = timeline;
    this.secrets = secrets;
  }

  @Override
  public void begin(Plan plan) {
    String address = Texts.address(plan.request().uri());
    timeline.addPlain(
        "Holdfast connects to " + Texts.printable(address, Timeline.WIDTH - 22) + ".");
    String input = plan.input() == null ? "" : "Each line of the input is sent; ";
    timeline.addPlain(input + "Ctrl-C ends.");
    timeline.addPlain("");
  }

  @Override
  public void state(ConnectionState state) {
    tick();
    narrator.tell(state).ifPresent(this::add);
    if (state instanceof Open open && !open.protocol().isEmpty()) {
      timeline.add(Tone.PLAIN, "PROTOCOL", "the server chose " + open.protocol());
    }
  }

  @Override
  public void event(ConnectionEvent event) {
    tick();
    narrator.tell(event).ifPresent(this::add);
    if (event instanceof TransportOpened opened) {
      peer(opened.timeline());
    } else if (event instanceof AttemptFailed failed) {
      peer(failed.timeline());
      if (failed.cause() instanceof HandshakeRejected rejected) body(rejected.body());
    } else if (event instanceof RoundTripMeasured measured) {
      timeline.add(Tone.FAINT, "PONG", "round trip " + Texts.millis(measured.roundTrip()));
    }
  }

  private void peer(ConnectTimeline attempt) {
    Peer.words(attempt).ifPresent(words -> timeline.add(Tone.FAINT, "PEER", words));
  }

  private void body(String body) {
    if (body.isBlank()) return;
    add(new Line(Tone.PLAIN, "BODY", MessageText.of(secrets.hide(body.strip()), WIDTH)));
  }

  private void add(Line line) {
    timeline.add(new Line(line.tone(), line.label(), secrets.hide(line.text())));
  }

  @Override
  public void message(Message message) {
    String label = message instanceof Message.Text ? "<- MESSAGE" : "<- BINARY";
    timeline.add(Tone.PLAIN, label, MessageText.of(message, WIDTH));
  }

  @Override
  public void ended(Ended ended) {
    lock.lock();
    try {
      fates.add(ended);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void notSent(long number, InputLine.Fault fault) {
    tick();
    timeline.add(Tone.WARNING, "-> FATE", "line " + number + " not sent: " + fault.rule);
  }

  @Override
  public void queue(QueueSnapshot queue) {
    // What only waits for its confirmation has a fate soon enough.
    if (queue.queued() == 0 && !queueShown) return;
    queueShown = queue.queued() > 0;
    String numbers =
        "%d queued, %d in flight, together %d bytes"
            .formatted(queue.queued(), queue.inFlight(), queue.bytes());
    timeline.add(Tone.FAINT, "QUEUE", numbers);
  }

  @Override
  public void draining(Duration deadline) {
    String text = "what waits has " + Texts.seconds(deadline) + " to be delivered";
    timeline.add(Tone.PLAIN, "DRAINING", text);
  }

  @Override
  public void tick() {
    takeFates().forEach(timeline::add);
  }

  private List<Line> takeFates() {
    lock.lock();
    try {
      return fates.take();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void result(Result result) {
    tick();
    timeline.addPlain("");
    timeline.addPlain(
        "Ended because " + result.ending().words + ": " + result.outcome().words + ".");
    RoundTrips trips = result.roundTrips();
    if (trips.count() > 0) {
      timeline.addPlain(
          "%d round trips: least %s, mean %s, most %s"
              .formatted(
                  trips.count(),
                  Texts.millis(trips.least()),
                  Texts.millis(trips.mean()),
                  Texts.millis(trips.most())));
    }
    timeline.addPlain(
        "lines=%d delivered=%d undelivered=%d received=%d reconnects=%d"
            .formatted(
                result.lines(),
                result.delivered(),
                result.undelivered(),
                result.received(),
                result.reconnects()));
  }
}
