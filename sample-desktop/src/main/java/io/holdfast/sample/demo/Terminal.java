package io.holdfast.sample.demo;

import io.holdfast.sample.terminal.Colours;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What the output can show.
 *
 * @param live whether lines that are printed can be drawn again, because a person looks at them
 * @param colours whether it shows colours, and they are wanted
 * @param unicode whether it shows block characters
 */
record Terminal(boolean live, boolean colours, boolean unicode) {

  static Terminal detect() {
    return of(Colours.onTerminal(), System.getenv());
  }

  static Terminal of(boolean onTerminal, Map<String, String> environment) {
    boolean live = onTerminal && !environment.getOrDefault("TERM", "dumb").equals("dumb");
    return new Terminal(live, Colours.wanted(onTerminal, environment), live && isUtf8(environment));
  }

  // The first of them that is set decides, as in POSIX.
  private static boolean isUtf8(Map<String, String> environment) {
    return Stream.of("LC_ALL", "LC_CTYPE", "LANG")
        .map(name -> environment.getOrDefault(name, ""))
        .filter(value -> !value.isEmpty())
        .findFirst()
        .map(value -> value.toUpperCase(Locale.ROOT))
        .filter(value -> value.contains("UTF-8") || value.contains("UTF8"))
        .isPresent();
  }

  /** Where to print: {@code System.out}, or, for characters that it may not encode, past it. */
  PrintStream out() {
    if (!unicode) return System.out;
    return new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
  }
}
