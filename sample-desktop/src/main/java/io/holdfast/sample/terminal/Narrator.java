package io.holdfast.sample.terminal;

import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionEvent.AttemptFailed;
import io.holdfast.ConnectionEvent.ConsumerStalled;
import io.holdfast.ConnectionEvent.HeartbeatIntervalLearned;
import io.holdfast.ConnectionEvent.NetworkChanged;
import io.holdfast.ConnectionEvent.OutageEnded;
import io.holdfast.ConnectionEvent.OutageLasts;
import io.holdfast.ConnectionEvent.PongSupportLearned;
import io.holdfast.ConnectionEvent.QueueFilled;
import io.holdfast.ConnectionEvent.QueueHasRoom;
import io.holdfast.ConnectionEvent.ReadyStepReached;
import io.holdfast.ConnectionEvent.RetryScheduled;
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
import io.holdfast.ConnectionState.Offline;
import io.holdfast.ConnectionState.Open;
import io.holdfast.ConnectionState.Phase;
import io.holdfast.ConnectionState.Waiting;
import io.holdfast.PongSupport;
import io.holdfast.QueueSnapshot;
import io.holdfast.network.NetworkStatus;
import io.holdfast.rx.RxConnection;
import io.holdfast.sample.terminal.Line.Tone;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.reactivex.rxjava3.disposables.Disposable;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Tells a connection's states and events, which come one at a time, as lines of a timeline. */
public final class Narrator {
  // Anyone reads it.
  private final AtomicInteger opened = new AtomicInteger();

  // The connection's callback thread owns the fields below.
  private int attempt;
  private boolean atOnce;
  private int toSendAgain;

  /** Tells all that {@code connection} does from now on. */
  public Disposable follow(RxConnection connection, Consumer<Line> lines) {
    return new CompositeDisposable(
        connection.states().subscribe(state -> tell(state).ifPresent(lines)),
        connection.events().subscribe(event -> tell(event).ifPresent(lines)));
  }

  /** How often the connection opened after the first time. */
  public int reconnects() {
    return Math.max(0, opened.get() - 1);
  }

  public Optional<Line> tell(ConnectionState state) {
    if (state instanceof Connecting connecting) {
      // An attempt has one line, however many phases it has.
      if (connecting.phase() != Phase.REQUEST) return Optional.empty();
      String text = "attempt " + connecting.attempt() + (atOnce ? ", at once" : "");
      return line(Tone.WARNING, "CONNECTING", text);
    }
    if (state instanceof Open open) return opened(open);
    if (state instanceof Waiting waiting) {
      String text = "attempt " + waiting.nextAttempt() + " in " + Texts.millis(waiting.delay());
      return line(Tone.WARNING, "WAITING", text);
    }
    if (state instanceof Offline offline) {
      return line(Tone.WARNING, "OFFLINE", offline.reason().name());
    }
    if (state instanceof Closing closing) {
      return line(Tone.PLAIN, "CLOSING", "sent Close " + closing.code());
    }
    if (state instanceof Closed closed) return closed(closed);
    return Optional.empty();
  }

  private Optional<Line> opened(Open open) {
    String took = Texts.steps(open.timeline());
    if (!took.isEmpty()) took = ", " + took;
    String again = toSendAgain == 0 ? "" : "; " + toSendAgain + " go out again";
    toSendAgain = 0;
    String text = "transport " + open.generation() + ", attempt " + attempt + took + again;
    return line(Tone.GOOD, "OPEN", text);
  }

  private static Optional<Line> closed(Closed closed) {
    ConnectionException cause = closed.cause();
    String text = closed.code() + (closed.clean() ? ", clean" : ", without a closing handshake");
    return cause == null
        ? line(Tone.PLAIN, "CLOSED", text)
        : line(Tone.BAD, "CLOSED", text + ": " + Texts.cause(cause));
  }

  public Optional<Line> tell(ConnectionEvent event) {
    if (event instanceof TransportOpened transport) {
      opened.incrementAndGet();
      attempt = transport.attempt();
      return Optional.empty();
    }
    if (event instanceof TransportLost lost) return lost(lost);
    if (event instanceof AttemptFailed failed) {
      return failed(failed);
    }
    if (event instanceof RetryScheduled retry) {
      atOnce = retry.delay().isZero();
      return Optional.empty();
    }
    if (event instanceof OutageEnded ended) {
      String text = "transport " + ended.generation() + " has proved itself; the outage is over";
      return line(Tone.GOOD, "PROVED", text);
    }
    if (event instanceof PongSupportLearned learned) {
      boolean yes = learned.support() == PongSupport.YES;
      return yes
          ? line(Tone.PLAIN, "PONGS", "the peer answers pings, so deliveries can be confirmed")
          : line(Tone.WARNING, "NO PONGS", "the peer answers no pings: nothing can be confirmed");
    }
    if (event instanceof ReadyStepReached reached) {
      return line(Tone.PLAIN, "STEP", "transport " + reached.generation() + ": " + reached.step());
    }
    if (event instanceof ConsumerStalled) {
      return line(Tone.WARNING, "STALLED", "the consumer of messages is too far behind");
    }
    if (event instanceof QueueFilled filled) {
      return line(Tone.WARNING, "QUEUE FULL", messages(filled.queue()) + "; no room for more");
    }
    if (event instanceof QueueHasRoom room) {
      return line(Tone.GOOD, "QUEUE", "room again: " + messages(room.queue()));
    }
    return tellOfTheDevice(event).or(() -> tellOfTheSecond(event));
  }

  // What is told of the network, sleep and time rather than of a transport.
  private static Optional<Line> tellOfTheDevice(ConnectionEvent event) {
    if (event instanceof NetworkChanged changed) return network(changed.status());
    if (event instanceof WokeUp woke) {
      return line(Tone.WARNING, "WOKE UP", "slept for " + Texts.seconds(woke.slept()));
    }
    if (event instanceof OutageLasts outage) {
      return line(Tone.BAD, "OUTAGE", "it has lasted for " + Texts.seconds(outage.lasted()));
    }
    if (event instanceof HeartbeatIntervalLearned learned) {
      String on = learned.label().isEmpty() ? "" : " on " + learned.label();
      String text = "learnt to ping every " + Texts.seconds(learned.interval()) + on;
      return line(Tone.PLAIN, "HEARTBEAT", text);
    }
    return Optional.empty();
  }

  private static Optional<Line> network(NetworkStatus status) {
    if (!status.available()) return line(Tone.WARNING, "NETWORK", "there is none any more");
    String label = status.label().isEmpty() ? "there is one" : "it is " + status.label();
    return line(Tone.PLAIN, "NETWORK", label + (status.metered() ? ", metered" : ""));
  }

  private static Optional<Line> tellOfTheSecond(ConnectionEvent event) {
    if (event instanceof SuccessorStarted second) {
      String why = second.drain() ? "the server asked to drain it" : "its pong is late";
      String text = "transport " + second.generation() + " is opened beside this one, for " + why;
      return line(Tone.WARNING, "SECOND", text);
    }
    if (event instanceof SuccessorDropped second) {
      ConnectionException cause = second.cause();
      String why = cause == null ? "the first one answers" : Texts.cause(cause);
      String text = "transport " + second.generation() + " is given up: " + why;
      return line(Tone.PLAIN, "SECOND", text);
    }
    return Optional.empty();
  }

  private static String messages(QueueSnapshot queue) {
    return queue.queued() + " messages wait, " + queue.inFlight() + " in flight";
  }

  private static Optional<Line> failed(AttemptFailed failed) {
    String took = Texts.steps(failed.timeline());
    if (!took.isEmpty()) took = ", " + took;
    String text = "attempt " + failed.attempt() + ": " + Texts.cause(failed.cause()) + took;
    return line(Tone.BAD, "FAILED", text);
  }

  private Optional<Line> lost(TransportLost lost) {
    toSendAgain = lost.inFlight();
    String text =
        "transport %d, %d in flight: %s"
            .formatted(lost.generation(), lost.inFlight(), Texts.cause(lost.cause()));
    return line(Tone.BAD, "LOST", text);
  }

  private static Optional<Line> line(Tone tone, String label, String text) {
    return Optional.of(new Line(tone, label, text));
  }
}
