package io.holdfast.internal.driver;

import static java.util.Objects.requireNonNull;

import io.holdfast.Clock;
import io.holdfast.ConnectionMetrics.Traffic;
import io.holdfast.Message;
import io.holdfast.MessageDemand;
import io.holdfast.MessageListener;
import io.holdfast.internal.Settings;
import io.holdfast.internal.inbound.InboundChannel;
import io.holdfast.internal.inbound.InboundChannel.Verdict;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The inbound channel's lock and its one serial consumer. It outlives transports, so no two of them
 * call the app at once.
 *
 * <p>The consumer is a task on the app's threads; or the reader itself between two reads, if these
 * are the same threads and the reader can be relieved. Then a message costs no way to another
 * thread, and a listener that blocks keeps pings and pongs from being read for no longer than
 * {@link ReaderWatch} lets it.
 */
final class InboundLane {
  private static final Logger log = LoggerFactory.getLogger(InboundLane.class);
  private static final long NOT_RESUMED = -1;

  private final Clock clock;
  private final Executor lane;
  private final boolean mayRunOnReader;
  private final BooleanSupplier awaitingPong;
  private final ReaderResumer resumeReader;
  private final @Nullable LongConsumer consumed;
  private final Runnable drain = this::drain;
  private final ReentrantLock lock = new ReentrantLock();
  private final ReaderWatch watch;

  // The lock owns the fields below.
  private final InboundChannel channel;
  private long generation;
  private long added;
  private long toldConsumed;
  // The consumer has one in hand, or may have.
  private boolean inTurn;
  private boolean drainScheduled;
  private boolean closed;
  private long pausedAtNanos;
  private long receivedMessages;
  private long receivedBytes;
  private long readerPauses;
  // Written under the lock, read by anyone.
  private volatile @Nullable Receiver receiver;
  private volatile boolean readerPaused;

  /** Resumes the reader of the transport with {@code generation} after a pause. */
  interface ReaderResumer {
    void resume(long generation, long pausedNanos);
  }

  /**
   * Makes an empty one without a receiver.
   *
   * @param lane runs the consumer, one task at a time
   * @param mayRunOnReader whether readers' threads may run it, too
   * @param awaitingPong whether a pong is awaited that confirms messages
   * @param resumeReader is called without the lock, once for each pause
   * @param consumed is told, without the lock, how many messages the consumer is done with; null if
   *     nobody asks
   */
  InboundLane(
      Settings.Inbound bound,
      Clock clock,
      Executor lane,
      boolean mayRunOnReader,
      BooleanSupplier awaitingPong,
      ReaderResumer resumeReader,
      @Nullable LongConsumer consumed) {
    this.channel = new InboundChannel(bound);
    this.clock = clock;
    watch = new ReaderWatch(clock, lock);
    this.lane = lane;
    this.mayRunOnReader = mayRunOnReader;
    this.awaitingPong = awaitingPong;
    this.resumeReader = resumeReader;
    this.consumed = consumed;
  }

  MessageDemand receive(MessageListener listener) {
    lock.lock();
    try {
      if (receiver != null) {
        throw new IllegalStateException(
            "a connection must have one receiver at a time but has " + receiver.listener);
      }
      receiver = new Receiver(listener);
      channel.receiving(true);
      return receiver;
    } finally {
      release();
    }
  }

  /** The transport with {@code generation} is the one that delivers from now on. */
  Verdict begin(long generation) {
    lock.lock();
    try {
      if (generation < this.generation) return Verdict.READ_ON;
      this.generation = generation;
      releaseBegun();
      Verdict verdict = channel.judge(awaitingPong.getAsBoolean());
      notePause();
      return verdict;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes what the reader of {@code generation} has told, and leaves {@code batch} empty; drops it
   * if that is an old one.
   *
   * @param relief has another thread read on; null if the caller's has more to do than to read
   * @return the verdict after the last message; there is no other before it than to read on
   */
  Verdict offer(long generation, InboundBatch batch, @Nullable Runnable relief) {
    lock.lock();
    try {
      if (closed || generation != this.generation) return Verdict.READ_ON;
      return offer(batch.messages());
    } finally {
      batch.clear(channel.roomMessages(), channel.roomBytes());
      release(mayRunOnReader ? relief : null);
    }
  }

  /**
   * Takes what a protocol made of one message. {@link #reconsider} has to follow, with no lock
   * held.
   */
  Verdict add(List<Message> messages) {
    lock.lock();
    try {
      added += messages.size();
      if (closed) return Verdict.READ_ON;
      Verdict verdict = offer(messages);
      notePause();
      return verdict;
    } finally {
      lock.unlock();
    }
  }

  private Verdict offer(List<Message> messages) {
    releaseBegun();
    boolean awaited = awaitingPong.getAsBoolean();
    Verdict verdict = Verdict.READ_ON;
    receivedMessages += messages.size();
    for (Message message : messages) {
      receivedBytes += message.size();
      verdict = channel.offer(message, awaited);
    }
    return verdict;
  }

  /** Does what the last operations made necessary. */
  void reconsider() {
    lock.lock();
    release();
  }

  /**
   * A pong is awaited now: the reader may go on into the overdraft. Returns whether it cannot, as
   * one large message has used that up.
   */
  boolean reconsiderPause() {
    lock.lock();
    try {
      return channel.takeStall(awaitingPong.getAsBoolean());
    } finally {
      release();
    }
  }

  /** Whether the consumer holds the current transport's reader up. */
  boolean readerPaused() {
    return readerPaused;
  }

  /** What was read for the app. */
  Traffic received() {
    lock.lock();
    try {
      return new Traffic(receivedMessages, receivedBytes);
    } finally {
      lock.unlock();
    }
  }

  /** How often the consumer held a reader up. */
  long readerPauses() {
    lock.lock();
    try {
      return readerPauses;
    } finally {
      lock.unlock();
    }
  }

  /** No message comes any more: tells the receiver once it has taken what is there. */
  void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      release();
    }
  }

  private void release() {
    release(null);
  }

  /** Releases the lock, then does what the operation made necessary. */
  private void release(@Nullable Runnable relief) {
    long pausedNanos = takePausedNanos();
    boolean begin = !drainScheduled && hasSomethingToTell(receiver);
    drainScheduled |= begin;
    boolean onReader = begin && relief != null;
    boolean unwatched = onReader && watch.begin(requireNonNull(relief));
    long of = generation;
    long consumedNow = takeConsumed();
    lock.unlock();
    if (consumedNow > 0) requireNonNull(consumed).accept(consumedNow);
    if (pausedNanos != NOT_RESUMED) resumeReader.resume(of, pausedNanos);
    if (onReader && (!unwatched || watch.scheduleLook())) drainOnReader();
    else if (begin) lane.execute(drain);
  }

  // How many the consumer is done with; 0 if that is no news, or nobody asks.
  private long takeConsumed() {
    if (consumed == null) return 0;
    long done = added - channel.waiting() - (inTurn ? 1 : 0);
    if (done <= toldConsumed) return 0;
    toldConsumed = done;
    return done;
  }

  private void releaseBegun() {
    Receiver current = receiver;
    if (current != null) current.turn.release(channel);
  }

  private void notePause() {
    boolean paused = channel.isPaused();
    if (paused == readerPaused) return;
    if (paused) {
      pausedAtNanos = clock.nanoTime();
      readerPauses++;
    }
    readerPaused = paused;
  }

  // How long the pause took that ends with this, or that none does.
  private long takePausedNanos() {
    // In this order: a consumer that comes to its next message now sees the pause, or is seen here.
    notePause();
    releaseBegun();
    if (!channel.takeResume(awaitingPong.getAsBoolean())) return NOT_RESUMED;
    readerPaused = false;
    return clock.nanoTime() - pausedAtNanos;
  }

  private boolean hasSomethingToTell(@Nullable Receiver receiver) {
    if (receiver == null) return false;
    return channel.hasDeliverable() || (closed && channel.isEmpty() && !receiver.toldClosed);
  }

  private void drain() {
    if (tellTurn()) lane.execute(drain);
  }

  private void drainOnReader() {
    while (tellTurn()) {
      if (watch.isOn()) continue;
      lane.execute(drain);
      break;
    }
    // What an app's listener was interrupted for must not break the reader's next read.
    Thread.interrupted();
  }

  /** Tells the messages of a turn, or the end. Returns whether there was any. */
  private boolean tellTurn() {
    Receiver to = beginTurn();
    if (to == null) return false;
    if (to.turn.isEmpty()) to.tellClosed();
    for (Message next = to.turn.next(); next != null; next = to.turn.next()) {
      if (readerPaused) reconsider();
      if (receiver != to) break;
      to.tell(next);
    }
    return true;
  }

  private @Nullable Receiver beginTurn() {
    lock.lock();
    try {
      Receiver to = receiver;
      inTurn = false;
      drainScheduled = hasSomethingToTell(to);
      if (to == null || !drainScheduled) {
        watch.end();
        return null;
      }
      to.turn.fill(channel);
      inTurn = !to.turn.isEmpty();
      to.toldClosed = to.turn.isEmpty();
      return to;
    } finally {
      release();
    }
  }

  private final class Receiver implements MessageDemand {
    private final MessageListener listener;
    private final InboundTurn turn = new InboundTurn();
    // The lane's lock owns it.
    private boolean toldClosed;

    private Receiver(MessageListener listener) {
      this.listener = listener;
    }

    private void tell(Message message) {
      try {
        listener.onMessage(message);
      } catch (Throwable e) {
        // Kotlin throws checked exceptions where Java may not.
        log.error("A message listener threw", e);
      }
    }

    private void tellClosed() {
      try {
        listener.onClosed();
      } catch (Throwable e) {
        log.error("A message listener threw at the end", e);
      }
    }

    @Override
    public void request(long count) {
      if (count <= 0) {
        throw new IllegalArgumentException("count must be positive but was " + count);
      }
      lock.lock();
      try {
        if (receiver == this) channel.request(count);
      } finally {
        release();
      }
    }

    @Override
    public void cancel() {
      lock.lock();
      try {
        if (receiver != this) return;
        receiver = null;
        channel.receiving(false);
      } finally {
        release();
      }
    }
  }
}
