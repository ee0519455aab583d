package io.holdfast.sample;

import io.holdfast.sample.demo.DemoCommand;
import io.holdfast.sample.serve.ServeCommand;
import io.holdfast.sample.watch.WatchCommand;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The command line: the demo, and the tools beside it. */
public final class Main {
  private Main() {}

  /** Runs the command and ends the JVM with its exit status. */
  public static void main(String[] args) {
    // Explicitly, because exec:java runs this in Maven's own JVM.
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return configured(
        new CommandLine(new DemoCommand())
            .addSubcommand(new WatchCommand())
            .addSubcommand(new ServeCommand()));
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
}
