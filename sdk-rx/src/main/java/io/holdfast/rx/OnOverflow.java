package io.holdfast.rx;

import io.holdfast.Message;
import java.util.Queue;

/**
 * What a subscriber of {@link RxConnection#messages(OnOverflow)} loses when messages come faster
 * than it takes them. Immutable; one may serve any number of subscribers.
 */
public final class OnOverflow {
  private final int capacity;
  private final boolean dropsOldest;

  private OnOverflow(int capacity, boolean dropsOldest) {
    this.capacity = Checks.positive("capacity", capacity);
    this.dropsOldest = dropsOldest;
  }

  /**
   * Keeps the newest {@code capacity} messages that the subscriber has not asked for, and drops the
   * oldest of them for each new one.
   *
   * @throws IllegalArgumentException if {@code capacity} is not positive
   */
  public static OnOverflow dropOldest(int capacity) {
    return new OnOverflow(capacity, true);
  }

  /**
   * Keeps the first {@code capacity} messages that the subscriber has not asked for, and drops each
   * that comes while they wait.
   *
   * @throws IllegalArgumentException if {@code capacity} is not positive
   */
  public static OnOverflow dropNewest(int capacity) {
    return new OnOverflow(capacity, false);
  }

  /** Keeps the latest message only; the same as {@code dropOldest(1)}. */
  public static OnOverflow keepLatest() {
    return new OnOverflow(1, true);
  }

  Queue<Message> newQueue() {
    return new DroppingQueue<>(capacity, dropsOldest);
  }

  @Override
  public String toString() {
    return (dropsOldest ? "dropOldest(" : "dropNewest(") + capacity + ")";
  }
}
