package io.holdfast.simulation.mutation;

import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The list of planted bugs is sound; how many of them are found, {@link StrengthTest} measures. */
class PlantedBugsTest {

  @Test
  void eachBugStillFitsTheCodeAndCompiles() {
    requireFit(PlantedBugs.all());
  }

  static void requireFit(List<PlantedBug> all) {
    Map<String, List<PlantedBug>> byFile =
        all.stream().collect(groupingBy(bug -> bug.file().path()));
    int most = byFile.values().stream().mapToInt(List::size).max().orElseThrow();

    // One bug of each file at a time: a compiler is slow to start.
    for (int i = 0; i < most; i++) {
      int place = i;
      List<PlantedBug> together =
          byFile.values().stream()
              .filter(bugs -> bugs.size() > place)
              .map(bugs -> bugs.get(place))
              .toList();
      assertThat(Mutant.of(together).classFiles()).hasSizeGreaterThanOrEqualTo(together.size());
    }
  }

  @Test
  void namesTellBugsApart() {
    assertThat(PlantedBugs.all()).extracting(PlantedBug::name).doesNotHaveDuplicates();
    assertThat(PlantedBugs.all()).hasSizeGreaterThanOrEqualTo(40);
  }

  @Test
  void nothingIsFoundInTheCodeAsItIs() throws InterruptedException {
    assertThat(Hunt.of(Mutant.NONE, 20)).isEqualTo(new Hunt.Result(20, null));
  }

  @Test
  void aGlaringBugIsFoundAtOnce() throws InterruptedException {
    PlantedBug glaring =
        PlantedBugs.all().stream()
            .filter(bug -> bug.name().equals("cursor not rewound"))
            .findFirst()
            .orElseThrow();

    assertThat(Hunt.of(Mutant.of(glaring), 50).found()).isTrue();
  }
}
