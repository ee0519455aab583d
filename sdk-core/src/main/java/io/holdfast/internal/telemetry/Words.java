package io.holdfast.internal.telemetry;

import io.holdfast.ConnectTimeline;
import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionEvent.AttemptFailed;
import io.holdfast.ConnectionEvent.AttemptStarted;
import io.holdfast.ConnectionEvent.ConsumerStalled;
import io.holdfast.ConnectionEvent.HeartbeatIntervalLearned;
import io.holdfast.ConnectionEvent.NetworkChanged;
import io.holdfast.ConnectionEvent.NotDelivered;
import io.holdfast.ConnectionEvent.OutageEnded;
import io.holdfast.ConnectionEvent.OutageLasts;
import io.holdfast.ConnectionEvent.PingSent;
import io.holdfast.ConnectionEvent.PongSupportLearned;
import io.holdfast.ConnectionEvent.QueueFilled;
import io.holdfast.ConnectionEvent.QueueHasRoom;
import io.holdfast.ConnectionEvent.ReadyStepReached;
import io.holdfast.ConnectionEvent.RetryScheduled;
import io.holdfast.ConnectionEvent.RoundTripMeasured;
import io.holdfast.ConnectionEvent.SuccessorDropped;
import io.holdfast.ConnectionEvent.SuccessorStarted;
import io.holdfast.ConnectionEvent.TransportLost;
import io.holdfast.ConnectionEvent.TransportOpened;
import io.holdfast.ConnectionEvent.WokeUp;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionState;
import io.holdfast.ConnectionState.Closed;
import io.holdfast.ConnectionState.Closing;
import io.holdfast.ConnectionState.Connecting;
import io.holdfast.ConnectionState.Idle;
import io.holdfast.ConnectionState.Offline;
import io.holdfast.ConnectionState.Open;
import io.holdfast.ConnectionState.Phase;
import io.holdfast.ConnectionState.Waiting;
import io.holdfast.Fate;
import io.holdfast.PongSupport;
import io.holdfast.QueueSnapshot;
import io.holdfast.network.NetworkStatus;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What people read of states and events, in history and log: one line each, without secrets. It
 * relies on no name that a shrinker may change.
 */
public final class Words {
  private static final int LONGEST_FOREIGN_TEXT = 200;
  // What is read of it: a peer may say megabytes, and connection and history wait meanwhile.
  private static final int LONGEST_READ = 1_024;

  private Words() {}

  // ---- States

  /** Returns the words for a state; null if the events around it have said it all. */
  public static @Nullable String of(ConnectionState state, Secrets secrets) {
    if (state instanceof Idle || state instanceof Open) return null;
    if (state instanceof Connecting connecting) return connecting(connecting);
    if (state instanceof Waiting waiting) {
      return "waiting "
          + Durations.words(waiting.delay())
          + " before attempt "
          + waiting.nextAttempt()
          + ": "
          + cause(waiting.cause(), secrets);
    }
    if (state instanceof Offline offline) {
      boolean suspended = offline.reason() == Offline.Reason.SUSPENDED;
      return suspended ? "offline: suspended by the app" : "offline: there is no network";
    }
    if (state instanceof Closing closing) {
      return "closing with " + code(closing.code(), closing.reason(), secrets);
    }
    if (state instanceof Closed closed) return closed(closed, secrets);
    throw new AssertionError(state);
  }

  private static @Nullable String connecting(Connecting connecting) {
    if (connecting.phase() == Phase.REQUEST) return null;
    return connecting.phase() == Phase.HANDSHAKE
        ? "request supplied, connecting"
        : "connected, the protocol makes itself ready";
  }

  private static String closed(Closed closed, Secrets secrets) {
    ConnectionException cause = closed.cause();
    if (cause != null) return "gave up: " + cause(cause, secrets);
    String code = "closed with " + code(closed.code(), closed.reason(), secrets);
    return closed.clean() ? code : code + ", without a closing handshake";
  }

  private static String code(int code, String reason, Secrets secrets) {
    return reason.isEmpty() ? String.valueOf(code) : code + " " + foreign(reason, secrets);
  }

  // ---- Events

  /** Returns the words for an event; null if the state that follows says it all. */
  public static @Nullable String of(ConnectionEvent event, Secrets secrets) {
    if (event instanceof AttemptStarted started) return "attempt " + started.attempt();
    if (event instanceof TransportOpened opened) return opened(opened);
    if (event instanceof ReadyStepReached reached) {
      return "protocol step: " + foreign(reached.step(), secrets);
    }
    if (event instanceof AttemptFailed failed) {
      String words = "attempt " + failed.attempt() + " failed: " + cause(failed.cause(), secrets);
      return words + steps(failed.timeline());
    }
    if (event instanceof TransportLost lost) {
      String words =
          "lost transport " + lost.generation() + ", " + lost.inFlight() + " in flight: ";
      return words + cause(lost.cause(), secrets);
    }
    if (event instanceof RetryScheduled retry) {
      return retry.delay().isZero() ? "attempt " + retry.attempt() + " follows at once" : null;
    }
    if (event instanceof OutageEnded) return "the transport has proved itself, the outage is over";
    if (event instanceof PingSent ping) return "ping " + ping.number();
    if (event instanceof RoundTripMeasured measured) {
      return "pong after " + Durations.words(measured.roundTrip());
    }
    if (event instanceof PongSupportLearned learned) {
      boolean yes = learned.support() == PongSupport.YES;
      return yes ? "the peer answers pings" : "the peer answers no pings";
    }
    if (event instanceof ConsumerStalled) {
      return "nothing is read, for the consumer of messages is too far behind";
    }
    if (event instanceof NetworkChanged changed) return network(changed.status());
    if (event instanceof WokeUp woke) {
      return "the device slept for " + Durations.words(woke.slept());
    }
    if (event instanceof SuccessorStarted second) {
      return "transport "
          + second.generation()
          + " is opened beside this one, "
          + (second.drain() ? "for the peer asked to drain it" : "for its pong is late");
    }
    if (event instanceof SuccessorDropped second) return dropped(second, secrets);
    if (event instanceof HeartbeatIntervalLearned learned) {
      String on = learned.label().isEmpty() ? "" : " on " + learned.label();
      return "learnt to ping every " + Durations.words(learned.interval()) + on;
    }
    if (event instanceof OutageLasts outage) {
      return "the outage has lasted for " + Durations.words(outage.lasted());
    }
    if (event instanceof QueueFilled filled) return "the queue is full: " + queue(filled.queue());
    if (event instanceof QueueHasRoom room) {
      return "the queue has room again: " + queue(room.queue());
    }
    if (event instanceof NotDelivered ended) {
      String message = ended.id() == 0 ? "a message" : "message " + ended.id();
      return message + " was not delivered: " + fate(ended.fate());
    }
    throw new AssertionError(event);
  }

  private static String opened(TransportOpened opened) {
    String words = "open: transport " + opened.generation() + ", attempt " + opened.attempt();
    return words + steps(opened.timeline());
  }

  private static String network(NetworkStatus status) {
    if (!status.available()) return "there is no network any more";
    String words = status.label().isEmpty() ? "there is a network" : "the network is ";
    return words + status.label() + (status.metered() ? ", metered" : "");
  }

  private static String dropped(SuccessorDropped second, Secrets secrets) {
    ConnectionException cause = second.cause();
    String words = "transport " + second.generation() + " is given up";
    return cause == null
        ? words + ", for it is no longer needed"
        : words + ": " + cause(cause, secrets);
  }

  private static String queue(QueueSnapshot queue) {
    return queue.queued()
        + " queued, "
        + queue.inFlight()
        + " in flight, together "
        + queue.bytes()
        + " bytes";
  }

  /** Returns how an attempt went, with a comma before; empty if nothing is known. */
  private static String steps(ConnectTimeline timeline) {
    StringBuilder words = new StringBuilder();
    InetSocketAddress address = timeline.address();
    if (address != null) {
      words.append(", ").append(address.getHostString()).append(':').append(address.getPort());
    }
    step("DNS", timeline.dnsNanos(), words);
    step("TCP", timeline.tcpNanos(), words);
    step("TLS", timeline.tlsNanos(), words);
    step("upgrade", timeline.upgradeNanos(), words);
    step("in all", timeline.totalNanos(), words);
    return words.toString();
  }

  private static void step(String name, long nanos, StringBuilder words) {
    if (nanos >= 0) words.append(", ").append(name).append(' ').append(Durations.words(nanos));
  }

  // ---- Fates

  /** Returns a stable word for a fate, such as {@code in-doubt}. */
  static String kind(Fate fate) {
    if (fate instanceof Fate.Written) return "written";
    if (fate instanceof Fate.Confirmed) return "confirmed";
    if (fate instanceof Fate.Acknowledged) return "acknowledged";
    if (fate instanceof Fate.Refused) return "refused";
    if (fate instanceof Fate.Expired) return "expired";
    if (fate instanceof Fate.Evicted) return "evicted";
    if (fate instanceof Fate.Conflated) return "conflated";
    if (fate instanceof Fate.Cancelled) return "cancelled";
    if (fate instanceof Fate.Kept) return "kept";
    if (fate instanceof Fate.Rejected) return "rejected";
    if (fate instanceof Fate.InDoubt) return "in-doubt";
    throw new AssertionError(fate);
  }

  /** Returns the fate and its reason, of which nothing is the peer's text. */
  static String fate(Fate fate) {
    String kind = spaced(kind(fate));
    if (fate instanceof Fate.Cancelled cancelled) return kind + ", " + cancelled(cancelled);
    if (fate instanceof Fate.Rejected rejected) return kind + ", " + rejected(rejected.reason());
    if (fate instanceof Fate.InDoubt inDoubt) return kind + ", " + inDoubt(inDoubt.reason());
    return kind;
  }

  private static String cancelled(Fate.Cancelled cancelled) {
    boolean byApp = cancelled.reason() == Fate.Cancelled.Reason.BY_APP;
    return byApp ? "by the app" : "the connection closed";
  }

  private static String rejected(Fate.Rejected.Reason reason) {
    return switch (reason) {
      case QUEUE_FULL -> "the queue is full";
      case TOO_LARGE -> "it is too large";
      case CONNECTION_CLOSED -> "the connection is closed";
      case DISK_FULL -> "the disk is full";
      case DIRECTORY_GONE -> "the directory is gone";
      case DISK_FAILED -> "the disk failed";
      case QUEUE_NOT_OPEN -> "the send queue is not open";
      case NOT_ENCODED -> "the protocol could not encode it";
    };
  }

  private static String inDoubt(Fate.InDoubt.Reason reason) {
    return switch (reason) {
      case RESEND_FORBIDDEN -> "it may not be sent again";
      case RESEND_LIMIT -> "too many transports were lost with it";
      case EXPIRED -> "it expired";
      case EVICTED -> "it was evicted";
      case CONFLATED -> "a newer one took its place";
      case CANCELLED -> "it was cancelled";
      case CONNECTION_CLOSED -> "the connection closed";
      case UNCONFIRMABLE -> "the peer answers no pings";
      case NOT_ENCODED -> "the protocol could not encode it again";
      case SESSION_LOST -> "the peer lost the session";
    };
  }

  // ---- Causes

  /** Returns the kind of a failure and what it says of itself. */
  static String cause(ConnectionException cause, Secrets secrets) {
    String message = cause.getMessage();
    String kind = spaced(cause.kind());
    return message == null ? kind : kind + ": " + foreign(message, secrets);
  }

  /** Returns what others said, without secrets, in one line, and not without end. */
  private static String foreign(String text, Secrets secrets) {
    boolean all = text.length() <= LONGEST_READ;
    // Before it is cut to what is shown, for half a secret is one, too.
    String hidden =
        all ? secrets.hide(text) : secrets.hideBeginning(text.substring(0, LONGEST_READ));
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < hidden.length() && i < LONGEST_FOREIGN_TEXT; i++) {
      char c = hidden.charAt(i);
      line.append(Character.isISOControl(c) ? ' ' : c);
    }
    boolean whole = all && hidden.length() <= LONGEST_FOREIGN_TEXT;
    return whole ? line.toString() : line + "...";
  }

  private static String spaced(String kind) {
    return kind.replace('-', ' ');
  }
}
