package io.holdfast.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The README's programs compile as they stand there, and do what it says. */
@Timeout(60)
class ReadmeTest {
  @TempDir Path folder;

  @Test
  void theFirstProgramReceivesItsEchoAndItsFate() throws Exception {
    String output = outputOf("Hello");

    assertThat(output).contains("hello is Confirmed[]");
  }

  @Test
  void theRxProgramReceivesItsEcho() throws Exception {
    String output = outputOf("HelloRx");

    assertThat(output).contains("Open[").contains("received hello");
  }

  @Test
  void everyBlockOfJavaIsRunByATest() throws IOException {
    List<String> programs =
        ReadmeCode.blocks().stream().filter(block -> block.contains("public class")).toList();
    List<String> recipes =
        ReadmeCode.blocks().stream().filter(block -> block.startsWith("static ")).toList();

    assertThat(programs).hasSize(2);
    assertThat(recipes).hasSize(RecipesTest.RECIPES.size());
    assertThat(ReadmeCode.blocks()).hasSize(programs.size() + recipes.size());
    for (String name : RecipesTest.RECIPES) {
      assertThat(recipes).anyMatch(recipe -> recipe.contains(" " + name + "("));
    }
  }

  private String outputOf(String name) throws Exception {
    Class<?> program =
        ReadmeCode.compile(name, ReadmeCode.blockWith("public class " + name + " {"), folder);
    PrintStream before = System.out;
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
    try {
      program.getMethod("main", String[].class).invoke(null, (Object) new String[0]);
    } finally {
      System.setOut(before);
    }
    return output.toString(StandardCharsets.UTF_8);
  }
}
