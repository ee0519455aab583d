package io.holdfast.simulation.mutation;

import java.util.List;

/** The reliable protocol, and what carries out its orders. */
final class ProtocolBugs {
  private static final SourceFile RELIABLE = SourceFile.protocol("protocol", "ReliableProtocol");
  private static final SourceFile RUNNER = SourceFile.internal("protocol", "driver/ProtocolRunner");
  private static final SourceFile LANE = SourceFile.internal("protocol", "driver/InboundLane");
  private static final SourceFile OUTBOX = SourceFile.internal("protocol", "outbox/Outbox");
  private static final SourceFile STORE = SourceFile.internal("protocol", "driver/OutboxStore");

  private ProtocolBugs() {}

  static List<PlantedBug> all() {
    return List.of(
        RUNNER.bug(
            "protocol of an older transport",
            "What a transport that was given up says is heard.",
            "if (link != current) return; receiving = true;",
            "receiving = true;"),
        RUNNER.bug(
            "sequence not reset by resumed",
            "Sequences go on from the last transport's.",
            "lastSequence = sequence; orders.add(() -> driver.outbox().resumed(id));",
            "orders.add(() -> driver.outbox().resumed(id));"),
        RUNNER.bug(
            "rejected message is numbered",
            "A message that cannot be encoded takes a sequence.",
            "Message onTheWire = requireNonNull(protocol.encode(context, outgoing), \"encode's message\"); lastSequence++; return onTheWire;",
            "lastSequence++; return requireNonNull(protocol.encode(context, outgoing), \"encode's message\");"),
        RUNNER.bug(
            "session lost ignored",
            "Sequences go on although the server begins with 1 again.",
            "lastSequence = 0; List<Entry> doubted",
            "List<Entry> doubted"),
        RUNNER.bug(
            "all sent again after a lost session",
            "What may not be sent again is.",
            "doubted.removeIf(entry -> mayResend(resend, entry));",
            "doubted.clear();"),
        RUNNER.bug(
            "id of a sending",
            "A message has another id when it is sent again.",
            "entry.stableId(), lastSequence + 1, entry.message(), entry.options(), handedBefore);",
            "lastSequence + 1, lastSequence + 1, entry.message(), entry.options(), handedBefore);"),
        RUNNER.bug(
            "protocol's timers run on",
            "What a protocol scheduled outlives its transport.",
            "scheduled.forEach(Scheduled::stop); scheduled.clear();",
            ""),
        RUNNER.bug(
            "orders carried out twice",
            "What a protocol ordered is carried out again after each call.",
            "orders = new ArrayList<>(); return due;",
            "return new ArrayList<>(due);"),
        RELIABLE.bug(
            "duplicate not dropped",
            "What the server sends again comes twice.",
            "if (sequence <= delivered) return;",
            ""),
        RELIABLE.bug(
            "acknowledged before it is taken",
            "The server is told of messages that the app has not got.",
            "context.send(ReliableFrames.acknowledgement(consumed));",
            "context.send(ReliableFrames.acknowledgement(delivered));"),
        RELIABLE.bug(
            "kept as taken before it is",
            "A kill loses what the app had not got.",
            ".putLong(consumed)",
            ".putLong(delivered)"),
        RELIABLE.bug(
            "cursor not kept",
            "What was taken is not noted.",
            "acknowledged = consumed; saveState(context);",
            "acknowledged = consumed;"),
        RELIABLE.bug(
            "not acknowledged again",
            "What was said before a transport was lost is not said again.",
            "acknowledged = 0;",
            ""),
        RELIABLE.bug(
            "ready before the welcome",
            "Messages flow before the server has answered.",
            "context.send(ReliableFrames.hello(session(), delivered));",
            "context.send(ReliableFrames.hello(session(), delivered)); context.ready();"),
        RELIABLE.bug(
            "resume not told",
            "What the server has is sent again.",
            "context.resumed(sequence, id);",
            ""),
        RELIABLE.bug(
            "all sent is acknowledged",
            "An acknowledgement ends what came after it, too.",
            "context.acknowledgeThrough(sequence);",
            "context.acknowledgeThrough(sent);"),
        RELIABLE.bug(
            "refusal before the welcome ignored",
            "A refusal that was lost is not heard.",
            "else if (type == ReliableFrames.REFUSAL) onRefusal(context, in);",
            "else if (type == ReliableFrames.REFUSAL) in.clear();"),
        RELIABLE.bug(
            "acknowledges once",
            "After the first acknowledgement none follows.",
            "acknowledging = false; acknowledged = consumed;",
            "acknowledged = consumed;"),
        RELIABLE.bug(
            "impatient",
            "A server that acknowledges late, but does, is left.",
            "if (done > doneBefore || context.receivingPaused()) watch(context);",
            "if (context.receivingPaused()) watch(context);"),
        LANE.bug(
            "consumed counted too early",
            "What waits for the app counts as taken.",
            "long done = added - channel.waiting() - (inTurn ? 1 : 0);",
            "long done = added;"),
        OUTBOX.bug(
            "resumed ends one too many",
            "The first that the server has not counts as done.",
            "entry.wasHanded() && entry.stableId() <= id; ) {",
            "entry.wasHanded() && entry.stableId() <= id + 1; ) {"),
        OUTBOX.bug(
            "no overdraft for acknowledgements",
            "A consumer that waits for an acknowledgement keeps it from being read.",
            "return inFlight > 0 && (numbered != null || uncovered > 0 || !barriers.isEmpty());",
            "return inFlight > 0 && (uncovered > 0 || !barriers.isEmpty());"),
        STORE.bug(
            "state not saved",
            "What the protocol saves is forgotten.",
            "if (state != NO_STATE && open) guarded(() -> queue.saveState(state));",
            ""));
  }
}
