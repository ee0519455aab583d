package io.holdfast.simulation.mutation;

import java.util.List;

/** Whether and when to try again. */
final class RetryBugs {
  private static final SourceFile POLICY = SourceFile.internal("retry", "retry/BackoffPolicy");
  private static final SourceFile FAILURES = SourceFile.internal("retry", "retry/Failures");
  private static final SourceFile RETRIES = SourceFile.internal("retry", "retry/Retries");
  private static final SourceFile AFTER = SourceFile.internal("retry", "retry/RetryAfter");

  private RetryBugs() {}

  static List<PlantedBug> all() {
    return List.of(
        POLICY.bug(
            "jitter before the cap",
            "In the end each delay is exactly the longest.",
            "return spreadMillis + jittered(boundMillis(doublings, maxMillis() - spreadMillis));",
            "return Math.min(maxMillis(), spreadMillis + jittered((long) Math.scalb((double) backoff.initial().toMillis(), Math.min(doublings, 40))));"),
        POLICY.bug(
            "backoff does not grow",
            "Each delay is drawn up to the first bound.",
            "double grown = Math.scalb(initial, Math.min(doublings, 62));",
            "double grown = initial;"),
        POLICY.bug(
            "backoff skips its first bounds",
            "The second delay is drawn up to four times its bound.",
            "Math.max(0, failures - 2)",
            "failures"),
        POLICY.bug(
            "spread forgotten after the first delay",
            "Clients that were turned away come again before the others have come once.",
            "return spreadMillis + jittered(boundMillis(doublings, maxMillis() - spreadMillis));",
            "return jittered(boundMillis(doublings, maxMillis()));"),
        POLICY.bug(
            "spread paid twice",
            "After an attempt that timed out the whole spread is waited for again.",
            "return spreadMillis - spentMillis + jittered(boundMillis);",
            "return spreadMillis + jittered(boundMillis);"),
        POLICY.bug(
            "no jitter",
            "Each delay is its bound.",
            "return (long) (random.nextDouble() * (boundMillis + 1));",
            "return boundMillis;"),
        POLICY.bug(
            "no spread",
            "After a loss that all share the first attempt goes at once.",
            "case SPREAD -> jittered(spreadMillis);",
            "case SPREAD -> 0;"),
        FAILURES.bug(
            "half-open peers spread",
            "After a heartbeat timeout the first attempt waits.",
            "BY_KIND.put(HeartbeatTimedOut.class, LOST_BY_US);",
            "BY_KIND.put(HeartbeatTimedOut.class, DEALT_TO_ALL);"),
        FAILURES.bug(
            "a drain of the server not spread",
            "After Close 1001 or 1012 the first delay is drawn up to the initial backoff.",
            "Set.of(1000, 1001, 1011, 1012)",
            "Set.of(1000, 1011)"),
        FAILURES.bug(
            "fatal close retried",
            "A peer that says what will never work is asked again.",
            "if (FATAL_CLOSE_CODES.contains(code)) return FATAL;",
            ""),
        FAILURES.bug(
            "overload is fatal",
            "HTTP 429 ends the connection.",
            "Set.of(401, 403, 404, 407, 408, 421, 425, 429)",
            "Set.of(401, 403, 404, 407, 408, 421, 425)"),
        FAILURES.bug(
            "fresh credentials wait",
            "After 401 the next attempt waits, although waiting mends nothing.",
            "Classification.retried(NONE, NONE).withRefreshedCredentials();",
            "Classification.retried(BACKOFF, BACKOFF).withRefreshedCredentials();"),
        RETRIES.bug(
            "each failure begins an outage",
            "The backoff begins anew at each failure.",
            "if (outage == null) outage = retry().asyncContext();",
            "outage = retry().asyncContext();"),
        RETRIES.bug(
            "Retry-After ignored",
            "A wait that the server asked for is our own delay.",
            ": Math.max(waitNanos, bidNanos);",
            ": waitNanos;"),
        RETRIES.bug(
            "spread within the delay",
            "All whom a peer asks to move come at once, when its delay is over.",
            "return waitFollowsBid ? bidNanos + waitNanos :",
            "return"),
        FAILURES.bug(
            "refused for ever",
            "Credentials that were refused twice are tried again.",
            "if (unauthorizedBefore && isUnauthorized(cause)) {",
            "if (unauthorizedBefore && isUnauthorized(cause) && cause.getMessage() == null) {"),
        FAILURES.bug(
            "refused once",
            "Credentials that were refused once end the connection.",
            "if (unauthorizedBefore && isUnauthorized(cause)) {",
            "if (unauthorizedBefore || isUnauthorized(cause)) {"),
        FAILURES.bug(
            "a server that asks for time spread",
            "After Close 1013 the first attempt may go at once.",
            "return code == 1013 ? TRY_LATER : OTHER;",
            "return code == 1013 ? DEALT_TO_ALL : OTHER;"),
        AFTER.bug(
            "Retry-After in milliseconds",
            "Seconds are taken for milliseconds.",
            "Duration.ofSeconds(Long.parseLong(digits))",
            "Duration.ofMillis(Long.parseLong(digits))"));
  }
}
