package io.holdfast.simulation.mutation;

import java.util.List;

/** What is kept on disk, and found again. */
final class StoreBugs {
  private static final SourceFile STORE = SourceFile.internal("driver", "driver/OutboxStore");
  private static final SourceFile RUNNER = SourceFile.internal("driver", "driver/OutboxRunner");
  private static final SourceFile DRIVER = SourceFile.internal("driver", "driver/ConnectionDriver");
  private static final SourceFile OUTBOX = SourceFile.internal("outbox", "outbox/Outbox");
  private static final SourceFile COMMIT = SourceFile.queue("store", "GroupCommit");
  private static final SourceFile JOURNAL = SourceFile.queue("store", "Journal");
  private static final SourceFile RECOVERY = SourceFile.queue("store", "Recovery");

  private StoreBugs() {}

  static List<PlantedBug> all() {
    return List.of(
        STORE.bug(
            "released before confirmed",
            "A message is let go of once it is durable.",
            "callbacks.execute(delivery::tellAccepted); else release(sequence);",
            "callbacks.execute(delivery::tellAccepted); release(sequence);"),
        STORE.bug(
            "ended never released",
            "What has its fate stays on disk.",
            "else if (delivery.sequence() != 0 && open) release(delivery.sequence());",
            ""),
        STORE.bug(
            "options forgotten",
            "What is recovered has default options.",
            "possible(stored.options())",
            "possible(io.holdfast.SendOptions.DEFAULT)"),
        STORE.bug(
            "recovered twice",
            "The app is given each recovered delivery twice.",
            "deliveries.add(delivery);",
            "deliveries.add(delivery); deliveries.add(delivery);"),
        STORE.bug(
            "older than it is",
            "A wall clock that went back gives a message more time to live.",
            "Math.max(0, nowMillis - stored.acceptedAtMillis())",
            "nowMillis - stored.acceptedAtMillis()"),
        STORE.bug(
            "accepted before it is durable",
            "A message is accepted as soon as the queue has a number for it.",
            "delivery.appended(queue.append",
            "delivery.accepted(queue.append"),
        STORE.bug(
            "accepted not told",
            "Nobody hears that a message is accepted.",
            "if (outbox.stored(delivery, sequence)) callbacks.execute(delivery::tellAccepted); else release",
            "if (!outbox.stored(delivery, sequence)) release"),
        STORE.bug(
            "refused goes out",
            "What the queue refuses is sent all the same.",
            "outbox.refused(delivery, reason(refusal.reason()));",
            "outbox.stored(delivery, sequence);"),
        STORE.bug(
            "queue closed before the last release",
            "What ended last is recovered again.",
            "void close(Runnable then) { lane.execute( () -> { writeChanged();",
            "void close(Runnable then) { callbacks.execute( () -> {"),
        STORE.bug(
            "handed not remembered",
            "After a loss the queue takes all messages for never handed.",
            "highestHanded = Math.max(highestHanded, delivery.sequence());",
            ""),
        STORE.bug(
            "handing goes on after a restart",
            "What a new life accepts counts as handed at once.",
            "is handed to nobody yet. guarded(() -> queue.handed(upTo));",
            "is handed to nobody yet.\n"),
        RUNNER.bug(
            "taken before that is noted",
            "The gate opens before the queue knows of the transport.",
            "if (store == null) outbox.openGate();",
            "outbox.openGate();"),
        RUNNER.bug(
            "loss not noted",
            "The queue is not told that a transport is gone.",
            "if (store != null) store.handed(handedUpTo);",
            ""),
        DRIVER.bug(
            "closed before the queue",
            "Closed is told while the queue is still open.",
            "outbox.closeStore(() -> mailbox.execute(() -> tellClosed(next)));",
            "outbox.closeStore(() -> {}); tellClosed(next);"),
        OUTBOX.bug(
            "recovered behind new ones",
            "What was sent before the queue was read goes out before what it gives.",
            "Entry later = head; head = null; tail = null; cursor = null;",
            "Entry later = null;"),
        OUTBOX.bug(
            "resent after a kill",
            "What may not be sent again is, if it was an earlier life that sent it.",
            "if (left.handed()) entry.losses = new Entry.Losses(null);",
            ""),
        OUTBOX.bug(
            "time to live begins anew",
            "A restart makes a message young again.",
            "entry.acceptedAtNanos = nowNanos - left.ageNanos();",
            "entry.acceptedAtNanos = nowNanos;"),
        OUTBOX.bug(
            "taken before it is durable",
            "A transport gets what the disk has not.",
            "entry != null && entry != firstUnstored; entry = cursor",
            "entry != null; entry = cursor"),
        OUTBOX.bug(
            "kept although in doubt",
            "What a transport may have had, and may not be sent again, is told to be kept.",
            "if (stays && !doubtful)",
            "if (stays)"),
        OUTBOX.bug(
            "kept although not durable",
            "What the disk has not is told to be kept.",
            "boolean stays = storing && entry != firstUnstored;",
            "boolean stays = storing;"),
        OUTBOX.bug(
            "refused costs another its place",
            "A message that the disk may refuse conflates and evicts others.",
            "if (!storing) makeRoom(entry);",
            "makeRoom(entry);"),
        OUTBOX.bug(
            "no eviction for what is durable",
            "An outbox with a store grows beyond its bound.",
            "while (evicting && isOverfull() && hasTakeable()) evictOldest();",
            ""),
        COMMIT.bug(
            "id reused",
            "A new life begins to count at one.",
            "nextSequence = opened.nextSequence();",
            "nextSequence = 1;"),
        JOURNAL.bug(
            "not synced",
            "What is told durable a power cut may lose.",
            "if (mustBeDurable()) sync(segment);",
            ""),
        JOURNAL.bug(
            "copy forgotten",
            "A segment is deleted although it holds what is needed.",
            "segments.size() > 1 && segments.getFirst().live == 0",
            "segments.size() > 2"),
        RECOVERY.bug(
            "releases not read",
            "What was released is recovered.",
            "if (released.contains(record.sequence())) return;",
            ""));
  }
}
