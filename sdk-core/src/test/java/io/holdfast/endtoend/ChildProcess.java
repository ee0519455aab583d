package io.holdfast.endtoend;

import static java.util.concurrent.TimeUnit.SECONDS;
import static java.util.stream.Collectors.joining;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Another process that runs a test's {@code main} with the test's own classes, tells on its
 * standard output, and is killed (SIGKILL) at the latest after a minute: one that says nothing more
 * would be waited for for ever.
 */
public final class ChildProcess implements AutoCloseable {
  private static final int LONGEST_SECONDS = 60;
  private static final int LONGEST_DEATH_SECONDS = 30;

  private final Process process;
  private final BufferedReader told;

  private ChildProcess(Process process) {
    this.process = process;
    told =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Starts one. */
  public static ChildProcess start(Class<?> main, String... arguments)
      throws IOException, URISyntaxException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<String> command =
        Stream.concat(
                Stream.of(java, "-XX:TieredStopAtLevel=1", "-cp", classPath(), main.getName()),
                Stream.of(arguments))
            .collect(Collectors.toList());
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    CompletableFuture.delayedExecutor(LONGEST_SECONDS, SECONDS).execute(process::destroyForcibly);
    return new ChildProcess(process);
  }

  // The classes of the tests, and all that this process found them with.
  private static String classPath() throws URISyntaxException {
    URI own = ChildProcess.class.getProtectionDomain().getCodeSource().getLocation().toURI();
    Path classes = Path.of(own);
    return Stream.concat(
            Stream.of(classes, classes.resolveSibling("test-classes")).map(Path::toString),
            Stream.of("java.class.path", "jdk.module.path", "surefire.test.class.path")
                .map(System::getProperty)
                .filter(path -> path != null && !path.isEmpty()))
        .collect(joining(File.pathSeparator));
  }

  /** Returns the next line that it told; null at its end. */
  public @Nullable String readLine() throws IOException {
    return told.readLine();
  }

  /** Kills it; what it told before can still be read. */
  public void kill() {
    // Not by Process itself, which closes its output, too.
    process.toHandle().destroyForcibly();
  }

  /** Sends it a signal, such as {@code -STOP}. */
  void signal(String signal) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", signal, Long.toString(process.pid())).start();
    int status = kill.waitFor();
    if (status != 0) throw new IOException("kill " + signal + " ended with " + status);
  }

  /** Kills it and waits until it is gone. */
  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    told.close();
    process.onExit().orTimeout(LONGEST_DEATH_SECONDS, SECONDS).join();
  }
}
