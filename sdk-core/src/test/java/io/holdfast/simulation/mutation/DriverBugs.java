package io.holdfast.simulation.mutation;

import java.util.List;

/** Threads, timers and callbacks. */
final class DriverBugs {
  private static final SourceFile RUNNER = SourceFile.internal("driver", "driver/OutboxRunner");
  private static final SourceFile DRIVER = SourceFile.internal("driver", "driver/ConnectionDriver");
  private static final SourceFile LINK = SourceFile.internal("driver", "driver/TransportLink");
  private static final SourceFile DELIVERY = SourceFile.internal("driver", "driver/QueuedDelivery");
  private static final SourceFile LISTENERS = SourceFile.internal("driver", "driver/Listeners");

  private DriverBugs() {}

  static List<PlantedBug> all() {
    return List.of(
        RUNNER.bug(
            "fates told once",
            "After the first fates no others are told.",
            "tellScheduled = false;",
            ""),
        RUNNER.bug(
            "drain closes too early",
            "A drain closes once nothing is in flight, whatever is queued.",
            "boolean drained = drainWatched && storeRead && outbox.isEmpty();",
            "boolean drained = drainWatched && outbox.inFlight() == 0;"),
        RUNNER.bug(
            "writer not woken at open",
            "A writer that asked before its transport was ready sleeps on.",
            "release(true, now);",
            "release(false, now);"),
        RUNNER.bug(
            "no timer for expiry",
            "A message expires when something else happens.",
            "return barrierLate || expiryLate;",
            "return barrierLate;"),
        RUNNER.bug(
            "timer for expiry armed once",
            "Only the first time to live is watched.",
            "expiryTimerArmed = false;",
            ""),
        RUNNER.bug(
            "no timer for barriers",
            "A barrier is sent with the next batch only.",
            "return barrierLate || expiryLate;",
            "return expiryLate;"),
        RUNNER.bug(
            "drain accepts",
            "drain() goes on accepting messages.",
            "outbox.refuseAll(); drainWatched = true;",
            "drainWatched = true;"),
        DRIVER.bug(
            "close accepts",
            "Between close() and the end messages are accepted.",
            "outbox.refuseAll(); post(snapshot -> new Event.CloseRequested(code, reason));",
            "post(snapshot -> new Event.CloseRequested(code, reason));"),
        DRIVER.bug(
            "monitor kept",
            "A closed connection goes on listening to the network monitor.",
            "if (network != null) network.close();",
            ""),
        DRIVER.bug(
            "monitor heard twice",
            "Each open() listens to the network monitor.",
            "if (network != null || state instanceof Closed) return;",
            "if (state instanceof Closed) return;"),
        DRIVER.bug(
            "receiver outlives the connection",
            "The end does not reach the inbound lane.",
            "private void finish() { inbound.close();",
            "private void finish() {"),
        LINK.bug(
            "bytes not stamped",
            "Inbound bytes are not noted as signs of life.",
            "public void bytesRead() { lastByteAtNanos = driver.nanoTime(); }",
            "public void bytesRead() {}"),
        LINK.bug(
            "message never whole",
            "The end of a message that came in parts is not noted.",
            "if (messageSinceNanos != NONE) messageSinceNanos = NONE;",
            ""),
        LINK.bug(
            "write progress not stamped",
            "A slow write counts as stalled although it progresses.",
            "if (now - writeProgressAtNanos >= WAITED_NANOS) lastByteAtNanos = now; writeProgressAtNanos = now;",
            "if (now - writeProgressAtNanos >= WAITED_NANOS) lastByteAtNanos = now;"),
        LINK.bug(
            "write end not noted",
            "A write that has ended counts as stalled.",
            "public void writeEnded() { writing = false; }",
            "public void writeEnded() {}"),
        LINK.bug(
            "new transport reads at once",
            "A transport that opens while the consumer is behind reads on.",
            "boolean room = driver.inbound().begin(generation) == Verdict.READ_ON;",
            "driver.inbound().begin(generation); boolean room = true;"),
        LINK.bug(
            "second transport silences the first",
            "What the first one reads is dropped once the second one is open.",
            "boolean readOn = !beside && begin() && !held;",
            "boolean readOn = begin() && !held && !beside;"),
        LINK.bug(
            "stall not told",
            "The machine is not told that the consumer has used up the overdraft.",
            "if (verdict == Verdict.STALL) stalled(); return",
            "return"),
        DELIVERY.bug(
            "fate told twice",
            "A listener that comes between a fate and its telling is told twice.",
            "if (LISTENERS.compareAndSet(this, known, new Node(listener, known))) return; known = listeners;",
            "if (LISTENERS.compareAndSet(this, known, new Node(listener, known))) { if (fate() != null) outbox.callback(() -> tell(listener)); return; } known = listeners;"),
        DELIVERY.bug(
            "late listener not told",
            "A listener that comes after the end is not told.",
            "outbox.callback(() -> tell(listener));",
            ""),
        DELIVERY.bug(
            "listeners told backwards",
            "A delivery's listeners are told in reverse.",
            "for (Node node = LISTENERS.getAndSet(this, TOLD); node != null; node = node.next) { inOrder = new Node(node.listener, inOrder); }",
            "inOrder = LISTENERS.getAndSet(this, TOLD);"),
        LISTENERS.bug(
            "state not told at first",
            "A new listener does not learn where the connection stands.",
            "told.tell(each -> each.onState(lastTold));",
            ""),
        LISTENERS.bug(
            "listener that throws silences others",
            "A listener that throws keeps a state from those after it.",
            "log.error(\"A connection listener threw\", e);",
            "throw new IllegalStateException(e);"));
  }
}
