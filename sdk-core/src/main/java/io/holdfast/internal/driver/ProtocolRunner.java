package io.holdfast.internal.driver;

import static java.util.Objects.requireNonNull;

import io.holdfast.Clock;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.ProtocolFailed;
import io.holdfast.ConnectionException.ReconnectAsked;
import io.holdfast.Message;
import io.holdfast.ReconnectHint;
import io.holdfast.Registration;
import io.holdfast.internal.inbound.InboundChannel.Verdict;
import io.holdfast.internal.outbox.Entry;
import io.holdfast.internal.outbox.Outbox;
import io.holdfast.protocol.Outgoing;
import io.holdfast.protocol.Protocol;
import io.holdfast.protocol.ProtocolContext;
import io.holdfast.queue.StoredMessage;
import io.holdfast.transport.Handshake;
import io.holdfast.transport.OutboundBatch;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls the app's protocol, one call at a time, and carries out what it orders once the call is
 * over, with no lock held:
 *
 * <pre>
 *   writer  - take ----> encode      \
 *   reader  - message -> received     |  the lock; orders  -- then --> outbox, machine, writer
 *   mailbox - start ---> opened       |
 *   consumer ----------> consumed    /
 * </pre>
 *
 * Locks are taken in this order: this one, then the outbox's or the inbound lane's.
 */
final class ProtocolRunner {
  private static final Logger log = LoggerFactory.getLogger(ProtocolRunner.class);
  private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE >> 2);

  private final Protocol protocol;
  private final ConnectionDriver driver;
  private final Clock clock;
  private final Executor mailbox;
  private final ReentrantLock lock = new ReentrantLock();

  // The lock owns the fields below.
  private final Context context = new Context();
  private List<Runnable> orders = new ArrayList<>();
  private boolean begun;
  private boolean closed;
  // What it threw as it began.
  private @Nullable ConnectionException failure;
  // Open, but not before it has begun.
  private @Nullable Runnable start;
  private @Nullable TransportLink current;
  private final ArrayDeque<Message> control = new ArrayDeque<>();
  private final Set<Scheduled> scheduled = new HashSet<>();
  private long lastSequence;
  private long delivered;
  private long consumed;
  // While it is told of a message.
  private boolean receiving;
  private final List<Message> received = new ArrayList<>();
  // Of the batch under way.
  private final OutboundBatch raw = new OutboundBatch();
  private final List<Outbox.Taken> taken = new ArrayList<>();
  private final List<Entry> encoded = new ArrayList<>();
  // Written by the reader and under the lock, read by anyone.
  private volatile boolean makingReady;

  ProtocolRunner(Protocol protocol, ConnectionDriver driver, Clock clock, Executor mailbox) {
    this.protocol = protocol;
    this.driver = driver;
    this.clock = clock;
    this.mailbox = mailbox;
  }

  /** Runs one of the protocol's methods or tasks, and then what it ordered. */
  private void call(Runnable step) {
    List<Runnable> due;
    lock.lock();
    try {
      attempt(step);
    } finally {
      due = takeOrders();
      lock.unlock();
    }
    due.forEach(ProtocolRunner::carryOut);
  }

  // A transport or an executor may be the app's, and what follows must not be lost.
  private static void carryOut(Runnable order) {
    try {
      order.run();
    } catch (Throwable e) {
      log.error("An order of the protocol threw", e);
    }
  }

  private void attempt(Runnable step) {
    try {
      step.run();
    } catch (Throwable e) {
      // Kotlin throws checked exceptions where Java may not.
      log.warn("The protocol threw", e);
      giveUp(new ProtocolFailed("the protocol threw " + e, false, e));
    }
  }

  private List<Runnable> takeOrders() {
    if (orders.isEmpty()) return List.of();
    List<Runnable> due = orders;
    orders = new ArrayList<>();
    return due;
  }

  private void giveUp(ConnectionException cause) {
    TransportLink link = current;
    if (link != null) orders.add(() -> link.protocolFailed(cause));
  }

  // ---- For the driver

  /** Returns the subprotocols that the protocol has on offer. */
  List<String> subprotocols() {
    lock.lock();
    try {
      return protocol.subprotocols();
    } finally {
      lock.unlock();
    }
  }

  /** What an earlier life saved is known. */
  void begin(byte @Nullable [] state) {
    call(
        () -> {
          if (begun || closed) return;
          begun = true;
          begin(state, context);
          Runnable waiting = start;
          start = null;
          if (waiting != null) waiting.run();
        });
  }

  private void begin(byte @Nullable [] state, ProtocolContext context) {
    try {
      protocol.begun(context, state);
    } catch (Throwable e) {
      log.error("The protocol threw as it began", e);
      failure = new ProtocolFailed("the protocol threw as it began: " + e, true, e);
    }
  }

  /** A transport has opened: what the peer says is read until the protocol is ready. */
  void makingReady() {
    makingReady = true;
  }

  boolean isMakingReady() {
    return makingReady;
  }

  /** The transport is open, and reads once this is done. */
  void start(TransportLink link, Handshake handshake) {
    call(
        () -> {
          if (begun) open(link, handshake);
          else start = () -> open(link, handshake);
        });
  }

  private void open(TransportLink link, Handshake handshake) {
    current = link;
    orders.add(link::startReading);
    ConnectionException failure = this.failure;
    if (failure != null) {
      giveUp(failure);
      return;
    }
    List<String> offered = protocol.subprotocols();
    if (offered.isEmpty() || offered.contains(handshake.protocol())) {
      protocol.opened(context, handshake);
    } else {
      String chosen = handshake.protocol().isEmpty() ? "none" : handshake.protocol();
      giveUp(
          new ProtocolFailed(
              "subprotocol must be one of " + offered + " but the server chose " + chosen,
              false,
              null));
    }
  }

  /** The transport is gone. */
  void lost(ConnectionException cause) {
    call(
        () -> {
          boolean open = current != null;
          detach();
          if (open && failure == null) protocol.lost(context, cause);
        });
  }

  /** The connection has ended. */
  void close() {
    call(
        () -> {
          detach();
          closed = true;
          if (begun && failure == null) protocol.closed(context);
        });
  }

  private void detach() {
    start = null;
    current = null;
    makingReady = false;
    control.clear();
    scheduled.forEach(Scheduled::stop);
    scheduled.clear();
  }

  // ---- For the transport

  /** Returns whether the reader may go on. */
  boolean received(TransportLink link, Message message) {
    Verdict[] verdict = {Verdict.READ_ON};
    call(
        () -> {
          // A late message comes from a transport that was given up.
          if (link != current) return;
          receiving = true;
          try {
            protocol.received(context, message);
          } finally {
            receiving = false;
            verdict[0] = handOver();
          }
        });
    if (verdict[0] == Verdict.STALL) link.stalled();
    return verdict[0] == Verdict.READ_ON;
  }

  // At once, so that a newer transport's come after: and together, for one verdict.
  private Verdict handOver() {
    if (received.isEmpty()) return Verdict.READ_ON;
    InboundLane lane = driver.inbound();
    Verdict verdict = lane.add(received);
    received.clear();
    orders.add(lane::reconsider);
    return verdict;
  }

  /** The app is done with so many of the messages that it was given. */
  void consumed(long upTo) {
    call(
        () -> {
          // Two threads may tell it in either order.
          if (closed || upTo <= consumed) return;
          consumed = upTo;
          protocol.consumed(context, upTo);
        });
  }

  /** Does what {@link io.holdfast.transport.OutboundSource#take} does. */
  boolean take(TransportLink link, OutboundBatch batch, long maxBytes) {
    boolean[] more = {true};
    while (more[0] && batch.messages().isEmpty() && batch.ping() == null) {
      more[0] = false;
      call(() -> more[0] = link == current && takeSome(link, batch, maxBytes));
    }
    return !batch.messages().isEmpty() || batch.ping() != null;
  }

  /** Returns false if there is nothing; true even if nothing of it could be encoded. */
  private boolean takeSome(TransportLink link, OutboundBatch batch, long maxBytes) {
    while (!control.isEmpty() && batch.bytes() < maxBytes) batch.add(control.remove());
    boolean some = !batch.messages().isEmpty();
    if (batch.bytes() >= maxBytes) return some;
    long generation = link.generation();
    raw.clear();
    taken.clear();
    some |= driver.outbox().take(generation, raw, maxBytes - batch.bytes(), taken);
    orders.add(driver.outbox()::settle);
    encode(generation, batch);
    byte[] ping = raw.ping();
    if (ping != null) batch.ping(ping);
    return some;
  }

  private void encode(long generation, OutboundBatch batch) {
    long firstSequence = lastSequence + 1;
    encoded.clear();
    for (Outbox.Taken one : taken) {
      Entry entry = one.entry();
      try {
        batch.add(encode(entry, one.handedBefore()));
        encoded.add(entry);
      } catch (Throwable e) {
        log.warn("The protocol could not encode a message", e);
        orders.add(() -> driver.outbox().notEncoded(generation, entry));
      }
    }
    if (!encoded.isEmpty()) driver.outbox().encoded(generation, encoded, firstSequence);
  }

  private Message encode(Entry entry, boolean handedBefore) {
    Outgoing outgoing =
        new Outgoing(
            entry.stableId(), lastSequence + 1, entry.message(), entry.options(), handedBefore);
    Message onTheWire = requireNonNull(protocol.encode(context, outgoing), "encode's message");
    lastSequence++;
    return onTheWire;
  }

  // ---- Orders

  private void sendAgain(TransportLink link, long id) {
    Entry entry = driver.outbox().sendAgain(link.generation(), id);
    orders.add(driver.outbox()::settle);
    if (entry == null) return;
    long sequence = lastSequence + 1;
    try {
      addControl(encode(entry, true));
    } catch (RuntimeException e) {
      log.warn("The protocol could not encode a message once more", e);
      return;
    }
    driver.outbox().encoded(link.generation(), List.of(entry), sequence);
    orders.add(link::wake);
  }

  private void addControl(Message message) {
    if (control.size() >= ProtocolContext.MAX_CONTROL_MESSAGES) {
      throw new IllegalStateException(
          "control messages that wait must be at most " + ProtocolContext.MAX_CONTROL_MESSAGES);
    }
    control.add(message);
  }

  private static boolean mayResend(Predicate<Outgoing> resend, Entry entry) {
    try {
      return resend.test(new Outgoing(entry.stableId(), 0, entry.message(), entry.options(), true));
    } catch (Throwable e) {
      log.warn("The protocol's predicate threw; the message is sent again", e);
      return true;
    }
  }

  /** A task of the protocol's that waits for its time. */
  private final class Scheduled {
    private final Clock.Timer timer;

    private Scheduled(Duration delay, Runnable task) {
      timer = clock.schedule(() -> mailbox.execute(() -> fire(task)), nanos(delay));
    }

    private void fire(Runnable task) {
      call(
          () -> {
            if (scheduled.remove(this)) task.run();
          });
    }

    private void stop() {
      timer.stop();
    }
  }

  private static long nanos(Duration delay) {
    return delay.compareTo(LONGEST) < 0 ? delay.toNanos() : LONGEST.toNanos();
  }

  private final class Context implements ProtocolContext {

    private void order(Runnable order) {
      mustBeCalling();
      orders.add(order);
    }

    private void orderOfTransport(Consumer<TransportLink> order) {
      mustBeCalling();
      TransportLink link = current;
      if (link != null) orders.add(() -> order.accept(link));
    }

    private void mustBeCalling() {
      if (!lock.isHeldByCurrentThread()) {
        throw new IllegalStateException("must be called from within the protocol's own calls");
      }
    }

    @Override
    public void send(Message message) {
      requireNonNull(message, "control");
      mustBeCalling();
      if (current == null) return;
      addControl(message);
      orderOfTransport(TransportLink::wake);
    }

    @Override
    public void step(String name) {
      requireNonNull(name, "name");
      orderOfTransport(link -> link.protocolStepped(name));
    }

    @Override
    public void ready() {
      mustBeCalling();
      makingReady = false;
      orderOfTransport(TransportLink::protocolReady);
    }

    @Override
    public void reconnect(String reason, ReconnectHint hint) {
      requireNonNull(reason, "reason");
      requireNonNull(hint, "hint");
      mustBeCalling();
      giveUp(new ReconnectAsked(reason, hint));
    }

    @Override
    public void fail(String reason) {
      mustBeCalling();
      giveUp(new ProtocolFailed(requireNonNull(reason, "reason"), false, null));
    }

    @Override
    public void failForGood(String reason) {
      mustBeCalling();
      giveUp(new ProtocolFailed(requireNonNull(reason, "reason"), true, null));
    }

    @Override
    public long deliver(Message message) {
      requireNonNull(message, "message");
      mustBeCalling();
      if (!receiving) {
        throw new IllegalStateException("must be called from within received");
      }
      received.add(message);
      return ++delivered;
    }

    @Override
    public void acknowledge(long id, @Nullable Message answer) {
      order(() -> driver.outbox().acknowledged(id, answer));
    }

    @Override
    public void acknowledgeThrough(long sequence) {
      mustBeCalling();
      if (sequence > lastSequence) {
        throw new IllegalArgumentException(
            "acknowledged sequence must be at most " + lastSequence + " but was " + sequence);
      }
      orderOfTransport(link -> driver.outbox().acknowledgedThrough(link.generation(), sequence));
    }

    @Override
    public void refuse(long id, String reason) {
      requireNonNull(reason, "reason");
      order(() -> driver.outbox().refusedByPeer(id, reason));
    }

    @Override
    public void resend(long id) {
      mustBeCalling();
      TransportLink link = current;
      if (link != null) sendAgain(link, id);
    }

    @Override
    public void resumed(long sequence, long id) {
      if (sequence < 0 || id < 0) {
        throw new IllegalArgumentException(
            "sequence and id must not be negative but were " + sequence + " and " + id);
      }
      mustBeCalling();
      lastSequence = sequence;
      orders.add(() -> driver.outbox().resumed(id));
    }

    @Override
    public void sessionLost(Predicate<Outgoing> resend) {
      requireNonNull(resend, "resend");
      mustBeCalling();
      lastSequence = 0;
      List<Entry> doubted = driver.outbox().handedBefore();
      doubted.removeIf(entry -> mayResend(resend, entry));
      orders.add(() -> driver.outbox().doubt(doubted));
    }

    @Override
    public Registration schedule(Duration delay, Runnable task) {
      requireNonNull(task, "task");
      if (delay.isNegative()) {
        throw new IllegalArgumentException("delay must not be negative but was " + delay);
      }
      mustBeCalling();
      if (current == null) return () -> {};
      Scheduled timer = new Scheduled(delay, task);
      scheduled.add(timer);
      return () -> cancel(timer);
    }

    @Override
    public boolean receivingPaused() {
      return driver.inbound().readerPaused();
    }

    @Override
    public void execute(Runnable task) {
      requireNonNull(task, "task");
      mailbox.execute(
          () ->
              call(
                  () -> {
                    if (!closed) task.run();
                  }));
    }

    @Override
    public void saveState(byte[] state) {
      if (state.length > StoredMessage.MAX_STATE) {
        throw new IllegalArgumentException(
            "state must be at most " + StoredMessage.MAX_STATE + " bytes but was " + state.length);
      }
      mustBeCalling();
      // Now, or an order that is carried out late would put an older one in the place of a newer.
      driver.outbox().keepState(state);
      orders.add(driver.outbox()::writeState);
    }
  }

  private void cancel(Scheduled timer) {
    lock.lock();
    try {
      if (scheduled.remove(timer)) timer.stop();
    } finally {
      lock.unlock();
    }
  }
}
