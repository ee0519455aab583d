package io.holdfast.simulation.mutation;

import java.util.List;

/** Fates, order, bounds. */
final class OutboxBugs {
  private static final SourceFile OUTBOX = SourceFile.internal("outbox", "outbox/Outbox");

  private OutboxBugs() {}

  static List<PlantedBug> all() {
    return List.of(
        OUTBOX.bug(
            "cursor not rewound",
            "What was in flight on a lost transport is not sent again.",
            "cursor = head; unwritten = null;",
            "unwritten = null;"),
        OUTBOX.bug(
            "rewind loses order",
            "What was in flight waits behind what was queued.",
            "rewind(entry, cause); entry = next;",
            "rewind(entry, cause); if (firstQueued != null && entry.place == Place.QUEUED) { unlink(entry); append(entry); } entry = next;"),
        OUTBOX.bug(
            "only unwritten messages sent again",
            "What the kernel had taken is thought to have arrived.",
            "cursor = head; unwritten = null;",
            "cursor = unwritten != null ? unwritten : cursor; unwritten = null;"),
        OUTBOX.bug(
            "sent again although forbidden",
            "An at-most-once message is sent again after the first loss.",
            "if (entry.options().atMostOnce()) { end(entry, new"
                + " Fate.InDoubt(Fate.InDoubt.Reason.RESEND_FORBIDDEN, cause));",
            "if (entry.options().atMostOnce() && losses.count > 1) { end(entry, new"
                + " Fate.InDoubt(Fate.InDoubt.Reason.RESEND_FORBIDDEN, cause));"),
        OUTBOX.bug(
            "no resend limit",
            "Losses are not counted, so a poison message blocks for ever.",
            "return ++losses.count >= limits.resendLimit();",
            "return losses.count >= limits.resendLimit();"),
        OUTBOX.bug(
            "losses counted over confirmations",
            "Losses long ago count towards the resend limit.",
            "if (losses.epoch != confirmations) losses.count = 0;",
            ""),
        OUTBOX.bug(
            "handed messages end as never handed",
            "What a lost transport had expires as if no byte had left.",
            "if (!entry.wasHanded()) return fate;",
            "if (entry.place == Place.QUEUED) return fate;"),
        OUTBOX.bug(
            "in flight evicted",
            "A full outbox evicts what a transport has.",
            "Entry oldest = cursor;",
            "Entry oldest = head;"),
        OUTBOX.bug(
            "in flight cancelled",
            "cancel() takes back what a transport has.",
            "if (entry.place != Place.QUEUED) return false;",
            "if (entry.place == Place.OUTSIDE) return false;"),
        OUTBOX.bug(
            "in flight expires",
            "The time to live goes on for what a transport has.",
            "if (entry.expires()) byExpiry.remove(entry);",
            ""),
        OUTBOX.bug(
            "expired messages sent",
            "A message whose time has passed is handed over.",
            "if (entry.expires() && entry.expiresAtNanos() - nowNanos <= 0) { expire(entry); continue; }",
            ""),
        OUTBOX.bug(
            "in flight not bounded",
            "What is in flight does not count against the bound.",
            "return inFlight + othersQueued < limits.maxMessages()",
            "return othersQueued < limits.maxMessages()"),
        OUTBOX.bug(
            "bytes not released",
            "The bytes of what was in flight stay counted.",
            "inFlight--; inFlightBytes -= entry.size; if",
            "inFlight--; if"),
        OUTBOX.bug(
            "buffered amount forgets a rewind",
            "What is to be sent again is not counted as unwritten.",
            "if (entry.place == Place.WRITTEN) unwrittenBytes += entry.size;",
            ""),
        OUTBOX.bug(
            "written before it is written",
            "A WRITTEN message ends when it is handed over.",
            "lastTaken = entry.sequence; if",
            "lastTaken = entry.sequence; if (!entry.wantsConfirmation()) end(entry, new Fate.Written()); if"),
        OUTBOX.bug(
            "confirmed once written",
            "The kernel confirms, nobody waits for a pong.",
            "if (pongs != PongSupport.NO) return null; return",
            "if (pongs != PongSupport.NO) return new Fate.Confirmed(); return"),
        OUTBOX.bug(
            "late take",
            "A transport that was given up takes messages.",
            "if (generation != this.generation) return false;",
            "if (this.generation == NO_TRANSPORT) return false;"),
        OUTBOX.bug(
            "late written",
            "What an older transport has written counts for the live one.",
            "public @Nullable PingFlushed written(long generation, long nowNanos) { if (generation != this.generation) return null;",
            "public @Nullable PingFlushed written(long generation, long nowNanos) {"),
        OUTBOX.bug(
            "no support ends nothing",
            "What was written before a peer is known to answer no pings has no end.",
            "this.pongs = pongs; if (pongs != PongSupport.NO) return;",
            "this.pongs = pongs; if (pongs != PongSupport.NO || head != null) return;"),
        OUTBOX.bug(
            "accepted after the end",
            "A connection that ended by itself accepts messages.",
            "public void endAll() { accepting = false;",
            "public void endAll() {"),
        OUTBOX.bug(
            "idle writer not woken for a message",
            "A message waits for the next ping.",
            "return unpark(flows() && hasTakeable()); } private void makeRoom",
            "return unpark(false); } private void makeRoom"),
        OUTBOX.bug(
            "idle writer not woken for a ping",
            "A ping waits for the next message.",
            "pingWanted = true; return unpark(true);",
            "pingWanted = true; return false;"),
        OUTBOX.bug(
            "expiry forgotten after a rewind",
            "What is to be sent again never expires.",
            "if (entry.expires()) byExpiry.add(entry);",
            "if (entry.expires() && !entry.wasHanded()) byExpiry.add(entry);"),
        OUTBOX.bug(
            "large messages before a ping",
            "A ping that is due waits for the last of many large messages.",
            "(!batch.messages().isEmpty() || pingDue(nowNanos))",
            "!batch.messages().isEmpty()"),
        OUTBOX.bug(
            "older of a key stays",
            "A newer message does not take an older one's place.",
            "if (older != null) conflate(older);",
            ""),
        OUTBOX.bug(
            "older of a key sent again",
            "What a lost transport had is sent again beside a newer one of its key.",
            "if (isConflated(entry)) return; if (entry.options().atMostOnce()) {",
            "if (entry.options().atMostOnce()) {"),
        OUTBOX.bug(
            "key kept by what was taken",
            "A newer message conflates what a transport has.",
            "if (key != null) queuedByKey.remove(key, entry);",
            ""),
        OUTBOX.bug(
            "pause forgotten",
            "Messages flow while sending is paused.",
            "return gateOpen && !gateShut && !paused;",
            "return gateOpen && !gateShut;"),
        OUTBOX.bug(
            "idle writer not woken after a pause",
            "What waited for the end of a pause waits for the next message.",
            "paused = false; return unpark(flows() && hasTakeable());",
            "paused = false; return false;"));
  }
}
