package io.holdfast.simulation.mutation;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Measures how many planted bugs the judges find, and prints a table; {@code
 * -Dholdfast.strength=true} runs it, {@code -Dholdfast.bugs=REGEX} with the bugs whose names match,
 * {@code -Dholdfast.seeds=N} and {@code -Dholdfast.threads=N} with that many.
 */
@EnabledIfSystemProperty(named = "holdfast.strength", matches = "true")
class StrengthTest {
  private static final int SEEDS = Integer.getInteger("holdfast.seeds", 10_000);
  private static final int THREADS =
      Integer.getInteger("holdfast.threads", Runtime.getRuntime().availableProcessors());
  private static final String BUGS = System.getProperty("holdfast.bugs", ".*");
  private static final Path TABLE = Path.of("target", "strength.md");

  private record Row(PlantedBug bug, Hunt.Result result) {
    @Override
    public String toString() {
      String objection = result.objection();
      String where =
          objection == null
              ? "| **not in %d** | |".formatted(result.seed())
              : "| %d | %s |".formatted(result.seed(), shortened(objection));
      return "| %s | %s %s".formatted(bug.file().room(), bug.name(), where);
    }

    private static String shortened(String line) {
      String cell = line.replaceAll("\\s+", " ").replace('|', '/');
      return cell.length() <= 100 ? cell : cell.substring(0, 100) + "...";
    }
  }

  @Test
  void judgesFindNineteenOfTwentyPlantedBugs() throws Exception {
    List<Row> rows = measure(PlantedBugs.all().stream().filter(b -> b.name().matches(BUGS)));
    long found = rows.stream().filter(row -> row.result().found()).count();
    String score =
        "%d of %d planted bugs found within %d seeds (%.1f %%)"
            .formatted(found, rows.size(), SEEDS, 100.0 * found / rows.size());
    String table =
        "| room | planted bug | seed | judge |\n|---|---|---|---|\n"
            + rows.stream().map(Row::toString).collect(joining("\n", "", "\n\n"))
            + score
            + "\n";
    Files.writeString(TABLE, table);
    System.out.print(table);
    assertThat(found).as(score).isGreaterThanOrEqualTo((long) Math.ceil(0.95 * rows.size()));
  }

  private static List<Row> measure(Stream<PlantedBug> bugs)
      throws InterruptedException, ExecutionException {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<Row>> hunts = bugs.map(bug -> threads.submit(() -> hunt(bug))).toList();
      List<Row> rows = new ArrayList<>();
      for (Future<Row> hunt : hunts) rows.add(hunt.get());
      return rows;
    } finally {
      threads.shutdownNow();
    }
  }

  private static Row hunt(PlantedBug bug) throws InterruptedException {
    Row row = new Row(bug, Hunt.of(Mutant.of(bug), SEEDS));
    System.out.println(row);
    return row;
  }
}
