package io.holdfast.simulation;

import io.holdfast.ConnectionException;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What was seen of one transport, in the device's time. */
final class Seen {
  private static final long WAITED_NANOS = 50_000_000;
  private static final int MOST_AWAITED = 8;

  long startedAtNanos;
  long openedAtNanos;
  // When it opened beside the one in use; zero if it did not.
  long openedBesideAtNanos;
  // When messages could flow: the protocol's welcome has come, if there is one. Zero before.
  long readyAtNanos;
  // When the peer's application last acknowledged something that it had not before.
  long acknowledgedAtNanos;
  long acknowledged;
  long endedAtNanos;
  long lastByteAtNanos;
  // When the message began that is not whole; zero if there is none.
  long messageBegunAtNanos;
  // When the last message began that took long to come, and when it was whole.
  long longOneBegunAtNanos;
  long longOneEndedAtNanos;
  long lastPingAtNanos;
  long lastPongAtNanos;
  long pausedAtNanos;
  long resumedAtNanos;
  long resumeAskedAtNanos;
  long writeProgressAtNanos;
  // When a write that had to wait went on: a sign of life.
  long waitedWriteAtNanos;
  long handedBytes;
  int lastHandedIndex = -1;
  // The connection's number for it; zero until it is known.
  long generation;
  boolean ponged;
  int handedMessages;
  // How much of that before the newest ping.
  int pingedMessages;
  long pingedBytes;
  long silentAtPingNanos;
  // What it told as its end; null if it was cancelled.
  @Nullable ConnectionException endedBy;
  private final ArrayDeque<Ping> pings = new ArrayDeque<>();
  // Those whose answer counts.
  private final ArrayDeque<Ping> awaited = new ArrayDeque<>();
  private long pausedNanos;
  private long confirmedBytes;
  private long mostConfirmedAtOnce;
  private long longestAnswerNanos;
  // Of the pings that were answered since the newest one was taken.
  private long longestSincePingNanos;

  // Of the answers to pings.
  private long shortestAnswerNanos = Long.MAX_VALUE;
  private long longestOwnAnswerNanos;

  /** Whether a ping is to confirm messages that no ping before it does. */
  enum Confirms {
    NONE,
    /** Those that it could confirm may have had their fates. */
    PERHAPS,
    SOME
  }

  private static final class Ping {
    final byte[] payload;
    final long handedBytes;
    final int lastHandedIndex;
    // Whether it is to confirm messages that no ping before it does.
    final Confirms confirms;
    // Once the kernel has it; before, when it was taken.
    boolean flushed;
    long atNanos;
    long pausedNanos;

    private Ping(
        byte[] payload, long nowNanos, Confirms confirms, long handedBytes, int lastHandedIndex) {
      this.payload = payload;
      this.atNanos = nowNanos;
      this.confirms = confirms;
      this.handedBytes = handedBytes;
      this.lastHandedIndex = lastHandedIndex;
    }
  }

  void opened(long nowNanos) {
    openedAtNanos = nowNanos;
    pausedAtNanos = nowNanos;
    lastByteAtNanos = nowNanos;
  }

  void pinged(byte[] payload, Confirms confirms, long nowNanos) {
    lastPingAtNanos = nowNanos;
    longestSincePingNanos = 0;
    pingedMessages = handedMessages;
    pingedBytes = handedBytes;
    silentAtPingNanos = nowNanos - lastByteAtNanos;
    Ping ping = new Ping(payload, nowNanos, confirms, handedBytes, lastHandedIndex);
    pings.add(ping);
    // The newest takes the last one's place where there are many.
    if (awaited.size() == MOST_AWAITED) awaited.removeLast();
    awaited.add(ping);
  }

  /** The kernel has all that was taken. */
  void flushed(boolean readerPaused, long nowNanos) {
    for (Ping ping : pings) {
      if (ping.flushed) continue;
      ping.flushed = true;
      ping.atNanos = nowNanos;
      ping.pausedNanos = pausedNanos + (readerPaused ? nowNanos - pausedAtNanos : 0);
    }
  }

  /**
   * Returns when the newest ping was flushed, or taken if it was not; zero if none is unanswered.
   */
  long newestPingAtNanos() {
    Ping newest = pings.peekLast();
    return newest == null ? 0 : newest.atNanos;
  }

  /** The peer's application has said so. */
  void acknowledged(long sequence, long nowNanos) {
    if (sequence <= acknowledged) return;
    acknowledged = sequence;
    acknowledgedAtNanos = nowNanos;
  }

  void paused(long nowNanos) {
    pausedAtNanos = nowNanos;
  }

  void resumed(long nowNanos) {
    resumedAtNanos = nowNanos;
    pausedNanos += nowNanos - pausedAtNanos;
  }

  /** A message was whole. */
  void messageRead(long longNanos, long nowNanos) {
    if (messageBegunAtNanos > 0 && nowNanos - messageBegunAtNanos >= longNanos) {
      longOneBegunAtNanos = messageBegunAtNanos;
      longOneEndedAtNanos = nowNanos;
    }
    messageBegunAtNanos = 0;
  }

  /**
   * Forgets the pings that this pong answers; any other is none of ours. Returns the index of the
   * last message that it covers; negative if it may cover none.
   */
  int ponged(byte[] payload, long nowNanos) {
    boolean ours = pings.stream().anyMatch(ping -> Arrays.equals(ping.payload, payload));
    int covered = -1;
    long confirmedBefore = confirmedBytes;
    while (ours) {
      Ping oldest = pings.remove();
      long answerNanos = nowNanos - oldest.atNanos;
      if (Arrays.equals(oldest.payload, payload)) answered(answerNanos);
      if (oldest.flushed) {
        longestAnswerNanos = Math.max(longestAnswerNanos, answerNanos);
        longestSincePingNanos = Math.max(longestSincePingNanos, answerNanos);
      }
      mostConfirmedAtOnce = Math.max(mostConfirmedAtOnce, oldest.handedBytes - confirmedBefore);
      confirmedBytes = oldest.handedBytes;
      if (awaited.remove(oldest)) covered = oldest.lastHandedIndex;
      ours = !Arrays.equals(oldest.payload, payload);
      ponged = true;
      lastPongAtNanos = nowNanos;
    }
    return covered;
  }

  private void answered(long answerNanos) {
    shortestAnswerNanos = Math.min(shortestAnswerNanos, answerNanos);
    longestOwnAnswerNanos = Math.max(longestOwnAnswerNanos, answerNanos);
  }

  /** Returns the shortest round trip; as good as endless if there was none. */
  long shortestAnswerNanos() {
    return shortestAnswerNanos;
  }

  /** Returns the longest round trip; zero if there was none. */
  long longestOwnAnswerNanos() {
    return longestOwnAnswerNanos;
  }

  /** Whether a ping is unanswered that may have been to confirm messages. */
  boolean mayAwaitConfirmingPong() {
    return pings.stream().anyMatch(ping -> ping.flushed && ping.confirms != Confirms.NONE);
  }

  /** Returns when the oldest ping was flushed that was to; negative if there is none. */
  long confirmingPingAtNanos() {
    for (Ping ping : pings) {
      if (ping.flushed && ping.confirms == Confirms.SOME) return ping.atNanos;
    }
    return -1;
  }

  /** Whether a ping is unanswered that was flushed between these times. */
  boolean awaitsPingOf(long fromNanos, long toNanos) {
    for (Ping ping : pings) {
      if (ping.flushed && ping.atNanos >= fromNanos && ping.atNanos <= toNanos) return true;
    }
    return false;
  }

  /** Returns how many bytes of messages at least lie before the newest pong that is awaited. */
  long bytesBeforeNewestPing() {
    Ping newest = pings.peekLast();
    return newest == null ? 0 : newest.handedBytes - confirmedBytes;
  }

  void writeProgressed(long nowNanos) {
    if (nowNanos - writeProgressAtNanos >= WAITED_NANOS) waitedWriteAtNanos = nowNanos;
    writeProgressAtNanos = nowNanos;
  }

  /** Whether bytes of messages may lie between us and the next pong. */
  boolean hasUnconfirmedBytes() {
    return handedBytes > confirmedBytes;
  }

  /** Returns how many bytes of messages at least lie before the pong that is awaited longest. */
  long bytesBeforeOldestPing() {
    Ping oldest = pings.peek();
    return oldest == null ? 0 : oldest.handedBytes - confirmedBytes;
  }

  /** Returns the most bytes that one pong has confirmed. */
  long mostConfirmedAtOnce() {
    return mostConfirmedAtOnce;
  }

  /** Returns how long the oldest unanswered ping has waited while we read. */
  long oldestPingWaitedNanos(long nowNanos) {
    Ping oldest = pings.peek();
    if (oldest == null || !oldest.flushed) return 0;
    return nowNanos - oldest.atNanos - (pausedNanos - oldest.pausedNanos);
  }

  /** Returns the longest that a ping had to wait for its pong, or has waited until a time. */
  long longestAnswerNanos(long untilNanos) {
    return Math.max(longestAnswerNanos, untilNanos - oldestPingAtNanos(untilNanos));
  }

  /**
   * Returns how long a ping has waited, also one that was answered while the next had been asked
   * for and could not be written.
   */
  long longestAnswerSincePingNanos(long nowNanos) {
    return Math.max(longestSincePingNanos, nowNanos - oldestPingAtNanos(nowNanos));
  }

  boolean awaitsPong() {
    return !pings.isEmpty();
  }

  /** Returns when the oldest unanswered ping was flushed; {@code otherwise} if there is none. */
  long oldestPingAtNanos(long otherwise) {
    Ping oldest = pings.peek();
    return oldest == null || !oldest.flushed ? otherwise : oldest.atNanos;
  }

  /** Returns when it last gave a sign of life, or could not be expected to. */
  long lastSignAtNanos() {
    return Math.max(Math.max(lastByteAtNanos, waitedWriteAtNanos), resumedAtNanos);
  }
}
