import static java.util.Objects.requireNonNull;
import static java.util.concurrent.CompletableFuture.runAsync;

import com.android.tools.r8.BaseCompilerCommand;
import com.android.tools.r8.ByteDataView;
import com.android.tools.r8.ClassFileConsumer;
import com.android.tools.r8.CompilationFailedException;
import com.android.tools.r8.CompilationMode;
import com.android.tools.r8.D8;
import com.android.tools.r8.D8Command;
import com.android.tools.r8.DiagnosticsHandler;
import com.android.tools.r8.JdkClassFileProvider;
import com.android.tools.r8.OutputMode;
import com.android.tools.r8.R8;
import com.android.tools.r8.R8Command;
import com.android.tools.r8.origin.Origin;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;

/**
 * Makes dex of the app and of all that it carries, and checks meanwhile that Android's oldest level
 * has what they name. In one process, and in memory: with one for each step, and files in between,
 * it took half as long again. What has not changed since the last time is left as it is.
 *
 * <p>What goes in and out is in system properties, as the Ant file gives them; the arguments are
 * the prefixes of classes that need not be checked.
 */
final class MakeDex {
  private MakeDex() {}

  public static void main(String[] unchecked) throws Exception {
    Path known = path("dex").resolve("inputs.sha256");
    String inputs = inputs(List.of(unchecked));
    if (Files.exists(known) && Files.readString(known).equals(inputs)) return;
    try (Stream<Path> old = Files.list(path("dex"))) {
      for (Path each : old.toList()) Files.delete(each);
    }
    make(List.of(unchecked));
    Files.writeString(known, inputs);
  }

  private static String inputs(List<String> unchecked) throws IOException {
    return new Inputs()
        .add(text("dexer") + text("minSdk") + unchecked)
        .add(paths("java.class.path"))
        .add(paths("program"))
        .add(paths("rules"))
        .add(List.of(path("signatures"), path("android")))
        .toString();
  }

  private static void make(List<String> unchecked) throws Exception {
    SortedMap<String, byte[]> desugared = desugared();
    CompletableFuture<Void> checked =
        runAsync(() -> CheckApi.check(path("signatures"), desugared, unchecked));
    if (text("dexer").equals("r8")) {
      shrink();
    } else {
      dex(desugared);
    }
    checked.join();
  }

  // What D8 replaces for an old Android is replaced here, so that what is left can be checked.
  private static SortedMap<String, byte[]> desugared() throws CompilationFailedException {
    SortedMap<String, byte[]> images = new ConcurrentSkipListMap<>();
    ClassFileConsumer toImages =
        new ClassFileConsumer.ForwardingConsumer(null) {
          @Override
          public void accept(ByteDataView image, String type, DiagnosticsHandler handler) {
            images.put(type.substring(1, type.length() - 1), image.copyByteData());
          }
        };
    D8.run(
        common(D8Command.builder())
            .addProgramFiles(paths("program"))
            .setProgramConsumer(toImages)
            .build());
    return images;
  }

  private static void dex(SortedMap<String, byte[]> desugared) throws CompilationFailedException {
    D8Command.Builder d8 = common(D8Command.builder()).setDisableDesugaring(true);
    for (byte[] image : desugared.values()) {
      d8.addClassProgramData(StripMetadata.stripped(image), Origin.unknown());
    }
    D8.run(d8.setOutput(path("dex"), OutputMode.DexIndexed).build());
  }

  // The rules of the libraries are in their jars, where R8 finds them, and it strips by itself.
  private static void shrink() throws CompilationFailedException {
    R8.run(
        common(R8Command.builder())
            .addProgramFiles(paths("program"))
            .addProguardConfigurationFiles(paths("rules"))
            .setProguardMapOutputPath(path("mapping"))
            .setOutput(path("dex"), OutputMode.DexIndexed, false)
            .build());
  }

  private static <B extends BaseCompilerCommand.Builder<?, B>> B common(B builder) {
    try {
      return builder
          .setMode(CompilationMode.RELEASE)
          .setMinApiLevel(Integer.parseInt(text("minSdk")))
          .addLibraryFiles(path("android"))
          // The framework has next to nothing of java.*, so the JDK stands in.
          .addLibraryResourceProvider(JdkClassFileProvider.fromJdkHome(path("java.home")));
    } catch (IOException e) {
      throw new IllegalStateException("no JDK in " + path("java.home"), e);
    }
  }

  private static List<Path> paths(String property) {
    return Stream.of(text(property).split(File.pathSeparator)).map(Path::of).toList();
  }

  private static Path path(String property) {
    return Path.of(text(property));
  }

  private static String text(String property) {
    return requireNonNull(System.getProperty(property), property);
  }
}
