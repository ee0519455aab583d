package io.holdfast.sample.android;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The app is on the class path, where no module descriptor keeps it out of internal rooms. */
class PublicApiTest {
  @Test
  void theAppUsesPublicApiOnly() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src", "main", "java"))) {
      List<Path> sources = files.filter(file -> file.toString().endsWith(".java")).toList();

      assertThat(sources).isNotEmpty();
      assertThat(sources)
          .allSatisfy(
              file -> assertThat(Files.readString(file)).doesNotContain("io.holdfast.internal"));
    }
  }
}
