package io.holdfast.simulation.mutation;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The class files of source files with bugs in them, by the classes' names. */
record Mutant(Map<String, byte[]> classFiles) {
  /** The code as it is. */
  static final Mutant NONE = new Mutant(Map.of());

  private static final String CLASS_PATH =
      Stream.of("java.class.path", "jdk.module.path", "surefire.test.class.path")
          .map(System::getProperty)
          .filter(path -> path != null && !path.isEmpty())
          .collect(Collectors.joining(File.pathSeparator));

  /** Compiles the file that {@code bug} changes. */
  static Mutant of(PlantedBug bug) {
    return of(List.of(bug));
  }

  /** Compiles the files that {@code bugs} change, one bug a file. */
  static Mutant of(List<PlantedBug> bugs) {
    try {
      Path folder = Files.createTempDirectory("planted-bug");
      try {
        return compile(bugs, folder);
      } finally {
        for (Path path : under(folder)) Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Mutant compile(List<PlantedBug> bugs, Path folder) throws IOException {
    Path classes = Files.createDirectory(folder.resolve("classes"));
    List<String> arguments = new ArrayList<>();
    Collections.addAll(
        arguments, "-proc:none", "-nowarn", "-g", "-cp", CLASS_PATH, "-d", classes.toString());
    for (PlantedBug bug : bugs) {
      Path source = folder.resolve(bug.file().simpleName());
      Files.writeString(source, bug.plantIn(bug.file().read()));
      arguments.add(source.toString());
    }
    StringWriter said = new StringWriter();
    PrintWriter out = new PrintWriter(said);
    ToolProvider javac = ToolProvider.findFirst("javac").orElseThrow();
    if (javac.run(out, out, arguments.toArray(new String[0])) != 0) {
      throw new IllegalArgumentException(bugs + " do not compile:\n" + said);
    }
    return new Mutant(classFiles(classes));
  }

  private static Map<String, byte[]> classFiles(Path classes) throws IOException {
    Map<String, byte[]> files = new HashMap<>();
    for (Path path : under(classes)) {
      String name = classes.relativize(path).toString();
      if (!name.endsWith(".class")) continue;
      String className = name.substring(0, name.length() - ".class".length());
      files.put(className.replace(File.separatorChar, '.'), Files.readAllBytes(path));
    }
    return files;
  }

  /** The deepest first. */
  private static List<Path> under(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths.sorted((a, b) -> b.compareTo(a)).toList();
    }
  }
}
