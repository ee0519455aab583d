package io.holdfast.simulation.mutation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** One source file of the code under test, in the room named. */
record SourceFile(String room, String path) {
  private static final Path SOURCES = Path.of("src", "main", "java", "io", "holdfast");

  static SourceFile internal(String room, String name) {
    return new SourceFile(room, "internal/" + name + ".java");
  }

  static SourceFile protocol(String room, String name) {
    return new SourceFile(room, "protocol/" + name + ".java");
  }

  static SourceFile queue(String room, String name) {
    return new SourceFile(room, "queue/" + name + ".java");
  }

  PlantedBug bug(String name, String breaks, String snippet, String replacement) {
    return new PlantedBug(this, name, breaks, snippet, replacement);
  }

  String simpleName() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  String read() {
    try {
      return Files.readString(SOURCES.resolve(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
