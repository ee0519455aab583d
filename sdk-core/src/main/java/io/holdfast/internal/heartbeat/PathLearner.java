package io.holdfast.internal.heartbeat;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Learns from one connection's pings how long the network in use may be silent.
 *
 * <p>A ping after a silence is a trial. Its pong says that the silence was survived. If the
 * transport is lost instead, and the next one opens on the same network soon after, the silence was
 * too long; if it does not, if the device slept or went to another network, the loss says nothing.
 */
public final class PathLearner {
  private static final long SOON_NANOS = Duration.ofSeconds(90).toNanos();
  // Of the interval: with traffic in between the path was not silent for it.
  private static final double ABOUT = 0.9;

  private final Duration min;
  private final Duration max;
  private IntervalLearner network;
  private String label = "";
  private boolean recalled;
  private @Nullable Duration settledOn;

  // The silence before the ping that is out.
  private @Nullable Duration trial;
  private long askedAtNanos;
  // The one that a lost transport failed, until it is known whether that means anything.
  private @Nullable Duration failed;

  /**
   * What is new.
   *
   * @param state to be remembered for the label
   * @param settledOn the interval to keep to from now on; null if it is as before, or not yet known
   */
  public record Lesson(String label, String state, @Nullable Duration settledOn) {}

  /** Knows nothing yet. */
  public PathLearner(Duration min, Duration max) {
    this.min = min;
    this.max = max;
    network = new IntervalLearner(min, max);
  }

  /** Returns how long to be silent next. */
  public Duration interval() {
    return network.interval();
  }

  // ---- The network

  /** Another network is in use, of which nothing is known until {@link #recall}. */
  public void moved(String label) {
    this.label = label;
    network = new IntervalLearner(min, max);
    recalled = false;
    settledOn = null;
    disturbed();
  }

  /** Goes on with what is remembered of a network, unless it is no longer the one in use. */
  public void recall(String label, @Nullable String state) {
    if (!label.equals(this.label) || recalled) return;
    recalled = true;
    network.recall(state);
    settledOn = network.settledOn();
  }

  /** The device slept, or something else happened for which a loss is not the silence's. */
  public void disturbed() {
    trial = null;
    failed = null;
  }

  // ---- Trials

  /** A ping is sent after a silence, in which no byte came and none went. */
  public void asked(Duration silence, long nowNanos) {
    askedAtNanos = nowNanos;
    boolean silent = silence.toMillis() >= interval().toMillis() * ABOUT;
    trial = silent ? silence : null;
  }

  /** The ping was answered. */
  public @Nullable Lesson answered() {
    Duration silence = trial;
    trial = null;
    if (silence == null) return null;
    String before = network.state();
    network.survived(silence);
    return lesson(before);
  }

  /**
   * The transport is lost.
   *
   * @param unanswered whether because nothing more came from the peer, or a reset in answer
   */
  public void lost(boolean unanswered) {
    failed = unanswered ? trial : null;
    trial = null;
  }

  /** The next transport has opened. */
  public @Nullable Lesson opened(long nowNanos) {
    Duration silence = failed;
    disturbed();
    if (silence == null || nowNanos - askedAtNanos > SOON_NANOS) return null;
    String before = network.state();
    network.lost(silence);
    return lesson(before);
  }

  private @Nullable Lesson lesson(String before) {
    // What was learnt before the memory answered is at least as good.
    recalled = true;
    String state = network.state();
    if (state.equals(before)) return null;
    @Nullable Duration was = settledOn;
    settledOn = network.settledOn();
    boolean news = settledOn != null && !settledOn.equals(was);
    return new Lesson(label, state, news ? settledOn : null);
  }
}
