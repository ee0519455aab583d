package io.holdfast.simulation;

import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionState;
import io.holdfast.Message;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the app gets is what transports have read, in order, each message once; no two transports
 * deliver at once; memory is bounded, and a reader pauses only for a full buffer.
 */
final class InboundJudge extends Judge {
  private static final String ORDER = "inbound order";
  private static final String BOUND = "inbound bound";
  private static final String OVERDRAFT = "overdraft for a pong";
  private static final int OVERDRAFT_MESSAGES = 4096;
  private static final long OVERDRAFT_BYTES = 4 << 20;
  private static final long LONGEST_PAUSE_NANOS = 5_000_000_000L;

  private final Map<Life, Waiting> waiting = new HashMap<>();
  private final Set<Life> over = new HashSet<>();

  InboundJudge(World world) {
    super(world);
  }

  /** What has been read and the app has not got. */
  private static final class Waiting {
    final ArrayDeque<Message> messages = new ArrayDeque<>();
    long bytes;
    long lastFlow;
    // Whether the reader's pause came when even the overdraft was spent; and whether it ever did.
    boolean overspent;
    boolean wasOverspent;
    // Since when a stall should have been told; negative if it was, or there is none.
    long stalledSinceNanos = -1;
    long needlessSinceNanos = -1;
  }

  private Waiting of(Life life) {
    return waiting.computeIfAbsent(life, key -> new Waiting());
  }

  // ---- Reading

  @Override
  void reading(SimulatedTransport transport, Message message) {
    Waiting now = of(transport.life);
    long flow = transport.flow().number;
    require(flow >= now.lastFlow, ORDER, "an older transport gives messages");
    now.lastFlow = flow;
    require(inOverdraft(now), BOUND, now.messages.size(), "messages,", now.bytes, "bytes");
  }

  private boolean inOverdraft(Waiting now) {
    Setup setup = world.scenario.setup();
    return now.messages.size() < setup.maxInboundMessages() + OVERDRAFT_MESSAGES
        && now.bytes < setup.maxInboundBytes() + OVERDRAFT_BYTES;
  }

  private boolean isFull(Waiting now) {
    Setup setup = world.scenario.setup();
    return now.messages.size() >= setup.maxInboundMessages()
        || now.bytes >= setup.maxInboundBytes();
  }

  @Override
  void begun(SimulatedTransport transport, boolean readOn) {
    Waiting now = of(transport.life);
    now.stalledSinceNanos = -1;
    require(!readOn || !isFull(now), BOUND, "a new transport reads although it is full");
  }

  @Override
  void read(SimulatedTransport transport, @Nullable Message message, boolean readOn) {
    Waiting now = of(transport.life);
    if (message == null) {
      require(readOn, BOUND, "a pause although the app is given nothing");
      return;
    }
    now.messages.add(message);
    now.bytes += message.size();
    boolean full = isFull(now);
    if (readOn) {
      boolean confirmable = transport.life.connection.queue().inFlight() > 0;
      require(!full || confirmable, BOUND, "no pause at", now.messages.size(), "messages");
      return;
    }
    require(full, BOUND, "a pause at", now.messages.size(), "messages,", now.bytes, "bytes");
    now.overspent = !inOverdraft(now);
    now.wasOverspent |= now.overspent;
    boolean awaits = transport.awaitsConfirmation();
    require(!awaits || now.overspent, OVERDRAFT, "a pause while a pong is awaited");
    if (awaits) now.stalledSinceNanos = world.device.elapsedNanos();
  }

  @Override
  void event(Life life, ConnectionEvent event) {
    if (!(event instanceof ConnectionEvent.ConsumerStalled)) return;
    of(life).stalledSinceNanos = -1;
    require(of(life).wasOverspent, OVERDRAFT, event, "before it is used up");
  }

  private void stallIsTold(Waiting now) {
    if (now.stalledSinceNanos < 0 || world.device.asleep()) return;
    boolean late = tellsAtOnce() && sinceWoken(now.stalledSinceNanos) > slackNanos();
    require(!late, OVERDRAFT, "is used up, and nobody was told");
  }

  // It counts as long as no later transport has begun to deliver.
  @Override
  void readLate(SimulatedTransport transport, Message message) {
    // A protocol is told of the loss at once.
    if (world.scenario.setup().speaks()) return;
    Life life = transport.life;
    List<SimulatedTransport> all = life.transports;
    for (int i = all.size() - 1; all.get(i) != transport; i--) {
      if (all.get(i).seen.openedAtNanos != 0) return;
    }
    if (life.state() instanceof ConnectionState.Closed) return;
    of(life).messages.add(message);
    of(life).bytes += message.size();
  }

  // ---- Receiving

  @Override
  void received(Life life, Message message) {
    require(!over.contains(life), ORDER, "a message after the last");
    require(++life.received <= life.demanded, ORDER, "more than", life.demanded, "messages");
    Waiting now = of(life);
    Message next = now.messages.poll();
    boolean same = world.scenario.setup().speaks() ? message.equals(next) : message == next;
    if (!same || next == null) {
      object(ORDER, "got", name(message), "for", name(next));
      return;
    }
    now.bytes -= message.size();
  }

  @Override
  void receivedAnew(Life life) {
    over.remove(life);
    Waiting now = of(life);
    now.messages.clear();
    now.bytes = 0;
  }

  @Override
  void receivedAll(Life life) {
    require(over.add(life), ORDER, "the end is told twice");
    require(of(life).messages.isEmpty(), ORDER, "the end is told before the last message");
    require(life.state() instanceof ConnectionState.Closed, ORDER, "the end is told too soon");
  }

  // A reader that waits for nothing would wait for ever.
  @Override
  void stepped(Life life) {
    Waiting now = of(life);
    SimulatedTransport transport = life.newest();
    boolean held =
        transport != null
            && transport.isOpen()
            && !transport.isClosing()
            && transport.readerPaused();
    if (!held) now.stalledSinceNanos = -1;
    stallIsTold(now);
    boolean needless =
        transport != null
            && transport.isOpen()
            && transport.readerPaused()
            && (now.messages.isEmpty() || mustReadOn(transport, now))
            && !world.device.asleep();
    long time = world.device.elapsedNanos();
    if (!needless) now.needlessSinceNanos = -1;
    else if (now.needlessSinceNanos < 0) now.needlessSinceNanos = time;
    boolean tooLong = needless && time - now.needlessSinceNanos > LONGEST_PAUSE_NANOS;
    require(!tooLong, "reader goes on", "it is paused for nothing");
  }

  // A pong that is awaited may be just what the app waits for before it takes more.
  private boolean mustReadOn(SimulatedTransport transport, Waiting now) {
    return !now.overspent && transport.awaitsConfirmation() && inOverdraft(now);
  }

  @Override
  void finished() {
    for (Life life : world.app.lives()) {
      if (life.dead) continue;
      int left = of(life).messages.size();
      boolean asked = life == world.app.now() || world.scenario.setup().unboundedDemand();
      require(left == 0 || !asked, "inbound is given", left, "messages were never given");
      require(over.contains(life) || left > 0, "inbound is given", "no end was told");
    }
  }

  private static String name(@Nullable Message message) {
    if (message == null) return "none";
    ByteBuffer payload = message.payload();
    return payload.getLong() + "-" + payload.getLong();
  }
}
