package io.holdfast.simulation;

import io.github.resilience4j.retry.RetryConfig;
import io.holdfast.Backoff;
import io.holdfast.Heartbeat;
import io.holdfast.ManagedConnection;
import io.holdfast.Overflow;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How the connection is configured and what its way to the server is like in fair weather.
 *
 * @param ownAttempts of the app's own retry configuration; zero if it has none
 * @param bufferBytes of each kernel for each direction of a flow
 * @param unboundedDemand whether the app takes whatever comes
 * @param largestMessage that the app sends, now and then, in bytes
 * @param storing whether messages are kept on disk
 * @param journalBytes that the journal may take
 * @param speech null if it speaks no protocol
 * @param background the heartbeat of an app that nobody looks at; null if it is the same
 * @param heart what these two go by
 * @param outageNotice after which the app is told; zero for never
 * @param outageLimit after which it is over; zero for never
 * @param asksForLater whether the app gives requests later, or never
 * @param requestTimeout until when it must have given one
 * @param places where the server is met
 * @param makeBeforeBreak whether a second transport is opened beside one that is late
 */
record Setup(
    Heartbeat heartbeat,
    Backoff backoff,
    int ownAttempts,
    Duration ownWait,
    int maxQueuedMessages,
    long maxQueuedBytes,
    int maxMessageBytes,
    Overflow overflow,
    int resendLimit,
    Duration barrierSpacing,
    int maxInboundMessages,
    long maxInboundBytes,
    Duration attemptTimeout,
    Duration provenAfter,
    Duration confirmTimeout,
    Duration writeStall,
    Duration closeTimeout,
    Duration stallLimit,
    long latencyNanos,
    long bytesPerSecond,
    long bufferBytes,
    boolean unboundedDemand,
    int largestMessage,
    boolean storing,
    long journalBytes,
    int segmentBytes,
    @Nullable Speech speech,
    boolean makeBeforeBreak,
    @Nullable Heartbeat background,
    Heart heart,
    Duration outageNotice,
    Duration outageLimit,
    boolean asksForLater,
    Duration requestTimeout,
    Places places) {

  private static final int SMALLEST_SEGMENT = 4_096;

  Setup {
    if (background == null) heart = heart.withOneBeat();
  }

  static Setup of(
      Dice dice,
      @Nullable Speech speech,
      Dice pathDice,
      Dice lifeDice,
      Dice heartDice,
      Places places) {
    boolean defaults = dice.oneIn(4);
    long initial = dice.skewed(50, 2_000);
    return new Setup(
        defaults
            ? Heartbeat.DEFAULT
            : heartbeat(millis(dice, 1_000, 60_000), millis(dice, 1_000, 20_000), pathDice),
        defaults
            ? Backoff.DEFAULT
            : new Backoff(
                Duration.ofMillis(initial),
                Duration.ofMillis(initial * dice.between(1, 40)),
                Duration.ofMillis(dice.between(0, 10_000))),
        dice.oneIn(6) ? (int) dice.between(1, 6) : 0,
        Duration.ofMillis(dice.between(1, 4_000)),
        defaults ? 65_536 : 1 << dice.between(1, 12),
        defaults ? 16 << 20 : dice.skewed(2_000, 1 << 20),
        defaults ? 16 << 20 : (int) dice.skewed(1_000, 1 << 20),
        dice.oneIn(2) ? Overflow.REJECT : Overflow.EVICT_OLDEST,
        defaults ? 5 : (int) dice.skewed(1, 50),
        defaults ? Duration.ofSeconds(1) : millis(dice, 10, 5_000),
        defaults ? 1024 : (int) dice.skewed(1, 200),
        defaults ? 4 << 20 : dice.skewed(100, 1 << 20),
        defaults ? Duration.ofSeconds(15) : millis(dice, 2_000, 20_000),
        defaults ? Duration.ofSeconds(10) : Duration.ofMillis(dice.between(0, 20_000)),
        defaults ? Duration.ofSeconds(60) : millis(dice, 5_000, 60_000),
        defaults ? Duration.ofSeconds(30) : millis(dice, 3_000, 30_000),
        defaults ? Duration.ofSeconds(2) : millis(dice, 200, 5_000),
        dice.oneIn(5) ? Duration.ZERO : millis(dice, 2_000, 300_000),
        dice.skewed(100_000, 150_000_000),
        dice.skewed(200_000, 100_000_000),
        dice.skewed(4_000, 256_000),
        dice.oneIn(2),
        dice.oneIn(3) ? (int) dice.skewed(10_000, 200_000) : 600,
        stores(dice.oneIn(4), speech),
        dice.oneIn(4) ? dice.skewed(4L * SMALLEST_SEGMENT, 1 << 20) : 64 << 20,
        SMALLEST_SEGMENT,
        speech,
        pathDice.oneIn(4),
        lifeDice.oneIn(3) ? null : background(lifeDice),
        Heart.of(heartDice),
        lifeDice.oneIn(3) ? millis(lifeDice, 2_000, 200_000) : Duration.ZERO,
        lifeDice.oneIn(4) ? millis(lifeDice, 15_000, 300_000) : Duration.ZERO,
        lifeDice.oneIn(3),
        lifeDice.oneIn(2) ? Duration.ofSeconds(10) : millis(lifeDice, 1_000, 15_000),
        places);
  }

  private static Heartbeat background(Dice dice) {
    return heartbeat(millis(dice, 2_000, 120_000), millis(dice, 1_000, 20_000), dice);
  }

  private static Heartbeat heartbeat(Duration interval, Duration timeout, Dice pathDice) {
    Duration prompt = millis(pathDice, 200, 5_000);
    Heartbeat heartbeat = new Heartbeat(interval, timeout);
    return prompt.compareTo(timeout) < 0 ? heartbeat.withPromptTimeout(prompt) : heartbeat;
  }

  private static boolean stores(boolean drawn, @Nullable Speech speech) {
    return speech == null ? drawn : speech.storing();
  }

  private static Duration millis(Dice dice, long low, long high) {
    return Duration.ofMillis(dice.skewed(low, high));
  }

  /** Whether a message begins with a number of its own, by which it is known again. */
  boolean isNumbered() {
    return storing || speech != null;
  }

  boolean speaks() {
    return speech != null;
  }

  /** Returns the longest that the app's own heartbeat, in the foreground, may wait. */
  Duration longestInterval() {
    return heart.foreground().learns() ? heart.foreground().most() : heartbeat.interval();
  }

  /** Returns how often a server that is listened to says something. */
  long chatNanos() {
    long shortest = heartbeat.interval().toNanos();
    if (background != null) shortest = Math.min(shortest, background.interval().toNanos());
    return shortest / 100 * heart.chatPercent();
  }

  boolean hasOwnRetry() {
    return ownAttempts > 0;
  }

  void configure(ManagedConnection.Builder builder) {
    builder
        .backoff(backoff)
        .maxQueuedMessages(maxQueuedMessages)
        .maxQueuedBytes(maxQueuedBytes)
        .maxMessageBytes(maxMessageBytes)
        .overflow(overflow)
        .resendLimit(resendLimit)
        .barrierSpacing(barrierSpacing)
        .maxInboundMessages(maxInboundMessages)
        .maxInboundBytes(maxInboundBytes)
        .attemptTimeout(attemptTimeout)
        .provenAfter(provenAfter)
        .confirmTimeout(confirmTimeout)
        .writeStall(writeStall)
        .closeTimeout(closeTimeout)
        .stallLimit(stallLimit)
        .makeBeforeBreak(makeBeforeBreak)
        .tellOutageAfter(outageNotice)
        .giveUpAfter(outageLimit)
        .requestTimeout(requestTimeout);
    places.configure(builder);
    if (!hasOwnRetry()) return;
    builder.retry(RetryConfig.custom().maxAttempts(ownAttempts).waitDuration(ownWait).build());
  }
}
