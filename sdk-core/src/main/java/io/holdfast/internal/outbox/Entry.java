package io.holdfast.internal.outbox;

import static java.util.Objects.requireNonNull;

import io.holdfast.Assurance;
import io.holdfast.ConnectionException;
import io.holdfast.Fate;
import io.holdfast.Message;
import io.holdfast.SendOptions;
import java.time.Duration;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** One message in the outbox, and its place there. The delivery that an app holds extends it. */
public abstract class Entry {
  // By difference, as the clock's origin is arbitrary and a sum may have overflowed.
  static final Comparator<Entry> BY_EXPIRY =
      ((Comparator<Entry>) (a, b) -> Long.signum(a.expiresAtNanos() - b.expiresAtNanos()))
          .thenComparingLong(entry -> entry.sequence);
  // 73 years: far from where adding it to the time would overflow.
  private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE >> 2);

  private final Message message;
  private final SendOptions options;
  private volatile @Nullable Fate fate;

  // The outbox, and so its lock, owns the fields below.
  final int size;
  @Nullable Entry previous;
  @Nullable Entry next;
  Place place = Place.OUTSIDE;
  long sequence;
  long acceptedAtNanos;
  // Null, and so no memory, for the many that are never in flight on a lost transport.
  @Nullable Losses losses;

  protected Entry(Message message, SendOptions options) {
    this.message = message;
    this.options = options;
    this.size = message.size();
  }

  /** Where it stands. */
  enum Place {
    OUTSIDE,
    QUEUED,
    TAKEN,
    /** Taken, and the kernel has all of it; a pong is awaited. */
    WRITTEN
  }

  /** Transports lost while it was in flight. */
  static final class Losses {
    // With nothing confirmed since the epoch given.
    int count;
    long epoch;
    // Null if only an earlier life had it.
    @Nullable ConnectionException last;

    Losses(@Nullable ConnectionException first) {
      last = first;
    }
  }

  /** The message. */
  public final Message message() {
    return message;
  }

  /** How it is to be treated. */
  public final SendOptions options() {
    return options;
  }

  /** How it ended; null while it has not. */
  public final @Nullable Fate fate() {
    return fate;
  }

  /**
   * Returns the one that ended after it, and lets go of it; for an entry of {@link Outbox#ended}.
   */
  public final @Nullable Entry takeNextEnded() {
    Entry later = next;
    next = null;
    return later;
  }

  final void end(Fate fate) {
    if (this.fate != null) throw new AssertionError("two fates: " + this.fate + ", " + fate);
    this.fate = fate;
    ended();
  }

  /** What the peer may know it by: the same each time it is sent, and higher than all before it. */
  public long stableId() {
    return sequence;
  }

  /** It has got its fate. Called by the outbox, under its lock. */
  protected void ended() {}

  /** A transport gets it. Called by the outbox, under its lock. */
  protected void taken() {}

  final boolean wantsConfirmation() {
    return options.assurance() == Assurance.CONFIRMED;
  }

  final boolean expires() {
    return options.timeToLive() != null;
  }

  /** When its time to live has passed, if it has one. */
  final long expiresAtNanos() {
    Duration timeToLive = requireNonNull(options.timeToLive());
    return acceptedAtNanos + (timeToLive.compareTo(LONGEST) < 0 ? timeToLive : LONGEST).toNanos();
  }

  /** Whether a transport ever had it: its end is then in doubt, unless it is known. */
  final boolean wasHanded() {
    return losses != null || place == Place.TAKEN || place == Place.WRITTEN;
  }
}
