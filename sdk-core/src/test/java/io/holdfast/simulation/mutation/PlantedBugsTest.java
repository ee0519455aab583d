package io.holdfast.simulation.mutation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The list of planted bugs is sound; how many of them are found, {@link StrengthTest} measures. */
class PlantedBugsTest {

  @Test
  void eachBugStillFitsTheCodeAndCompiles() {
    for (PlantedBug bug : PlantedBugs.all()) {
      assertThat(Mutant.of(bug).classFiles()).as(bug.name()).isNotEmpty();
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
