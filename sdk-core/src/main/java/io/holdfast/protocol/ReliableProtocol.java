package io.holdfast.protocol;

import static java.util.Objects.requireNonNull;

import io.holdfast.ConnectionException;
import io.holdfast.Message;
import io.holdfast.ReconnectHint;
import io.holdfast.transport.Handshake;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sequences, acknowledgements and resume, both ways: each message takes effect once, through lost
 * transports and, with a {@link io.holdfast.queue.JournalSendQueue}, through a kill of the process.
 * The server has to speak it, too; {@code sdk-testkit} has its half. All is in binary messages,
 * numbers big-endian:
 *
 * <pre>
 *   to the server                                    to this end
 *   H session (16) received (8)          hello       W resumed (1) sequence (8) id (8) next (8)   welcome
 *   D kind (1) sequence (8) id (8) ...   data        D kind (1) sequence (8) id (8) ...           data
 *   A sequence (8)                       received    A sequence (8)                               done with
 *                                                    N id (8) reason                              refused
 *                                                    R milliseconds (8) reason                    reconnect
 *                                                    F reason                                     fatal
 * </pre>
 *
 * <ul>
 *   <li>Hello names the session, drawn once and kept with the send queue, and the last sequence
 *       that came from the server. The answer says whether the server knows the session (1) or not
 *       (0), sequence and id of the last message that it is done with, and the sequence of the
 *       first that it sends next. Only then data flows.
 *   <li>Of a reason, in UTF-8, the first KiB is read.
 *   <li>A hello that was long on its way must not take the session back from the transport that
 *       came after it: a server numbers transports as it accepts them, and hears only the newest.
 *   <li>Data has a kind, {@code T} for text and {@code B} for binary, and a sequence that is one
 *       more than the one before, each way. Ids rise, and stay with a message when it is sent
 *       again, so a server drops one that is not above the last.
 *   <li>An acknowledgement stands for all sequences up to its own. Here it is sent once the app's
 *       listener is done with them.
 *   <li>A refusal ends a message; a server repeats its refusals, the last thousand or so, before
 *       each welcome, for one may have been lost with a transport.
 *   <li>A text message of the server is no part of the session: it is the app's as it is.
 * </ul>
 *
 * <p>What came from the server and was taken by the app shortly before a kill, within {@link
 * Builder#acknowledgeDelay}, or after the connection was closed, may come once more in the next
 * life. A journal that is put back from a copy numbers messages anew, and a server takes them for
 * old ones: delete it instead.
 */
public final class ReliableProtocol implements Protocol {
  /** The subprotocol's name (RFC 6455 section 1.9). */
  public static final String SUBPROTOCOL = "reliable.holdfast.1";

  private static final Logger log = LoggerFactory.getLogger(ReliableProtocol.class);
  private static final byte STATE_VERSION = 1;
  private static final int STATE_BYTES = 1 + 16 + 8;

  private final Duration acknowledgeDelay;
  private final Duration acknowledgeTimeout;
  private final Predicate<Outgoing> resend;
  private final Supplier<UUID> sessions;

  // The connection calls one method at a time.
  private @Nullable UUID session;
  // Since the hello was answered.
  private boolean welcomed;
  // From the server: the last that went to the app, that the app is done with, that we said so of.
  private long delivered;
  private long consumed;
  private long acknowledged;
  private boolean acknowledging;
  // Numbers of deliveries and their sequences, of which the app is not done.
  private final ArrayDeque<long[]> unconsumed = new ArrayDeque<>();
  // To the server: the last on this transport, and the last that it is done with.
  private long sent;
  private long done;
  private boolean watching;

  private ReliableProtocol(Builder builder) {
    sessions = builder.sessions;
    acknowledgeDelay = builder.acknowledgeDelay;
    acknowledgeTimeout = builder.acknowledgeTimeout;
    resend = builder.resend;
  }

  /** Returns one with its defaults, for one connection. */
  public static ReliableProtocol create() {
    return builder().build();
  }

  /** Returns a builder. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public List<String> subprotocols() {
    return List.of(SUBPROTOCOL);
  }

  @Override
  public Guarantee guarantee() {
    return Guarantee.EXACTLY_ONCE;
  }

  // ---- State

  @Override
  public void begun(ProtocolContext context, byte @Nullable [] state) {
    // Another connection's messages have ids of their own.
    if (session != null) {
      throw new IllegalStateException("a reliable protocol must serve one connection");
    }
    if (state != null && state.length == STATE_BYTES && state[0] == STATE_VERSION) {
      ByteBuffer in = ByteBuffer.wrap(state, 1, STATE_BYTES - 1);
      session = new UUID(in.getLong(), in.getLong());
      delivered = consumed = acknowledged = in.getLong();
      return;
    }
    if (state != null) log.warn("The state of the last life cannot be read: a new session begins");
    session = requireNonNull(sessions.get(), "session");
    saveState(context);
  }

  private UUID session() {
    return requireNonNull(session);
  }

  private void saveState(ProtocolContext context) {
    context.saveState(
        ByteBuffer.allocate(STATE_BYTES)
            .put(STATE_VERSION)
            .putLong(session().getMostSignificantBits())
            .putLong(session().getLeastSignificantBits())
            .putLong(consumed)
            .array());
  }

  // ---- A transport

  @Override
  public void opened(ProtocolContext context, Handshake handshake) {
    context.send(ReliableFrames.hello(session(), delivered));
  }

  @Override
  public void lost(ProtocolContext context, ConnectionException cause) {
    welcomed = false;
    acknowledging = false;
    watching = false;
    if (consumed > acknowledged) saveState(context);
  }

  @Override
  public void closed(ProtocolContext context) {
    if (consumed > acknowledged) saveState(context);
  }

  @Override
  public void received(ProtocolContext context, Message message) {
    if (message instanceof Message.Text) {
      context.deliver(message);
      return;
    }
    ByteBuffer in = message.payload();
    byte type = ReliableFrames.octet(in);
    if (type == ReliableFrames.RECONNECT) onReconnect(context, in);
    else if (type == ReliableFrames.FATAL) context.failForGood(ReliableFrames.text(in));
    // Before the welcome a server repeats what it may have said in vain.
    else if (type == ReliableFrames.REFUSAL) onRefusal(context, in);
    else if (welcomed) onMessage(context, type, in);
    else if (type == ReliableFrames.WELCOME) onWelcome(context, in);
    else throw new IllegalArgumentException("first message must be W but was " + type);
  }

  private void onReconnect(ProtocolContext context, ByteBuffer in) {
    // A long of milliseconds may be more than a duration's nanoseconds hold.
    Duration delay = Duration.ofMillis(ReliableFrames.number(in));
    context.reconnect(ReliableFrames.text(in), ReconnectHint.DEFAULT.withDelay(delay));
  }

  private static void onRefusal(ProtocolContext context, ByteBuffer in) {
    context.refuse(ReliableFrames.number(in), ReliableFrames.text(in));
  }

  private void onMessage(ProtocolContext context, byte type, ByteBuffer in) {
    if (type == ReliableFrames.DATA) {
      onData(context, in);
    } else if (type == ReliableFrames.ACKNOWLEDGEMENT) {
      long sequence = ReliableFrames.number(in);
      context.acknowledgeThrough(sequence);
      done = Math.max(done, sequence);
    } else {
      throw new IllegalArgumentException("message must be D, A, N, R or F but was " + type);
    }
  }

  private void onWelcome(ProtocolContext context, ByteBuffer in) {
    boolean resumed = ReliableFrames.octet(in) == 1;
    long sequence = ReliableFrames.number(in);
    long id = ReliableFrames.number(in);
    long next = ReliableFrames.number(in);
    if (next == 0) throw new IllegalArgumentException("next sequence must be positive but was 0");
    if (resumed) {
      context.resumed(sequence, id);
      // What was said last may have been lost with a transport, or a life ago.
      acknowledged = 0;
      if (next > delivered + 1) {
        log.warn("The server no longer has messages {} to {}", delivered + 1, next - 1);
        delivered = next - 1;
      }
    } else {
      context.sessionLost(resend);
      unconsumed.clear();
      delivered = consumed = acknowledged = next - 1;
      sequence = 0;
      saveState(context);
    }
    sent = done = sequence;
    welcomed = true;
    context.ready();
    acknowledgeSoon(context);
  }

  // ---- In

  private void onData(ProtocolContext context, ByteBuffer in) {
    byte kind = ReliableFrames.octet(in);
    long sequence = ReliableFrames.number(in);
    ReliableFrames.number(in);
    // It had not heard that we have it.
    if (sequence <= delivered) return;
    if (sequence > delivered + 1) {
      throw new IllegalArgumentException(
          "sequence must be " + (delivered + 1) + " but was " + sequence);
    }
    long number = context.deliver(ReliableFrames.payload(kind, in));
    delivered = sequence;
    unconsumed.add(new long[] {number, sequence});
  }

  @Override
  public void consumed(ProtocolContext context, long upTo) {
    for (long[] next = unconsumed.peek();
        next != null && next[0] <= upTo;
        next = unconsumed.peek()) {
      unconsumed.remove();
      consumed = next[1];
    }
    if (welcomed) acknowledgeSoon(context);
    else saveState(context);
  }

  private void acknowledgeSoon(ProtocolContext context) {
    if (consumed <= acknowledged || acknowledging) return;
    acknowledging = true;
    context.schedule(acknowledgeDelay, () -> acknowledge(context));
  }

  private void acknowledge(ProtocolContext context) {
    acknowledging = false;
    acknowledged = consumed;
    saveState(context);
    context.send(ReliableFrames.acknowledgement(consumed));
  }

  // ---- Out

  @Override
  public Message encode(ProtocolContext context, Outgoing outgoing) {
    Message data = ReliableFrames.data(outgoing);
    sent = outgoing.sequence();
    watch(context);
    return data;
  }

  private void watch(ProtocolContext context) {
    if (watching) return;
    watching = true;
    long doneNow = done;
    context.schedule(acknowledgeTimeout, () -> look(context, doneNow));
  }

  private void look(ProtocolContext context, long doneBefore) {
    watching = false;
    if (done == sent) return;
    // What is not read may be the acknowledgement.
    if (done > doneBefore || context.receivingPaused()) watch(context);
    else context.fail("no acknowledgement within " + acknowledgeTimeout);
  }

  /** Builds a {@link ReliableProtocol}. Not safe for use by several threads. */
  public static final class Builder {
    private Supplier<UUID> sessions = UUID::randomUUID;
    private Duration acknowledgeDelay = Duration.ofMillis(100);
    private Duration acknowledgeTimeout = Duration.ofSeconds(30);
    private Predicate<Outgoing> resend = outgoing -> true;

    private Builder() {}

    /**
     * Draws the session's name, where the send queue has kept none; {@link UUID#randomUUID} by
     * default. A name must never be drawn twice: a server would take new messages for old ones.
     */
    public Builder sessions(Supplier<UUID> sessions) {
      this.sessions = requireNonNull(sessions, "sessions");
      return this;
    }

    /** Sets how long acknowledgements are gathered; 100 ms by default. */
    public Builder acknowledgeDelay(Duration acknowledgeDelay) {
      this.acknowledgeDelay = positive("acknowledgeDelay", acknowledgeDelay);
      return this;
    }

    /**
     * Sets how long the server may acknowledge nothing of what it was sent before the transport is
     * given up; 30 s by default.
     */
    public Builder acknowledgeTimeout(Duration acknowledgeTimeout) {
      this.acknowledgeTimeout = positive("acknowledgeTimeout", acknowledgeTimeout);
      return this;
    }

    /**
     * Decides, when the server has lost the session, for each message that it may have had, whether
     * it is sent again, and may arrive twice, or ends {@link io.holdfast.Fate.InDoubt}; all are
     * sent by default.
     */
    public Builder resendAfterLostSession(Predicate<Outgoing> resend) {
      this.resend = requireNonNull(resend, "resend");
      return this;
    }

    /** Returns the protocol, for one connection. */
    public ReliableProtocol build() {
      return new ReliableProtocol(this);
    }

    private static Duration positive(String name, Duration duration) {
      if (duration.isZero() || duration.isNegative()) {
        throw new IllegalArgumentException(name + " must be positive but was " + duration);
      }
      return duration;
    }
  }
}
