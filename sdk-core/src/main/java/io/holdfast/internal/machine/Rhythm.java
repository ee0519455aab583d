package io.holdfast.internal.machine;

import io.holdfast.AdaptiveInterval;
import io.holdfast.Heartbeat;
import io.holdfast.LifeSign;
import io.holdfast.internal.heartbeat.PathLearner;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A heartbeat whose interval may be learnt for each network. */
final class Rhythm {
  private final Heartbeat heartbeat;
  private final boolean background;
  // Null for a fixed interval.
  private final @Nullable PathLearner path;

  Rhythm(Heartbeat heartbeat, boolean background) {
    this.heartbeat = heartbeat;
    this.background = background;
    AdaptiveInterval adaptive = heartbeat.adaptive();
    path = adaptive == null ? null : new PathLearner(adaptive.min(), adaptive.max());
  }

  boolean isLearnt() {
    return path != null;
  }

  /** With the interval for the next silence. */
  Heartbeat heartbeat() {
    if (path == null) return heartbeat;
    return new Heartbeat(path.interval(), heartbeat.timeout(), heartbeat.promptTimeout());
  }

  /** Whether the peer need not answer pings. */
  boolean doesWithoutPongs() {
    return !(heartbeat.sign() instanceof LifeSign.Pong);
  }

  // ---- The network

  void moved(String label) {
    if (path != null) path.moved(label);
  }

  Effect.RecallInterval recall(String label) {
    return new Effect.RecallInterval(background, label);
  }

  void recalled(Event.IntervalRecalled recalled) {
    if (path != null && recalled.background() == background) {
      path.recall(recalled.label(), recalled.state());
    }
  }

  /** Whatever is lost next is not the silence's fault. */
  void disturbed() {
    if (path != null) path.disturbed();
  }

  // ---- Trials

  /** A ping is sent since the peer was silent. */
  void asked(Snapshot snapshot) {
    if (path == null) return;
    long now = snapshot.nowNanos();
    // Whichever was later: what we send keeps the path alive as well.
    long silenceNanos =
        Math.min(now - snapshot.lastByteAtNanos(), now - snapshot.writeProgressAtNanos());
    path.asked(Duration.ofNanos(silenceNanos), now);
  }

  PathLearner.@Nullable Lesson answered() {
    return path == null ? null : path.answered();
  }

  void lost(boolean unanswered) {
    if (path != null) path.lost(unanswered);
  }

  PathLearner.@Nullable Lesson opened(long nowNanos) {
    return path == null ? null : path.opened(nowNanos);
  }

  Effect.RememberInterval remember(PathLearner.Lesson lesson) {
    return new Effect.RememberInterval(background, lesson.label(), lesson.state());
  }
}
