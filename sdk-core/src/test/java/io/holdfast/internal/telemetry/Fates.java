package io.holdfast.internal.telemetry;

import io.holdfast.Fate;
import java.util.List;
import java.util.stream.Stream;

/** One fate of each kind and reason. */
final class Fates {
  static final List<Fate> ALL =
      Stream.of(
              Stream.of(
                  new Fate.Written(),
                  new Fate.Confirmed(),
                  new Fate.Acknowledged(null),
                  new Fate.Refused("no"),
                  new Fate.Expired(),
                  new Fate.Evicted(),
                  new Fate.Conflated(),
                  new Fate.Kept()),
              Stream.of(Fate.Cancelled.Reason.values()).map(Fate.Cancelled::new),
              Stream.of(Fate.Rejected.Reason.values()).map(Fate.Rejected::new),
              Stream.of(Fate.InDoubt.Reason.values()).map(reason -> new Fate.InDoubt(reason, null)))
          .<Fate>flatMap(fates -> fates)
          .toList();

  private Fates() {}
}
