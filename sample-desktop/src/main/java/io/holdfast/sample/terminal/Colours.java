package io.holdfast.sample.terminal;

import java.io.Console;
import java.util.Map;

/** Whether the output is for a person at a terminal that shows colours. */
public final class Colours {
  private Colours() {}

  public static boolean wanted() {
    return wanted(onTerminal(), System.getenv());
  }

  /** Follows no-color.org. */
  public static boolean wanted(boolean onTerminal, Map<String, String> environment) {
    String kind = environment.getOrDefault("TERM", "dumb");
    return onTerminal && !kind.equals("dumb") && environment.getOrDefault("NO_COLOR", "").isEmpty();
  }

  // A console is a terminal until JDK 21; since JDK 22 there always is one, and it must be asked.
  @SuppressWarnings("SystemConsoleNull")
  public static boolean onTerminal() {
    Console console = System.console();
    if (console == null) return false;
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      return true;
    }
  }
}
