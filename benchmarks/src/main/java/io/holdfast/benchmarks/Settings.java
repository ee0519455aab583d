package io.holdfast.benchmarks;

import java.nio.file.Path;
import java.util.List;

/**
 * How long and what is measured.
 *
 * @param only what is measured: some of {@link #PARTS}
 * @param idleJava runs {@link IdleConnections}
 */
record Settings(
    int rounds,
    int warmups,
    int measurements,
    int iterationMillis,
    List<String> only,
    String idleJava) {
  static final List<String> PARTS = List.of("send", "round-trip", "receive", "masking", "idle");
  static final String USAGE =
      "arguments must be full or quick, then perhaps only=PART,... of "
          + PARTS
          + " and idle-java=PATH of a JDK 21 or newer, but were: ";
  static final int IDLE_CONNECTIONS = 10_000;

  /**
   * Reads arguments.
   *
   * @throws IllegalArgumentException if they are wrong
   */
  static Settings parse(String... arguments) {
    Settings settings = null;
    List<String> only = PARTS;
    String idleJava = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    for (String argument : arguments) {
      if (argument.equals("full")) {
        settings = new Settings(3, 2, 2, 1000, only, idleJava);
      } else if (argument.equals("quick")) {
        settings = new Settings(1, 1, 2, 700, only, idleJava);
      } else if (argument.startsWith("only=")) {
        only = List.of(argument.substring("only=".length()).split(",", -1));
      } else if (argument.startsWith("idle-java=")) {
        idleJava = argument.substring("idle-java=".length());
      } else {
        throw wrong(arguments);
      }
    }
    if (settings == null || !PARTS.containsAll(only)) throw wrong(arguments);
    return settings.with(only, idleJava);
  }

  private static IllegalArgumentException wrong(String... arguments) {
    return new IllegalArgumentException(USAGE + List.of(arguments));
  }

  private Settings with(List<String> only, String idleJava) {
    return new Settings(rounds, warmups, measurements, iterationMillis, only, idleJava);
  }

  boolean measures(String part) {
    return only.contains(part);
  }
}
