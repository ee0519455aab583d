package io.holdfast.simulation;

import io.holdfast.ConnectionState;

/** At the end nothing is left over. */
final class EndJudge extends Judge {
  private static final String LEFT = "nothing is left over";

  private long closedSinceNanos = -1;

  EndJudge(World world) {
    super(world);
  }

  @Override
  void stepped(Life life) {
    boolean closed = life.state() instanceof ConnectionState.Closed;
    if (!closed) closedSinceNanos = -1;
    else if (closedSinceNanos < 0) closedSinceNanos = world.device.elapsedNanos();
    boolean quiet =
        closed && isAwakeFor(slackNanos()) && sinceWoken(closedSinceNanos) > slackNanos();
    if (!quiet) return;
    boolean none = life.clock.running() <= retiring(life);
    require(none, LEFT, life.clock.running(), "timers of", life);
  }

  // What was replaced is closed in its own time.
  private int retiring(Life life) {
    long most = world.scenario.setup().closeTimeout().toNanos() + slackNanos();
    int count = 0;
    for (SimulatedTransport each : life.transports) {
      if (each.isRetired() && sinceWoken(each.seen.endedAtNanos) <= most) count++;
    }
    return count;
  }

  @Override
  void finished() {
    require(world.device.timers() == 0, LEFT, world.device.timers(), "timers");
    require(world.device.tasks() == 0, LEFT, world.device.tasks(), "tasks");
    require(world.network.listeners() == 0, LEFT, "a network listener");
    for (Life life : world.app.lives()) {
      if (life.dead) continue;
      require(life.connection.queue().bytes() == 0, LEFT, life.connection.queue());
      require(life.connection.bufferedAmount() == 0, LEFT, "bufferedAmount");
      for (SimulatedTransport transport : life.transports) {
        require(transport.isGone(), LEFT, "a transport");
      }
    }
  }
}
