package io.holdfast.testkit;

import java.io.EOFException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import okio.Buffer;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * The server half of the reliable protocol: sessions that outlive the transports that carry them,
 * where each message is done with once. Pure: it has no thread, clock or socket, so that a server
 * and a simulation can share it. Whoever calls it, one call at a time, writes the answers to the
 * transport that they are for.
 *
 * <pre>
 *   transport 1 --hello--> session a &lt;--hello-- transport 2    the newest carries it, and what an
 *                            |                                 older one still says is not heard
 *                            '-- lastSequence, lastId, unacknowledged
 * </pre>
 *
 * <p>What the client's half says of the messages holds here, too.
 */
public final class ReliableSessions {
  /** The subprotocol's name. */
  public static final String SUBPROTOCOL = "reliable.holdfast.1";

  private static final int MOST_REFUSALS = 1_000;

  private final Map<UUID, Session> sessions = new HashMap<>();
  private final Map<Long, Session> byTransport = new HashMap<>();
  private Function<ReliableMessage, @Nullable String> refusal = message -> null;

  /** Makes one that knows no session. */
  public ReliableSessions() {}

  /**
   * What a server has to do after a message.
   *
   * @param answers to be written to the transport, in order
   * @param done what the application has, for the first time
   * @param violation which rule the message broke; null if none. Its transport is not to be heard
   *     any more
   */
  public record Step(
      List<ByteString> answers, List<ReliableMessage> done, @Nullable String violation) {
    private static Step answer(ByteString... answers) {
      return new Step(List.of(answers), List.of(), null);
    }

    private static Step violation(String rule) {
      return new Step(List.of(), List.of(), rule);
    }
  }

  private static final class Session {
    private long transport;
    // From the client.
    private long lastSequence;
    private long lastId;
    // To the client: what it has not acknowledged, the first of which has this sequence.
    private final Deque<ReliableMessage> unacknowledged = new ArrayDeque<>();
    private long firstUnacknowledged = 1;
    // The newest, for they may have been lost with a transport.
    private final Deque<ByteString> refusals = new ArrayDeque<>();

    private long next() {
      return firstUnacknowledged + unacknowledged.size();
    }
  }

  /** Has each message that {@code refusal} has a reason for refused for good from now on. */
  public void refuse(Function<ReliableMessage, @Nullable String> refusal) {
    this.refusal = refusal;
  }

  /** Forgets all sessions, as a server does that kept them nowhere. */
  public void forget() {
    sessions.clear();
    byTransport.clear();
  }

  /** Returns how many sessions there are. */
  public int count() {
    return sessions.size();
  }

  /** The transport has ended; its session stays. */
  public void ended(long transport) {
    byTransport.remove(transport);
  }

  /**
   * A message has come from the client on {@code transport}, a number that is higher than those of
   * the transports that were accepted before.
   */
  public Step received(long transport, ByteString message) {
    Buffer in = new Buffer().write(message);
    try {
      byte type = in.readByte();
      if (type == 'H') return hello(transport, in);
      Session session = byTransport.get(transport);
      if (session == null) return Step.violation("first message must be a hello");
      // A newer transport carries it.
      if (session.transport != transport) return carriedElsewhere();
      return switch (type) {
        case 'D' -> data(session, in);
        case 'A' -> acknowledged(session, in.readLong());
        default -> Step.violation("message must be H, D or A but was " + type);
      };
    } catch (EOFException e) {
      return Step.violation("message is too short");
    }
  }

  private static Step carriedElsewhere() {
    return Step.violation("session is carried elsewhere");
  }

  private Step hello(long transport, Buffer in) throws EOFException {
    if (byTransport.containsKey(transport)) return Step.violation("hello must come once");
    UUID id = new UUID(in.readLong(), in.readLong());
    long received = in.readLong();
    Session session = sessions.get(id);
    // It was given up, and its hello took longer than that of the one that came after.
    if (session != null && session.transport > transport) return carriedElsewhere();
    // One that has had more than was ever sent speaks of a session that is lost.
    boolean resumed = session != null && received < session.next();
    if (session == null || !resumed) {
      session = new Session();
      sessions.put(id, session);
    }
    session.transport = transport;
    byTransport.put(transport, session);
    return welcome(session, resumed, received);
  }

  private static Step welcome(Session session, boolean resumed, long received) {
    long next = resumed ? Math.max(session.firstUnacknowledged, received + 1) : 1;
    List<ByteString> answers = new ArrayList<>(session.refusals);
    answers.add(ReliableFrame.welcome(resumed, session.lastSequence, session.lastId, next));
    long sequence = session.firstUnacknowledged;
    for (ReliableMessage message : session.unacknowledged) {
      if (sequence >= next) answers.add(ReliableFrame.data(sequence, message));
      sequence++;
    }
    return new Step(answers, List.of(), null);
  }

  private Step data(Session session, Buffer in) throws EOFException {
    boolean text = in.readByte() == 'T';
    long sequence = in.readLong();
    long id = in.readLong();
    if (sequence != session.lastSequence + 1) {
      return Step.violation(
          "sequence must be %d but was %d".formatted(session.lastSequence + 1, sequence));
    }
    session.lastSequence = sequence;
    ByteString acknowledgement = ReliableFrame.acknowledgement(sequence);
    if (id <= session.lastId) return Step.answer(acknowledgement);
    session.lastId = id;
    ReliableMessage message = new ReliableMessage(id, text, in.readByteString());
    String reason = refusal.apply(message);
    if (reason == null) return new Step(List.of(acknowledgement), List.of(message), null);
    ByteString refused = ReliableFrame.refusal(id, reason);
    if (session.refusals.size() == MOST_REFUSALS) session.refusals.remove();
    session.refusals.add(refused);
    return Step.answer(refused, acknowledgement);
  }

  private static Step acknowledged(Session session, long sequence) {
    if (sequence >= session.next()) {
      return Step.violation(
          "acknowledged sequence must be at most %d but was %d"
              .formatted(session.next() - 1, sequence));
    }
    while (session.firstUnacknowledged <= sequence) {
      session.unacknowledged.remove();
      session.firstUnacknowledged++;
    }
    return Step.answer();
  }

  /**
   * Sends a message in every session, now or once a transport carries it.
   *
   * @return what is to be written now, by transport
   */
  public Map<Long, ByteString> push(ReliableMessage message) {
    Map<Long, ByteString> now = new HashMap<>();
    for (Session session : sessions.values()) {
      ByteString data = push(session, message);
      if (session.equals(byTransport.get(session.transport))) now.put(session.transport, data);
    }
    return now;
  }

  /**
   * Sends a message in the session that {@code transport} carries.
   *
   * @return what is to be written now; null if it carries none
   */
  public @Nullable ByteString push(long transport, ReliableMessage message) {
    Session session = byTransport.get(transport);
    return session == null || session.transport != transport ? null : push(session, message);
  }

  private static ByteString push(Session session, ReliableMessage message) {
    ByteString data = ReliableFrame.data(session.next(), message);
    session.unacknowledged.add(message);
    return data;
  }

  /** Returns the message that asks a client to come back after so many milliseconds. */
  public static ByteString reconnect(long millis, String reason) {
    return ReliableFrame.reconnect(millis, reason);
  }

  /** Returns the message that tells a client not to come back. */
  public static ByteString fatal(String reason) {
    return ReliableFrame.fatal(reason);
  }
}
