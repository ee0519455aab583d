package io.holdfast.simulation;

import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionState;
import io.holdfast.ConnectionState.Closed;
import io.holdfast.ConnectionState.Connecting;
import io.holdfast.ConnectionState.Idle;
import io.holdfast.ConnectionState.Open;
import io.holdfast.fixtures.LegalTransitions;
import java.util.HashMap;
import java.util.Map;

/**
 * States follow each other legally, nothing follows the last, and one transport lives at a time.
 */
final class StateJudge extends Judge {
  private static final String CLOSED = "nothing after Closed";

  private final Map<Life, ConnectionState> last = new HashMap<>();

  StateJudge(World world) {
    super(world);
  }

  @Override
  void state(Life life, ConnectionState state) {
    ConnectionState before = last.put(life, state);
    if (before == null) {
      require(state instanceof Idle, "legal states", "the first is", state);
      return;
    }
    require(!(before instanceof Closed), CLOSED, state);
    try {
      LegalTransitions.check(before, state);
    } catch (AssertionError e) {
      object("legal states", e.getMessage());
    }
  }

  @Override
  void event(Life life, ConnectionEvent event) {
    require(!(last.get(life) instanceof Closed), CLOSED, event);
  }

  @Override
  void started(SimulatedTransport transport) {
    Life life = transport.life;
    require(!(life.state() instanceof Closed), CLOSED, "a transport starts");
    boolean beside = life.second() == transport;
    Setup setup = world.scenario.setup();
    boolean may = (setup.makeBeforeBreak() || setup.speaks()) && life.state() instanceof Open;
    require(!beside || may, "one transport at a time", life, "has another that lives");
    // The connection may not have heard yet that the one in use is over.
    boolean asBeside = may && slackNanos() > PROMPT_NANOS;
    boolean begins = beside || asBeside || life.state() instanceof Connecting;
    require(begins, "legal states", "start while", life.state());
    int living = 0;
    for (SimulatedTransport other : life.transports) {
      if (!other.isOver() && !other.isClosing()) living++;
    }
    require(living <= (beside ? 2 : 1), "one transport at a time", life, "has", living);
  }

  @Override
  void finished() {
    for (Life life : world.app.lives()) {
      if (life.dead) continue;
      require(last.get(life) instanceof Closed, "ends Closed", life, "is", last.get(life));
      require(life.state() instanceof Closed, "ends Closed", life, "is", life.state());
    }
  }
}
