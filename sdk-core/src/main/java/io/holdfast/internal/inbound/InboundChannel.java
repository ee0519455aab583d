package io.holdfast.internal.inbound;

import io.holdfast.Message;
import io.holdfast.MessageDemand;
import io.holdfast.internal.Settings;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The bounded buffer between the readers of all of a connection's transports and its one consumer.
 *
 * <pre>
 *   0            half          bound                     bound + overdraft
 *   |             |              |                              |
 *   '-- resume ---'    read on   '-- pause, unless a pong is ---'-- stalled: pause
 *                                    awaited: the consumer may
 *                                    be waiting for just that
 * </pre>
 *
 * <p>Not safe for use by several threads: its owner holds a lock around each call.
 */
public final class InboundChannel {
  private static final int OVERDRAFT_MESSAGES = 4096;
  private static final long OVERDRAFT_BYTES = 4 << 20;

  private final Settings.Inbound bound;
  private final ArrayDeque<Message> messages = new ArrayDeque<>();
  // With those that were taken and not released.
  private int waiting;
  private long bytes;
  private long demand;
  private boolean receiving;
  private boolean paused;
  private boolean stalled;

  /** Makes an empty one whose messages nobody receives. */
  public InboundChannel(Settings.Inbound bound) {
    this.bound = bound;
  }

  /** What a reader is to do after giving a message. */
  public enum Verdict {
    /** Read on. */
    READ_ON,
    /** Give no further message until resumed. */
    PAUSE,
    /** The same, and the consumer has now used up the overdraft, too. */
    STALL
  }

  /** Lets a consumer begin, with no demand; or end, which drops what it had not taken. */
  public void receiving(boolean receiving) {
    this.receiving = receiving;
    demand = 0;
    if (!receiving) {
      messages.clear();
      waiting = 0;
      bytes = 0;
    }
  }

  /**
   * Takes a message from a reader; drops it if nobody receives.
   *
   * @param awaitingPong whether a pong is awaited that would confirm messages
   */
  public Verdict offer(Message message, boolean awaitingPong) {
    if (!receiving) return Verdict.READ_ON;
    messages.addLast(message);
    waiting++;
    bytes += message.size();
    return verdict(awaitingPong);
  }

  /** Returns what the reader of a new transport is to do before its first message. */
  public Verdict judge(boolean awaitingPong) {
    // The last transport's stall was told of that one.
    stalled = false;
    return verdict(awaitingPong);
  }

  private Verdict verdict(boolean awaitingPong) {
    paused = !within(bound.maxMessages(), bound.maxBytes()) && !(awaitingPong && inOverdraft());
    if (!paused || !awaitingPong || stalled) return paused ? Verdict.PAUSE : Verdict.READ_ON;
    stalled = true;
    return Verdict.STALL;
  }

  /** The consumer is ready for {@code count} more. */
  public void request(long count) {
    demand = demand + count < 0 ? MessageDemand.UNBOUNDED : demand + count;
  }

  /** Returns whether {@link #take} would give a message. */
  public boolean hasDeliverable() {
    return demand > 0 && !messages.isEmpty();
  }

  /** Returns whether all that was read has been taken. */
  public boolean isEmpty() {
    return messages.isEmpty();
  }

  /**
   * Returns the next message if the consumer is ready for one. It counts as waiting until {@link
   * #release}.
   */
  public @Nullable Message take() {
    if (demand == 0) return null;
    Message message = messages.pollFirst();
    if (message == null) return null;
    if (demand != MessageDemand.UNBOUNDED) demand--;
    return message;
  }

  /** The consumer has come to a message of {@code size} bytes that was taken. */
  public void release(int size) {
    waiting--;
    bytes -= size;
  }

  /** Returns how many messages the consumer has not come to. */
  public int waiting() {
    return waiting;
  }

  /** Returns how many more messages reach the bound. */
  public int roomMessages() {
    return bound.maxMessages() - waiting;
  }

  /** Returns how many more bytes reach the bound. */
  public long roomBytes() {
    return bound.maxBytes() - bytes;
  }

  /** Returns whether the reader was told to pause. */
  public boolean isPaused() {
    return paused;
  }

  /** Returns whether a paused reader is to be resumed now; true once for each pause. */
  public boolean takeResume(boolean awaitingPong) {
    if (!paused) return false;
    boolean caughtUp = within(bound.maxMessages() / 2 + 1, bound.maxBytes() / 2 + 1);
    boolean overdraftUsable = awaitingPong && !stalled && inOverdraft();
    if (!caughtUp && !overdraftUsable) return false;
    paused = false;
    stalled = false;
    return true;
  }

  /**
   * Returns whether a paused reader could not be resumed for the pong that is awaited now, so that
   * the pause has become a stall; true once for each pause.
   */
  public boolean takeStall(boolean awaitingPong) {
    if (!paused || !awaitingPong || stalled || inOverdraft()) return false;
    stalled = true;
    return true;
  }

  private boolean inOverdraft() {
    // Not by sums: a bound may be the largest number there is.
    return waiting - bound.maxMessages() < OVERDRAFT_MESSAGES
        && bytes - bound.maxBytes() < OVERDRAFT_BYTES;
  }

  private boolean within(long maxMessages, long maxBytes) {
    return waiting < maxMessages && bytes < maxBytes;
  }
}
