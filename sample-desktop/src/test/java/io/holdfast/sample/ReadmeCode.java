package io.holdfast.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;

/** The Java in the README, as it stands there. */
final class ReadmeCode {
  private static final Pattern BLOCK = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);

  private ReadmeCode() {}

  /** All blocks, in order. */
  static List<String> blocks() throws IOException {
    String readme = Files.readString(Path.of("..", "README.md"));
    return BLOCK.matcher(readme).results().map((MatchResult block) -> block.group(1)).toList();
  }

  /** The one block that has {@code text} in it. */
  static String blockWith(String text) throws IOException {
    List<String> found = blocks().stream().filter(block -> block.contains(text)).toList();
    assertThat(found).as("blocks with " + text).hasSize(1);
    return found.get(0);
  }

  /** Compiles {@code source} in {@code folder} and loads its class {@code name}. */
  static Class<?> compile(String name, String source, Path folder) throws Exception {
    Path file = folder.resolve(name + ".java");
    Files.writeString(file, source);
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                errors,
                "-proc:none",
                "-cp",
                System.getProperty("java.class.path"),
                file.toString());
    assertThat(status).as(errors.toString(StandardCharsets.UTF_8)).isZero();
    // Closed by nobody: the class may load others of its own for as long as the test runs.
    return new URLClassLoader(new URL[] {folder.toUri().toURL()}).loadClass(name);
  }
}
