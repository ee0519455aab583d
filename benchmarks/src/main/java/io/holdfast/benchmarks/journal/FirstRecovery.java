package io.holdfast.benchmarks.journal;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Reads all records first thing in a process, as an app does that starts. */
public final class FirstRecovery {
  private FirstRecovery() {}

  /** The process's main: a contender and a directory; prints how many nanoseconds it took. */
  public static void main(String[] args) throws Exception {
    Keeper keeper = Contender.valueOf(args[0]).keeper();
    long begun = System.nanoTime();
    int records = keeper.readAll(Path.of(args[1]));
    System.out.print(System.nanoTime() - begun + " " + records);
  }

  /** Starts such a process. Returns how long the reading took. */
  static long nanos(Contender contender, Path directory, int records)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                System.getProperty("java.class.path"),
                FirstRecovery.class.getName(),
                contender.name(),
                directory.toString())
            .redirectError(Redirect.INHERIT)
            .start();
    String told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int status = process.waitFor();
    if (status != 0 || !told.endsWith(" " + records)) {
      throw new IOException(contender + " ended with status " + status + " and told: " + told);
    }
    return Long.parseLong(told.substring(0, told.indexOf(' ')));
  }
}
