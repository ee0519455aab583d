package io.holdfast.benchmarks.journal;

import java.nio.file.Path;
import java.util.List;

/**
 * How long is measured, and where.
 *
 * @param directory in which a directory is made, and deleted in the end
 */
record JournalSettings(int rounds, long warmupNanos, long nanos, Path directory) {
  static final String USAGE =
      "arguments must be full or quick, then perhaps directory=PATH, but were: ";

  /**
   * Reads arguments.
   *
   * @throws IllegalArgumentException if they are wrong
   */
  static JournalSettings parse(String... arguments) {
    JournalSettings settings = null;
    // Of the build, and not the temporary directory, which may be in memory.
    Path directory = Path.of("target");
    for (String argument : arguments) {
      if (argument.equals("full")) {
        settings = new JournalSettings(5, 1_500_000_000L, 1_500_000_000L, directory);
      } else if (argument.equals("quick")) {
        settings = new JournalSettings(1, 500_000_000L, 700_000_000L, directory);
      } else if (argument.startsWith("directory=")) {
        directory = Path.of(argument.substring("directory=".length()));
      } else {
        throw wrong(arguments);
      }
    }
    if (settings == null) throw wrong(arguments);
    return new JournalSettings(
        settings.rounds, settings.warmupNanos, settings.nanos, directory.toAbsolutePath());
  }

  private static IllegalArgumentException wrong(String... arguments) {
    return new IllegalArgumentException(USAGE + List.of(arguments));
  }
}
