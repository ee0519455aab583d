package io.holdfast.sample.watch;

import java.time.Duration;

/**
 * Round-trip times in numbers.
 *
 * @param count how many; the others are zero if there was none
 */
record RoundTrips(long count, Duration least, Duration sum, Duration most) {
  static final RoundTrips NONE = new RoundTrips(0, Duration.ZERO, Duration.ZERO, Duration.ZERO);

  RoundTrips with(Duration next) {
    return new RoundTrips(
        count + 1,
        count == 0 || next.compareTo(least) < 0 ? next : least,
        sum.plus(next),
        next.compareTo(most) > 0 ? next : most);
  }

  Duration mean() {
    return count == 0 ? Duration.ZERO : sum.dividedBy(count);
  }
}
