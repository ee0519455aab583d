package io.holdfast.simulation;

import io.holdfast.Assurance;
import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionEvent.SuccessorDropped;
import io.holdfast.ConnectionEvent.SuccessorStarted;
import io.holdfast.ConnectionEvent.TransportLost;
import io.holdfast.ConnectionException.ReconnectAsked;
import io.holdfast.ConnectionException.Replaced;
import io.holdfast.ConnectionState.Open;
import io.holdfast.ReconnectHint;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A peer that asks its connection to move gets what it asks for: the second transport begins when
 * it said, and the first one goes on, confirms what it has, and is closed in good order.
 */
final class HandoverJudge extends Judge {
  private static final String DELAY = "moves when it was asked to";
  private static final String PLACE = "moves where it was asked to";
  private static final String GATE = "what drains gets no more";
  private static final String CONFIRMED = "what drains is confirmed first";
  private static final String STAYS = "one that is late and answers stays";
  private static final String POLITE = "what drained is closed in good order";

  // Of the newest connection.
  private @Nullable Life newest;
  private @Nullable Wish wish;
  // The one for which a second was last begun: if that fails another follows, whoever asks again.
  private @Nullable SimulatedTransport begunFor;
  // Where that second one goes; null if it was not said.
  private @Nullable URI place;
  // Whether the newest second transport was asked for, as the app was told.
  private boolean asked;
  // The one that is open beside another, and whether the first one's pongs can be relied upon.
  private @Nullable SimulatedTransport second;
  private boolean ponged;

  private record Wish(ReconnectHint hint, long atNanos, SimulatedTransport transport) {}

  HandoverJudge(World world) {
    super(world);
  }

  private Setup setup() {
    return world.scenario.setup();
  }

  // ---- When it begins

  @Override
  void reconnectAsked(Life life, ReconnectHint hint) {
    // Where the next one goes is the newest wish's, if its supplier has failed so far.
    if (life == newest) place = null;
    SimulatedTransport transport = life.newest();
    boolean open = transport != null && transport.isOpen() && life.state() instanceof Open;
    // The first one counts; and a late pong may have begun one that nobody sees yet.
    boolean counts = hint.drain() && open && !setup().makeBeforeBreak();
    if (!counts || wish != null || life.second() != null || transport == null) return;
    if (transport == begunFor) return;
    // Then it may be as late as others ask.
    if (life.isAskedToWait()) return;
    wish = new Wish(hint, world.device.elapsedNanos(), transport);
  }

  @Override
  void attempted(Life life) {
    Wish due = wish;
    if (life != newest) return;
    if (life.state() instanceof Open) begunFor = life.newest();
    if (due == null || !goesOn(life, due)) return;
    wish = null;
    place = due.hint().endpoint();
    long waited = world.device.elapsedNanos() - due.atNanos();
    // What one of several places asks for is not for the others to wait.
    boolean elsewhere = setup().places().isList() && due.hint().endpoint() == null;
    boolean waits = elsewhere || waited >= due.hint().delay().toNanos();
    require(waits, DELAY, due.hint(), "after", waited, "ns");
  }

  @Override
  void started(SimulatedTransport transport) {
    URI named = place;
    if (transport.life != newest || named == null) return;
    place = null;
    boolean there = Places.uri(transport.place()).equals(named);
    require(there, PLACE, "to", Places.uri(transport.place()), "not", named);
  }

  private static boolean goesOn(Life life, Wish wish) {
    boolean ended = wish.transport().isOver() || wish.transport().isClosing();
    return !ended && life.state() instanceof Open;
  }

  @Override
  void stepped(Life life) {
    if (life != newest) {
      newest = life;
      wish = null;
      begunFor = null;
      place = null;
      second = null;
      asked = false;
    }
    if (world.device.asleep()) return;
    if (wish != null && !goesOn(life, wish)) wish = null;
    if (wish != null) isInTime(wish);
    if (second != null && !second.isBeside()) second = null;
    if (second != null) isDecided(life, second);
    for (SimulatedTransport each : life.transports) if (each.isRetired()) isClosedInTime(each);
  }

  private void isInTime(Wish due) {
    Duration spread = due.hint().spread();
    Duration random = spread == null ? setup().backoff().spread() : spread;
    // What that place asked for, and when, is not looked up here.
    if (setup().places().isList() && due.hint().endpoint() != null) return;
    long late = sinceWoken(due.atNanos()) - due.hint().delay().plus(random).toNanos();
    require(late <= slackNanos(), DELAY, due.hint(), "is", late, "ns late");
  }

  // ---- While both are open

  @Override
  void openedBeside(SimulatedTransport transport) {
    second = transport;
    Life life = transport.life;
    ponged = life.everPonged && !life.pingsUnanswered;
  }

  // One that was late is replaced at once; one that drains has the time of a close.
  private void isDecided(Life life, SimulatedTransport beside) {
    long waited = sinceWoken(beside.seen.openedBesideAtNanos);
    long most = setup().closeTimeout().toNanos();
    boolean open = life.state() instanceof Open;
    require(!open || waited <= most + slackNanos(), POLITE, "both are open for", waited, "ns");
  }

  @Override
  void handed(SimulatedTransport transport, Sent sent) {
    SimulatedTransport beside = second;
    if (beside == null || beside.life != transport.life || !beside.isBeside()) return;
    long since = world.device.elapsedNanos() - beside.seen.openedBesideAtNanos;
    require(since <= slackNanos(), GATE, sent, "is handed over", since, "ns later");
  }

  @Override
  void ended(SimulatedTransport transport) {
    SimulatedTransport beside = second;
    if (!transport.isRetired() || beside == null || !ponged) return;
    long waited = world.device.elapsedNanos() - beside.seen.openedBesideAtNanos;
    // Time is up, then.
    if (waited >= setup().closeTimeout().toNanos()) return;
    for (Sent sent : transport.inFlight()) {
      boolean confirmed =
          sent.fate() != null || sent.isUntold() || sent.options.assurance() != Assurance.CONFIRMED;
      require(confirmed, CONFIRMED, sent, "is not, after", waited, "ns");
    }
  }

  // ---- The first one's end

  @Override
  void event(Life life, ConnectionEvent event) {
    if (event instanceof TransportLost lost && lost.cause() instanceof ReconnectAsked wished) {
      require(!wished.hint().drain(), POLITE, lost, "although it was to go on");
    }
    if (event instanceof SuccessorStarted started) {
      if (life == newest) asked = started.drain();
    } else if (event instanceof SuccessorDropped) {
      // The wish holds anew, and with it the wait that it asks for.
      if (life == newest) place = null;
    } else if (event instanceof TransportLost lost && lost.cause() instanceof Replaced) {
      if (life != newest) return;
      SimulatedTransport transport = life.byGeneration(lost.generation());
      if (transport == null) return;
      // The peer may close it, or it may break, at the very moment.
      boolean inOrder = transport.isRetired() == asked || transport.seen.endedBy != null;
      require(inOrder, POLITE, lost, "was asked for:", asked);
      if (!asked && tellsAtOnce()) hadNotAnswered(transport, life.newest());
    }
  }

  // Whichever proves itself first stays.
  private void hadNotAnswered(SimulatedTransport first, @Nullable SimulatedTransport second) {
    if (second == null || second == first) return;
    long answeredAtNanos = first.seen.lastPongAtNanos;
    long since = world.device.elapsedNanos() - answeredAtNanos;
    boolean answered = answeredAtNanos > second.seen.startedAtNanos && since > slackNanos();
    require(!answered, STAYS, first.life, "answered", since, "ns before it was replaced");
  }

  private void isClosedInTime(SimulatedTransport retired) {
    long since = sinceWoken(retired.seen.endedAtNanos);
    boolean late = !retired.isGone() && since > setup().closeTimeout().toNanos() + slackNanos();
    require(!late, POLITE, "it is there", since, "ns after the other took its place");
  }
}
