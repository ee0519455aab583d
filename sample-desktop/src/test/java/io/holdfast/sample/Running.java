package io.holdfast.sample;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import picocli.CommandLine;

/** A subcommand that runs, and somebody who types. */
public final class Running {
  private static final int PATIENCE_SECONDS = 20;

  private final Printed printed = new Printed();
  private final StringWriter errors = new StringWriter();
  private final PipedOutputStream keyboard = new PipedOutputStream();
  private final CompletableFuture<Integer> status;

  /** Starts a command that is made of an input and an output. */
  public Running(BiFunction<InputStream, PrintStream, Object> command, String... arguments)
      throws IOException {
    InputStream typed = new PipedInputStream(keyboard, 1 << 16);
    CommandLine line = Main.configured(new CommandLine(command.apply(typed, printed.stream())));
    line.setErr(new PrintWriter(errors, true));
    status = CompletableFuture.supplyAsync(() -> line.execute(arguments), Running::start);
  }

  // A pipe wants to know that whoever writes to it lives; and each has a thread of its own.
  private static void start(Runnable body) {
    Thread thread = new Thread(body, "command under test");
    thread.setDaemon(true);
    thread.start();
  }

  /** Types text, line ends included. */
  public Running type(String text) throws IOException {
    return type(text.getBytes(UTF_8));
  }

  /** Types bytes. */
  public Running type(byte[] bytes) throws IOException {
    keyboard.write(bytes);
    keyboard.flush();
    return this;
  }

  /** Ends the input. */
  public Running endInput() throws IOException {
    keyboard.close();
    return this;
  }

  /** Waits until {@code text} has been printed. */
  public Running await(String text) throws InterruptedException {
    printed.await(text);
    return this;
  }

  /** Waits for the end, which must have this exit status. */
  public Running endsWith(int exitStatus) throws Exception {
    assertThat(status.get(PATIENCE_SECONDS, TimeUnit.SECONDS))
        .as(() -> printed.text() + errors)
        .isEqualTo(exitStatus);
    return this;
  }

  /** What it has printed. */
  public Printed printed() {
    return printed;
  }

  /** What it has printed as errors. */
  public String errors() {
    return errors.toString();
  }
}
