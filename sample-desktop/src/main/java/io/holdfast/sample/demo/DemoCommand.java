package io.holdfast.sample.demo;

import static java.util.Objects.requireNonNull;

import io.holdfast.sample.terminal.DurationConverter;
import io.holdfast.sample.terminal.Timeline;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The command line of the {@link Demo}. */
@Command(
    name = "holdfast-demo",
    sortOptions = false,
    usageHelpWidth = 100,
    description = {
      "Shows a resilient WebSocket connection as it survives faults.",
      "It sends numbered messages to an embedded server over a path that fails by a"
          + " script, and in the end compares with the server's ledger. The exit status is 0 only"
          + " if nothing was lost and the order was kept."
    },
    footer = {
      "",
      "With Maven:  mvn -q compile exec:java -Dexec.args=\"--duration 15s --seed 5\"",
      "Colours are used on a terminal only, and not if NO_COLOR is set."
    })
public final class DemoCommand implements Callable<Integer> {
  private static final Duration SHORTEST = Duration.ofSeconds(6);
  private static final Duration LONGEST = Duration.ofHours(1);
  private static final int HIGHEST_RATE = 5_000;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description =
          "For how long messages are sent: a number and s, m or h, 6s to 1h; 40s by default.")
  private Duration duration = Duration.ofSeconds(40);

  @Option(
      names = "--seed",
      paramLabel = "NUMBER",
      description = "Chooses the faults, their times and the jitter; 1 by default.")
  private long seed = 1;

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
              + " slow-path, accept-and-drop, flood, kill.")
  private List<FaultKind> faults = List.of(FaultKind.values());

  @Option(names = "--plain", description = "Prints a log, as if piped, on a terminal too.")
  private boolean plain;

  @Option(names = "--url", hidden = true)
  @SuppressWarnings("unused") // picocli calls it.
  private void url(String url) {
    throw refused("--url is now a subcommand: watch URL");
  }

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this.")
  @SuppressWarnings("unused") // picocli acts on it.
  private boolean help;

  @Override
  public Integer call() throws IOException {
    if (duration.compareTo(SHORTEST) < 0 || duration.compareTo(LONGEST) > 0) {
      throw refused("duration must be 6s to 1h but was " + duration.toMillis() / 1e3 + "s");
    }
    if (rate < 1 || rate > HIGHEST_RATE) {
      throw refused("rate must be 1 to " + HIGHEST_RATE + " messages a second but was " + rate);
    }
    Demo.Plan show = new Demo.Plan(duration, seed, rate, EnumSet.copyOf(faults));
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

  private ParameterException refused(String ruleAndValue) {
    return new ParameterException(requireNonNull(spec).commandLine(), ruleAndValue);
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
}
