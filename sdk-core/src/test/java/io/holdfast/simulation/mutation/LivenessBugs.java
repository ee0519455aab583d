package io.holdfast.simulation.mutation;

import java.util.List;

/** Whether the peer is alive. */
final class LivenessBugs {
  private static final SourceFile LIVENESS = SourceFile.internal("liveness", "machine/Liveness");

  private static final SourceFile UNANSWERED =
      SourceFile.internal("liveness", "machine/Unanswered");
  private static final SourceFile ROUND_TRIPS =
      SourceFile.internal("liveness", "machine/RoundTrips");

  private LivenessBugs() {}

  static List<PlantedBug> all() {
    return List.of(
        LIVENESS.bug(
            "prompt until a flush is told",
            "A prompt ping whose pong was quicker makes the next ping a prompt one.",
            "if (pong.number() > flushedNumber) promptWanted = false;",
            ""),
        LIVENESS.bug(
            "pauses put the next ping off",
            "A consumer that pauses often keeps a lost pong from being asked for again.",
            "return inTime(goOn(resumed.snapshot()), resumed.snapshot());",
            "return inTime(Step.checkIn(silentInNanos(resumed.snapshot())), resumed.snapshot());"),
        UNANSWERED.bug(
            "pauses count against the peer",
            "The time in which we did not read counts as time without a confirmation.",
            "nowNanos - sinceNanos - pausedNanos",
            "nowNanos - sinceNanos"),
        LIVENESS.bug(
            "no deadline for a pong",
            "A ping is sent, and nobody looks whether it is answered.",
            "lateNext = tellsLate; return inTime(Step.checkIn(silentInNanos(snapshot)), snapshot);",
            "lateNext = tellsLate; return Step.NOTHING;"),
        LIVENESS.bug(
            "bytes are no life",
            "Only pongs count as life, other bytes do not.",
            "long fromNanos = later(snapshot.lastByteAtNanos(), waitFromNanos);",
            "long fromNanos = waitFromNanos;"),
        LIVENESS.bug(
            "deadline runs while paused",
            "A pong that our own consumer keeps us from reading counts as missing.",
            "Step check(Snapshot snapshot, PongSupport pongs) { if (snapshot.readerPaused()) { watch = Watch.PAUSED; return Step.NOTHING; }",
            "Step check(Snapshot snapshot, PongSupport pongs) {"),
        LIVENESS.bug(
            "no ping after a pause",
            "A reader that goes on is not followed by a ping.",
            "if (pingOut || sign instanceof LifeSign.Pong) { watch = Watch.FLUSH; return Step.PING; }",
            "if (pingOut || sign instanceof LifeSign.Pong) { watch = Watch.FLUSH; return Step.NOTHING; }"),
        LIVENESS.bug(
            "each ping puts the deadline off",
            "Who sends all the time never finds a dead peer.",
            "if (watch == Watch.PONG && !endsEarlier(prompt, flushed.allowanceNanos(), snapshot)) {",
            "if (false) {"),
        LIVENESS.bug(
            "a probe puts the deadline off",
            "Who asks all the time never finds a dead peer.",
            "if (watch != Watch.PONG) watch = Watch.FLUSH;",
            "watch = Watch.FLUSH;"),
        LIVENESS.bug(
            "no allowance for a slow uplink",
            "A ping behind much data gets no more time for it.",
            "waitForNanos = patienceNanos(prompt) + allowanceNanos;",
            "waitForNanos = patienceNanos(prompt);"),
        LIVENESS.bug(
            "timeout counts from the interval",
            "The timeout is the interval.",
            "timeoutNanos = bounded(heartbeat.timeout());",
            "timeoutNanos = bounded(heartbeat.interval().plus(heartbeat.timeout()));"),
        LIVENESS.bug(
            "silence without pings",
            "The interval passes and no ping is sent.",
            "return dueInNanos > 0 ? Step.checkIn(dueInNanos) : probe(snapshot);",
            "return Step.checkIn(dueInNanos > 0 ? dueInNanos : intervalNanos);"),
        UNANSWERED.bug(
            "confirmation may take for ever",
            "Each further ping starts the time for a confirmation again.",
            "if (!any) begin(nowNanos);",
            "begin(nowNanos);"),
        UNANSWERED.bug(
            "message may be on its way for ever",
            "Whoever never ends a message need answer no ping.",
            "heldUpNanos = Math.min(longerNanos, LONGEST_HOLD_UP * confirmNanos);",
            "heldUpNanos = longerNanos;"),
        UNANSWERED.bug(
            "short messages hold a pong up",
            "Whoever keeps the way busy need answer no ping.",
            "boolean longOne = lastsNanos > longNanos;",
            "boolean longOne = lastsNanos > 0;"),
        UNANSWERED.bug(
            "pong has no time behind a long message",
            "As soon as a message is whole its pong is missing.",
            "if (longOne || heldUp) {",
            "if (longOne) {"),
        LIVENESS.bug(
            "message on its way is no excuse",
            "A pong behind a message that takes long is missing.",
            "unanswered.allowForMessage(timeoutNanos, allowanceNanos, snapshot); if",
            "if"),
        LIVENESS.bug(
            "missing confirmation taken for no support",
            "A peer that has answered pings before becomes one that answers none.",
            "if (pongs == PongSupport.YES) { return Step.lose",
            "if (pongs == PongSupport.NO) { return Step.lose"),
        LIVENESS.bug(
            "silence kills who answers no pings",
            "A peer that answers no pings is lost when it has nothing to say.",
            "if (pongs == PongSupport.NO) return doWithoutPong(snapshot); boolean late",
            "boolean late"),
        LIVENESS.bug(
            "messages in flight hurry nobody",
            "Silence is judged by the timeout, however short the round trip is.",
            "if (!prompt && !tellsLate) return timeoutNanos;",
            "if (!tellsLate) return timeoutNanos;"),
        LIVENESS.bug(
            "every ping is prompt",
            "An idle peer is judged by the round trip, too.",
            "boolean prompt = promptWanted || flushed.confirms() || promptNumber > answeredNumber;",
            "boolean prompt = true;"),
        LIVENESS.bug(
            "late is dead",
            "A late pong ends the transport although a second one was to be opened.",
            "boolean late = lateNext && waitForNanos < fullNanos();",
            "boolean late = false;"),
        ROUND_TRIPS.bug(
            "round trip has no say",
            "A slow path is given no more than a fast one.",
            "Math.max((double) leastNanos, lateNanos)",
            "(double) leastNanos"),
        LIVENESS.bug(
            "deadline before the flush",
            "A ping that is still being written has its deadline already.",
            "boolean awaitsMore = pong.awaitsMore() && flushedNumber > pong.number();",
            "boolean awaitsMore = pong.awaitsMore();"));
  }
}
