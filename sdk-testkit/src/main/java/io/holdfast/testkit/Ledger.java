package io.holdfast.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

/**
 * What arrived at a server, across its restarts: which messages, how often, in what order.
 *
 * <p>A test numbers its messages and the ledger finds the number in the text; by default it is the
 * first run of decimal digits, so that {@code "7"}, {@code "order-7"} and {@code {"n":7}} are all
 * message 7. A text with no number, or a negative one, is unnumbered: it arrives, and nothing else
 * here counts it. A million messages take about two megabytes; texts are kept only if asked.
 *
 * <p>One ledger is for one stream of numbers. Two sessions of one client may overlap: a server's
 * threads may still be reading what an old transport left behind when a new one delivers, and the
 * order then tells of that race, as it would at a real server.
 *
 * <p>Safe from any thread.
 */
public final class Ledger {
  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,18}");

  private final ToLongFunction<String> numberOf;
  private final int keptLimit;
  private final Changes changes = new Changes();
  private final ReentrantLock lock = new ReentrantLock();

  // The lock guards the fields below.
  private final Counts counts = new Counts();
  private final List<Arrival> kept = new ArrayList<>();
  private long arrivals;
  private long unnumbered;
  private long distinct;
  private long highestNumber = -1;
  private boolean orderKept = true;

  /** A ledger that takes a text's first run of digits for its number and keeps no text. */
  public Ledger() {
    this(Ledger::firstDigits, 0);
  }

  /**
   * A ledger with its own way to find a number, which keeps the first {@code keptArrivals} texts.
   *
   * @param numberOf finds the number in a text, or gives a negative one; called by server threads
   * @throws IllegalArgumentException if {@code keptArrivals} is negative
   */
  public Ledger(ToLongFunction<String> numberOf, int keptArrivals) {
    if (keptArrivals < 0) {
      throw new IllegalArgumentException("kept arrivals must be >= 0 but was " + keptArrivals);
    }
    this.numberOf = numberOf;
    this.keptLimit = keptArrivals;
  }

  /** Enters one arrival; {@link TestServer} does so for each message, before it answers. */
  public void record(int session, String text) {
    long number = numberOf.applyAsLong(text);
    lock.lock();
    try {
      if (kept.size() < keptLimit) kept.add(new Arrival(arrivals, session, number, text));
      arrivals++;
      count(number);
    } finally {
      lock.unlock();
    }
    changes.signal();
  }

  private void count(long number) {
    if (number < 0) {
      unnumbered++;
    } else if (counts.add(number) == 0) {
      distinct++;
      if (number < highestNumber) orderKept = false;
      highestNumber = Math.max(highestNumber, number);
    }
  }

  /** How many messages arrived, repeated and unnumbered ones included. */
  public long arrivals() {
    return locked(() -> arrivals);
  }

  /** How many different numbers arrived. */
  public long distinct() {
    return locked(() -> distinct);
  }

  /** How many arrivals repeated a number that had arrived before. */
  public long duplicates() {
    return locked(() -> arrivals - unnumbered - distinct);
  }

  /** How many arrivals had no number. */
  public long unnumbered() {
    return locked(() -> unnumbered);
  }

  /** How often {@code number} arrived; 65,535 stands for that and more. */
  public int times(long number) {
    return locked(() -> counts.of(number)).intValue();
  }

  /**
   * True if the first arrivals' numbers rise strictly: each number, when it came for the first
   * time, was higher than all before it. Repeats do not matter, and neither do gaps.
   */
  public boolean orderKept() {
    return locked(() -> orderKept);
  }

  /** The numbers in the range that have not arrived, ascending. */
  public long[] missing(long fromInclusive, long toExclusive) {
    return locked(
        () ->
            LongStream.range(fromInclusive, toExclusive)
                .filter(number -> counts.of(number) == 0)
                .toArray());
  }

  /** The first arrivals, as many as the constructor was told to keep, in the order they came. */
  public List<Arrival> kept() {
    return locked(() -> List.copyOf(kept));
  }

  /**
   * Waits until {@code count} different numbers have arrived.
   *
   * @return false if they have not within {@code timeout}
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  public boolean awaitDistinct(long count, Duration timeout) throws InterruptedException {
    return await(ledger -> ledger.distinct() >= count, timeout);
  }

  /**
   * Waits until {@code condition} holds; it is tried after each arrival.
   *
   * @return false if it did not within {@code timeout}
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  public boolean await(Predicate<Ledger> condition, Duration timeout) throws InterruptedException {
    return changes.await(() -> condition.test(this), timeout);
  }

  /** The counts in one line, for a test's failure message. */
  @Override
  public String toString() {
    return locked(
        () ->
            "Ledger{arrivals=%d, distinct=%d, duplicates=%d, unnumbered=%d, orderKept=%b}"
                .formatted(arrivals, distinct, duplicates(), unnumbered, orderKept));
  }

  private <T> T locked(Supplier<T> reading) {
    lock.lock();
    try {
      return reading.get();
    } finally {
      lock.unlock();
    }
  }

  private static long firstDigits(String text) {
    Matcher digits = DIGITS.matcher(text);
    return digits.find() ? Long.parseLong(digits.group()) : -1;
  }
}
