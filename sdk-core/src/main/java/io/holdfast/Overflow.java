package io.holdfast;

/** What happens to a message for which the outbox has no room. */
public enum Overflow {
  /** The new message ends {@link Fate.Rejected}. The default. */
  REJECT,
  /**
   * The oldest queued messages end {@link Fate.Evicted} until there is room; if everything is in
   * flight, the new message ends {@link Fate.Rejected}.
   */
  EVICT_OLDEST
}
