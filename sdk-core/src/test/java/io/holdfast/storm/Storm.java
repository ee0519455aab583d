package io.holdfast.storm;

import static io.holdfast.storm.StormServer.SECOND;

import io.holdfast.Backoff;
import io.holdfast.ManagedConnection;
import io.holdfast.storm.StormServer.Door;
import java.net.URI;
import java.util.Random;

/**
 * One storm: a fleet that is open, a server that restarts, and what happens until all are open
 * again.
 */
final class Storm {
  private static final long WARM_UP = 120 * SECOND;
  private static final long LONGEST = 3600 * SECOND;

  /** How the server restarts. */
  enum Scenario {
    ROLLING(
        10, Door.OPEN, 0, "ten instances, one every 30 s, close with 1012 and are out for 10 s"),
    COLD(1, Door.REFUSING, 60, "all die, the host refuses for 60 s, the server is back"),
    COLD_AND_SILENT(1, Door.SILENT, 60, "all die, nothing answers for 60 s, the server is back"),
    BRIEF(1, Door.REFUSING, 5, "all die, the host refuses for 5 s, the server is back"),
    AT_ONCE(1, Door.OPEN, 0, "all are cut, and may come back at once");

    final int instances;
    final String what;
    private final Door meanwhile;
    private final int downSeconds;

    Scenario(int instances, Door meanwhile, int downSeconds, String what) {
      this.instances = instances;
      this.meanwhile = meanwhile;
      this.downSeconds = downSeconds;
      this.what = what;
    }
  }

  /**
   * What a storm is about.
   *
   * @param acceptRate handshakes a second
   * @param hint whether 503 with Retry-After is what an attempt gets that is too many, or that
   *     comes while the server is down
   */
  record Setting(Scenario scenario, int fleet, double acceptRate, boolean hint, long seed) {
    // What Linux allows by default, at 500 a second; in proportion for others.
    int backlog() {
      return (int) (4096 * acceptRate / 500);
    }

    Setting withHint(boolean hint) {
      return new Setting(scenario, fleet, acceptRate, hint, seed);
    }
  }

  private final Setting setting;
  private final Random random;
  private final StormClock clock = new StormClock();
  private final Tally tally;
  private final StormServer server;

  Storm(Setting setting) {
    this.setting = setting;
    random = new Random(setting.seed());
    tally = new Tally(setting.fleet());
    server = new StormServer(clock, new Random(random.nextLong()), tally, setting);
  }

  /** Runs it with members that keep to a policy. */
  Report of(Policy.Factory policies) {
    for (int i = 0; i < setting.fleet(); i++) {
      Policy policy = policies.of(new Random(random.nextLong()));
      ModelMember member = new ModelMember(i, clock, server, policy);
      clock.schedule(member::connect, random.nextInt(60) * SECOND);
    }
    return run();
  }

  /** Runs it with a real connection for each member. */
  Report ofConnections(Backoff backoff) {
    for (int i = 0; i < setting.fleet(); i++) {
      int number = i;
      ManagedConnection connection =
          ManagedConnection.builder(URI.create("ws://model/"))
              .transport((io, ignored) -> new StormTransport(number, clock, server))
              .clock(clock)
              .ioExecutor(clock.executor())
              .random(new Random(random.nextLong()))
              .backoff(backoff)
              .build();
      // At any time, so that heartbeats do not keep step.
      clock.schedule(connection::open, (long) (random.nextDouble() * 60 * SECOND));
    }
    return run();
  }

  private Report run() {
    clock.runUntil(WARM_UP);
    server.warmedUp();
    tally.serverBackAt(WARM_UP);
    double leastRate = setting.acceptRate();
    if (setting.scenario() == Scenario.ROLLING) leastRate = roll();
    else restart(setting.scenario());
    // Those who were cut last have not heard of it yet.
    do advance(1);
    while (tally.waiting() > 0 && clock.nanoTime() < LONGEST);
    return tally.report(leastRate);
  }

  private double roll() {
    int instances = setting.scenario().instances;
    for (int i = 0; i < instances; i++) {
      server.drain(i);
      advance(10);
      server.restore();
      advance(20);
    }
    return setting.acceptRate() * (instances - 1) / instances;
  }

  private void restart(Scenario scenario) {
    server.cutAll();
    tally.serverBackAt(clock.nanoTime() + scenario.downSeconds * SECOND);
    if (scenario.downSeconds > 0) server.door(setting.hint() ? Door.REJECTING : scenario.meanwhile);
    advance(scenario.downSeconds);
    server.door(Door.OPEN);
  }

  private void advance(int seconds) {
    clock.runUntil(clock.nanoTime() + seconds * SECOND);
  }
}
