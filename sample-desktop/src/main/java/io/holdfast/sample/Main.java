package io.holdfast.sample;

import static java.util.Objects.requireNonNull;

import io.holdfast.sample.serve.ServeCommand;
import io.holdfast.sample.watch.WatchCommand;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of the demo. */
@Command(
    name = "holdfast-demo",
    subcommands = {WatchCommand.class, ServeCommand.class},
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
public final class Main implements Callable<Integer> {
  private static final Duration SHORTEST = Duration.ofSeconds(6);
  private static final Duration LONGEST = Duration.ofHours(1);
  private static final Duration DEFAULT_DURATION = Duration.ofSeconds(30);
  private static final long DEFAULT_SEED = 1;
  private static final int HIGHEST_RATE = 5_000;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description =
          "For how long messages are sent: a number and s, m or h, 6s to 1h; 30s by default.")
  private @Nullable Duration duration;

  @Option(
      names = "--seed",
      paramLabel = "NUMBER",
      description = "Chooses the faults, their times and the jitter; 1 by default.")
  private long seed = DEFAULT_SEED;

  @Option(
      names = "--rate",
      paramLabel = "NUMBER",
      description = "Messages a second to the embedded server, 1 to 5000; 40 by default.")
  private int rate = 40;

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

  /** Runs the demo and ends the JVM with its exit status. */
  public static void main(String[] args) {
    // Explicitly, because exec:java runs this in Maven's own JVM.
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return configured(new CommandLine(new Main()));
  }

  /** Lets a command, and its subcommands, tell errors in a sentence. */
  static CommandLine configured(CommandLine command) {
    return command.setParameterExceptionHandler((wrong, args) -> refuse(wrong));
  }

  private static int refuse(ParameterException wrong) {
    CommandLine command = wrong.getCommandLine();
    command.getErr().println(wrong.getMessage());
    String subcommand = command.getParent() == null ? "" : command.getCommandName() + " ";
    command.getErr().println("Try " + subcommand + "--help.");
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }

  @Override
  public Integer call() throws IOException {
    Timeline timeline = new Timeline(System.out, Colours.wanted(), System::nanoTime);
    Duration chosen = duration != null ? duration : DEFAULT_DURATION;
    if (chosen.compareTo(SHORTEST) < 0 || chosen.compareTo(LONGEST) > 0) {
      throw refused("duration must be 6s to 1h but was " + chosen.toMillis() / 1e3 + "s");
    }
    if (rate < 1 || rate > HIGHEST_RATE) {
      throw refused("rate must be 1 to " + HIGHEST_RATE + " messages a second but was " + rate);
    }
    return Demo.run(new Demo.Plan(chosen, seed, rate), timeline).exitStatus();
  }

  private ParameterException refused(@Nullable String ruleAndValue) {
    return new ParameterException(requireNonNull(spec).commandLine(), ruleAndValue);
  }
}
