package io.holdfast.simulation;

import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionEvent.AttemptFailed;
import io.holdfast.ConnectionEvent.PongSupportLearned;
import io.holdfast.ConnectionEvent.TransportLost;
import io.holdfast.ConnectionEvent.TransportOpened;
import io.holdfast.ConnectionEvent.WokeUp;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.AttemptTimedOut;
import io.holdfast.ConnectionException.ConfirmationTimedOut;
import io.holdfast.ConnectionException.EndedWithoutClose;
import io.holdfast.ConnectionException.HeartbeatTimedOut;
import io.holdfast.ConnectionException.MessageTooLarge;
import io.holdfast.ConnectionException.PeerClosed;
import io.holdfast.ConnectionException.ProtocolViolated;
import io.holdfast.ConnectionException.StreamBroken;
import io.holdfast.ConnectionException.WriteStalled;
import io.holdfast.ConnectionState;
import io.holdfast.ConnectionState.Closing;
import io.holdfast.ConnectionState.Connecting;
import io.holdfast.ConnectionState.Offline;
import io.holdfast.ConnectionState.Open;
import io.holdfast.PongSupport;
import java.time.Duration;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * A dead peer is found in the time that the formula gives, and a living one is left alone. No state
 * that should pass stays.
 */
final class LivenessJudge extends Judge {
  private static final String FOUND = "dead peer is found";
  private static final String SPARED = "living peer is left alone";
  private static final String PASSES = "state passes";
  // Bytes a second.
  private static final long FIRST_RATE = 16 << 10;
  private static final long ALLOWANCE_NANOS = 60_000_000_000L;
  // So many times the usual a pong may take behind a message.
  private static final int LONGEST_HOLD_UP = 10;
  // A shorter sleep may not be noticed, or be taken for the one before.
  private static final long NOTICED_NANOS = 5_000_000_000L;
  // Whoever was stopped for so long looks a moment later.
  private static final long STOPPED_NANOS = 100_000_000;
  private static final long MOMENT_NANOS = 250_000_000;

  // Of the newest connection.
  private @Nullable ConnectionState state;
  private long stateSinceNanos;
  // How long each attempt took whose end has not been told.
  private final ArrayDeque<Took> attempts = new ArrayDeque<>();
  private @Nullable Life newest;
  private long noReasonSinceNanos = -1;
  // When it was last told that the device woke, be it true or not.
  private long wokeAtNanos = Long.MIN_VALUE;

  private record Took(int attempt, long nanos) {}

  LivenessJudge(World world) {
    super(world);
  }

  // ---- Found

  @Override
  void stepped(Life life) {
    ConnectionState now = life.state();
    if (life != newest) {
      newest = life;
      attempts.clear();
      state = now;
      stateSinceNanos = world.device.elapsedNanos();
    }
    if (now != state) {
      if (!sameKind(now, state)) left();
      state = now;
    }
    if (world.device.asleep()) return;
    if (now instanceof Open) open(life);
    else if (now instanceof Connecting) passes(setup().attemptTimeout());
    else if (now instanceof Closing) passes(setup().closeTimeout());
    leavesOffline(life, now);
  }

  private void left() {
    long now = world.device.elapsedNanos();
    if (state instanceof Connecting connecting) {
      attempts.add(new Took(connecting.attempt(), now - stateSinceNanos));
    }
    stateSinceNanos = now;
  }

  private static boolean sameKind(ConnectionState a, @Nullable ConnectionState b) {
    return a instanceof Connecting x && b instanceof Connecting y && x.attempt() == y.attempt();
  }

  private void passes(Duration limit) {
    long overdue = sinceWoken(stateSinceNanos) - limit.toNanos();
    require(overdue <= slackNanos(), PASSES, state, "is overdue by", overdue, "ns");
  }

  private void leavesOffline(Life life, ConnectionState now) {
    boolean noReason = now instanceof Offline && world.network.isAvailable() && !life.suspended;
    if (!noReason) noReasonSinceNanos = -1;
    else if (noReasonSinceNanos < 0) noReasonSinceNanos = world.device.elapsedNanos();
    boolean stays = noReason && sinceWoken(noReasonSinceNanos) > slackNanos();
    require(!stays, PASSES, state, "although there is a network");
  }

  private void open(Life life) {
    SimulatedTransport transport = life.newest();
    if (transport == null || !transport.isOpen()) return;
    if (transport.readerPaused()) return;
    Seen seen = transport.seen;
    if (transport.isWriting()) {
      long stalled = sinceWoken(Math.max(seen.writeProgressAtNanos, seen.resumedAtNanos));
      long limit = setup().writeStall().toNanos() + slackNanos();
      require(stalled <= limit, FOUND, "a write stalls for", stalled, "ns");
      return;
    }
    // Whether a peer with another sign of life is found is for another judge.
    if (mayAnswerNoPings(life) || life.pace.beat().doesWithoutPongs()) return;
    long allowance = seen.hasUnconfirmedBytes() ? ALLOWANCE_NANOS : 0;
    Pace pace = life.pace;
    // Whoever came or went is judged anew; a ping that was out then keeps its time.
    Duration timeout = pace.longestTimeout(seen.lastSignAtNanos());
    long limit = pace.longestInterval().plus(timeout).toNanos() + allowance;
    long overdue = sinceWoken(Math.max(seen.lastSignAtNanos(), pace.switchedAtNanos())) - limit;
    require(overdue <= slackNanos(), FOUND, "it is silent", overdue, "ns too long");
    foundPromptly(life, seen);
    confirms(life, transport);
  }

  // While messages are in flight silence is judged by the round trip. Its variation is never more
  // than the longest one.
  private void foundPromptly(Life life, Seen seen) {
    long askedAtNanos = seen.confirmingPingAtNanos();
    boolean known = askedAtNanos >= 0 && seen.ponged && !rateIsMeasured(life);
    // By a protocol messages may end before the pong that was to confirm them.
    if (!known || setup().makeBeforeBreak() || setup().speaks()) return;
    double byRoundTrip = 4 * 5.0 * seen.longestOwnAnswerNanos();
    long sinceNanos = askedAtNanos - slackNanos();
    long promptNanos = life.pace.longestPromptTimeout(sinceNanos).toNanos();
    double timeout = (double) life.pace.longestTimeout(sinceNanos).toNanos();
    double limit = Math.min(timeout, Math.max((double) promptNanos, byRoundTrip));
    limit += 1e9 * seen.bytesBeforeNewestPing() / FIRST_RATE;
    long silent = sinceWoken(Math.max(askedAtNanos, seen.lastSignAtNanos()));
    boolean late = silent > (long) limit + slackNanos();
    require(!late, FOUND, "it is silent for", silent, "ns of", limit, "while messages wait");
  }

  // The least that a silent peer is given before it is late, or dead.
  private long leastNanos(SimulatedTransport transport, boolean prompt) {
    Seen seen = transport.seen;
    Pace pace = transport.life.pace;
    long sinceNanos = seen.oldestPingAtNanos(0) - slackNanos();
    long timeout = pace.shortestTimeout(sinceNanos).toNanos();
    if (!prompt || !seen.ponged) return timeout;
    double byRoundTrip = 4.0 * seen.shortestAnswerNanos();
    long promptNanos = pace.shortestPromptTimeout(sinceNanos).toNanos();
    return (long) Math.min((double) timeout, Math.max((double) promptNanos, byRoundTrip));
  }

  // Or its path is in doubt since it was heard last.
  private boolean isJudgedByRoundTrip(SimulatedTransport transport) {
    if (setup().makeBeforeBreak()) return false;
    Seen seen = transport.seen;
    // What a protocol could not encode may have been why a ping was sent.
    // Nor has a ping longer that was asked for while one was out that had to be prompt.
    boolean follows = seen.lastPongAtNanos > seen.oldestPingAtNanos(Long.MAX_VALUE);
    return seen.mayAwaitConfirmingPong()
        || follows
        || setup().speaks()
        || isAskedSoonAfter(seen, transport.life.hurriedAtNanos)
        || isAskedSoonAfter(seen, transport.life.pace.switchedAtNanos())
        || isAskedSoonAfter(seen, world.device.lastWokenNanos())
        || isAskedSoonAfter(seen, wokeAtNanos);
  }

  // Whatever is asked then is to be answered promptly; and so is what is asked again after it.
  private boolean isAskedSoonAfter(Seen seen, long whenNanos) {
    boolean heardSince = seen.lastPongAtNanos > whenNanos;
    return !heardSince || seen.awaitsPingOf(whenNanos, whenNanos + slackNanos());
  }

  // When its request is asked for, as that may take its time.
  @Override
  void attempted(Life life) {
    SimulatedTransport first = life.newest();
    boolean second = life.state() instanceof Open && tellsAtOnce();
    if (!second || first == null || !first.isInUse() || life.wasAskedToMove) return;
    Seen seen = first.seen;
    long now = world.device.elapsedNanos();
    long askedAtNanos = seen.oldestPingAtNanos(-1);
    require(askedAtNanos >= 0, SPARED, "a second transport, and the first was not asked");
    long silent = now - Math.max(askedAtNanos, seen.lastByteAtNanos);
    long least = leastNanos(first, true);
    require(silent >= least, SPARED, "a second one after", silent, "ns of", least);
  }

  // The app may not have been told yet that it is so.
  private boolean mayAnswerNoPings(Life life) {
    boolean untold = world.device.callbacksBehind() && !life.everPonged;
    return life.pingsUnanswered || untold;
  }

  // Each pong gives those that are left as long again; our pauses are no time of theirs.
  private void confirms(Life life, SimulatedTransport transport) {
    Seen seen = transport.seen;
    long now = world.device.elapsedNanos();
    long waited = Math.min(seen.oldestPingWaitedNanos(now), now - seen.lastPongAtNanos);
    waited = Math.min(waited, now - world.device.lastWokenNanos());
    Duration timeout = life.pace.longestTimeout(now - waited);
    long confirm = setup().confirmTimeout().toNanos();
    long lasts = seen.messageBegunAtNanos == 0 ? 0 : now - seen.messageBegunAtNanos;
    boolean longOne = lasts + slackNanos() > life.pace.shortestTimeout(0).toNanos() / 2;
    long sinceLongOne = longOne ? 0 : now - Math.max(seen.longOneEndedAtNanos, seen.resumedAtNanos);
    long heldUp = Math.min(waited - sinceLongOne, LONGEST_HOLD_UP * confirm);
    // That the message is whole is seen at the next look.
    long limit = Math.max(confirm, heldUp) + 2 * timeout.toNanos() + allowanceNanos(transport);
    require(waited <= limit + slackNanos(), FOUND, "a ping is unanswered for", waited, "ns");
  }

  // ---- Left alone

  @Override
  void event(Life life, ConnectionEvent event) {
    if (life != newest) return;
    if (event instanceof WokeUp) {
      wokeAtNanos = world.device.elapsedNanos();
    } else if (event instanceof PongSupportLearned learned) {
      if (learned.support() == PongSupport.NO) hadReason(life);
    } else if (event instanceof TransportLost lost) {
      SimulatedTransport transport = life.byGeneration(lost.generation());
      isTrue(life, lost.cause(), transport);
      if (lost.cause() instanceof HeartbeatTimedOut) {
        boolean unanswered = life.pingsUnanswered && !hasOtherSign(life, transport);
        require(!unanswered, SPARED, lost, "although it answers no pings");
        if (transport == null || !transport.seen.ponged) life.lostWithoutPong++;
      }
      if (transport != null) wasDead(transport, lost.cause());
    } else if (event instanceof TransportOpened opened) {
      tookNanos(opened.attempt());
    } else if (event instanceof AttemptFailed failed) {
      isTrue(life, failed.cause(), null);
      Long took = tookNanos(failed.attempt());
      boolean timedOut = failed.cause() instanceof AttemptTimedOut;
      boolean tooShort = took != null && took < setup().attemptTimeout().toNanos();
      require(!timedOut || !tooShort, SPARED, "an attempt was given", took, "ns");
    }
  }

  // One that began and ended between two steps was not seen.
  private @Nullable Long tookNanos(int attempt) {
    Took next = attempts.peek();
    if (next == null || next.attempt() != attempt) return null;
    attempts.remove();
    return next.nanos();
  }

  private void wasDead(SimulatedTransport transport, ConnectionException cause) {
    Seen seen = transport.seen;
    if (cause instanceof HeartbeatTimedOut) {
      if (hasOtherSign(transport.life, transport)) return;
      long timeout = leastNanos(transport, isJudgedByRoundTrip(transport));
      wasGivenItsAllowance(transport, timeout, cause);
      long silent = seen.endedAtNanos - seen.lastByteAtNanos;
      require(silent >= timeout, SPARED, cause, "it was silent for", silent);
      long askedAtNanos = seen.oldestPingAtNanos(-1);
      require(askedAtNanos >= 0, SPARED, cause, "but was not asked");
      long waited = seen.endedAtNanos - askedAtNanos;
      require(waited >= timeout, SPARED, cause, "it was asked", waited, "ns ago");
      long most = transport.life.pace.longestTimeout(0).toNanos() + allowanceNanos(transport);
      wasNoSleepsDoing(seen, Math.min(silent, waited), most, timeout, cause);
      require(!transport.readerPaused(), SPARED, cause, "but we do not read");
      long since = seen.endedAtNanos - seen.resumedAtNanos;
      require(since + slackNanos() >= timeout, SPARED, cause, "but we have just gone on reading");
    } else if (cause instanceof WriteStalled) {
      long stalled = seen.endedAtNanos - seen.writeProgressAtNanos;
      require(transport.isWriting(), SPARED, cause, "but nothing is written");
      long limit = setup().writeStall().toNanos();
      require(stalled >= limit, SPARED, cause, "after", stalled);
      wasNoSleepsDoing(seen, stalled, limit, limit, cause);
      require(!transport.readerPaused(), SPARED, cause, "but we do not read");
      // A thread that is slow to go on is none of the connection's doing.
      long since = seen.endedAtNanos - seen.resumeAskedAtNanos;
      require(since >= limit, SPARED, cause, "but we have just gone on reading");
    } else if (cause instanceof ConnectionException.ConsumerStalled) {
      long paused = seen.endedAtNanos - seen.pausedAtNanos;
      require(transport.readerPaused(), SPARED, cause, "but we read");
      require(paused >= setup().stallLimit().toNanos(), SPARED, cause, "after", paused);
    } else if (cause instanceof ConfirmationTimedOut) {
      long waited = seen.endedAtNanos - seen.oldestPingAtNanos(seen.endedAtNanos);
      long limit = setup().confirmTimeout().toNanos();
      require(waited >= limit, SPARED, cause, "a ping waited for", waited);
      long reading = seen.oldestPingWaitedNanos(seen.endedAtNanos) + slackNanos();
      require(reading >= limit, SPARED, cause, "we read for", reading, "of", waited);
      wasAskedAgain(transport, cause);
      wasNotBehindMessage(transport, cause);
    }
  }

  // At most, for what lies before a ping on a slow uplink.
  private long allowanceNanos(SimulatedTransport transport) {
    double nanos = 1e9 * transport.seen.handedBytes / FIRST_RATE;
    if (rateIsMeasured(transport.life)) return nanos > 0 ? ALLOWANCE_NANOS : 0;
    return (long) Math.min(ALLOWANCE_NANOS, nanos);
  }

  // If all the time that it may have had was over in a sleep, it has had at least so much since; a
  // moment if that was a short one.
  private void wasNoSleepsDoing(
      Seen seen, long waited, long most, long least, ConnectionException cause) {
    long wokenAgo = seen.endedAtNanos - world.device.lastWokenNanos();
    long overdue = waited - wokenAgo - most;
    // It may have slept again before it was told.
    if (wokenAgo < 0 || world.device.oversleptNanos() == 0) return;
    boolean noticed = world.device.oversleptNanos() > NOTICED_NANOS + slackNanos();
    boolean sleptTwice = world.device.wokenAfterNanos() < NOTICED_NANOS;
    long given =
        noticed && overdue > NOTICED_NANOS + slackNanos() ? least : Math.min(least, MOMENT_NANOS);
    boolean wasGiven = wokenAgo >= given || overdue < STOPPED_NANOS || sleptTwice;
    require(wasGiven, SPARED, cause, "the device woke", wokenAgo, "ns before");
  }

  // A pong may be lost; what was to ask for another may have had to wait for the writer.
  private void wasAskedAgain(SimulatedTransport dead, ConnectionException cause) {
    Seen seen = dead.seen;
    if (dead.isWriting() || world.device.lastWokenNanos() >= seen.lastPingAtNanos) return;
    long most = dead.life.pace.longestTimeout(0).toNanos() + allowanceNanos(dead) + slackNanos();
    long since = seen.endedAtNanos - seen.newestPingAtNanos();
    require(since <= most, SPARED, cause, "the last ping was", since, "ns before");
  }

  // Before a message that takes long is whole no pong can come, nor at that very moment.
  private void wasNotBehindMessage(SimulatedTransport dead, ConnectionException cause) {
    Seen seen = dead.seen;
    long confirm = setup().confirmTimeout().toNanos();
    // Each pong gives those that are left as long again.
    long sinceNanos = Math.max(seen.oldestPingAtNanos(seen.endedAtNanos), seen.lastPongAtNanos);
    if (seen.endedAtNanos - sinceNanos >= LONGEST_HOLD_UP * confirm) return;
    long begunAtNanos = seen.messageBegunAtNanos;
    long lasted = begunAtNanos == 0 ? 0 : seen.endedAtNanos - begunAtNanos;
    long timeout = dead.life.pace.longestTimeout(0).toNanos();
    require(lasted <= timeout / 2 + slackNanos(), SPARED, cause, "behind one for", lasted);
    // The one before it was waited for, if it was still coming when that was looked at.
    long lookedAtNanos = sinceNanos + confirm + timeout + allowanceNanos(dead);
    boolean waitedFor =
        seen.longOneEndedAtNanos > lookedAtNanos + slackNanos()
            && seen.longOneBegunAtNanos < sinceNanos + confirm - timeout / 2;
    long since = seen.endedAtNanos - seen.longOneEndedAtNanos;
    long least = dead.life.pace.shortestTimeout(0).toNanos();
    require(!waitedFor || since >= least, SPARED, cause, "a message was whole", since, "before");
  }

  // It was lost by that, or it may have been.
  private static boolean hasOtherSign(Life life, @Nullable SimulatedTransport transport) {
    long sinceNanos = transport == null ? 0 : transport.seen.lastSignAtNanos();
    return life.pace.didWithoutPongs(sinceNanos);
  }

  // Until so much was confirmed at once that a rate could be measured, the first guess holds.
  private void wasGivenItsAllowance(
      SimulatedTransport dead, long timeoutNanos, ConnectionException cause) {
    if (rateIsMeasured(dead.life)) return;
    Seen seen = dead.seen;
    double allowance = Math.min(60, (double) seen.bytesBeforeOldestPing() / FIRST_RATE) * 0.99e9;
    long limit = timeoutNanos + (long) allowance;
    long silent = seen.endedAtNanos - seen.lastByteAtNanos;
    require(silent >= limit, SPARED, cause, "it was silent for", silent, "ns of", limit);
  }

  private static boolean rateIsMeasured(Life life) {
    for (SimulatedTransport transport : life.transports) {
      if (transport.seen.mostConfirmedAtOnce() >= FIRST_RATE) return true;
    }
    return false;
  }

  // ---- What is told of a peer

  private void isTrue(Life life, ConnectionException cause, @Nullable SimulatedTransport only) {
    boolean told =
        is(cause, EndedWithoutClose.class, StreamBroken.class, PeerClosed.class)
            || is(cause, ProtocolViolated.class, MessageTooLarge.class);
    if (!told) return;
    boolean said = false;
    for (SimulatedTransport transport : life.transports) {
      said |= transport.seen.endedBy == cause && (only == null || only == transport);
    }
    require(said, "a loss is the peer's own word", cause);
  }

  // Two transports on end without one, or one ping for so long.
  private void hadReason(Life life) {
    require(!life.everPonged || !tellsAtOnce(), SPARED, "it has answered pings before");
    // It is taken for one that does not until it answers one.
    boolean prompt = tellsAtOnce() && isAwakeFor(slackNanos());
    long sinceNanos = prompt ? world.device.elapsedNanos() - slackNanos() : 0;
    if (life.pace.didWithoutPongs(sinceNanos)) return;
    boolean waited = false;
    for (SimulatedTransport transport : life.transports) {
      Seen seen = transport.seen;
      long until = transport.isOver() ? seen.endedAtNanos : world.device.elapsedNanos();
      waited |= seen.longestAnswerNanos(until) >= setup().confirmTimeout().toNanos();
    }
    require(waited || life.lostWithoutPong >= 2, SPARED, "its pongs are given up too soon");
  }

  private Setup setup() {
    return world.scenario.setup();
  }
}
