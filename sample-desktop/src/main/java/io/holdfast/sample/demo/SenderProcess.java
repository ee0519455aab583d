package io.holdfast.sample.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.sample.terminal.Line;
import io.holdfast.sample.terminal.Line.Tone;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** The {@link Sender} as the show sees it: a process that can be killed. */
final class SenderProcess {
  private final Process process;
  private final Thread reader;
  private final AtomicBoolean gone = new AtomicBoolean();

  private SenderProcess(Process process, Consumer<Report> told) {
    this.process = process;
    this.reader = daemon("holdfast-demo-reports", () -> readReports(told));
    Thread errors = daemon("holdfast-demo-errors", () -> readErrors(told));
    reader.start();
    errors.start();
  }

  /**
   * Starts it.
   *
   * @param told gets all that it tells, on one thread
   */
  static SenderProcess start(Sender.Task task, Consumer<Report> told) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // It lives for seconds.
    command.addAll(List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", classPath(), Sender.class.getName()));
    command.addAll(Arrays.asList(task.arguments()));
    return new SenderProcess(new ProcessBuilder(command).start(), told);
  }

  // Maven runs the show with a class loader of its own.
  private static String classPath() {
    if (Sender.class.getClassLoader() instanceof URLClassLoader loader) {
      return Arrays.stream(loader.getURLs())
          .map(SenderProcess::path)
          .collect(Collectors.joining(File.pathSeparator));
    }
    return System.getProperty("java.class.path");
  }

  private static String path(URL url) {
    try {
      return Path.of(url.toURI()).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException("class path must be of files but had " + url, e);
    }
  }

  private static Thread daemon(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  private void readReports(Consumer<Report> told) {
    readLines(
        process.getInputStream(),
        line -> {
          try {
            told.accept(Report.of(line));
          } catch (IllegalArgumentException e) {
            told.accept(new Report.Told(new Line(Tone.BAD, "PRINTED", line)));
          }
        });
  }

  private void readErrors(Consumer<Report> told) {
    readLines(
        process.getErrorStream(),
        line -> told.accept(new Report.Told(new Line(Tone.BAD, "PRINTED", line))));
  }

  private static void readLines(InputStream from, Consumer<String> to) {
    try (BufferedReader lines = new BufferedReader(new InputStreamReader(from, UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) to.accept(line);
    } catch (IOException e) {
      // The process is gone, and its pipe with it.
    }
  }

  /** Has it send; a second time does nothing. */
  void go() {
    if (gone.compareAndSet(false, true)) order("go");
  }

  private void order(String order) {
    try {
      OutputStream in = process.getOutputStream();
      in.write((order + "\n").getBytes(UTF_8));
      in.flush();
    } catch (IOException e) {
      // It was killed.
    }
  }

  /** Kills it as it stands (SIGKILL), and returns once all that it told is told. */
  void kill() {
    process.destroyForcibly();
    awaitReports();
  }

  /**
   * Has it deliver what it has, and returns once it has ended; after {@code patience} it is killed.
   */
  void drain(Duration patience) {
    order("drain");
    try {
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    awaitReports();
  }

  private void awaitReports() {
    try {
      reader.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
