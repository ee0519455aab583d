package io.holdfast.internal.heartbeat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Learns how long the path of one network may be silent: what an address translator on the way
 * forgets sooner than that is lost.
 *
 * <pre>
 *   step up: twice what was survived ... until a loss
 *     bisect: between what was survived and the shortest loss, until they are close
 *       verify: the shortest loss again, for it may have had another reason
 *         settled: a little less than what was survived;
 *           after each day of such silences the shortest loss again
 * </pre>
 *
 * <p>Whatever is survived refutes the losses below it. Several losses in a row of what used to be
 * survived refute that.
 */
public final class IntervalLearner {
  private static final double STEP = 2;
  // Survived and lost are close enough; with the margin no more than a fifth is given away.
  private static final double CLOSE = 1.2;
  private static final double MARGIN = 0.96;
  private static final double SAME = 1.05;
  private static final double NEWS = 1.02;
  private static final int ENOUGH_LOSSES = 3;
  private static final int MOST_LOSSES = 8;
  private static final long HOUR_MILLIS = Duration.ofHours(1).toMillis();
  private static final long AGAIN_MILLIS = 24 * HOUR_MILLIS;
  // Milliseconds survived; milliseconds lost; surprises; hours since the last loss.
  private static final Pattern STATE =
      Pattern.compile("1;(\\d{1,12});((?:\\d{1,12},){0,8});(\\d);(\\d{1,2})");

  private final double minMillis;
  private final double maxMillis;
  private long survivedMillis;
  // Silences that were lost, and are longer than any that was survived, shortest first.
  private final List<Long> losses = new ArrayList<>();
  // Losses in a row of what should have been survived.
  private int surprises;
  // How much silence was survived since something was learnt; more than a day is as good as one.
  private long calmMillis;

  /** Knows nothing yet. The bounds are at least a millisecond. */
  public IntervalLearner(Duration min, Duration max) {
    minMillis = min.toMillis();
    maxMillis = max.toMillis();
  }

  // ---- What is to be tried

  /** Returns how long to be silent next. */
  public Duration interval() {
    return bounded(next());
  }

  /** Whether nothing remains to be tried, but now and then. */
  public boolean settled() {
    return survivedMillis >= maxMillis || (isClose() && timesLost() >= ENOUGH_LOSSES);
  }

  /** Returns how long to be silent but now and then; null while it is not settled. */
  public @Nullable Duration settledOn() {
    if (!settled()) return null;
    return bounded(survivedMillis >= maxMillis ? maxMillis : floor() * MARGIN);
  }

  private Duration bounded(double millis) {
    return Duration.ofMillis((long) Math.min(maxMillis, Math.max(minMillis, millis)));
  }

  private double next() {
    if (survivedMillis >= maxMillis || shortestLoss() <= minMillis) return survivedMillis;
    // The first is the shortest there may be.
    if (losses.isEmpty()) return survivedMillis * STEP;
    if (!isClose()) return Math.sqrt(floor() * shortestLoss());
    if (timesLost() < ENOUGH_LOSSES || calmMillis >= AGAIN_MILLIS) return shortestLoss();
    return floor() * MARGIN;
  }

  private double floor() {
    return Math.max(minMillis, (double) survivedMillis);
  }

  private double shortestLoss() {
    return losses.isEmpty() ? Double.MAX_VALUE : losses.get(0);
  }

  private boolean isClose() {
    return shortestLoss() <= floor() * CLOSE;
  }

  private long timesLost() {
    return losses.stream().filter(loss -> loss <= shortestLoss() * SAME).count();
  }

  // ---- What came of it

  /** A ping after that much silence was answered. */
  public void survived(Duration silence) {
    long millis = silence.toMillis();
    surprises = 0;
    calmMillis = Math.min(AGAIN_MILLIS, calmMillis + millis);
    boolean refutes = losses.removeIf(loss -> loss <= millis);
    // A timer that was a little late is nothing new, and not worth remembering.
    if (!refutes && millis <= survivedMillis * NEWS) return;
    survivedMillis = Math.max(survivedMillis, millis);
    calmMillis = 0;
  }

  /** A ping after that much silence was not answered, and the transport lost. */
  public void lost(Duration silence) {
    long millis = silence.toMillis();
    if (millis <= survivedMillis && ++surprises < ENOUGH_LOSSES) return;
    if (millis <= survivedMillis) forget();
    calmMillis = 0;
    losses.add(millis);
    Collections.sort(losses);
    while (losses.size() > MOST_LOSSES) losses.remove(losses.size() - 1);
  }

  private void forget() {
    survivedMillis = 0;
    surprises = 0;
    calmMillis = 0;
    losses.clear();
  }

  // ---- Memory

  /** Returns what {@link #recall} understands, a line of some hundred characters at most. */
  public String state() {
    StringBuilder all = new StringBuilder("1;").append(survivedMillis).append(';');
    for (long loss : losses) all.append(loss).append(',');
    return all.append(';')
        .append(surprises)
        .append(';')
        .append(calmMillis / HOUR_MILLIS)
        .toString();
  }

  /**
   * Goes on from {@code state}; from nothing if it cannot be read. Whoever learnt it may have had
   * other bounds: what is beyond ours stays known, and {@link #interval} within them.
   */
  public void recall(@Nullable String state) {
    forget();
    if (state == null) return;
    Matcher matcher = STATE.matcher(state);
    if (!matcher.matches()) return;
    survivedMillis = Long.parseLong(matcher.group(1));
    for (String loss : matcher.group(2).split(",", -1)) {
      if (!loss.isEmpty()) losses.add(Long.parseLong(loss));
    }
    Collections.sort(losses);
    losses.removeIf(loss -> loss <= survivedMillis);
    surprises = Math.min(Integer.parseInt(matcher.group(3)), ENOUGH_LOSSES - 1);
    calmMillis = Math.min(AGAIN_MILLIS, Long.parseLong(matcher.group(4)) * HOUR_MILLIS);
  }
}
