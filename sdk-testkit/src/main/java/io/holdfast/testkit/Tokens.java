package io.holdfast.testkit;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which tokens still open a session: each for so many upgrades, and so long after its first. */
final class Tokens {
  private final int uses;
  private final long lifetimeNanos;
  private final Map<String, Shown> shown = new HashMap<>();

  private record Shown(long firstNanos, int times) {}

  Tokens(int uses, long lifetimeNanos) {
    this.uses = uses;
    this.lifetimeNanos = lifetimeNanos;
  }

  /** Takes note that {@code token} was shown, and says whether it is good. */
  boolean admits(@Nullable String token, long nowNanos) {
    if (token == null) return false;
    Shown before = shown.getOrDefault(token, new Shown(nowNanos, 0));
    if (before.times == uses || nowNanos - before.firstNanos >= lifetimeNanos) return false;
    shown.put(token, new Shown(before.firstNanos, before.times + 1));
    return true;
  }
}
