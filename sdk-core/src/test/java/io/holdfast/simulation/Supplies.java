package io.holdfast.simulation;

import io.holdfast.ConnectRequest;
import io.holdfast.RequestContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** An app's requests that take their time: a token is fetched, and now and then never comes. */
final class Supplies {
  private static final long MILLI = 1_000_000;

  private final World world;
  private final Maker maker;
  private final Dice dice;
  private boolean calm;
  private long asked;

  /** Makes a request, or cannot. */
  interface Maker {
    ConnectRequest make(Life life) throws App.Planted;
  }

  Supplies(World world, Maker maker) {
    this.world = world;
    this.maker = maker;
    this.dice = new Dice(world.scenario.seed(), "supplies");
  }

  /** From now on each comes soon. */
  void calm() {
    calm = true;
  }

  CompletionStage<ConnectRequest> ask(Life life, RequestContext context) throws App.Planted {
    long number = ++asked;
    world.judges.requestAsked(life, number, context);
    CompletableFuture<ConnectRequest> answer = new CompletableFuture<>();
    ConnectRequest request = maker.make(life);
    int how = calm ? 9 : dice.below(10);
    switch (how) {
      case 0 -> {} // It never comes.
      case 1 -> later(dice.skewed(1, 3_000), life, () -> answer.completeExceptionally(lost()));
      case 2 -> later(dice.skewed(1_000, 30_000), life, () -> give(life, number, answer, request));
      case 3 -> give(life, number, answer, request);
      default -> later(dice.skewed(1, 500), life, () -> give(life, number, answer, request));
    }
    return answer;
  }

  private static App.Planted lost() {
    return new App.Planted();
  }

  private void give(
      Life life, long number, CompletableFuture<ConnectRequest> answer, ConnectRequest request) {
    world.judges.requestAnswered(life, number);
    answer.complete(request);
  }

  private void later(long millis, Life life, Runnable answer) {
    Runnable unlessDead =
        () -> {
          if (!life.dead) answer.run();
        };
    world.agenda.after(millis * MILLI, () -> world.device.execute(unlessDead));
  }
}
