package io.holdfast.simulation;

import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionEvent.AttemptFailed;
import io.holdfast.ConnectionException.HandshakeRejected;
import io.holdfast.ConnectionException.RequestTimedOut;
import io.holdfast.ConnectionState.Connecting;
import io.holdfast.ConnectionState.Phase;
import io.holdfast.RequestContext;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request that is asked for has its time and no more, an answer that comes later changes nothing,
 * and fresh credentials are asked for exactly after the last ones were refused.
 */
final class SupplyJudge extends Judge {
  private static final String TIME = "a request has its time";
  private static final String ANSWER = "only a request that was supplied is used";
  private static final String CREDENTIALS = "credentials are fresh after a refusal";

  // Of the newest connection.
  private @Nullable Life newest;
  private @Nullable Asked last;
  // Those that no attempt has begun with.
  private final Map<Long, Asked> unused = new HashMap<>();
  // Since the last request that was supplied.
  private boolean refused;
  private long refusedUntilNanos = Long.MIN_VALUE;

  private static final class Asked {
    final long atNanos;
    long answeredAtNanos = Long.MAX_VALUE;
    // The attempt has gone further, or is over.
    boolean over;

    private Asked(long atNanos) {
      this.atNanos = atNanos;
    }
  }

  SupplyJudge(World world) {
    super(world);
  }

  @Override
  void requestAsked(Life life, long number, RequestContext context) {
    if (life != newest) {
      newest = life;
      refused = false;
      refusedUntilNanos = Long.MIN_VALUE;
      unused.clear();
    }
    last = new Asked(world.device.elapsedNanos());
    unused.put(number, last);
    boolean fresh = context.refreshCredentials();
    // A thread may ask for an attempt that is overtaken by now.
    boolean may = refused || last.atNanos - slackNanos() <= refusedUntilNanos;
    require(!fresh || may, CREDENTIALS, "asked for, after", context.lastFailure());
    boolean due =
        refused && context.lastFailure() != null && Policy.isRefusal(context.lastFailure());
    require(fresh || !due, CREDENTIALS, "not asked for, after", context.lastFailure());
  }

  @Override
  void requestAnswered(Life life, long number) {
    Asked asked = unused.get(number);
    if (life == newest && asked != null) asked.answeredAtNanos = world.device.elapsedNanos();
  }

  @Override
  void rejected(SimulatedTransport transport, HandshakeRejected rejected) {
    if (transport.life != newest || !Policy.isRefusal(rejected)) return;
    refused = true;
    refusedUntilNanos = world.device.elapsedNanos();
  }

  @Override
  void started(SimulatedTransport transport) {
    if (transport.life != newest) return;
    if (refused) refusedUntilNanos = world.device.elapsedNanos();
    refused = false;
    // Threads may ask for two attempts in any order.
    boolean answered = unused.values().removeIf(this::isAnsweredInTime);
    require(answered, ANSWER, "an attempt begins without one");
  }

  private boolean isAnsweredInTime(Asked asked) {
    boolean slept = world.device.lastWokenNanos() >= asked.atNanos;
    long tookNanos = asked.answeredAtNanos - asked.atNanos;
    return asked.answeredAtNanos != Long.MAX_VALUE
        && (slept || tookNanos <= timeoutNanos() + slackNanos());
  }

  @Override
  void event(Life life, ConnectionEvent event) {
    Asked asked = last;
    if (life != newest || asked == null || !(event instanceof AttemptFailed failed)) return;
    if (!(failed.cause() instanceof RequestTimedOut) || !tellsAtOnce()) return;
    long waited = world.device.elapsedNanos() - asked.atNanos;
    // The next one has been asked for at the same moment.
    if (waited == 0) return;
    require(waited + slackNanos() >= timeoutNanos(), TIME, failed, "after", waited, "ns");
  }

  @Override
  void stepped(Life life) {
    Asked asked = last;
    if (life != newest || asked == null || world.device.asleep()) return;
    asked.over |=
        !(life.state() instanceof Connecting connecting) || connecting.phase() != Phase.REQUEST;
    if (asked.over) return;
    long late = sinceWoken(asked.atNanos) - timeoutNanos();
    require(late <= slackNanos(), TIME, life, "waits", late, "ns too long for a request");
  }

  private long timeoutNanos() {
    return world.scenario.setup().requestTimeout().toNanos();
  }
}
