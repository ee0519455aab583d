package io.holdfast.benchmarks.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.benchmarks.journal.Keeper.Appended;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/**
 * Measures the journal beside others that keep records on disk, with every record durable before it
 * counts, and prints a report: {@code full}, some three minutes, or {@code quick}. Rounds go
 * through all contenders in turn, so that a disturbance of the disk hits no single one; the first
 * is for warming up.
 */
public final class JournalBenchmarks {
  private static final PrintStream OUT = new PrintStream(System.out, true, UTF_8);
  private static final int RECORDS = 100_000;

  private final JournalSettings settings;
  private final Path directory;
  private final Figures figures = new Figures();
  private final List<Contender> order = new ArrayList<>(List.of(Contender.values()));
  private int directories;

  private JournalBenchmarks(JournalSettings settings, Path directory) {
    this.settings = settings;
    this.directory = directory;
  }

  /** The process's main: see {@link JournalSettings#USAGE}. */
  public static void main(String[] args) throws Exception {
    JournalSettings settings;
    try {
      settings = JournalSettings.parse(args);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    Files.createDirectories(settings.directory());
    Path directory = Files.createTempDirectory(settings.directory(), "journal-benchmarks");
    try {
      JournalBenchmarks benchmarks = new JournalBenchmarks(settings, directory);
      benchmarks.run();
      new Report(benchmarks.figures, directory).lines().forEach(OUT::println);
    } finally {
      delete(directory);
    }
  }

  private void run() throws Exception {
    for (Contender contender : Contender.values()) {
      contender.keeper().fill(place(contender), RECORDS);
    }
    OUT.println("warming up");
    round(settings.warmupNanos(), new Figures());
    for (int round = 1; round <= settings.rounds(); round++) {
      OUT.println("round " + round + " of " + settings.rounds());
      round(settings.nanos(), figures);
    }
  }

  private void round(long nanos, Figures into) throws Exception {
    for (Contender contender : order) {
      into.add(Line.ALONE, contender, append(contender, 1, nanos).aSecond());
    }
    for (Contender contender : order) {
      Appended appended = append(contender, 64, nanos);
      into.add(Line.IN_FLIGHT_64, contender, appended.aSecond());
      into.add(Line.SYNCS_64, contender, appended.syncsARecord());
    }
    into.add(Line.APP_ALONE, Contender.HOLDFAST, appendAsApp(1, nanos).aSecond());
    into.add(Line.APP_64, Contender.HOLDFAST, appendAsApp(64, nanos).aSecond());
    Appended many = appendAsApp(8_192, nanos);
    into.add(Line.APP_8192, Contender.HOLDFAST, many.aSecond());
    into.add(Line.SYNCS_8192, Contender.HOLDFAST, many.syncsARecord());
    for (Contender contender : order) read(contender, place(contender), into);
    // A disk may have credit that is spent in the course of a round.
    Collections.rotate(order, 1);
  }

  private Path place(Contender contender) {
    return directory.resolve(contender.name());
  }

  private Appended append(Contender contender, int inFlight, long nanos) throws Exception {
    Path place = newDirectory();
    Appended appended = contender.keeper().append(place, inFlight, nanos);
    delete(place);
    return appended;
  }

  private Appended appendAsApp(int inFlight, long nanos) throws Exception {
    Path place = newDirectory();
    Appended appended = new HoldfastJournal().appendAndRelease(place, inFlight, nanos);
    delete(place);
    return appended;
  }

  private void read(Contender contender, Path place, Figures into) throws Exception {
    long begun = System.nanoTime();
    int records = contender.keeper().readAll(place);
    into.add(Line.RECOVERY, contender, (System.nanoTime() - begun) / 1e6);
    if (records != RECORDS) throw new IOException(contender + " kept " + records);
    long nanos = FirstRecovery.nanos(contender, place, RECORDS);
    into.add(Line.FIRST_RECOVERY, contender, nanos / 1e6);
  }

  private Path newDirectory() {
    return directory.resolve("records-" + ++directories);
  }

  private static void delete(Path directory) throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> found = Files.walk(directory)) {
      found.forEach(files::add);
    }
    // What is in a directory goes before it.
    for (int i = files.size() - 1; i >= 0; i--) Files.delete(files.get(i));
  }
}
