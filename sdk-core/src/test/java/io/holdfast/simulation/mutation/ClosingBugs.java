package io.holdfast.simulation.mutation;

import java.util.List;

/** close(), drain() and the end. */
final class ClosingBugs {
  private static final SourceFile MACHINE = SourceFile.internal("closing", "machine/Machine");

  private ClosingBugs() {}

  static List<PlantedBug> all() {
    return List.of(
        MACHINE.bug(
            "closing without deadline",
            "close() waits for ever for a peer that does not answer.",
            "timers.start(Timer.CLOSE, deadlines.close().toNanos());",
            ""),
        MACHINE.bug(
            "timers run on while closing",
            "The timers of the open transport fire while it closes.",
            "timers.stopAll(); become(new Closing(code, reason));",
            "become(new Closing(code, reason));"),
        MACHINE.bug(
            "attempt not cancelled by close",
            "close() during an attempt leaves its transport.",
            "if (live) effects.add(new Effect.CancelTransport(generation)); finish(new Closed(NO_CLOSE_FRAME, \"\", false, null)); return;",
            "finish(new Closed(NO_CLOSE_FRAME, \"\", false, null)); return;"),
        MACHINE.bug(
            "closing transport not cancelled",
            "A transport that did not close in time is left open.",
            "private void onCloseTimer() { effects.add(new Effect.CancelTransport(generation));",
            "private void onCloseTimer() {"),
        MACHINE.bug(
            "retries while closing",
            "A transport that ends while it closes is replaced.",
            "if (!(state instanceof Closing)) { lose(ended.cause(), ended.timeline()); } else",
            "if (state != null) { lose(ended.cause(), ended.timeline()); } else"),
        MACHINE.bug(
            "drain without deadline",
            "drain() waits for ever.",
            "case DRAIN -> beginClose(NORMAL_CLOSURE, \"\");",
            "case DRAIN -> {}"),
        MACHINE.bug(
            "loss stops the drain deadline",
            "After a lost transport a drain has no deadline.",
            "if (timer.endsWithTransport() && timer != Timer.SUCCESSOR) timers.stop(timer);",
            "if (timer != Timer.SUCCESSOR) timers.stop(timer);"),
        MACHINE.bug(
            "drained outbox does not close",
            "A drain closes at its deadline only.",
            "if (draining) beginClose(NORMAL_CLOSURE, \"\");",
            ""),
        MACHINE.bug(
            "deliveries outlive the connection",
            "What is in the outbox at the end gets no fate.",
            "effects.add(new Effect.EndOutbox()); become(closed);",
            "become(closed);"),
        MACHINE.bug(
            "timers outlive the connection",
            "A wait that was running at the end fires later.",
            "dropSuccessor(closed.cause()); timers.stopAll(); effects",
            "dropSuccessor(closed.cause()); effects"));
  }
}
