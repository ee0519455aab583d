package io.holdfast.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every Java program in the README compiles as it stands there, and does what it says. */
@Timeout(60)
class ReadmeTest {
  private static final Pattern PROGRAM =
      Pattern.compile("```java\\n(.*?public class (\\w+) .*?)```", Pattern.DOTALL);

  @TempDir Path folder;

  @Test
  void theFirstProgramReceivesItsEchoAndItsFate() throws Exception {
    String output = run("Hello");

    assertThat(output).contains("hello is Confirmed[]");
  }

  @Test
  void theRxProgramReceivesItsEcho() throws Exception {
    String output = run("HelloRx");

    assertThat(output).contains("Open[").contains("received hello");
  }

  @Test
  void noOtherJavaStandsInTheReadme() throws IOException {
    assertThat(PROGRAM.matcher(readme()).results()).hasSize(2);
    assertThat(readme().split("```java", -1)).hasSize(3);
  }

  private String run(String name) throws Exception {
    Path source = folder.resolve(name + ".java");
    Files.writeString(source, program(name));
    JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    int status =
        javac.run(
            null,
            null,
            errors,
            "-proc:none",
            "-cp",
            System.getProperty("java.class.path"),
            source.toString());
    assertThat(status).as(errors.toString(StandardCharsets.UTF_8)).isZero();
    return outputOf(name);
  }

  private String outputOf(String name) throws Exception {
    PrintStream before = System.out;
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
    try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
      loader.loadClass(name).getMethod("main", String[].class).invoke(null, (Object) new String[0]);
    } finally {
      System.setOut(before);
    }
    return output.toString(StandardCharsets.UTF_8);
  }

  private static String program(String name) throws IOException {
    Matcher matcher = PROGRAM.matcher(readme());
    while (matcher.find()) {
      if (matcher.group(2).equals(name)) return matcher.group(1);
    }
    throw new AssertionError("no program " + name + " in the README");
  }

  private static String readme() throws IOException {
    return Files.readString(Path.of("..", "README.md"));
  }
}
