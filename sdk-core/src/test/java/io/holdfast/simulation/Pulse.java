package io.holdfast.simulation;

import io.holdfast.Heartbeat;
import io.holdfast.HeartbeatMemory;
import io.holdfast.LifeSign;
import io.holdfast.ManagedConnection;
import io.holdfast.Message;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The app's share in its heartbeats: a memory that outlives connections, questions, a matcher. */
final class Pulse {
  private static final long MILLI = 1_000_000;

  private final World world;
  private final Setup setup;
  private final Dice dice;
  private final Map<String, String> kept = new HashMap<>();
  private long questions;

  Pulse(World world) {
    this.world = world;
    this.setup = world.scenario.setup();
    this.dice = new Dice(world.scenario.seed(), "pulse");
  }

  void configure(ManagedConnection.Builder builder, List<Life> self) {
    Heart heart = setup.heart();
    Memory memory = new Memory(self);
    LifeSign asking = LifeSign.answer(() -> question(self.get(0)), this::matches);
    builder.heartbeat(heart.foreground().of(setup.heartbeat(), memory, asking));
    Heartbeat behind = setup.background();
    if (behind != null) {
      builder.backgroundHeartbeat(heart.background().of(behind, memory, asking));
    }
  }

  // ---- Questions

  private Message question(Life life) {
    if (world.conditions.strikes(FaultKind.QUESTION_THROWS)) {
      if (!life.dead) world.judges.tell(judge -> judge.questionMissing(life));
      throw new App.Thrown();
    }
    return Question.ask(++questions);
  }

  private boolean matches(Message message) {
    if (throwsAt(message)) throw new App.Thrown();
    return Question.answers(message);
  }

  private boolean throwsAt(Message message) {
    // What answers a question is nothing that the protocol could make anything of.
    boolean spared = setup.speaks() && Question.answers(message);
    return !spared && setup.heart().throwsAt(Question.number(message));
  }

  /** Whether the connection keeps it from everybody. */
  boolean isAnswer(Message message) {
    boolean asks = setup.heart().has(Heart.Kind.ASKS);
    return asks && Question.answers(message) && !throwsAt(message);
  }

  // ---- Memory

  private final class Memory implements HeartbeatMemory {
    private final List<Life> self;

    private Memory(List<Life> self) {
      this.self = self;
    }

    @Override
    public @Nullable String load(String label) {
      Life life = begin();
      try {
        String state = world.conditions.strikes(FaultKind.MEMORY_LIES) ? lie() : kept.get(label);
        if (world.trace.isOn()) note(life, "recalls", label, state);
        world.judges.tell(judge -> judge.recalled(life, label, state));
        return state;
      } finally {
        end(life);
      }
    }

    @Override
    public void save(String label, String state) {
      Life life = begin();
      try {
        kept.put(label, state);
        if (world.trace.isOn()) note(life, "remembers", label, state);
        world.judges.tell(judge -> judge.remembered(life, label, state));
      } finally {
        end(life);
      }
    }

    private Life begin() {
      Life life = self.get(0);
      world.judges.tell(judge -> judge.memoryBegun(life));
      if (world.conditions.strikes(FaultKind.MEMORY_SLOW)) {
        world.block(dice.between(0, world.conditions.amount(FaultKind.MEMORY_SLOW)) * MILLI);
      }
      // Its process is gone, and with it whoever called.
      boolean fails = life.dead || world.conditions.strikes(FaultKind.MEMORY_FAILS);
      if (!fails) return life;
      end(life);
      throw new App.Thrown();
    }

    private void end(Life life) {
      world.judges.tell(judge -> judge.memoryEnded(life));
    }

    private void note(Life life, String does, String key, @Nullable String state) {
      world.trace.note("app", life + " " + does + " " + key + ": " + state);
    }
  }

  // Another version's, another app's, or what a user has made of it.
  private String lie() {
    return switch (dice.below(6)) {
      case 0 -> "";
      case 1 -> "1;999999999999;;0;0";
      case 2 -> "1;0;0,1,2,3,4,5,6,7,;9;99";
      case 3 -> "1;" + dice.skewed(1, 1_000_000) + ";" + dice.skewed(1, 1_000_000) + ",;2;24";
      case 4 -> "2;1;1,;0;0";
      default -> "nonsense\n" + dice.seed();
    };
  }
}
