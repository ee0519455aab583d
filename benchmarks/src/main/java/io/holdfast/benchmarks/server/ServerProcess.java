package io.holdfast.benchmarks.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;

/** A {@link BenchmarkServer} in a process of its own. */
public final class ServerProcess implements AutoCloseable {
  private final Process process;
  private final int port;

  private ServerProcess(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts it and waits until it listens. */
  public static ServerProcess start() throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                BenchmarkServer.class.getName())
            .redirectError(Redirect.INHERIT)
            .start();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), US_ASCII));
    String port = out.readLine();
    if (port == null) throw new IOException("server process ended: " + process);
    return new ServerProcess(process, Integer.parseInt(port));
  }

  /** Returns the port on which it listens. */
  public int port() {
    return port;
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
  }
}
