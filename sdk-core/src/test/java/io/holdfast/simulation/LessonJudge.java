package io.holdfast.simulation;

import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionEvent.HeartbeatIntervalLearned;
import io.holdfast.ConnectionEvent.TransportLost;
import io.holdfast.ConnectionEvent.TransportOpened;
import io.holdfast.ConnectionEvent.WokeUp;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.HeartbeatTimedOut;
import io.holdfast.ConnectionException.Replaced;
import io.holdfast.ConnectionException.StreamBroken;
import io.holdfast.ConnectionState.Closed;
import io.holdfast.ConnectionState.Closing;
import io.holdfast.ConnectionState.Idle;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A heartbeat's memory is asked for each network, and given what silences have taught: a ping that
 * was answered after one, or a loss that only the silence explains. One call at a time.
 */
final class LessonJudge extends Judge {
  private static final String CALLS = "a memory is called one at a time";
  private static final String KEYS = "a memory has what is of a network";
  private static final String ASKED = "what was learnt is remembered";
  private static final String REASON = "only silence teaches";
  private static final long SOON_NANOS = Duration.ofSeconds(90).toNanos();
  private static final long RECENTLY_NANOS = Duration.ofSeconds(60).toNanos();
  private static final int LONGEST_STATE = 150;

  private final Set<Life> calling = new HashSet<>();
  // Of the newest connection.
  private @Nullable Life newest;
  private @Nullable String label;
  private final Set<String> labels = new HashSet<>();
  // What has not been recalled since the network is known.
  private final Set<String> due = new HashSet<>();
  private long dueAtNanos;
  private long toldAtNanos = -1;
  private long savedAtNanos = -1;
  // When something was kept; the loss that explains it may be told a moment later.
  private long unexplainedAtNanos = -1;
  // The longest silence of the newest transport, before and after its last pong.
  private @Nullable SimulatedTransport transport;
  private long silentNanos;
  private long survivedNanos;
  private long survivedAtNanos = -1;
  // When a transport was lost that a silence may explain; whether it has taught anything.
  private long lossAskedAtNanos = -1;
  private @Nullable String lossLabel;
  // When the next one has opened after it.
  private long taughtAtNanos = -1;
  private long wokeAtNanos = Long.MIN_VALUE;

  LessonJudge(World world) {
    super(world);
  }

  private Setup setup() {
    return world.scenario.setup();
  }

  private long now() {
    return world.device.elapsedNanos();
  }

  // ---- Calls

  @Override
  void memoryBegun(Life life) {
    require(calling.add(life) || life.dead, CALLS, life, "calls it twice at once");
  }

  @Override
  void memoryEnded(Life life) {
    calling.remove(life);
  }

  @Override
  void recalled(Life life, String key, @Nullable String state) {
    if (life != newest) return;
    isOfNetwork(key);
    due.remove(key);
  }

  @Override
  void remembered(Life life, String key, String state) {
    boolean line = state.length() <= LONGEST_STATE && state.indexOf('\n') < 0;
    require(line, KEYS, "no line of", LONGEST_STATE, "characters:", state);
    if (life != newest) return;
    isOfNetwork(key);
    savedAtNanos = now();
    toldAtNanos = -1;
    if (isPrompt() && !hadReason(life)) unexplainedAtNanos = now();
  }

  private void isOfNetwork(String key) {
    boolean behind = key.startsWith("background:");
    String name = behind ? key.substring("background:".length()) : key;
    boolean ours = (behind ? learnsBehind() : setup().heart().foreground().learns());
    require(ours && labels.contains(name), KEYS, key, "is not of", labels);
    boolean current = !isPrompt() || name.equals(label);
    require(current, KEYS, key, "and it is on", label);
  }

  private boolean learnsBehind() {
    return setup().background() != null && setup().heart().background().learns();
  }

  private boolean isPrompt() {
    return tellsAtOnce() && !isTroubled();
  }

  private boolean isTroubled() {
    return world.conditions.heldWithin(FaultKind.MEMORY_SLOW, RECENTLY_NANOS)
        || world.conditions.heldWithin(FaultKind.MEMORY_FAILS, RECENTLY_NANOS);
  }

  // ---- Each network is asked about

  @Override
  void stepped(Life life) {
    if (!setup().heart().learns()) return;
    if (life != newest) began(life);
    if (!world.network.toldLabel().equals(label)) moved();
    listens(life);
    if (is(life.state(), Idle.class, Closing.class, Closed.class) || !isPrompt()) {
      due.clear();
      toldAtNanos = -1;
      unexplainedAtNanos = -1;
    }
    if (world.device.asleep()) return;
    boolean missing = !due.isEmpty() && sinceWoken(dueAtNanos) > slackNanos();
    require(!missing, ASKED, "not asked for:", due);
    boolean forgotten = toldAtNanos >= 0 && sinceWoken(toldAtNanos) > slackNanos();
    require(!forgotten, ASKED, "it was told, and not kept");
    boolean explained = unexplainedAtNanos < 0 || sinceWoken(unexplainedAtNanos) <= slackNanos();
    require(explained, REASON, "something was kept at", unexplainedAtNanos);
  }

  private void began(Life life) {
    newest = life;
    label = null;
    labels.clear();
    due.clear();
    toldAtNanos = -1;
    savedAtNanos = -1;
    unexplainedAtNanos = -1;
    lossAskedAtNanos = -1;
    taughtAtNanos = -1;
    wokeAtNanos = Long.MIN_VALUE;
    transport = null;
  }

  private void moved() {
    String to = world.network.toldLabel();
    label = to;
    labels.add(to);
    due.clear();
    dueAtNanos = now();
    if (setup().heart().foreground().learns()) due.add(to);
    if (learnsBehind()) due.add("background:" + to);
  }

  // ---- Lessons

  private void listens(Life life) {
    SimulatedTransport now = life.newest();
    if (now != transport) {
      silentNanos = 0;
      survivedNanos = 0;
    }
    transport = now;
    if (now == null || !now.isOpen()) return;
    // What we send keeps the path alive as well.
    long wroteAtNanos = now.seen.writeProgressAtNanos;
    // What is told as the device wakes was done before.
    boolean toldLate = wroteAtNanos == world.device.lastWokenNanos();
    long heardAtNanos = Math.max(now.seen.lastByteAtNanos, toldLate ? 0 : wroteAtNanos);
    silentNanos = Math.max(silentNanos, now() - heardAtNanos);
  }

  @Override
  void ponged(SimulatedTransport from, int covered) {
    if (from != transport || from.seen.lastPongAtNanos != now()) return;
    // A pong that is none of ours may come at the same moment.
    boolean again = survivedAtNanos == now();
    survivedNanos = again ? Math.max(survivedNanos, silentNanos) : silentNanos;
    survivedAtNanos = now();
    silentNanos = 0;
  }

  @Override
  void event(Life life, ConnectionEvent event) {
    if (life != newest) return;
    if (event instanceof WokeUp) {
      // When it was is not known if it is told later.
      if (tellsAtOnce()) wokeAtNanos = now();
    } else if (event instanceof HeartbeatIntervalLearned told) {
      require(labels.contains(told.label()), KEYS, told, "is not of", labels);
      if (savedAtNanos != now()) toldAtNanos = now();
    } else if (event instanceof TransportLost lost) {
      lost(life, lost);
    } else if (event instanceof TransportOpened && lostBySilence(life)) {
      // As far as is known now: a sleep may be noticed a moment later.
      taughtAtNanos = now();
      unexplainedAtNanos = -1;
    }
  }

  private void lost(Life life, TransportLost lost) {
    lossAskedAtNanos = -1;
    SimulatedTransport gone = life.byGeneration(lost.generation());
    if (gone == null || !isBySilence(lost.cause())) return;
    boolean asked = gone.seen.awaitsPong() || gone.isWriting();
    if (!asked) return;
    lossAskedAtNanos = gone.seen.lastPingAtNanos;
    lossLabel = label;
  }

  private static boolean isBySilence(ConnectionException cause) {
    return is(cause, HeartbeatTimedOut.class, StreamBroken.class, Replaced.class);
  }

  private boolean hadReason(Life life) {
    boolean taught = taughtAtNanos >= 0 && now() - taughtAtNanos <= slackNanos();
    return taught || answered() || lostBySilence(life);
  }

  private boolean answered() {
    SimulatedTransport newest = transport;
    if (newest == null || now() - newest.seen.lastPongAtNanos > slackNanos()) return false;
    double least = Learnt.ABOUT * shortestNanos(newest.life) - slackNanos();
    return survivedNanos >= least;
  }

  private static double shortestNanos(Life life) {
    return life.pace.shortestInterval(Long.MAX_VALUE).toNanos();
  }

  private boolean lostBySilence(Life life) {
    boolean soon = lossAskedAtNanos >= 0 && now() - lossAskedAtNanos <= SOON_NANOS + slackNanos();
    boolean undisturbed =
        wokeAtNanos < lossAskedAtNanos && life.pace.switchedAtNanos() < lossAskedAtNanos;
    return soon && undisturbed && world.network.toldLabel().equals(lossLabel);
  }
}
