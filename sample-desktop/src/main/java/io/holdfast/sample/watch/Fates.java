package io.holdfast.sample.watch;

import io.holdfast.Fate;
import io.holdfast.sample.terminal.Texts;
import java.util.Optional;

/** What fates have in common in print. */
final class Fates {
  private Fates() {}

  static Optional<Enum<?>> reason(Fate fate) {
    if (fate instanceof Fate.Cancelled cancelled) return Optional.of(cancelled.reason());
    if (fate instanceof Fate.Rejected rejected) return Optional.of(rejected.reason());
    if (fate instanceof Fate.InDoubt inDoubt) return Optional.of(inDoubt.reason());
    return Optional.empty();
  }

  /** Such as {@code in doubt, connection closed}. */
  static String words(Fate fate) {
    String kind = Texts.words(fate.getClass());
    return reason(fate)
        .map(reason -> kind + ", " + Names.of(reason).replace('-', ' '))
        .orElse(kind);
  }
}
