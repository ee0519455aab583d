package io.holdfast.rx;

import io.holdfast.Fate;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Why a request has no answer: a closed family, with the facts in fields. */
@SuppressWarnings("serial") // Java serialization is not offered: the facts are for the running app.
public abstract sealed class RequestException extends RuntimeException {

  private RequestException(String message) {
    super(message);
  }

  /** No answer came in time. The peer may have acted on the request. */
  public static final class TimedOut extends RequestException {
    private final @Nullable Fate fate;

    TimedOut(Duration timeout, @Nullable Fate fate) {
      super(
          "no answer within "
              + timeout
              + "; the request was "
              + (fate == null ? "still queued or in flight" : fate));
      this.fate = fate;
    }

    /**
     * Returns how far the request had come: its fate, or null if it was still queued or in flight.
     */
    public @Nullable Fate fate() {
      return fate;
    }
  }

  /**
   * The request's delivery failed. Unless the fate is {@link Fate.InDoubt} the peer saw nothing of
   * it, so it may be asked again.
   */
  public static final class Undelivered extends RequestException {
    private final Fate fate;

    Undelivered(Fate fate) {
      super("the request was not delivered: " + fate);
      this.fate = fate;
      if (fate instanceof Fate.InDoubt inDoubt && inDoubt.cause() != null) {
        initCause(inDoubt.cause());
      }
    }

    /** Returns how the delivery ended. */
    public Fate fate() {
      return fate;
    }
  }

  /** The connection closed before an answer came. */
  public static final class ConnectionClosed extends RequestException {
    ConnectionClosed() {
      super("the connection closed before an answer came");
    }
  }
}
