package io.holdfast.simulation.mutation;

import java.util.List;

/** Attempts, outages, network, proof. */
final class MachineBugs {
  private static final SourceFile MACHINE = SourceFile.internal("machine", "machine/Machine");
  private static final SourceFile TIMERS = SourceFile.internal("machine", "machine/Timers");

  private MachineBugs() {}

  static List<PlantedBug> all() {
    return List.of(
        MACHINE.bug(
            "drain keeps away whoever lost its transport",
            "The delay of a drain outlasts the transport that was to go on meanwhile.",
            "onDrainAnswered(answer, cause); return;",
            "keepBid(answer.bidNanos(), answer.snapshot()); onDrainAnswered(answer, cause); return;"),
        MACHINE.bug(
            "background has no heartbeat of its own",
            "What the app set for the background is never used.",
            "return inBackground ? background : foreground;",
            "return foreground;"),
        MACHINE.bug(
            "heartbeat stays what it was",
            "Whoever comes to the front keeps the background's heartbeat until the next transport.",
            "follow(liveness.use(rhythm().heartbeat(), requested.snapshot()));",
            ""),
        MACHINE.bug(
            "nobody asks on the return",
            "Whoever comes to the front is not asked about the peer.",
            "if (!inBackground && live) follow(liveness.probePromptly(requested.snapshot()));",
            ""),
        MACHINE.bug(
            "open transport ends the limit",
            "An outage whose limit passes while a transport is open goes on for ever.",
            "if (isOutageOverdue()) {",
            "if (false) {"),
        MACHINE.bug(
            "proof leaves the limit",
            "A connection that has proved itself is ended by the outage before.",
            "if (proved) beginOutage();",
            ""),
        MACHINE.bug(
            "each loss begins an outage",
            "Whoever loses transports again and again is never told that the outage lasts.",
            "if (proved) beginOutage();",
            "beginOutage();"),
        MACHINE.bug(
            "drain loses the old transport at once",
            "A peer that asks for a drain is left before the next transport is open.",
            "else if (successor == null || !successor.drains()) planSuccessor(failed.cause());",
            "else lose(failed.cause(), ConnectTimeline.EMPTY);"),
        MACHINE.bug(
            "drain does not wait for pongs",
            "The old transport is replaced while it could still confirm what it has.",
            "if (!second.drains() || pongs == PongSupport.NO) { replace",
            "if (second.isOpen()) { replace"),
        MACHINE.bug(
            "drain leaves the gate open",
            "The old transport gets messages while the new one is open already.",
            "effects.add(new Effect.CloseGate(generation));",
            ""),
        MACHINE.bug(
            "drained transport is cut",
            "The old transport is cancelled, not closed in good order.",
            "drained ? new Effect.RetireTransport(generation) :",
            ""),
        MACHINE.bug(
            "drain waits for ever",
            "An old transport that confirms nothing more is never replaced.",
            "timers.start(Timer.SUCCESSOR, deadlines.close().toNanos());",
            ""),
        MACHINE.bug(
            "proved at open",
            "The outage ends when a transport opens, not when it has proved itself.",
            "proved = false;",
            "proved = false; attempt = 0; effects.add(new Effect.EndOutage());"),
        MACHINE.bug(
            "proved without a pong",
            "A transport that never answered proves itself by being open for a while.",
            "if (liveness.ponged()) prove(); else if (provesByBytes())",
            "prove(); if (provesByBytes())"),
        MACHINE.bug(
            "proved by the first pong",
            "A transport proves itself before it has been open for long enough.",
            "if (proofTimePassed) prove();",
            "prove();"),
        MACHINE.bug(
            "attempts counted on",
            "The count of attempts goes on over the end of an outage.",
            "proved = true; attempt = 0;",
            "proved = true;"),
        MACHINE.bug(
            "outage not ended",
            "The retry context is kept, so the next outage goes on with its backoff.",
            "effects.add(new Effect.EndOutage());",
            ""),
        MACHINE.bug(
            "late events of an older transport",
            "What an older transport says is taken for the live one.",
            "if (!live || event.generation() != generation) return;",
            "if (!live) return;"),
        MACHINE.bug(
            "late events of a lost transport",
            "A transport that was given up is lost once more when it says so.",
            "if (!live || event.generation() != generation) return;",
            "if (event.generation() != generation) return;"),
        TIMERS.bug(
            "late timer",
            "A timer that was started again fires for its older start, too.",
            "if (!running.remove(fired.timer(), fired.token())) return false;",
            "if (running.remove(fired.timer()) == null) return false;"),
        MACHINE.bug(
            "lost transport not cancelled",
            "A transport that is given up stays open beside the next one.",
            "drained ? new Effect.RetireTransport(generation) : new Effect.CancelTransport(generation)",
            "new Effect.UnwatchWrites(generation)"),
        MACHINE.bug(
            "messages not taken back",
            "What a lost transport had in flight is not rewound.",
            "effects.add(new Effect.Rewind(generation, cause));",
            ""),
        MACHINE.bug(
            "attempt without deadline",
            "An attempt that gets no answer lasts for ever.",
            "timers.start(Timer.ATTEMPT, deadlines.attempt().toNanos()); effects.add(new Effect.SupplyRequest(generation, attempt, lastFailure));",
            "effects.add(new Effect.SupplyRequest(generation, attempt, lastFailure));"),
        MACHINE.bug(
            "attempt deadline outlives the attempt",
            "An open transport is ended by the deadline of its attempt.",
            "timers.stop(Timer.ATTEMPT);",
            ""),
        MACHINE.bug(
            "suspend does not end a transport",
            "A transport goes on while the app has suspended the connection.",
            "else if (state instanceof Connecting || state instanceof Open) { lose(new Suspended(), ConnectTimeline.EMPTY); }",
            ""),
        MACHINE.bug(
            "network loss does not end an attempt",
            "An attempt goes on though there is no network.",
            "else if (state instanceof Connecting || state instanceof Open) { lose(new NetworkLost(), ConnectTimeline.EMPTY);",
            "else if (state instanceof Open) { lose(new NetworkLost(), ConnectTimeline.EMPTY);"),
        MACHINE.bug(
            "reconnectNow ends a suspension",
            "reconnectNow() starts an attempt while the connection is suspended.",
            "state instanceof Offline offline && offline.reason() == Offline.Reason.NO_NETWORK",
            "state instanceof Offline"),
        MACHINE.bug(
            "network ends a suspension",
            "The network's return starts an attempt while the connection is suspended.",
            "if (suspended || !networkAvailable) goOffline(cause);",
            "if (!networkAvailable) goOffline(cause);"),
        MACHINE.bug(
            "resume without network",
            "resume() starts an attempt though there is no network.",
            "if (suspended || !networkAvailable) goOffline(cause);",
            "if (suspended) goOffline(cause);"),
        MACHINE.bug(
            "timer burns offline",
            "The wait goes on while there is no network.",
            "timers.stop(Timer.RETRY); dropSuccessor(cause);",
            "dropSuccessor(cause);"),
        MACHINE.bug(
            "retries offline",
            "An attempt that was forced without a network is followed by others.",
            "} else if (suspended || !networkAvailable) { goOffline(cause); } else if",
            "} else if"),
        MACHINE.bug(
            "reconnectNow shortens Retry-After",
            "reconnectNow() ends a wait that the server asked for.",
            "if (!(state instanceof Waiting) && !noNetwork) return; if (bidLeftNanos(snapshot) <= 0) startAttempt();",
            "if (!(state instanceof Waiting) && !noNetwork) return; startAttempt();"),
        MACHINE.bug(
            "network change shortens Retry-After",
            "A network change ends a wait that the server asked for.",
            "if (state instanceof Waiting) { if (bidLeftNanos(snapshot) <= 0) startAttempt();",
            "if (state instanceof Waiting) { startAttempt();"),
        MACHINE.bug(
            "Retry-After forgotten offline",
            "A network that comes back ends a wait that the server asked for.",
            "else if (cause != null && bidLeftNanos > 0) retry(cause, bidLeftNanos);",
            ""),
        MACHINE.bug(
            "network change not noticed while waiting",
            "A network change does not end a wait.",
            "if (state instanceof Waiting) { if (bidLeftNanos(snapshot) <= 0) startAttempt();",
            "if (state instanceof Waiting) {"),
        MACHINE.bug(
            "network change not probed",
            "A network change while open sends no ping.",
            "dropSuccessor(why); follow(liveness.probePromptly(snapshot));",
            "dropSuccessor(why);"),
        MACHINE.bug(
            "attempt on the old network goes on",
            "A network change leaves an attempt on the old one.",
            "if (networkAvailable) restartAttempt(why);",
            ""),
        MACHINE.bug(
            "both transports stay",
            "The second transport goes on although the first one has answered.",
            "if (successor != null && !successor.drains()) dropSuccessor(null);",
            ""),
        MACHINE.bug(
            "second transport shortens Retry-After",
            "A second transport is used although the server asked for a wait.",
            "if (!second.hasBegun() || answer.bidNanos() > 0 || answer.elsewhere()) return false;",
            "if (!second.hasBegun()) return false;"),
        MACHINE.bug(
            "second transport's Retry-After forgotten",
            "What the server asked a second transport for is forgotten by the first one's successor.",
            "keepBid(learned.bidNanos(), learned.snapshot()); Successor planned",
            "Successor planned"),
        MACHINE.bug(
            "second transport asked for within Retry-After",
            "A late transport is given a second one although the server asked for a wait.",
            "if (step.late() && successor == null && bidLeftNanos(snapshot) <= 0) {",
            "if (step.late() && successor == null) {"),
        MACHINE.bug(
            "second transport outlives the network",
            "A second transport goes on while there is no network.",
            "timers.stop(Timer.RETRY); dropSuccessor(cause); Offline.Reason",
            "timers.stop(Timer.RETRY); Offline.Reason"),
        MACHINE.bug(
            "second transport outlives close",
            "A second transport goes on while the first one is closed.",
            "dropSuccessor(null); timers.stopAll(); become",
            "timers.stopAll(); become"),
        MACHINE.bug(
            "second transport never used",
            "A second transport opens, and the first one is waited for.",
            "if (!second.drains() || pongs == PongSupport.NO) { replace(second, opened.snapshot()); return; }",
            "if (!second.drains()) return;"),
        MACHINE.bug(
            "second transport never read",
            "A second transport is used, and what it holds back is never read.",
            "if (readerHeld) effects.add(new Effect.ReleaseReader(generation));",
            ""),
        MACHINE.bug(
            "probe ignored",
            "probe() sends no ping.",
            "if (state instanceof Open) follow(liveness.probe(probe.snapshot()));",
            ""),
        MACHINE.bug(
            "pong support forgotten",
            "Two silent transports make a peer that did answer one that answers no pings.",
            "if (pongs == PongSupport.UNKNOWN && transportsWithoutPong >= 2) learn(PongSupport.NO);",
            "if (transportsWithoutPong >= 2) learn(PongSupport.NO);"),
        MACHINE.bug(
            "any loss counts against pongs",
            "Transports that were lost before their first pong make a peer one that answers none.",
            "if (liveness.ponged() || !(cause instanceof HeartbeatTimedOut)) return;",
            "if (liveness.ponged()) return;"),
        MACHINE.bug(
            "no ping at open",
            "The first ping is sent after the first interval only.",
            "follow(liveness.probe(snapshot)); } // ---- An open transport",
            "} // ---- An open transport"),
        MACHINE.bug(
            "stalled write not given up",
            "A write that does not progress is watched for ever.",
            "else lose(new WriteStalled(Duration.ofNanos(stalledNanos)), ConnectTimeline.EMPTY);",
            "else timers.start(Timer.WRITE, stallNanos);"),
        MACHINE.bug(
            "write watched once",
            "A write that progressed once is watched no more.",
            "if (stalledNanos < stallNanos) timers.start(Timer.WRITE, stallNanos - stalledNanos); else",
            "if (stalledNanos >= stallNanos)"),
        MACHINE.bug(
            "only the first write watched",
            "Once a watched write has ended, no later one is watched.",
            "effects.add(new Effect.UnwatchWrites(generation)); return;",
            "return;"),
        MACHINE.bug(
            "write stall blamed on the peer",
            "A write that waits for our own consumer counts as the peer's stall.",
            "if (snapshot.readerPaused()) { timers.start(Timer.WRITE, stallNanos); return; }",
            ""),
        MACHINE.bug(
            "consumer may stall for ever",
            "The limit of a consumer stall is ignored.",
            "if (limit > 0) timers.start(Timer.STALL, limit);",
            ""),
        MACHINE.bug(
            "stall goes on after resuming",
            "A consumer that has caught up is still ended by the limit of its stall.",
            "timers.stop(Timer.STALL);",
            ""));
  }
}
