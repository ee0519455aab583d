package io.holdfast.simulation.mutation;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Each bug that is planted in the journal must be found by its tests: {@code
 * -Dholdfast.journal.strength=true} asks, and prints which test finds which bug; {@code
 * -Dholdfast.bugs=REGEX} asks for the bugs whose names match. A build checks that the list is
 * sound.
 */
class JournalStrengthTest {
  private static final String BUGS = System.getProperty("holdfast.bugs", ".*");
  private static final Path TABLE = Path.of("target", "journal-strength.md");

  static List<PlantedBug> all() {
    return Stream.of(JournalWritingBugs.all(), JournalReadingBugs.all())
        .flatMap(List::stream)
        .toList();
  }

  @Test
  void eachBugStillFitsTheCodeAndCompiles() {
    PlantedBugsTest.requireFit(all());
  }

  @Test
  void namesTellBugsApart() {
    assertThat(all()).extracting(PlantedBug::name).doesNotHaveDuplicates();
    assertThat(all()).hasSizeGreaterThanOrEqualTo(60);
  }

  @Test
  @EnabledIfSystemProperty(named = "holdfast.journal.strength", matches = "true")
  void theTestsFindEachPlantedBugAndNothingElse() throws Exception {
    assertThat(JournalHunt.of(Mutant.NONE).test()).isNull();
    List<String> rows = new ArrayList<>();
    List<String> missed = new ArrayList<>();
    for (PlantedBug bug : all()) {
      if (!bug.name().matches(BUGS)) continue;
      JournalHunt.Result result = JournalHunt.of(Mutant.of(bug));
      if (!result.found()) missed.add(bug.name());
      String where = result.found() ? result.test() : "**not found**";
      rows.add("| %s | %s | %s |".formatted(bug.file().room(), bug.name(), where));
      System.out.println(rows.get(rows.size() - 1));
    }
    String table =
        "| room | planted bug | test |\n|---|---|---|\n"
            + rows.stream().collect(joining("\n", "", "\n\n"))
            + "%d of %d planted bugs found%n".formatted(rows.size() - missed.size(), rows.size());
    Files.writeString(TABLE, table);
    assertThat(missed).isEmpty();
  }
}
