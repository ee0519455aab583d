package io.holdfast.simulation;

import static java.util.Objects.requireNonNull;

import io.holdfast.ConnectionException;
import io.holdfast.ConnectionState;
import io.holdfast.ConnectionState.Closed;
import io.holdfast.ConnectionState.Closing;
import io.holdfast.ConnectionState.Connecting;
import io.holdfast.ConnectionState.Idle;
import io.holdfast.ConnectionState.Offline;
import io.holdfast.ConnectionState.Open;
import io.holdfast.ConnectionState.Waiting;
import io.holdfast.Message;
import io.holdfast.QueueSnapshot;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What the app and the device ask for is done, and in time. */
final class RequestJudge extends Judge {
  private static final String RESTS = "rests while it should";
  private static final String DRAIN = "drain ends in time";
  private static final String PING = "a ping goes at once";
  private static final String EXPIRES = "expires in time";
  private static final String SPARING = "pings are few";

  // Of the newest connection.
  private @Nullable Life newest;
  private long unavailableSinceNanos = -1;
  private long emptySinceNanos = -1;
  private @Nullable SimulatedTransport asked;
  private long askedAtNanos;
  private long lastAskNanos;
  // What is asked of a device that sleeps is done once it wakes.
  private boolean lastAskSlept;
  private boolean hurriedAsleep;
  private boolean attemptIsForced;
  private @Nullable Waiting hurriedWaiting;
  private long hurriedAtNanos;
  // An attempt that began before the network changed, and when that was.
  private @Nullable SimulatedTransport overtaken;
  private long overtakenAtNanos;
  // Sleeps after which it has asked.
  private int doubts;
  // Messages that its protocol had no words for, at the last ping.
  private int unspokenBefore;

  RequestJudge(World world) {
    super(world);
  }

  @Override
  void stepped(Life life) {
    if (life != newest) {
      newest = life;
      emptySinceNanos = -1;
      asked = null;
      unspokenBefore = unspoken(life);
    }
    boolean available = world.network.isAvailable();
    if (available) unavailableSinceNanos = -1;
    else if (unavailableSinceNanos < 0) unavailableSinceNanos = world.device.elapsedNanos();
    if (available) life.forced = false;
    if (world.device.asleep()) return;
    if (isAwakeFor(slackNanos())) hurriedAsleep = false;
    if (!(life.state() instanceof Connecting)) attemptIsForced = false;
    rests(life, life.state());
    hurries(life.state());
    beginsAnew(life);
    drains(life, life.state());
    pings(life);
  }

  // ---- Suspended, or without a network

  private void rests(Life life, ConnectionState state) {
    if (life.suspended && sinceWoken(life.suspendedSinceNanos) > slackNanos()) {
      boolean rests = is(state, Idle.class, Offline.class, Closing.class, Closed.class);
      require(rests, RESTS, state, "although suspended");
    }
    if (hasNoNetwork()) {
      boolean goesOn = is(state, Open.class, Waiting.class);
      goesOn |= state instanceof Connecting && !attemptIsForced && !life.forced;
      require(!goesOn, RESTS, state, "although there is no network");
    }
  }

  private boolean hasNoNetwork() {
    return unavailableSinceNanos >= 0 && sinceWoken(unavailableSinceNanos) > slackNanos();
  }

  @Override
  void attempted(Life life) {
    if (life != newest || unavailableSinceNanos < 0) return;
    attemptIsForced = life.forced || hurriedAsleep;
    life.forced = false;
    boolean may = attemptIsForced || !hasNoNetwork();
    require(may, RESTS, "an attempt although there is no network");
  }

  // ---- Haste

  @Override
  void hurried(Life life) {
    hurriedAsleep |= world.device.asleep();
    if (!(life.state() instanceof Waiting waiting)) return;
    ConnectionException cause = waiting.cause();
    if (Policy.bidMillis(cause) > 0 || life.isAskedToWait()) return;
    hurriedWaiting = waiting;
    hurriedAtNanos = world.device.elapsedNanos();
  }

  @Override
  void networkChanged(Life life) {
    SimulatedTransport attempt = life.newest();
    boolean under = life.state() instanceof Connecting && attempt != null && !attempt.isOver();
    overtaken = under ? attempt : null;
    overtakenAtNanos = world.device.elapsedNanos();
    // It may have begun only now.
    if (attempt != null && attempt.seen.startedAtNanos == overtakenAtNanos) overtaken = null;
  }

  private void beginsAnew(Life life) {
    SimulatedTransport old = overtaken;
    if (old == null) return;
    if (old.isOver() || old.life != life || !(life.state() instanceof Connecting)) overtaken = null;
    boolean goesOn = overtaken != null && sinceWoken(overtakenAtNanos) > slackNanos();
    require(!goesOn, "an attempt on the old network is given up", life.state());
  }

  private void hurries(ConnectionState state) {
    // The very same: another may follow at once.
    boolean waits = state == hurriedWaiting && sinceWoken(hurriedAtNanos) > slackNanos();
    require(!waits, "haste ends a wait", state);
  }

  // ---- Drains

  private void drains(Life life, ConnectionState state) {
    if (life.drainsByNanos == Long.MAX_VALUE || is(state, Closing.class, Closed.class)) return;
    // Whoever asks a device that sleeps has asked once it wakes.
    long sinceNanos = sinceWoken(life.drainsByNanos - life.drainDeadline.toNanos());
    require(sinceNanos <= life.drainDeadline.toNanos() + slackNanos(), DRAIN, state);
    QueueSnapshot queue = life.connection.queue();
    if (queue.queued() + queue.inFlight() > 0) emptySinceNanos = -1;
    else if (emptySinceNanos < 0) emptySinceNanos = world.device.elapsedNanos();
    boolean done = emptySinceNanos >= 0 && sinceWoken(emptySinceNanos) > slackNanos();
    require(!done, DRAIN, state, "although all is delivered");
  }

  // ---- Pings

  @Override
  void begun(SimulatedTransport transport, boolean readOn) {
    if (!world.scenario.setup().speaks()) asksPing(transport);
  }

  @Override
  void welcomed(SimulatedTransport transport, Message welcome) {
    asksPing(transport);
  }

  @Override
  void pingAsked(Life life) {
    SimulatedTransport transport = life.newest();
    if (transport != null && life.state() instanceof Open) asksPing(transport);
  }

  // What the first one has is to be confirmed.
  @Override
  void openedBeside(SimulatedTransport second) {
    lastAskNanos = world.device.elapsedNanos();
    lastAskSlept = false;
  }

  private void asksPing(SimulatedTransport transport) {
    lastAskNanos = world.device.elapsedNanos();
    lastAskSlept = world.device.asleep();
    if (asked == transport) return;
    asked = transport;
    askedAtNanos = world.device.elapsedNanos();
  }

  @Override
  void pinged(SimulatedTransport transport) {
    isSpaced(transport);
    unspokenBefore = unspoken(transport.life);
    if (transport == asked) asked = null;
  }

  @Override
  void questioned(SimulatedTransport transport) {
    if (transport == asked) asked = null;
  }

  @Override
  void questionMissing(Life life) {
    if (life == newest) asked = null;
  }

  private void pings(Life life) {
    SimulatedTransport transport = asked;
    if (transport == null) return;
    // Then it goes later, or is asked for again.
    boolean able =
        transport == life.newest()
            && transport.isOpen()
            && !transport.isClosing()
            && !transport.isWriting()
            && !transport.readerPaused();
    if (!able) asked = null;
    else require(sinceWoken(askedAtNanos) <= slackNanos(), PING, "none after", askedAtNanos);
  }

  // Some public servers count control frames against a limit.
  private void isSpaced(SimulatedTransport transport) {
    Setup setup = world.scenario.setup();
    Seen seen = transport.seen;
    long now = world.device.elapsedNanos();
    long sincePing = now - seen.lastPingAtNanos;
    if (seen.lastPingAtNanos == 0 || sincePing >= setup.barrierSpacing().toNanos()) return;
    // What was asked for just before the last ping may have come too late for it.
    long reasonNanos = seen.lastPingAtNanos - slackNanos();
    long askNanos = lastAskSlept ? now - sinceWoken(lastAskNanos) : lastAskNanos;
    boolean asked = askNanos >= reasonNanos || seen.resumeAskedAtNanos >= reasonNanos;
    // What a protocol could not encode was taken, too.
    int unspoken = unspoken(transport.life) - unspokenBefore;
    int taken = seen.handedMessages - seen.pingedMessages + unspoken;
    boolean many =
        taken >= setup.maxQueuedMessages() / 4
            || seen.handedBytes - seen.pingedBytes >= setup.maxQueuedBytes() / 4;
    Pace pace = transport.life.pace;
    long sinceNanos = seen.lastByteAtNanos - slackNanos();
    long timeout = pace.shortestTimeout(sinceNanos).toNanos();
    long interval = pace.shortestInterval(sinceNanos).toNanos();
    long silentNanos = Math.max(now - seen.lastByteAtNanos, seen.silentAtPingNanos + slackNanos());
    boolean silent = silentNanos >= Math.min(timeout, interval);
    boolean unanswered = seen.longestAnswerSincePingNanos(now) >= timeout;
    boolean reason = asked || many || silent || unanswered || transport.life.refusing;
    if (!reason && world.device.doubts() > doubts) {
      doubts = world.device.doubts();
      return;
    }
    require(reason, SPARING, "another after", sincePing, "ns");
  }

  private static int unspoken(Life life) {
    return life.protocol == null ? 0 : life.protocol.unspoken();
  }

  // ---- Times to live

  @Override
  void accepted(Sent sent) {
    Duration timeToLive = sent.options.timeToLive();
    if (timeToLive != null) world.agenda.after(timeToLive.toNanos(), () -> expires(sent));
  }

  @Override
  void left(Sent sent) {
    if (sent.options.timeToLive() == null) return;
    world.agenda.after(dueNanos(sent) - world.device.elapsedNanos(), () -> expires(sent));
  }

  private static long dueNanos(Sent sent) {
    return sent.sentAtNanos + requireNonNull(sent.options.timeToLive()).toNanos();
  }

  private void expires(Sent sent) {
    if (sent.life.dead || sent.fate() != null || isTaken(sent)) return;
    long dueNanos = dueNanos(sent);
    long lateNanos = sinceWoken(Math.max(dueNanos, lastGivenUp(sent)));
    boolean known = !sent.isUntold() && !world.device.asleep();
    boolean late = known && lateNanos > slackNanos();
    require(!late, EXPIRES, sent, "is", lateNanos, "ns late");
    world.agenda.after(1_000_000_000L, () -> expires(sent));
  }

  private static boolean isTaken(Sent sent) {
    SimulatedTransport last = last(sent);
    return last != null && !last.isOver();
  }

  private static long lastGivenUp(Sent sent) {
    SimulatedTransport last = last(sent);
    return last == null ? 0 : last.seen.endedAtNanos;
  }

  private static @Nullable SimulatedTransport last(Sent sent) {
    return sent.handedOn.isEmpty() ? null : sent.handedOn.get(sent.handedOn.size() - 1);
  }
}
