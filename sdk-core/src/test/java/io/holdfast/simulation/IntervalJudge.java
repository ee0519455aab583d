package io.holdfast.simulation;

import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionEvent.HeartbeatIntervalLearned;
import io.holdfast.ConnectionEvent.TransportLost;
import io.holdfast.ConnectionEvent.TransportOpened;
import io.holdfast.ConnectionException.HeartbeatTimedOut;
import io.holdfast.ConnectionState.Open;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An interval that is learnt is what the documentation says of it: within its bounds, the least at
 * first, twice as long after each silence that was survived, never longer than one that was lost,
 * what was told from then on, and what was remembered in the next life. Before its end nobody is
 * asked.
 */
final class IntervalJudge extends ReasonJudge {
  private static final String LONG = "no silence is longer than what was learnt";
  private static final String SHORT = "no silence is cut short";
  private static final String TOLD = "what is told was learnt";
  private static final long SOON_NANOS = Duration.ofSeconds(85).toNanos();

  // Of the newest connection, on the network that it was told of last.
  private @Nullable Life newest;
  private String label = "";
  private @Nullable Learnt foreground;
  private @Nullable Learnt background;
  private @Nullable Trial trial;
  private @Nullable Trial failed;
  private long movedAtNanos;
  // The longest silence since the last pong.
  private @Nullable SimulatedTransport silent;
  private long silentNanos;
  // By key and what was kept for it.
  private final Map<String, Learnt> kept = new HashMap<>();
  private @Nullable Learnt newestKept;
  private long keptAtNanos;
  private long toldAtNanos;

  // A ping that nobody else asked for: after how long a silence.
  private record Trial(
      SimulatedTransport transport, long quietNanos, long atNanos, String label, int doubts) {}

  IntervalJudge(World world) {
    super(world);
  }

  private boolean learns(Life life) {
    return life == newest && life.pace.beat().learns();
  }

  // Null if the one in force has a fixed interval.
  private @Nullable Learnt learnt(Life life) {
    return life.pace.isInBackground() ? background : foreground;
  }

  // ---- The path

  @Override
  void stepped(Life life) {
    if (life != newest || !label.equals(world.network.toldLabel())) moved(life);
    SimulatedTransport transport = life.newest();
    if (transport != silent) silentNanos = 0;
    silent = transport;
    if (transport == null || !transport.isOpen() || !learns(life)) return;
    silentNanos = Math.max(silentNanos, now() - transport.seen.lastByteAtNanos);
    if (!world.device.asleep()) isAskedInTime(life, transport);
  }

  private void moved(Life life) {
    newest = life;
    label = world.network.toldLabel();
    Heart heart = world.scenario.setup().heart();
    boolean one = world.scenario.setup().background() == null;
    foreground = unknown(heart.foreground());
    background = one ? foreground : unknown(heart.background());
    trial = null;
    failed = null;
    movedAtNanos = now();
    reason();
  }

  private static @Nullable Learnt unknown(Heart.Beat beat) {
    return beat.learns() ? new Learnt(beat) : null;
  }

  private @Nullable Learnt of(String key) {
    if (key.equals(label)) return foreground;
    return key.equals("background:" + label) ? background : null;
  }

  @Override
  void recalled(Life life, String key, @Nullable String state) {
    Learnt learnt = of(key);
    if (life != newest || learnt == null || state == null) return;
    Learnt known = kept.get(key + "\n" + state);
    if (known == null || !isPrompt()) learnt.unknown();
    else learnt.become(known);
  }

  @Override
  void remembered(Life life, String key, String state) {
    Learnt learnt = of(key);
    if (life != newest || learnt == null) return;
    if (isPrompt()) {
      if (toldAtNanos != now()) learnt.told(null);
      newestKept = learnt.copy();
    } else {
      // More may have been learnt since, or less.
      learnt.told(null);
      newestKept = learnt.copy();
      newestKept.unknown();
    }
    keptAtNanos = now();
    kept.put(key + "\n" + state, newestKept);
  }

  // What one that throws was to keep is not known.
  @Override
  void memoryBegun(Life life) {
    if (life != newest || !world.conditions.heldWithin(FaultKind.MEMORY_FAILS, SOON_NANOS)) return;
    if (foreground != null) foreground.told(null);
    if (background != null) background.told(null);
  }

  private boolean isPrompt() {
    return tellsAtOnce() && !world.conditions.heldWithin(FaultKind.MEMORY_SLOW, SOON_NANOS);
  }

  // ---- Not too late

  private void isAskedInTime(Life life, SimulatedTransport transport) {
    Seen seen = transport.seen;
    boolean idle = life.state() instanceof Open && transport.isInUse() && !transport.isWriting();
    // What a writer that was held up was asked for comes at once.
    idle &= now() - seen.writeProgressAtNanos > slackNanos();
    Learnt learnt = learnt(life);
    if (!idle || transport.readerPaused() || seen.awaitsPong() || learnt == null) return;
    long since = Math.max(seen.lastSignAtNanos(), life.pace.switchedAtNanos());
    long silence = sinceWoken(Math.max(since, movedAtNanos));
    long most = learnt.longestNanos() + slackNanos();
    require(silence <= most, LONG, "silent for", silence, "ns of", learnt.longestNanos());
  }

  // ---- Not too soon

  @Override
  void pinged(SimulatedTransport transport) {
    Life life = transport.life;
    Seen seen = transport.seen;
    if (life != newest || seen.awaitsPong()) return;
    trial = null;
    if (life.pace.beat().doesWithoutPongs() || !isOwn(transport)) return;
    Learnt learnt = learnt(life);
    long shortest = life.pace.shortestInterval(now() - slackNanos()).toNanos();
    long least = learnt == null ? shortest : learnt.shortestNanos();
    // A writer that was slow may tell of the last ping only now, after its pong.
    long silence = Math.max(now() - seen.lastByteAtNanos, seen.silentAtPingNanos + slackNanos());
    require(silence >= least, SHORT, "asked after", silence, "ns of", least);
    if (learnt == null) return;
    long quiet = now() - Math.max(seen.lastByteAtNanos, seen.writeProgressAtNanos);
    boolean counts = quiet >= Learnt.ABOUT * learnt.longestNanos();
    if (counts) trial = new Trial(transport, quiet, now(), label, world.device.doubts());
  }

  // Nothing else gives a reason, nor does a message that is to be confirmed.
  private boolean isOwn(SimulatedTransport transport) {
    Seen seen = transport.seen;
    boolean confirms = seen.handedMessages > seen.pingedMessages || world.scenario.setup().speaks();
    // What a writer that is held up was asked for goes later.
    boolean idle = now() - seen.writeProgressAtNanos > slackNanos();
    boolean known = tellsAtOnce() && idle && seen.lastPingAtNanos > 0 && !transport.life.refusing;
    return known && !confirms && !hadReason(transport, seen.lastPingAtNanos);
  }

  // ---- What came of it

  @Override
  void ponged(SimulatedTransport transport, int covered) {
    Life life = transport.life;
    Learnt learnt = learnt(life);
    if (!learns(life) || learnt == null || transport.seen.lastPongAtNanos != now()) return;
    Trial answered = trial;
    trial = null;
    if (transport == silent) learnt.perhapsSurvived(silentNanos);
    silentNanos = 0;
    if (answered == null || answered.transport() != transport || !isUndisturbed(answered)) return;
    learnt.survived(answered.quietNanos());
  }

  private boolean isUndisturbed(Trial tried) {
    long at = tried.atNanos();
    return tried.doubts() == world.device.doubts()
        && wokeAtNanos() < at
        && tried.transport().life.pace.switchedAtNanos() < at
        && tried.label().equals(label);
  }

  @Override
  void ended(SimulatedTransport transport) {
    boolean asked = transport.seen.awaitsPong() || transport.isWriting() || !tellsAtOnce();
    if (transport.life != newest || !asked) return;
    long silence = now() - transport.seen.lastByteAtNanos;
    long atPing = transport.seen.silentAtPingNanos;
    if (foreground != null) foreground.perhapsLost(silence, atPing);
    if (background != null) background.perhapsLost(silence, atPing);
  }

  @Override
  void event(Life life, ConnectionEvent event) {
    super.event(life, event);
    if (life != newest) return;
    if (event instanceof TransportLost lost) {
      boolean silence = lost.cause() instanceof HeartbeatTimedOut && tellsAtOnce();
      Trial tried = trial;
      boolean same = tried != null && tried.transport().seen.generation == lost.generation();
      failed = silence && same ? tried : null;
      trial = null;
    } else if (event instanceof TransportOpened) {
      opened(life);
    } else if (event instanceof HeartbeatIntervalLearned told) {
      learnt(life, told);
    }
  }

  private void opened(Life life) {
    Trial tried = failed;
    failed = null;
    Learnt learnt = learnt(life);
    if (tried == null || learnt == null || !tellsAtOnce() || !isUndisturbed(tried)) return;
    if (now() - tried.atNanos() <= SOON_NANOS) learnt.lost(tried.quietNanos());
  }

  private void learnt(Life life, HeartbeatIntervalLearned told) {
    Learnt learnt = learnt(life);
    if (!tellsAtOnce() || !told.label().equals(label) || learnt == null) return;
    require(learnt.mayBeTold(told.interval()), TOLD, told, "of", learnt.longestNanos());
    boolean prompt = isPrompt() && life.pace.switchedAtNanos() < now() - slackNanos();
    if (!prompt) return;
    toldAtNanos = now();
    learnt.told(told.interval());
    if (keptAtNanos == now() && newestKept != null) newestKept.told(told.interval());
  }
}
