package io.holdfast.simulation;

import static java.util.Objects.requireNonNull;

import io.holdfast.Message;
import io.holdfast.testkit.ReliableMessage;
import io.holdfast.testkit.ReliableSessions;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind the server's WebSocket endpoint: speaks the reliable protocol, and does what
 * messages ask for.
 */
final class Application {
  private static final int PUSH_HEADER = 16;

  private final World world;
  private final Speech speech;
  private final Dice dice;
  private final ReliableSessions sessions = new ReliableSessions();
  private final Map<UUID, Integer> begun = new HashMap<>();
  private final Map<Flow, Key> keys = new HashMap<>();
  // Of each session the last message that went out, to be told again.
  private final Map<Key, Message> last = new HashMap<>();
  private final Set<Long> done = new HashSet<>();
  private final Set<Long> refused = new HashSet<>();
  private long pushes;
  private int forgotten;

  /**
   * A session of the server's.
   *
   * @param begun how many of this name there were
   */
  record Key(UUID session, int begun) {}

  Application(World world, Speech speech, Dice dice) {
    this.world = world;
    this.speech = speech;
    this.dice = dice;
    sessions.refuse(this::refusal);
  }

  private @Nullable String refusal(ReliableMessage message) {
    long number = numberOf(message);
    if (!speech.isRefused(number)) return null;
    refused.add(number);
    return "not this one";
  }

  static long numberOf(ReliableMessage message) {
    return message.payload().asByteBuffer().getLong();
  }

  boolean isDone(long number) {
    return done.contains(number);
  }

  boolean isRefused(long number) {
    return refused.contains(number);
  }

  /** Returns how often it has forgotten all sessions. */
  int forgotten() {
    return forgotten;
  }

  /** Returns the session that was greeted on {@code flow}. */
  Key key(Flow flow) {
    return requireNonNull(keys.get(flow));
  }

  // ---- From the device

  void received(Flow flow, Message message) {
    if (flow.session.isDeaf()) return;
    ReliableSessions.Step step = sessions.received(flow.number, ByteString.of(message.payload()));
    List<Message> answers = new ArrayList<>();
    for (ByteString answer : step.answers()) answers.add(Message.wrap(answer.toByteArray()));
    if (Wire.isHello(message) && step.violation() == null) greeted(flow, message, answers);
    if (Wire.isAcknowledgement(message) && step.violation() == null) {
      world.judges.acknowledgedByApp(key(flow), Wire.acknowledged(message));
    }
    for (ReliableMessage one : step.done()) {
      world.judges.done(key(flow), numberOf(one));
      done.add(numberOf(one));
    }
    answers.forEach(flow.session::answer);
    if (step.violation() == null) return;
    world.judges.violated(flow, step.violation());
    flow.session.deafen();
    flow.session.close(1008);
  }

  private void greeted(Flow flow, Message hello, List<Message> answers) {
    UUID session = Wire.session(hello);
    for (int i = 0; i < answers.size(); i++) {
      Message welcome = answers.get(i);
      if (!Wire.isWelcome(welcome)) continue;
      if (!Wire.isResumed(welcome)) begun.merge(session, 1, Integer::sum);
      Key key = new Key(session, requireNonNull(begun.get(session)));
      keys.put(flow, key);
      Message again = last.get(key);
      // One that has it already may not have said so.
      boolean repeats = again != null && Wire.sequence(again) <= Wire.received(hello);
      if (speech.repeating() && repeats) answers.add(i + 1, requireNonNull(again));
      return;
    }
  }

  void ended(Flow flow) {
    sessions.ended(flow.number);
  }

  // ---- To the device

  /** Sends a message in the session that {@code flow} carries, if it carries one. */
  void push(Flow flow, int size) {
    if (!keys.containsKey(flow)) return;
    byte[] bytes = new byte[Math.max(PUSH_HEADER, size)];
    ByteBuffer.wrap(bytes).putLong(flow.number).putLong(pushes + 1);
    ByteString data =
        sessions.push(flow.number, new ReliableMessage(1, false, ByteString.of(bytes)));
    if (data == null) return;
    pushes++;
    Message message = Message.wrap(data.toByteArray());
    last.put(key(flow), message);
    world.judges.pushed(key(flow), Wire.sequence(message));
    flow.session.answer(message);
  }

  // ---- Restarts

  /** The server's process has ended, and perhaps with it what it knew. */
  void restarted() {
    if (!speech.forgetting() || !dice.oneIn(2)) return;
    forgotten++;
    sessions.forget();
    for (Flow flow : world.network.flows()) flow.session.deafen();
    world.trace.note("server", "has forgotten all sessions");
  }
}
