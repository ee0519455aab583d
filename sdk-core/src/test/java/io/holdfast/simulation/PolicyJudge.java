package io.holdfast.simulation;

import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionEvent.AttemptFailed;
import io.holdfast.ConnectionEvent.OutageEnded;
import io.holdfast.ConnectionEvent.RetryScheduled;
import io.holdfast.ConnectionEvent.SuccessorDropped;
import io.holdfast.ConnectionEvent.TransportLost;
import io.holdfast.ConnectionEvent.TransportOpened;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.HandshakeRejected;
import io.holdfast.ConnectionException.OutageTooLong;
import io.holdfast.ConnectionException.ReconnectAsked;
import io.holdfast.ConnectionState;
import io.holdfast.ConnectionState.Closed;
import io.holdfast.ConnectionState.Offline;
import io.holdfast.ConnectionState.Waiting;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Attempts are made when the policy says so: after each cause within its bounds, never before
 * {@code Retry-After}, never after a fatal one, and counted anew only once a transport has proved
 * itself.
 */
final class PolicyJudge extends Judge {
  private static final String POLICY = "attempts keep to the policy";
  private static final String BID = "Retry-After is kept";
  private static final String PROOF = "an outage ends with a proof";
  // Full jitter gives the bound itself, or the least, once in a thousand times or less.
  private static final long TELLING_BOUND_MILLIS = 1_000;
  private static final int TELLING_COUNT = 4;
  private static final int TELLING_PART = 20;

  private final Map<Life, Outage> outages = new HashMap<>();
  private int delays;
  private int atBound;
  private int atLeast;

  PolicyJudge(World world) {
    super(world);
  }

  /** What the policy should know of one connection, from what was told. */
  private static final class Outage {
    int failures;
    int attempt = 1;
    boolean offline;
    boolean refused;
    boolean refusedTwice;
    @Nullable ConnectionException cause;
    long provedGeneration;
    @Nullable Waiting waiting;
    long waitingSinceNanos;
    // The newest rejection that was told by a transport, and when.
    @Nullable HandshakeRejected rejection;
    long rejectedAtNanos;
    long bidUntilNanos;
    // Sleeps that have ended a wait.
    int doubts;
  }

  private Outage of(Life life) {
    return outages.computeIfAbsent(life, key -> new Outage());
  }

  // ---- What is told

  @Override
  void event(Life life, ConnectionEvent event) {
    Outage outage = of(life);
    if (event instanceof AttemptFailed failed) {
      require(failed.attempt() == outage.attempt, POLICY, event, "is attempt", outage.attempt);
      outage.attempt++;
      failed(life, outage, failed.cause());
    } else if (event instanceof TransportOpened opened) {
      require(opened.attempt() == outage.attempt, POLICY, event, "is attempt", outage.attempt);
      outage.attempt++;
    } else if (event instanceof TransportLost lost) {
      wasProved(life, outage, lost.generation());
      failed(life, outage, lost.cause());
    } else if (event instanceof SuccessorDropped dropped) {
      HandshakeRejected rejection = outage.rejection;
      if (rejection == null || dropped.cause() != rejection) return;
      wasAskedToStayAway(life, outage, rejection);
    } else if (event instanceof RetryScheduled retry) {
      scheduled(life, outage, retry);
    } else if (event instanceof OutageEnded ended) {
      ended(life, outage, ended.generation());
    }
  }

  private void failed(Life life, Outage outage, ConnectionException cause) {
    outage.cause = cause;
    if (Policy.isLocal(cause)) return;
    outage.failures++;
    boolean refused = Policy.isRefusal(cause);
    outage.refusedTwice = refused && outage.refused;
    outage.refused = refused;
    if (outage.rejection == cause) wasAskedToStayAway(life, outage, outage.rejection);
  }

  // It was told later than it happened.
  private void wasAskedToStayAway(Life life, Outage outage, HandshakeRejected rejection) {
    long bidNanos = Policy.bidMillis(rejection) * 1_000_000L;
    if (bidNanos == 0) return;
    outage.bidUntilNanos = Math.max(outage.bidUntilNanos, outage.rejectedAtNanos + bidNanos);
    for (SimulatedTransport transport : life.transports) {
      if (transport.seen.startedAtNanos > outage.rejectedAtNanos) keepsBid(transport, outage);
    }
  }

  private void scheduled(Life life, Outage outage, RetryScheduled retry) {
    ConnectionException cause = outage.cause;
    if (cause == null) {
      object(POLICY, retry, "without a failure");
      return;
    }
    require(retry.attempt() == outage.attempt, POLICY, retry, "is attempt", outage.attempt);
    require(!mustStop(outage, cause), POLICY, retry, "after", cause);
    long millis = retry.delay().toMillis();
    long bid = Policy.bidMillis(cause);
    boolean onTop = cause instanceof ReconnectAsked;
    long beside = life.longestBidMillis;
    if (outage.offline) {
      // What remains of a wait that the server asked for.
      long asked = Math.max(bid, beside);
      require(millis <= asked, POLICY, retry, "but", asked, "ms were asked for");
      return;
    }
    boolean several = hasSeveralPlaces(life);
    // Another place may be free, which the judge of places knows.
    require(several || millis >= bid, BID, retry, "for", bid, "ms");
    if (several && millis == 0) return;
    // What remains of that is at most the whole, and may be more than our own delay.
    if (beside > 0 && millis <= beside) return;
    Setup setup = world.scenario.setup();
    if (setup.hasOwnRetry()) {
      long own = setup.ownWait().toMillis();
      boolean asked = millis == (onTop ? bid + own : Math.max(bid, own));
      boolean besides =
          (several && millis == own) || (onTop && beside > 0 && millis <= beside + own);
      require(asked || besides, POLICY, retry, "of the app's");
      return;
    }
    Policy.Range range = Policy.range(setup.backoff(), outage.failures, cause);
    require(millis >= range.leastMillis(), POLICY, retry, "below", range, "after", cause);
    long most =
        onTop ? Math.max(bid, beside) + range.mostMillis() : Math.max(bid, range.mostMillis());
    require(millis <= most, POLICY, retry, "above", range, "after", cause);
    if (several) return;
    if (onTop) isJittered(millis - bid, range);
    else if (bid == 0) isJittered(millis, range);
  }

  private boolean hasSeveralPlaces(Life life) {
    return life.wasNamedAPlace || world.scenario.setup().places().isList();
  }

  private void isJittered(long millis, Policy.Range range) {
    if (range.mostMillis() - range.leastMillis() < TELLING_BOUND_MILLIS) return;
    if (millis == range.mostMillis()) atBound++;
    if (millis == range.leastMillis()) atLeast++;
    delays++;
    int telling = Math.max(atBound, atLeast);
    boolean jittered = telling < TELLING_COUNT || telling < delays / TELLING_PART;
    require(jittered, POLICY, "delays without jitter");
  }

  private boolean mustStop(Outage outage, ConnectionException cause) {
    int own = world.scenario.setup().ownAttempts();
    boolean exhausted = own > 0 && outage.failures >= own;
    return Policy.isFatal(cause) || outage.refusedTwice || exhausted;
  }

  @Override
  void state(Life life, ConnectionState state) {
    of(life).offline = state instanceof Offline;
    if (!(state instanceof Closed closed) || closed.cause() == null) return;
    // Which is no answer to a failure.
    if (closed.cause() instanceof OutageTooLong) return;
    Outage outage = of(life);
    require(closed.cause() == outage.cause, POLICY, closed, "after", outage.cause);
    require(mustStop(outage, closed.cause()), POLICY, "gave up for no reason:", closed);
  }

  // ---- Proof

  private void ended(Life life, Outage outage, long generation) {
    outage.failures = 0;
    outage.attempt = 1;
    outage.refused = false;
    require(outage.provedGeneration != generation, PROOF, "told twice for", generation);
    outage.provedGeneration = generation;
    SimulatedTransport transport = life.byGeneration(generation);
    if (transport == null) return;
    long until = transport.isOver() ? transport.seen.endedAtNanos : world.device.elapsedNanos();
    long openNanos = until - transport.seen.readyAtNanos;
    long provenNanos = world.scenario.setup().provenAfter().toNanos();
    require(openNanos >= provenNanos, PROOF, "after", openNanos, "ns of", provenNanos);
    boolean heard = transport.seen.lastSignAtNanos() > transport.seen.openedAtNanos;
    long sinceNanos = tellsAtOnce() ? until - slackNanos() : 0;
    boolean enough = heard && life.pace.didWithoutPongs(sinceNanos);
    boolean alive = transport.seen.ponged || life.pingsUnanswered || enough;
    require(alive, PROOF, "without a pong");
  }

  private void wasProved(Life life, Outage outage, long generation) {
    SimulatedTransport transport = life.byGeneration(generation);
    if (transport == null || !transport.seen.ponged) return;
    Seen seen = transport.seen;
    if (world.device.lastWokenNanos() >= seen.openedAtNanos) return;
    long due = world.scenario.setup().provenAfter().toNanos() + slackNanos();
    if (seen.readyAtNanos == 0) return;
    boolean missing =
        seen.endedAtNanos - seen.readyAtNanos > due && outage.provedGeneration != generation;
    require(!missing, PROOF, "it was open long enough:", generation);
  }

  // ---- Times

  @Override
  void rejected(SimulatedTransport transport, HandshakeRejected rejected) {
    Outage outage = of(transport.life);
    outage.rejection = rejected;
    outage.rejectedAtNanos = world.device.elapsedNanos();
  }

  @Override
  void started(SimulatedTransport transport) {
    Outage outage = of(transport.life);
    keepsBid(transport, outage);
    Waiting waiting = outage.waiting;
    if (waiting == null) return;
    outage.waiting = null;
    long waited = world.device.elapsedNanos() - outage.waitingSinceNanos;
    boolean hurried = transport.life.hurriedAtNanos >= outage.waitingSinceNanos;
    boolean longEnough = hurried || waited >= waiting.delay().toNanos();
    if (!longEnough && world.device.doubts() > outage.doubts) {
      outage.doubts = world.device.doubts();
      return;
    }
    require(longEnough, POLICY, "an attempt after", waited, "ns of", waiting.delay());
  }

  private void keepsBid(SimulatedTransport transport, Outage outage) {
    if (hasSeveralPlaces(transport.life)) return;
    long early = outage.bidUntilNanos - transport.seen.startedAtNanos;
    require(early <= 0, BID, "an attempt came", early, "ns too early");
  }

  @Override
  void stepped(Life life) {
    ConnectionState state = life.state();
    Outage outage = of(life);
    if (!(state instanceof Waiting waiting)) return;
    long now = world.device.elapsedNanos();
    if (!waiting.equals(outage.waiting)) {
      outage.waiting = waiting;
      outage.waitingSinceNanos = now;
    }
    long late = now - outage.waitingSinceNanos - waiting.delay().toNanos();
    boolean awake = isAwakeFor(slackNanos());
    require(!awake || late <= slackNanos(), POLICY, "no attempt", late, "ns after its time");
  }
}
