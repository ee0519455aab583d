package io.holdfast.sample;

import static java.util.Objects.requireNonNull;

import io.holdfast.ManagedConnection;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The command line of the demo. */
@Command(
    name = "holdfast-demo",
    sortOptions = false,
    usageHelpWidth = 100,
    description = {
      "Shows a resilient WebSocket connection as it survives faults.",
      "Without --url it sends numbered messages to an embedded server over a path that fails by a"
          + " script, and in the end compares with the server's ledger. The exit status is 0 only"
          + " if nothing was lost and the order was kept."
    },
    footer = {
      "",
      "With Maven:  mvn -q compile exec:java -Dexec.args=\"--duration 15s --seed 5\"",
      "Colours are used on a terminal only, and not if NO_COLOR is set."
    })
public final class Main implements Callable<Integer> {
  private static final Duration SHORTEST = Duration.ofSeconds(6);
  private static final Duration LONGEST = Duration.ofHours(1);
  private static final Duration DEFAULT_DURATION = Duration.ofSeconds(40);
  private static final long DEFAULT_SEED = 1;
  private static final int HIGHEST_RATE = 5_000;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description =
          "For how long messages are sent: a number and s, m or h, 6s to 1h; 40s by default. With"
              + " --url: for how long to watch; until the input ends by default.")
  private @Nullable Duration duration;

  @Option(
      names = "--seed",
      paramLabel = "NUMBER",
      description =
          "Chooses the faults, their times and the jitter; 1 by default. With --url: the jitter;"
              + " another each time by default.")
  private @Nullable Long seed;

  @Option(
      names = "--rate",
      paramLabel = "NUMBER",
      description = "Messages a second to the embedded server, 1 to 5000; 40 by default.")
  private int rate = 40;

  @Option(
      names = "--faults",
      paramLabel = "NAMES",
      split = ",",
      converter = FaultConverter.class,
      description =
          "Which faults the script is made of, separated by commas; all by default. They are:"
              + " restart, black-hole, hole-to-server, hole-to-client, mid-frame, http-503, refused,"
              + " slow-path, accept-and-drop, flood.")
  private List<FaultKind> faults = List.of(FaultKind.values());

  @Option(names = "--plain", description = "Prints a log, as if piped, on a terminal too.")
  private boolean plain;

  @Option(
      names = "--url",
      paramLabel = "URL",
      converter = UrlConverter.class,
      description =
          "Watches this server (ws:// or wss://) instead of the embedded one, and sends each line"
              + " of the standard input to it.")
  private @Nullable URI url;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this.")
  @SuppressWarnings("unused") // picocli acts on it.
  private boolean help;

  /** Runs the demo and ends the JVM with its exit status. */
  public static void main(String[] args) {
    // Explicitly, because exec:java runs this in Maven's own JVM.
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setParameterExceptionHandler(
            (wrong, args) -> {
              CommandLine command = wrong.getCommandLine();
              command.getErr().println(wrong.getMessage());
              command.getErr().println("Try --help.");
              return command.getCommandSpec().exitCodeOnInvalidInput();
            });
  }

  @Override
  public Integer call() throws IOException {
    if (url == null) return demo();
    return watch(url, new Timeline(System.out, Colours.wanted(), System::nanoTime));
  }

  private int demo() throws IOException {
    Duration chosen = duration != null ? duration : DEFAULT_DURATION;
    if (chosen.compareTo(SHORTEST) < 0 || chosen.compareTo(LONGEST) > 0) {
      throw refused("duration must be 6s to 1h but was " + chosen.toMillis() / 1e3 + "s");
    }
    if (rate < 1 || rate > HIGHEST_RATE) {
      throw refused("rate must be 1 to " + HIGHEST_RATE + " messages a second but was " + rate);
    }
    Demo.Plan show =
        new Demo.Plan(chosen, seed != null ? seed : DEFAULT_SEED, rate, EnumSet.copyOf(faults));
    return run(show, Terminal.detect()).exitStatus();
  }

  private Summary run(Demo.Plan show, Terminal terminal) throws IOException {
    if (plain || !terminal.live()) {
      Timeline timeline = new Timeline(System.out, terminal.colours(), System::nanoTime);
      return Demo.run(show, timeline, Display.lines(timeline));
    }
    LivePanel panel = new LivePanel(terminal.out());
    Glyphs glyphs = terminal.unicode() ? Glyphs.BLOCKS : Glyphs.ASCII;
    Dashboard dashboard = new Dashboard(show.script(), show.duration(), glyphs, terminal.colours());
    Timeline timeline = new Timeline(panel::printAbove, terminal.colours(), System::nanoTime);
    return Demo.run(show, timeline, Display.panel(panel, dashboard));
  }

  private int watch(URI url, Timeline timeline) {
    if (duration != null && duration.isZero()) {
      throw refused("duration must be positive but was 0s");
    }
    ManagedConnection.Builder connection = connectionTo(url);
    // A seed that everyone has by default would take the jitter out of everyone's delays.
    if (seed != null) connection.random(new Random(seed));
    return Watch.run(connection, System.in, duration, timeline);
  }

  private ManagedConnection.Builder connectionTo(URI url) {
    try {
      return ManagedConnection.builder(url);
    } catch (IllegalArgumentException e) {
      throw refused(e.getMessage());
    }
  }

  private ParameterException refused(@Nullable String ruleAndValue) {
    return new ParameterException(requireNonNull(spec).commandLine(), ruleAndValue);
  }

  /** Says {@link Durations}' rule. */
  static final class DurationConverter implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      try {
        return Durations.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  /** Says {@link FaultKind}'s rule. */
  static final class FaultConverter implements ITypeConverter<FaultKind> {
    @Override
    public FaultKind convert(String option) {
      try {
        return FaultKind.of(option);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  /** Takes any URI; what a connection makes of it comes later. */
  static final class UrlConverter implements ITypeConverter<URI> {
    @Override
    public URI convert(String text) {
      try {
        return new URI(text);
      } catch (URISyntaxException e) {
        throw new TypeConversionException("url must be a URI but was " + text);
      }
    }
  }
}
