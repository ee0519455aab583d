package io.holdfast.simulation.mutation;

import java.util.List;

/** What a pong confirms. */
final class BarrierBugs {
  private static final SourceFile OUTBOX = SourceFile.internal("barriers", "outbox/Outbox");
  private static final SourceFile BARRIERS = SourceFile.internal("barriers", "outbox/Barriers");
  private static final SourceFile PAYLOAD = SourceFile.internal("barriers", "outbox/PingPayload");

  private BarrierBugs() {}

  static List<PlantedBug> all() {
    return List.of(
        OUTBOX.bug(
            "barrier covers one too many",
            "A pong confirms the message after its ping as well.",
            "entry.sequence <= barrier.lastCovered)",
            "entry.sequence <= barrier.lastCovered + 1)"),
        OUTBOX.bug(
            "barrier covers one too few",
            "A pong does not confirm the last message before its ping.",
            "entry.sequence <= barrier.lastCovered)",
            "entry.sequence < barrier.lastCovered)"),
        OUTBOX.bug(
            "barrier covers what is queued",
            "A pong confirms what was queued at its ping and taken since.",
            "barriers.add(lastTaken, nowNanos)",
            "barriers.add(lastSequence, nowNanos)"),
        OUTBOX.bug(
            "no barrier at the end of the spacing",
            "What is written within the spacing waits for the next heartbeat.",
            "return barriers.isEmpty() ? nanosToSpacing(nowNanos) : -1;",
            "return barriers.isEmpty() && nanosToSpacing(nowNanos) == 0 ? 0 : -1;"),
        OUTBOX.bug(
            "no spacing between barriers",
            "Each batch has a ping of its own.",
            "return pingedBefore ? Math.max(0, lastPingAtNanos + spacingNanos - nowNanos) : 0;",
            "return 0;"),
        BARRIERS.bug(
            "oldest ping forgotten",
            "The ninth ping takes the place of the first, which a slow peer answers first.",
            "if (!hasRoom()) outstanding.removeLast();",
            "if (!hasRoom()) outstanding.removeFirst();"),
        BARRIERS.bug(
            "newest ping only",
            "A pong that answers the newest ping drops older ones without what they cover.",
            "answered = outstanding.removeFirst();",
            "Barrier first = outstanding.removeFirst(); if (answered == null) answered = first;"),
        BARRIERS.bug(
            "second pong taken for the next",
            "A pong that comes twice confirms the ping after its own.",
            "next != null && next.number <= number;",
            "next != null && (answered == null || next.number <= number);"),
        BARRIERS.bug(
            "pong from the future",
            "A pong to a ping that was never sent confirms all.",
            "if (number > lastNumber) return null;",
            ""),
        PAYLOAD.bug(
            "another transport's pong",
            "A pong with the nonce of another transport confirms.",
            "return buffer.getInt() == nonce ? buffer.getLong() : -1;",
            "return buffer.getLong(Integer.BYTES);"));
  }
}
