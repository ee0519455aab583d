package io.holdfast.sample.terminal;

import io.holdfast.sample.terminal.Line.Tone;
import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Prints lines in columns, with the seconds since the first of them. Safe from any thread.
 *
 * <pre>
 *    time  label       text
 *    6.95  OPEN        transport 3, attempt 2, 2.1 ms (tcp 0.2, upgrade 1.7)
 * </pre>
 */
public final class Timeline {
  /** How many characters a line has at most. */
  public static final int WIDTH = 100;

  /** How many of them are for the text of a line with columns. */
  public static final int TEXT_WIDTH = WIDTH - 22;

  private final Consumer<String> printer;
  private final boolean colours;
  private final LongSupplier nanoTime;
  private final ReentrantLock lock = new ReentrantLock();

  // The lock guards the fields below, and the order of what is printed.
  private boolean started;
  private long startedAtNanos;

  public Timeline(PrintStream out, boolean colours, LongSupplier nanoTime) {
    this(
        line -> {
          out.println(line);
          out.flush();
        },
        colours,
        nanoTime);
  }

  /** Gives each line to {@code printer}, with this timeline's lock held. */
  public Timeline(Consumer<String> printer, boolean colours, LongSupplier nanoTime) {
    this.printer = printer;
    this.colours = colours;
    this.nanoTime = nanoTime;
  }

  public void add(Line line) {
    lock.lock();
    try {
      String columns =
          String.format(Locale.ROOT, "%8.2f  %-10s  ", elapsedNanos() / 1e9, line.label())
              + Texts.printable(line.text(), TEXT_WIDTH);
      printer.accept(line.tone().apply(columns, colours));
    } finally {
      lock.unlock();
    }
  }

  public void add(Tone tone, String label, String text) {
    add(new Line(tone, label, text));
  }

  /** Prints {@code text} as it is, with no time. */
  public void addPlain(String text) {
    lock.lock();
    try {
      printer.accept(text);
    } finally {
      lock.unlock();
    }
  }

  private long elapsedNanos() {
    long now = nanoTime.getAsLong();
    if (!started) startedAtNanos = now;
    started = true;
    return now - startedAtNanos;
  }
}
