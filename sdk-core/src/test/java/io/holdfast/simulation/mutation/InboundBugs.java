package io.holdfast.simulation.mutation;

import java.util.List;

/** Backpressure and the one consumer. */
final class InboundBugs {
  private static final SourceFile CHANNEL =
      SourceFile.internal("inbound", "inbound/InboundChannel");
  private static final SourceFile LANE = SourceFile.internal("inbound", "driver/InboundLane");

  private InboundBugs() {}

  static List<PlantedBug> all() {
    return List.of(
        CHANNEL.bug(
            "no overdraft",
            "A consumer that waits for a confirmation keeps its pong from being read.",
            "OVERDRAFT_MESSAGES = 4096;",
            "OVERDRAFT_MESSAGES = 0;"),
        CHANNEL.bug(
            "reader not resumed",
            "A consumer that has caught up does not resume the reader.",
            "if (!caughtUp && !overdraftUsable) return false;",
            "if (!overdraftUsable) return false;"),
        CHANNEL.bug(
            "half of one is none",
            "A reader with a bound of one message is never resumed.",
            "bound.maxMessages() / 2 + 1,",
            "bound.maxMessages() / 2,"),
        CHANNEL.bug(
            "inbound bytes not released",
            "Delivered messages count against the bound for ever.",
            "bytes -= size;",
            ""),
        CHANNEL.bug(
            "demand not counted",
            "The consumer gets more than it asked for.",
            "if (demand != MessageDemand.UNBOUNDED) demand--;",
            ""),
        CHANNEL.bug(
            "no bound",
            "The reader never pauses.",
            "paused = !within(bound.maxMessages(), bound.maxBytes()) && !(awaitingPong && inOverdraft());",
            "paused = false;"),
        CHANNEL.bug(
            "stall told of an idle writer",
            "A full overdraft is a stall although no pong is awaited.",
            "if (!paused || !awaitingPong || stalled) return paused",
            "if (!paused || stalled) return paused"),
        LANE.bug(
            "inbound of an older transport",
            "A transport that was given up delivers messages.",
            "if (closed || generation != this.generation) return Verdict.READ_ON;",
            "if (closed) return Verdict.READ_ON;"),
        LANE.bug(
            "resume lost",
            "The reader is told to go on, but not its transport.",
            "if (pausedNanos != NOT_RESUMED) resumeReader.resume(of, pausedNanos);",
            ""),
        LANE.bug(
            "turn not followed by another",
            "A long queue of messages is delivered up to the end of a turn.",
            "if (tellTurn()) lane.execute(drain);",
            "tellTurn();"),
        LANE.bug(
            "end told before the last messages",
            "The receiver is told of the end while messages wait.",
            "return channel.hasDeliverable() || (closed && channel.isEmpty() && !receiver.toldClosed);",
            "return channel.hasDeliverable() || (closed && !receiver.toldClosed);"),
        LANE.bug(
            "end not told",
            "The receiver is not told of the end.",
            "closed = true; } finally { release(); }",
            "closed = true; } finally { lock.unlock(); }"),
        LANE.bug(
            "receiver that throws is the last",
            "A message listener that throws ends delivery.",
            "log.error(\"A message listener threw\", e);",
            "throw new IllegalStateException(e);"));
  }
}
