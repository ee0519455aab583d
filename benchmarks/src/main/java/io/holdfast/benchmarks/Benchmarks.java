package io.holdfast.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.benchmarks.server.ServerProcess;
import io.holdfast.benchmarks.subject.Subject;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.ProcessBuilder.Redirect;
import java.util.Properties;
import org.openjdk.jmh.runner.RunnerException;

/**
 * Measures all and prints a report: {@code full}, some ten minutes, or {@code quick}, some two.
 * Rounds go through all subjects in turn, so that a disturbance of the machine hits no single one.
 */
public final class Benchmarks {
  private static final PrintStream OUT = new PrintStream(System.out, true, UTF_8);

  private final Settings settings;
  private final int port;
  private final Measurement measurement;
  private final Figures figures = new Figures();

  private Benchmarks(Settings settings, int port) {
    this.settings = settings;
    this.port = port;
    measurement = new Measurement(settings, port, figures);
  }

  /** The process's main: see {@link Settings#USAGE}. */
  public static void main(String[] args) throws Exception {
    Settings settings;
    try {
      settings = Settings.parse(args);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    try (ServerProcess server = ServerProcess.start()) {
      new Benchmarks(settings, server.port()).run().lines().forEach(OUT::println);
    }
  }

  private Report run() throws RunnerException, IOException, InterruptedException {
    for (int round = 1; round <= settings.rounds(); round++) {
      OUT.println("round " + round + " of " + settings.rounds());
      if (settings.measures("send")) send();
      if (settings.measures("round-trip")) roundTrip();
      if (settings.measures("receive")) receive();
    }
    boolean masks = settings.measures("masking");
    double masking = masks ? measurement.maskingGigabytes("holdfast") : Double.NaN;
    double okHttpMasking = masks ? measurement.maskingGigabytes("okHttp") : Double.NaN;
    return new Report(figures, masking, okHttpMasking, idle());
  }

  private void send() throws RunnerException {
    for (int bytes : new int[] {64, 1024, 65_536}) {
      for (Subject subject : Subject.values()) {
        OUT.println("  sends " + bytes + " B: " + subject.label());
        measurement.send(subject, bytes);
      }
    }
  }

  private void roundTrip() throws RunnerException {
    for (Subject subject : Subject.values()) {
      OUT.println("  round trip: " + subject.label());
      measurement.roundTrip(subject);
    }
  }

  private void receive() throws RunnerException {
    for (Subject subject : Subject.values()) {
      OUT.println("  receives: " + subject.label());
      measurement.receive(subject);
    }
  }

  private Properties idle() throws IOException, InterruptedException {
    Properties told = new Properties();
    if (!settings.measures("idle")) return told;
    OUT.println("idle connections");
    Process process =
        new ProcessBuilder(
                settings.idleJava(),
                "-Xmx2g",
                // Its full collection leaves what is reachable and no more.
                "-XX:+UseSerialGC",
                Server.jvmArgument(port),
                "-cp",
                System.getProperty("java.class.path"),
                IdleConnections.class.getName(),
                String.valueOf(Settings.IDLE_CONNECTIONS))
            .redirectError(Redirect.INHERIT)
            .start();
    try (InputStream out = process.getInputStream()) {
      told.load(out);
    }
    int status = process.waitFor();
    if (status != 0) throw new IOException("idle connections ended with status " + status);
    return told;
  }
}
