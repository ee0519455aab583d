package io.holdfast.simulation;

import io.holdfast.AdaptiveInterval;
import io.holdfast.Heartbeat;
import io.holdfast.HeartbeatMemory;
import io.holdfast.LifeSign;
import java.time.Duration;
import java.util.List;

/**
 * How the connection finds out whether its peer is alive, and what the peer does for it.
 *
 * @param foreground in use while the app is looked at
 * @param background in use otherwise, if that heartbeat is another
 * @param ignoresPings whether the server answers no pings at all
 * @param chatPercent how often a server that is only listened to says something: of the interval
 * @param throwsEach which messages the app's matcher throws at; zero for none
 */
record Heart(
    Beat foreground, Beat background, boolean ignoresPings, int chatPercent, int throwsEach) {

  /** What one heartbeat goes by. */
  enum Kind {
    /** Pings after an interval. */
    PINGS,
    /** Pings after an interval that is learnt. */
    LEARNS,
    /** A message of the app's after an interval. */
    ASKS,
    /** What the peer says by itself. */
    LISTENS
  }

  /**
   * One of the two.
   *
   * @param least the shortest interval, if it is learnt
   * @param most the longest one
   */
  record Beat(Kind kind, Duration least, Duration most) {
    private static final Beat PINGING = of(Kind.PINGS);

    private static Beat of(Kind kind) {
      return new Beat(kind, Duration.ZERO, Duration.ZERO);
    }

    private static Beat learning(Dice dice) {
      long least = dice.skewed(1_000, 8_000);
      long most = Math.min(240_000, least * dice.skewed(1, 60));
      return new Beat(Kind.LEARNS, Duration.ofMillis(least), Duration.ofMillis(most));
    }

    boolean learns() {
      return kind == Kind.LEARNS;
    }

    /** Whether a peer that answers no pings will do. */
    boolean doesWithoutPongs() {
      return kind == Kind.ASKS || kind == Kind.LISTENS;
    }

    Heartbeat of(Heartbeat plain, HeartbeatMemory memory, LifeSign asking) {
      return switch (kind) {
        case PINGS -> plain;
        case LEARNS -> plain.withInterval(new AdaptiveInterval(least, most, memory));
        case ASKS -> plain.withSign(asking);
        case LISTENS -> plain.withSign(LifeSign.PEER_TRAFFIC);
      };
    }
  }

  private static final List<Kind> OTHERS = List.of(Kind.ASKS, Kind.LISTENS);

  static Heart of(Dice dice) {
    if (dice.oneIn(4)) return learning(dice);
    if (dice.below(9) >= 2) return new Heart(Beat.PINGING, Beat.PINGING, false, 0, 0);
    Kind kind = dice.one(OTHERS);
    boolean foreground = !dice.oneIn(5);
    boolean background = !foreground || dice.oneIn(2);
    return new Heart(
        foreground ? Beat.of(kind) : Beat.PINGING,
        background ? Beat.of(dice.oneIn(4) ? dice.one(OTHERS) : kind) : Beat.PINGING,
        // Whoever is pinged in the foreground must answer once all is well.
        foreground && dice.oneIn(2),
        (int) dice.between(20, 90),
        dice.oneIn(3) ? (int) dice.between(2, 20) : 0);
  }

  private static Heart learning(Dice dice) {
    int which = dice.below(3);
    return new Heart(
        which == 0 ? Beat.PINGING : Beat.learning(dice),
        which == 1 ? Beat.PINGING : Beat.learning(dice),
        false,
        0,
        0);
  }

  /** Returns the same where there is no other heartbeat for the background. */
  Heart withOneBeat() {
    return new Heart(foreground, foreground, ignoresPings, chatPercent, throwsEach);
  }

  boolean learns() {
    return foreground.learns() || background.learns();
  }

  boolean has(Kind kind) {
    return foreground.kind() == kind || background.kind() == kind;
  }

  /** Whether one of them does without pongs. */
  boolean hasOtherSigns() {
    return has(Kind.ASKS) || has(Kind.LISTENS);
  }

  /** Whether the app's matcher throws at the message with this number. */
  boolean throwsAt(long number) {
    return throwsEach > 0 && number % throwsEach == 1;
  }
}
