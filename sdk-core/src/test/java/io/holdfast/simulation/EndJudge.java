package io.holdfast.simulation;

/** At the end nothing is left over. */
final class EndJudge extends Judge {
  private static final String LEFT = "nothing is left over";

  EndJudge(World world) {
    super(world);
  }

  @Override
  void finished() {
    require(world.device.timers() == 0, LEFT, world.device.timers(), "timers");
    require(world.device.tasks() == 0, LEFT, world.device.tasks(), "tasks");
    require(world.network.listeners() == 0, LEFT, "a network listener");
    for (Life life : world.app.lives()) {
      require(life.connection.queue().bytes() == 0, LEFT, life.connection.queue());
      require(life.connection.bufferedAmount() == 0, LEFT, "bufferedAmount");
      for (SimulatedTransport transport : life.transports) {
        require(transport.isOver(), LEFT, "a transport");
      }
    }
  }
}
