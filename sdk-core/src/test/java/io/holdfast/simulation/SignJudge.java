package io.holdfast.simulation;

import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionEvent.TransportLost;
import io.holdfast.ConnectionException.HeartbeatTimedOut;
import io.holdfast.ConnectionState.Open;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A peer that need not answer pings is found dead by what it must give instead, in time, and is
 * left alone as long as it gives it. A question goes to a silent one, or for a reason, and nothing
 * else does in its place.
 */
final class SignJudge extends ReasonJudge {
  private static final String FOUND = "dead peer is found by its sign";
  private static final String SPARED = "living peer is spared by its sign";
  private static final String FEW = "questions are few";
  private static final String INSTEAD = "no pings where they are not answered";

  // What was asked for goes once the writer can, whatever the heartbeat is then.
  private static final long HELD_UP_NANOS = 60_000_000_000L;

  // Of the newest connection.
  private @Nullable Life newest;
  private final Map<SimulatedTransport, Asked> all = new HashMap<>();

  private static final class Asked {
    // The first since it was heard last, and the last of all; negative if there is none.
    long firstAtNanos = -1;
    long lastAtNanos = -1;
    // The first that may be out.
    long earliestAtNanos = -1;
    // Whether the kernel has the first.
    boolean written;
    // Which byte was the last one before it.
    long byteBeforeNanos;
  }

  SignJudge(World world) {
    super(world);
  }

  private boolean concerns(Life life) {
    return world.scenario.setup().heart().hasOtherSigns() && life == newest;
  }

  private Asked of(SimulatedTransport transport) {
    return all.computeIfAbsent(transport, key -> new Asked());
  }

  @Override
  void event(Life life, ConnectionEvent event) {
    super.event(life, event);
    if (!concerns(life) || !(event instanceof TransportLost lost)) return;
    if (!(lost.cause() instanceof HeartbeatTimedOut)) return;
    SimulatedTransport transport = life.byGeneration(lost.generation());
    if (transport != null) wasDead(transport);
  }

  // ---- Questions

  @Override
  void questionMissing(Life life) {
    SimulatedTransport transport = life.newest();
    if (transport == null) return;
    questioned(transport);
    of(transport).written = true;
  }

  @Override
  void questioned(SimulatedTransport transport) {
    Life life = transport.life;
    if (!concerns(life) || transport.isOver()) return;
    Asked asked = of(transport);
    Seen seen = transport.seen;
    long silent = now() - Math.max(seen.lastByteAtNanos, asked.lastAtNanos);
    long least = life.pace.shortestInterval(now() - slackNanos()).toNanos();
    // What a writer that was held up was to ask, when that was due, it asks after all.
    boolean heldUp = now() - seen.waitedWriteAtNanos <= slackNanos();
    boolean due = silent >= least || heldUp || !tellsAtOnce();
    boolean may = due || hadReason(transport, asked.lastAtNanos);
    require(may, FEW, "one after a silence of", silent, "ns of", least);
    boolean asks =
        life.pace.mayHaveGoneBy(Heart.Kind.ASKS, now() - HELD_UP_NANOS)
            || !isAwakeFor(HELD_UP_NANOS);
    require(asks, FEW, "one, and the heartbeat goes by", life.pace.beat());
    if (!mayBeOut(asked, seen)) asked.earliestAtNanos = now();
    if (!isOut(asked, seen)) {
      asked.firstAtNanos = now();
      asked.written = false;
    }
    asked.byteBeforeNanos = seen.lastByteAtNanos;
    asked.lastAtNanos = now();
  }

  // Its time begins then, unless it was answered before that is told.
  @Override
  void questionWritten(SimulatedTransport transport) {
    Asked asked = of(transport);
    if (asked.written || !isOut(asked, transport.seen)) return;
    if (asked.earliestAtNanos == asked.firstAtNanos) asked.earliestAtNanos = now();
    asked.firstAtNanos = now();
    asked.written = true;
  }

  // A write that had to wait is a sign of life as well, be it that of the question.
  private static boolean isOut(Asked asked, Seen seen) {
    return asked.firstAtNanos >= 0
        && asked.byteBeforeNanos == seen.lastByteAtNanos
        && asked.firstAtNanos >= seen.waitedWriteAtNanos;
  }

  // A byte came at the very moment: perhaps just before it, perhaps after.
  private static boolean mayBeOut(Asked asked, Seen seen) {
    boolean atOnce =
        asked.firstAtNanos == seen.lastByteAtNanos || asked.lastAtNanos == seen.lastByteAtNanos;
    return isOut(asked, seen) || atOnce;
  }

  @Override
  void pinged(SimulatedTransport transport) {
    Life life = transport.life;
    boolean without = concerns(life) && life.pingsUnanswered && tellsAtOnce();
    if (!without) return;
    boolean heldUp = life.pace.switchedAtNanos() >= now() - HELD_UP_NANOS;
    if (heldUp || !isAwakeFor(HELD_UP_NANOS)) return;
    if (life.pace.beat().kind() == Heart.Kind.ASKS) object(INSTEAD, "a ping goes to", life);
    if (life.pace.beat().kind() != Heart.Kind.LISTENS) return;
    require(hadReason(transport, transport.seen.lastPingAtNanos), INSTEAD, "a ping without reason");
  }

  // ---- Found

  @Override
  void stepped(Life life) {
    if (!world.scenario.setup().heart().hasOtherSigns()) return;
    if (life != newest) began(life);
    SimulatedTransport transport = life.newest();
    boolean open = life.state() instanceof Open && transport != null && transport.isInUse();
    if (!open || transport == null || world.device.asleep()) return;
    // A writer that has just gone on has asked for nothing yet.
    boolean writes = transport.isWriting() || transport.seen.writeProgressAtNanos == now();
    boolean looks = !transport.readerPaused() && !writes;
    if (!looks) return;
    if (life.pace.beat().kind() == Heart.Kind.ASKS) isAsked(life, transport);
    else if (life.pace.beat().kind() == Heart.Kind.LISTENS) isHeard(life, transport);
  }

  private void began(Life life) {
    newest = life;
    all.clear();
  }

  private void isAsked(Life life, SimulatedTransport transport) {
    Seen seen = transport.seen;
    Asked asked = of(transport);
    long heard = Math.max(seen.lastSignAtNanos(), life.pace.switchedAtNanos());
    boolean out = isOut(asked, seen);
    if (mayBeOut(asked, seen)) {
      long waited = sinceWoken(Math.max(asked.firstAtNanos, heard));
      long most = life.pace.longestTimeout(asked.firstAtNanos).toNanos();
      boolean late = waited > most + slackNanos();
      require(!late || !out, FOUND, "asked", waited, "ns ago, of", most);
      if (!late) return;
    }
    if (seen.awaitsPong()) return;
    long silent = sinceWoken(heard);
    long most = life.pace.inForce().interval().toNanos();
    require(silent <= most + slackNanos(), FOUND, "silent for", silent, "ns, and not asked");
  }

  private void isHeard(Life life, SimulatedTransport transport) {
    long heard = Math.max(transport.seen.lastSignAtNanos(), life.pace.switchedAtNanos());
    long silent = sinceWoken(heard);
    long most = life.pace.inForce().interval().plus(life.pace.longestTimeout(heard)).toNanos();
    require(silent <= most + slackNanos(), FOUND, "silent for", silent, "ns of", most);
  }

  // ---- Spared

  // Whoever has answered a ping is judged by pings as well, where there is a reason to send one.
  private void wasDead(SimulatedTransport transport) {
    Life life = transport.life;
    Seen seen = transport.seen;
    long sinceNanos = seen.lastByteAtNanos - slackNanos();
    if (!life.pace.didWithoutPongs(sinceNanos) || life.everPonged) return;
    // Told late: another heartbeat was in force then.
    if (life.pace.switchedAtNanos() > seen.endedAtNanos) return;
    require(!transport.readerPaused(), SPARED, "but we do not read");
    long timeout = life.pace.shortestTimeout(sinceNanos).toNanos();
    long silent = seen.endedAtNanos - seen.lastByteAtNanos;
    boolean asks = life.pace.mayHaveGoneBy(Heart.Kind.ASKS, sinceNanos);
    if (asks) {
      Asked of = of(transport);
      boolean asked = mayBeOut(of, seen) && seen.endedAtNanos - of.earliestAtNanos >= timeout;
      boolean switched = life.pace.switchedAtNanos() >= sinceNanos;
      require(asked || switched, SPARED, "it was not asked, or just now");
    } else {
      timeout += life.pace.shortestInterval(sinceNanos).toNanos();
    }
    require(silent >= timeout, SPARED, "it was silent for", silent, "ns of", timeout);
    long since = seen.endedAtNanos - seen.resumedAtNanos + slackNanos();
    require(since >= timeout, SPARED, "but we have just gone on reading");
  }
}
