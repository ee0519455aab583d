import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** A digest of what a step reads, so that it need not be done again for the same. */
final class Inputs {
  private final MessageDigest digest;

  Inputs() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  Inputs add(String text) {
    digest.update((text + "\n").getBytes(UTF_8));
    return this;
  }

  /** Adds files, what is in jars, and what is in folders; not when they were made. */
  Inputs add(List<Path> files) throws IOException {
    for (Path file : files) add(file);
    return this;
  }

  private void add(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      try (Stream<Path> all = Files.walk(file)) {
        for (Path each : all.filter(Files::isRegularFile).sorted().toList()) add(each);
      }
    } else if (file.toString().endsWith(".jar")) {
      addEntries(file);
    } else {
      add(file.getFileName().toString());
      digest.update(Files.readAllBytes(file));
    }
  }

  private void addEntries(Path jar) throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      List<? extends ZipEntry> entries = Collections.list(zip.entries());
      entries.sort(Comparator.comparing(ZipEntry::getName));
      for (ZipEntry each : entries) {
        if (!each.isDirectory()) add(each.getName() + " " + each.getSize() + " " + each.getCrc());
      }
    }
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
