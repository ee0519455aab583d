package io.holdfast.sample.android;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What the files in a directory hold at one moment. */
final class DiskImage {
  private DiskImage() {}

  static Map<Path, byte[]> of(Path directory) {
    Map<Path, byte[]> image = new HashMap<>();
    try {
      for (Path file : all(directory)) {
        if (Files.isRegularFile(file)) image.put(file, Files.readAllBytes(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return image;
  }

  /** Makes the directory hold that again, and nothing else. */
  static void restore(Path directory, Map<Path, byte[]> image) {
    try {
      for (Path file : all(directory)) {
        if (!file.equals(directory)) Files.delete(file);
      }
      for (Map.Entry<Path, byte[]> file : image.entrySet()) {
        Files.createDirectories(file.getKey().getParent());
        Files.write(file.getKey(), file.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static boolean contains(Path directory, String text) {
    // One character for each byte.
    return of(directory).values().stream()
        .anyMatch(bytes -> new String(bytes, ISO_8859_1).contains(text));
  }

  // Children before their parents.
  private static List<Path> all(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.sorted(Comparator.reverseOrder()).toList();
    }
  }
}
