package io.holdfast.sample.serve;

import static java.util.Objects.requireNonNull;

import io.holdfast.sample.terminal.Colours;
import io.holdfast.sample.terminal.DurationConverter;
import io.holdfast.sample.terminal.Timeline;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.BindException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of {@link Serve}. */
@Command(
    name = "serve",
    sortOptions = false,
    usageHelpWidth = 100,
    description = {
      "Serves WebSocket on this machine's loopback address, for watch or an emulator.",
      "It echoes every message, and shows who comes, goes and says what. Each line of the standard"
          + " input is sent to every session; quit, or Ctrl-C, ends it."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:It ended by quit or --duration.",
      "1:The port cannot be listened on.",
      "2:The arguments are wrong.",
      "130:Ctrl-C."
    },
    footer = {
      "",
      "With Maven:  mvn -q compile exec:java -Dexec.args=\"serve --port 8080 --push-every 1s\"",
      "An Android emulator reaches it at ws://10.0.2.2:8080/."
    })
public final class ServeCommand implements Callable<Integer> {
  private static final int DEFAULT_PORT = 8080;
  private static final int HIGHEST_PORT = 65_535;

  private final InputStream in;
  private final PrintStream out;
  private final boolean colours;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--port",
      paramLabel = "NUMBER",
      description = "The port to listen on; 0 for any free one, 8080 by default.")
  private int port = DEFAULT_PORT;

  @Option(
      names = "--no-echo",
      negatable = true,
      description = "Whether each message is sent back; yes by default.")
  private boolean echo = true;

  @Option(
      names = "--push-every",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "Sends a numbered line to every session so often; never by default.")
  private @Nullable Duration pushEvery;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "Serves for so long; until quit or Ctrl-C by default.")
  private @Nullable Duration duration;

  @Option(names = "--no-stdin", description = "Reads no input.")
  private boolean noInput;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this.")
  @SuppressWarnings("unused") // picocli acts on it.
  private boolean help;

  /** Serves with the process's input and output. */
  public ServeCommand() {
    this(System.in, System.out, Colours.wanted());
  }

  ServeCommand(InputStream in, PrintStream out, boolean colours) {
    this.in = in;
    this.out = out;
    this.colours = colours;
  }

  @Override
  public Integer call() throws IOException {
    if (port < 0 || port > HIGHEST_PORT) {
      throw refused("--port must be 0 to " + HIGHEST_PORT + " but was " + port);
    }
    positive("--push-every", pushEvery);
    positive("--duration", duration);
    Timeline timeline = new Timeline(out, colours, System::nanoTime);
    Serve.Plan plan = new Serve.Plan(port, echo, pushEvery, duration, noInput ? null : in);
    try {
      Serve.run(plan, timeline);
      return 0;
    } catch (BindException e) {
      requireNonNull(spec).commandLine().getErr().println(sentence(e));
      return 1;
    }
  }

  private String sentence(BindException thrown) {
    String text = String.valueOf(thrown.getMessage());
    return text.toLowerCase(Locale.ROOT).contains("in use")
        ? "port must be free but " + port + " is taken"
        : "port must be one to listen on but " + port + " is not: " + text;
  }

  private void positive(String what, @Nullable Duration value) {
    if (value != null && value.isZero()) throw refused(what + " must be positive but was 0s");
  }

  private ParameterException refused(String ruleAndValue) {
    return new ParameterException(requireNonNull(spec).commandLine(), ruleAndValue);
  }
}
