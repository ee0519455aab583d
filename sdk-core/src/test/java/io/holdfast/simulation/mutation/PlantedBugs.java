package io.holdfast.simulation.mutation;

import java.util.List;
import java.util.stream.Stream;

/**
 * The list. Each bug is one that somebody could make, changes what the connection does, and does so
 * in a way that an app or a peer could notice. To add one, add it to its room.
 */
final class PlantedBugs {
  private PlantedBugs() {}

  static List<PlantedBug> all() {
    return Stream.of(
            MachineBugs.all(),
            ClosingBugs.all(),
            LivenessBugs.all(),
            HeartbeatBugs.all(),
            OutboxBugs.all(),
            BarrierBugs.all(),
            InboundBugs.all(),
            DriverBugs.all(),
            RetryBugs.all(),
            PlaceBugs.all(),
            StoreBugs.all(),
            ProtocolBugs.all())
        .flatMap(List::stream)
        .toList();
  }
}
