package io.holdfast.simulation;

import static java.util.Objects.requireNonNull;

import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionEvent.AttemptFailed;
import io.holdfast.ConnectionEvent.TransportLost;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.ProtocolFailed;
import io.holdfast.ConnectionException.ProtocolNotReady;
import io.holdfast.ConnectionState.Closed;
import io.holdfast.Fate;
import io.holdfast.Fate.InDoubt.Reason;
import io.holdfast.Message;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the reliable protocol promises, through lost transports, restarts and kills: the server's
 * application does each message once, in order, and the app gets each of the server's once, in
 * order; acknowledgements say what is true; the protocol itself keeps its rules.
 */
final class ReliableJudge extends Judge {
  private static final String ONCE = "done once";
  private static final String ORDER = "done in order";
  private static final String RULES = "the protocol's rules are kept";
  private static final String CURSOR = "only what the app has is acknowledged";
  private static final String AGAIN = "the server's messages come once";
  private static final String ALL = "all of the server's messages come";
  private static final String READY = "a protocol fails for a reason";
  private static final String LOST = "a lost session ends what may not be sent again";

  // How often the server had forgotten when it did a message.
  private final Map<Long, Integer> done = new HashMap<>();
  private final Map<Application.Key, Long> lastDone = new HashMap<>();
  private final Map<Long, Long> ids = new HashMap<>();
  // Of the server's messages, by session: sent; acknowledged; and which the app has had.
  private final Map<Application.Key, Long> pushed = new HashMap<>();
  private final Map<Application.Key, Long> acknowledged = new HashMap<>();
  private final Map<UUID, Long> mostTaken = new HashMap<>();
  private final Map<Long, Taken> taken = new HashMap<>();
  private final Map<Life, Long> closedAtNanos = new HashMap<>();
  private final Set<SimulatedTransport> notReady = new HashSet<>();

  private record Taken(Life life, long atNanos) {}

  ReliableJudge(World world) {
    super(world);
  }

  private @Nullable Speech speech() {
    return world.scenario.setup().speech();
  }

  private Application application() {
    Application application = world.server.application();
    if (application == null) throw new AssertionError("no protocol is spoken");
    return application;
  }

  // ---- To the server

  @Override
  void done(Application.Key session, long number) {
    Integer before = done.put(number, application().forgotten());
    boolean again = before != null && before == application().forgotten();
    require(!again, ONCE, "number", number, "is done twice");
    Long last = lastDone.put(session, number);
    require(last == null || last < number, ORDER, "number", number, "after", last);
  }

  @Override
  void violated(Flow flow, String rule) {
    boolean late = rule.equals("session is carried elsewhere") && flow.transport.isOver();
    require(late, RULES, flow, "is told:", rule);
  }

  @Override
  void handed(SimulatedTransport transport, Sent sent) {
    if (speech() == null) return;
    require(transport.seen.readyAtNanos != 0, RULES, sent, "goes out before the welcome");
  }

  @Override
  void encoded(Sent sent, Message data) {
    Long before = ids.put(sent.number(), Wire.id(data));
    boolean same = before == null || before == Wire.id(data);
    require(same, RULES, sent, "had id", before, "and has", Wire.id(data));
  }

  @Override
  void fate(Sent sent, Fate fate) {
    isTrue(sent, fate);
  }

  // Where nobody is told any more.
  @Override
  void released(Life life, Sent sent) {
    if (sent.fate() != null) isTrue(sent, sent.fate());
  }

  private void isTrue(Sent sent, Fate fate) {
    if (fate instanceof Fate.Acknowledged) {
      boolean done = application().isDone(sent.number()) || wasSettledBefore(sent);
      require(done, ONCE, sent, "is Acknowledged and was not done");
    } else if (fate instanceof Fate.Refused) {
      long number = sent.number();
      boolean refused = application().isRefused(number) && !application().isDone(number);
      require(refused, ONCE, sent, "is Refused and was not refused");
    } else if (fate instanceof Fate.InDoubt doubt && doubt.reason() == Reason.SESSION_LOST) {
      Long id = ids.get(sent.number());
      boolean resent = id != null && requireNonNull(speech()).isResent(id);
      require(!resent, LOST, sent, "was to be sent again");
    }
  }

  // A power cut may take what the disk was told of its end; that was not of the server's doing.
  private static boolean wasSettledBefore(Sent sent) {
    for (Sent before = sent.before; before != null; before = before.before) {
      if (before.isSettled()) return true;
    }
    return false;
  }

  // ---- What the connection says itself

  @Override
  void spoke(SimulatedTransport transport, Message message) {
    Dialogue dialogue = transport.life.dialogue;
    if (Wire.isHello(message)) {
      greeted(dialogue, Wire.session(message), Wire.received(message));
    } else if (Wire.isAcknowledgement(message)) {
      long sequence = Wire.acknowledged(message);
      boolean had = sequence <= dialogue.taken();
      require(had, CURSOR, sequence, "is, and the app has", dialogue.taken());
    } else {
      object(RULES, "no message of it is", message);
    }
  }

  private void greeted(Dialogue dialogue, UUID session, long received) {
    if (dialogue.session == null) {
      long had = mostTaken.getOrDefault(session, 0L);
      require(received <= had, CURSOR, "a new life has had", received, "of", had);
      dialogue.begin(session, received);
      return;
    }
    require(session.equals(dialogue.session), RULES, "another session within a life");
    boolean same = received == dialogue.delivered();
    require(same, CURSOR, received, "was had, and really", dialogue.delivered());
  }

  @Override
  void welcomed(SimulatedTransport transport, Message welcome) {
    Dialogue dialogue = transport.life.dialogue;
    if (Wire.isResumed(welcome)) {
      long skipped = Wire.next(welcome) - 1;
      long had = Math.max(dialogue.delivered(), mostTakenOf(dialogue));
      require(skipped <= had, ALL, "up to", skipped, "is skipped, and", had, "was had");
      return;
    }
    for (Sent sent : transport.life.sent) mayBeSentAgain(sent);
  }

  private long mostTakenOf(Dialogue dialogue) {
    UUID session = dialogue.session;
    return session == null ? 0 : mostTaken.getOrDefault(session, 0L);
  }

  private void mayBeSentAgain(Sent sent) {
    Speech speech = speech();
    if (speech == null || sent.fate() != null || sent.isUntold() || sent.handedOn.isEmpty()) return;
    Long id = ids.get(sent.number());
    require(id == null || speech.isResent(id), LOST, sent, "has no fate");
  }

  // ---- From the server

  @Override
  void pushed(Application.Key session, long sequence) {
    pushed.put(session, sequence);
  }

  @Override
  void acknowledgedByApp(Application.Key session, long sequence) {
    acknowledged.merge(session, sequence, Math::max);
  }

  @Override
  void received(Life life, Message message) {
    if (speech() == null) return;
    Dialogue dialogue = life.dialogue;
    if (dialogue.took()) took(dialogue);
    long number = message.payload().getLong(Long.BYTES);
    Taken now = new Taken(life, world.device.elapsedNanos());
    Taken before = taken.put(number, now);
    if (before != null) mayComeAgain(life, before, now, number);
  }

  private void took(Dialogue dialogue) {
    UUID session = dialogue.session;
    if (session != null) mostTaken.merge(session, dialogue.taken(), Math::max);
  }

  private void mayComeAgain(Life life, Taken before, Taken now, long number) {
    boolean may = before.life != life;
    // One that was closed gives the app what it has, later than the next one does.
    if (may && life.number < before.life.number) may = cameAfterTheEnd(now);
    else if (may && before.life.dead) may = wasLostInKill(before);
    else if (may) may = cameAfterTheEnd(before);
    require(may, AGAIN, number, "came to", before.life, "at", before.atNanos);
  }

  // What was written to a disk that then lost it is not its fault.
  private boolean wasLostInKill(Taken before) {
    if (before.life.diedOfPowerCut || world.disk.wasDisturbed()) return true;
    long delay = delayNanos() + slackNanos();
    return before.life.diedAtNanos - before.atNanos <= delay;
  }

  private boolean cameAfterTheEnd(Taken before) {
    Long closedAt = closedAtNanos.get(before.life);
    boolean late = closedAt == null || before.atNanos >= closedAt - slackNanos();
    return late || world.disk.wasDisturbed();
  }

  private long delayNanos() {
    Speech speech = speech();
    return speech == null ? 0 : speech.acknowledgeDelay().toNanos();
  }

  @Override
  void receivedAnew(Life life) {
    life.dialogue.tookAll();
    took(life.dialogue);
  }

  @Override
  void stepped(Life life) {
    if (speech() == null || !(life.state() instanceof Closed)) return;
    closedAtNanos.putIfAbsent(life, world.device.elapsedNanos());
  }

  // ---- Failures

  @Override
  void event(Life life, ConnectionEvent event) {
    if (event instanceof AttemptFailed failed) hadReason(life, failed.cause(), null);
    else if (event instanceof TransportLost lost) {
      hadReason(life, lost.cause(), life.byGeneration(lost.generation()));
    }
  }

  private void hadReason(
      Life life, ConnectionException cause, @Nullable SimulatedTransport transport) {
    if (cause instanceof ProtocolNotReady) wasNotReady(life, cause);
    if (!(cause instanceof ProtocolFailed)) return;
    boolean late = "no acknowledgement within".regionMatches(0, message(cause), 0, 25);
    require(late, READY, cause);
    Speech speech = speech();
    if (transport == null || speech == null) return;
    Seen seen = transport.seen;
    long heard = Math.max(seen.readyAtNanos, seen.acknowledgedAtNanos);
    long waited = seen.endedAtNanos - heard;
    boolean silent = waited >= speech.acknowledgeTimeout().toNanos();
    require(silent, READY, cause, "one came", waited, "ns before");
    require(!transport.readerPaused(), READY, cause, "but we do not read");
  }

  private static String message(ConnectionException cause) {
    return String.valueOf(cause.getMessage());
  }

  // One that was open for so long without a welcome.
  private void wasNotReady(Life life, ConnectionException cause) {
    Speech speech = speech();
    for (SimulatedTransport transport : life.transports) {
      Seen seen = transport.seen;
      // One that came too late may have come before the connection looked.
      long untilNanos = seen.readyAtNanos == 0 ? seen.endedAtNanos : seen.readyAtNanos;
      boolean fits =
          speech != null
              && transport.isOver()
              && seen.openedAtNanos != 0
              && untilNanos - seen.openedAtNanos >= speech.readyTimeout().toNanos();
      if (fits && notReady.add(transport)) return;
    }
    object(READY, cause, "but no welcome was missing so long");
  }

  // ---- The end

  @Override
  void finished() {
    if (speech() == null) return;
    Life last = world.app.now();
    // Of such a peer nobody can say that it is gone.
    boolean cutOff = last.pingsUnanswered && last.state() instanceof Closed end && !end.clean();
    if (cutOff) return;
    Dialogue dialogue = last.dialogue;
    Application.Key key = dialogue.key();
    if (key == null) {
      object(ALL, "the last life was never welcomed");
      return;
    }
    long sent = pushed.getOrDefault(key, 0L);
    require(dialogue.taken() == sent, ALL, "the app has", dialogue.taken(), "of", sent);
    long known = acknowledged.getOrDefault(key, 0L);
    require(known == sent, ALL, "the server knows of", known, "of", sent);
  }
}
