package io.holdfast.sample.demo;

import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A few lines at the bottom of a terminal that are drawn again and again, while a log scrolls above
 * them. Safe from any thread.
 */
final class LivePanel {
  // The cursor is on the line below the panel whenever the lock is free.
  private static final String UP = "\033[%dA";
  private static final String CLEAR_BELOW = "\r\033[J";
  // A line that is wider than the terminal must not become two.
  private static final String CUT_LINES = "\033[?7l";
  private static final String WRAP_LINES = "\033[?7h";

  private final PrintStream out;
  private final ReentrantLock lock = new ReentrantLock();

  // The lock guards the fields below, and what is on the terminal.
  private List<String> shown = List.of();
  private boolean ended;

  LivePanel(PrintStream out) {
    this.out = out;
  }

  /** Prints a line of the log above the panel. */
  void printAbove(String line) {
    lock.lock();
    try {
      draw(line + System.lineSeparator(), shown);
    } finally {
      lock.unlock();
    }
  }

  /** Draws the panel with these lines; does nothing once it has ended. */
  void show(List<String> lines) {
    lock.lock();
    try {
      if (!ended) draw("", lines);
    } finally {
      lock.unlock();
    }
  }

  /** Takes the panel away, for good. */
  void end() {
    lock.lock();
    try {
      ended = true;
      draw("", List.of());
    } finally {
      lock.unlock();
    }
  }

  // In one write, so that nothing flickers.
  private void draw(String above, List<String> lines) {
    StringBuilder text = new StringBuilder();
    if (!shown.isEmpty()) text.append(UP.formatted(shown.size())).append(CLEAR_BELOW);
    text.append(above);
    if (!lines.isEmpty()) text.append(CUT_LINES);
    for (String line : lines) text.append(line).append(System.lineSeparator());
    if (!lines.isEmpty()) text.append(WRAP_LINES);
    shown = List.copyOf(lines);
    out.print(text);
    out.flush();
  }
}
