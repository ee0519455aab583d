package io.holdfast.simulation;

import static java.util.Objects.requireNonNull;

import io.holdfast.Message;
import java.util.ArrayDeque;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the judges know of one connection's talk with the server's application. */
final class Dialogue {
  // As the first hello named it.
  @Nullable UUID session;
  // Of the newest welcome.
  private Application.@Nullable Key key;
  // The last sequence that went to the app.
  private long delivered;
  // The last that the app is done with.
  private long taken;
  // What the app has not got.
  private final ArrayDeque<Delivered> waiting = new ArrayDeque<>();

  private record Delivered(Application.Key key, long sequence) {}

  Application.@Nullable Key key() {
    return key;
  }

  long delivered() {
    return delivered;
  }

  long taken() {
    return taken;
  }

  void begin(UUID session, long received) {
    this.session = session;
    delivered = received;
    taken = received;
  }

  void welcomed(Application.Key key, Message welcome) {
    this.key = key;
    boolean resumed = Wire.isResumed(welcome);
    long before = Wire.next(welcome) - 1;
    delivered = resumed ? Math.max(delivered, before) : before;
    // What an earlier life has acknowledged.
    taken = resumed ? Math.max(taken, waiting.isEmpty() ? before : 0) : before;
  }

  /** Returns whether the app gets it. */
  boolean delivers(Message data) {
    if (Wire.sequence(data) != delivered + 1) return false;
    delivered++;
    waiting.add(new Delivered(requireNonNull(key), delivered));
    return true;
  }

  /** The app has one more. Returns whether it is of the session that goes on. */
  boolean took() {
    Delivered next = waiting.remove();
    boolean ofSession = next.key().equals(key);
    if (ofSession) taken = next.sequence();
    return ofSession;
  }

  /** The app gave up what it has not got. */
  void tookAll() {
    while (!waiting.isEmpty()) took();
  }
}
