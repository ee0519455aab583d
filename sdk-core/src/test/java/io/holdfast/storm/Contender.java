package io.holdfast.storm;

import io.holdfast.Backoff;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * A line of a storm's table.
 *
 * @param hint whether the server answers 503 with Retry-After
 */
record Contender(String name, boolean hint, Function<Storm, Report> members) {
  static final Contender DEFAULTS =
      new Contender("Holdfast, defaults", false, storm -> storm.ofConnections(Backoff.DEFAULT));
  static final Contender HINTED =
      new Contender(
          "Holdfast, defaults, 503 with Retry-After",
          true,
          storm -> storm.ofConnections(Backoff.DEFAULT));
  static final Contender MODELLED =
      new Contender(
          "Holdfast, defaults, without connections",
          false,
          storm -> storm.of(random -> new HoldfastPolicy(Backoff.DEFAULT, random)));
  static final List<Contender> OTHERS =
      List.of(
          new Contender("Socket.IO", false, storm -> storm.of(SocketIoPolicy::new)),
          new Contender("Phoenix", false, storm -> storm.of(random -> new PhoenixPolicy())),
          new Contender("Scarlet", false, storm -> storm.of(ScarletPolicy::new)),
          new Contender("gRPC", false, storm -> storm.of(GrpcPolicy::new)));

  static Contender sized(Storm.Setting setting) {
    Duration spread = Spreads.of(setting.fleet(), setting.acceptRate());
    return new Contender(
        "Holdfast, spread " + spread.toSeconds() + " s",
        false,
        storm -> storm.ofConnections(Spreads.backoff(spread)));
  }

  /** Runs the storm of {@code setting} with this contender as the whole fleet. */
  Report weather(Storm.Setting setting) {
    return members.apply(new Storm(setting.withHint(hint)));
  }
}
