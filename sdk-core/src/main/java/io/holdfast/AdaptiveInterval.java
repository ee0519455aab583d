package io.holdfast;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * A {@link Heartbeat}'s interval that is learnt for each network: the longest silence that its path
 * survives. An address translator (NAT) on the way forgets a connection that is silent for too
 * long, and tells nobody.
 *
 * <p>It begins with {@code min}, doubles while pings after a silence are answered, and comes back
 * once they are not: a limit costs three to five transports to find, and is then kept to with 1 to
 * 20 % to spare. Each day of silences costs one more, to see whether the limit has grown. A loss
 * counts only if the transport was silent for the interval, its ping went unanswered, and the next
 * transport opened on the same network soon after; neither after sleep nor after a change of
 * networks.
 *
 * <p>A dead peer is found only after the interval, so this is for connections that are held for
 * long and are mostly silent: one in the background, or one whose app cares for the battery.
 *
 * @param min the shortest interval, and the first on a network; 20 s by default
 * @param max the longest one; 30 minutes by default
 * @param memory keeps what was learnt; {@link HeartbeatMemory#ofProcess} by default
 */
public record AdaptiveInterval(Duration min, Duration max, HeartbeatMemory memory) {
  private static final Duration SECOND = Duration.ofSeconds(1);

  /** From 20 s to 30 minutes, remembered by the process. */
  public static final AdaptiveInterval DEFAULT =
      new AdaptiveInterval(
          Duration.ofSeconds(20), Duration.ofMinutes(30), HeartbeatMemory.ofProcess());

  /**
   * Checks the bounds.
   *
   * @throws IllegalArgumentException if {@code min} is shorter than a second or longer than {@code
   *     max}
   */
  public AdaptiveInterval {
    requireNonNull(memory, "memory");
    Checks.positive("adaptive interval max", max);
    if (min.compareTo(SECOND) < 0) {
      throw new IllegalArgumentException(
          "adaptive interval min must be >= " + SECOND + " but was " + min);
    }
    if (min.compareTo(max) > 0) {
      throw new IllegalArgumentException(
          "adaptive interval min must be <= max but was " + min + " > " + max);
    }
  }

  /** Returns the same with other bounds. */
  public AdaptiveInterval withBounds(Duration min, Duration max) {
    return new AdaptiveInterval(min, max, memory);
  }

  /** Returns the same with another memory. */
  public AdaptiveInterval withMemory(HeartbeatMemory memory) {
    return new AdaptiveInterval(min, max, memory);
  }
}
