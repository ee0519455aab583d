package io.holdfast.storm;

import java.util.Locale;

/**
 * What a storm did.
 *
 * @param peakWhileDown the most attempts within any second while the server was down, over what it
 *     accepts in one when it is up
 * @param peak the same once it is up
 * @param meanAttempts of a member
 * @param maxAttempts of a member
 * @param halfOpenSeconds until half of those who were cut are open again, from the server's return
 *     if it was down when they were cut
 * @param nearlyAllOpenSeconds the same for 99 %
 * @param stillWaiting how many were not open when the run ended
 */
record Report(
    double peakWhileDown,
    double peak,
    double meanAttempts,
    int maxAttempts,
    double halfOpenSeconds,
    double nearlyAllOpenSeconds,
    int stillWaiting) {

  static final String HEADER =
      """
      | policy | peak while down | peak once up | attempts, mean | max | 50 % open | 99 % open |
      |---|---:|---:|---:|---:|---:|---:|
      """;

  String row(String policy) {
    return String.format(
        Locale.ROOT,
        "| %s | %s | %.2f x | %.1f | %d | %.1f s | %.1f s |%s",
        policy,
        peakWhileDown == 0 ? "" : String.format(Locale.ROOT, "%.2f x", peakWhileDown),
        peak,
        meanAttempts,
        maxAttempts,
        halfOpenSeconds,
        nearlyAllOpenSeconds,
        stillWaiting == 0 ? "" : " " + stillWaiting + " not open");
  }
}
