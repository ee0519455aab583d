package io.holdfast.internal.machine;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.ConnectTimeline;
import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionState;
import io.holdfast.ConnectionState.Closed;
import io.holdfast.ConnectionState.Closing;
import io.holdfast.ConnectionState.Connecting;
import io.holdfast.ConnectionState.Idle;
import io.holdfast.ConnectionState.Offline;
import io.holdfast.ConnectionState.Open;
import io.holdfast.ConnectionState.Waiting;
import io.holdfast.Heartbeat;
import io.holdfast.fixtures.LegalTransitions;
import io.holdfast.internal.Settings;
import io.holdfast.internal.machine.Event.RetryAnswered;
import io.holdfast.network.NetworkStatus;
import io.holdfast.transport.Handshake;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A machine, its timers in virtual time, and what it ordered. It answers each question for a retry,
 * and checks after each event what holds always: only legal transitions, no state told twice, no
 * timer that has no business in the state, no effect on an old transport, nothing after Closed.
 */
final class MachineRig {
  static final Settings.Deadlines DEADLINES =
      new Settings.Deadlines(
          Duration.ofSeconds(15),
          Duration.ofSeconds(10),
          Duration.ofSeconds(60),
          Duration.ofSeconds(30),
          Duration.ofSeconds(2),
          Duration.ofMinutes(5),
          Duration.ofSeconds(10),
          Duration.ZERO,
          Duration.ZERO);
  static final Settings.Heartbeats HEARTBEATS =
      new Settings.Heartbeats(Heartbeat.DEFAULT, Heartbeat.DEFAULT, false);
  private static final Snapshot NO_SNAPSHOT = new Snapshot(0, 0, 0, false, false, 0);
  static final Handshake HANDSHAKE = new Handshake("chat", "deflate", ConnectTimeline.EMPTY);
  static final RetryAnswered AFTER_A_SECOND = answer(1_000_000_000L, 0);
  static final RetryAnswered STOP = answer(-1, 0);
  static final RetryAnswered AT_ONCE = answer(0, 0);

  private static final Map<Class<?>, Set<Timer>> ALLOWED_TIMERS =
      Map.of(
          Idle.class, EnumSet.of(Timer.DRAIN),
          Connecting.class, withLasting(Timer.ATTEMPT, Timer.READY, Timer.WRITE),
          Open.class,
              withLasting(Timer.LIVENESS, Timer.PROOF, Timer.WRITE, Timer.STALL, Timer.SUCCESSOR),
          Waiting.class, withLasting(Timer.RETRY),
          Offline.class, withLasting(),
          Closing.class, EnumSet.of(Timer.CLOSE),
          Closed.class, EnumSet.noneOf(Timer.class));

  private static Set<Timer> withLasting(Timer... timers) {
    Set<Timer> all = EnumSet.of(Timer.DRAIN, Timer.OUTAGE_NOTICE, Timer.OUTAGE_LIMIT);
    all.addAll(List.of(timers));
    return all;
  }

  static RetryAnswered answer(long delayNanos, long bidNanos) {
    return new RetryAnswered(delayNanos, bidNanos, false, NO_SNAPSHOT);
  }

  final Machine machine;
  final Map<Timer, Running> timers = new EnumMap<>(Timer.class);
  private final List<Effect> effects = new ArrayList<>();
  private ConnectionState lastTold = new Idle();

  RetryAnswered answer = AFTER_A_SECOND;
  // What is learnt of an attempt that failed beside the transport in use.
  long bidNanos;
  long nowNanos = -5_000_000_000L; // As System.nanoTime may be.
  long lastByteAtNanos = nowNanos;
  // Zero for none.
  long messageSinceNanos;
  boolean readerPaused;
  long pausedAtNanos;
  boolean writing;
  long writeProgressAtNanos = nowNanos;
  long generation;

  /** Of the transport that is opened beside it; zero if there is none. */
  long second;

  private long lastGeneration;

  /** Whether each ping is flushed at once. */
  boolean flushesPings;

  private long pingNumber;

  record Running(long token, long atNanos) {}

  MachineRig() {
    this(false);
  }

  MachineRig(boolean hasReadyPhase) {
    this(DEADLINES, hasReadyPhase);
  }

  MachineRig(Settings.Deadlines deadlines, boolean hasReadyPhase) {
    this(new Machine(HEARTBEATS, deadlines, hasReadyPhase));
  }

  MachineRig(Machine machine) {
    this.machine = machine;
  }

  // ---- Events

  /** Gives one event and the answer to whatever the machine asks. Returns what was ordered. */
  List<Effect> give(Event event) {
    boolean wasClosed = machine.state() instanceof Closed;
    List<Effect> ordered = new ArrayList<>(machine.on(event));
    for (int i = 0; i < ordered.size(); i++) {
      Event reply = answerTo(ordered.get(i));
      if (reply != null) ordered.addAll(machine.on(reply));
    }
    if (wasClosed) assertThat(ordered).isEmpty();
    ordered.forEach(this::carryOut);
    assertThat(lastTold).isEqualTo(machine.state());
    assertThat(timers.keySet()).isSubsetOf(ALLOWED_TIMERS.get(machine.state().getClass()));
    if (machine.state() instanceof Connecting) assertThat(timers).containsKey(Timer.ATTEMPT);
    if (machine.state() instanceof Waiting) assertThat(timers).containsKey(Timer.RETRY);
    effects.addAll(ordered);
    if (flushesPings && ordered.contains(new Effect.SendPing(generation))) flushed();
    return ordered;
  }

  private @Nullable Event answerTo(Effect effect) {
    if (effect instanceof Effect.NoteFailure) return new Event.BidLearned(bidNanos, snapshot());
    boolean asks = effect instanceof Effect.AskRetry || effect instanceof Effect.AskDelay;
    if (!asks) return null;
    return new RetryAnswered(
        answer.delayNanos(), answer.bidNanos(), answer.elsewhere(), snapshot());
  }

  private void carryOut(Effect effect) {
    if (effect instanceof Effect.PublishState publish) {
      LegalTransitions.check(lastTold, publish.state());
      lastTold = publish.state();
    } else if (effect instanceof Effect.StartTimer start) {
      assertThat(start.delayNanos()).isNotNegative();
      timers.put(start.timer(), new Running(start.token(), nowNanos + start.delayNanos()));
    } else if (effect instanceof Effect.StopTimer stop) {
      assertThat(timers).containsKey(stop.timer());
      timers.remove(stop.timer());
    } else if (effect instanceof Effect.SupplyRequest supply) {
      assertThat(supply.generation()).isEqualTo(++lastGeneration);
      if (lastTold instanceof Open) second = supply.generation();
      else generation = supply.generation();
    } else if (effect instanceof Effect.UseSuccessor use) {
      assertThat(use.generation()).isEqualTo(second);
      generation = second;
      second = 0;
    } else if (effect instanceof Effect.CancelTransport cancel && cancel.generation() == second) {
      second = 0;
    } else if (effect instanceof Effect.StartTransport start && start.generation() == second) {
      assertThat(lastTold).isInstanceOf(Open.class);
    } else {
      assertOfNewestTransport(effect);
    }
  }

  private void assertOfNewestTransport(Effect effect) {
    if (effect instanceof Effect.StartTransport of) assertNewest(of.generation());
    if (effect instanceof Effect.StartProtocol of) assertNewest(of.generation());
    if (effect instanceof Effect.StopProtocol of) assertNewest(of.generation());
    if (effect instanceof Effect.OpenGate of) assertNewest(of.generation());
    if (effect instanceof Effect.SendPing of) assertNewest(of.generation());
    if (effect instanceof Effect.CloseTransport of) assertNewest(of.generation());
    if (effect instanceof Effect.CancelTransport of) assertNewest(of.generation());
    if (effect instanceof Effect.Rewind of) assertNewest(of.generation());
    if (effect instanceof Effect.RetireTransport of) assertNewest(of.generation());
    if (effect instanceof Effect.CloseGate of) assertNewest(of.generation());
    if (effect instanceof Effect.ReleaseReader of) assertNewest(of.generation());
    if (effect instanceof Effect.UnwatchWrites of) assertNewest(of.generation());
  }

  private void assertNewest(long of) {
    assertThat(of).isEqualTo(generation);
  }

  Snapshot snapshot() {
    return new Snapshot(
        nowNanos,
        lastByteAtNanos,
        messageSinceNanos == 0 ? 0 : nowNanos - messageSinceNanos,
        readerPaused,
        writing,
        writeProgressAtNanos);
  }

  void openRequested() {
    give(new Event.OpenRequested());
  }

  List<Effect> supplied() {
    return give(new Event.RequestSupplied(generation));
  }

  List<Effect> transportOpened() {
    lastByteAtNanos = nowNanos;
    return give(new Event.TransportOpened(generation, HANDSHAKE, snapshot()));
  }

  List<Effect> protocolReady() {
    return give(new Event.ProtocolReady(generation, snapshot()));
  }

  List<Effect> stepped(String step) {
    return give(new Event.ProtocolStepped(generation, step));
  }

  List<Effect> protocolFailed(ConnectionException cause) {
    return give(new Event.ProtocolFailed(generation, cause));
  }

  /** From Connecting, as far as it goes. */
  MachineRig connect() {
    supplied();
    transportOpened();
    protocolReady();
    return this;
  }

  /** From Idle to Open. */
  MachineRig open() {
    openRequested();
    return connect();
  }

  /** To Open, with the first ping answered and all that was ordered forgotten. */
  MachineRig openAndPonged() {
    open();
    flushed();
    pong();
    take();
    return this;
  }

  List<Effect> ended(ConnectionException cause) {
    return give(new Event.TransportEnded(generation, cause, ConnectTimeline.EMPTY));
  }

  List<Effect> flushed() {
    return flushed(Duration.ZERO);
  }

  List<Effect> flushed(Duration allowance) {
    return flushed(allowance, false);
  }

  /** A ping that confirms messages has been flushed. */
  List<Effect> barrierFlushed() {
    return flushed(Duration.ZERO, true);
  }

  private List<Effect> flushed(Duration allowance, boolean confirms) {
    return give(
        new Event.PingFlushed(generation, ++pingNumber, confirms, allowance.toNanos(), snapshot()));
  }

  List<Effect> pong() {
    return pong(pingNumber, false);
  }

  List<Effect> pong(long number, boolean awaitsMore) {
    return pong(number, awaitsMore, 7);
  }

  List<Effect> pong(long number, boolean awaitsMore, long roundTripNanos) {
    lastByteAtNanos = nowNanos;
    return give(
        new Event.PongReceived(generation, number, roundTripNanos, awaitsMore, 0, snapshot()));
  }

  /** The newest ping is answered after so long. */
  List<Effect> pongAfter(Duration roundTrip) {
    advance(roundTrip);
    return pong(pingNumber, false, roundTrip.toNanos());
  }

  /** A message came, and was whole. */
  void byteRead() {
    lastByteAtNanos = nowNanos;
    messageSinceNanos = 0;
  }

  /** A part of a message came. */
  void partRead() {
    lastByteAtNanos = nowNanos;
    if (messageSinceNanos == 0) messageSinceNanos = nowNanos;
  }

  void pauseReader() {
    readerPaused = true;
    pausedAtNanos = nowNanos;
  }

  List<Effect> resumeReader() {
    readerPaused = false;
    return give(new Event.ReaderResumed(generation, nowNanos - pausedAtNanos, snapshot()));
  }

  List<Effect> network(boolean available, String label) {
    return give(new Event.NetworkReported(new NetworkStatus(available, label), snapshot()));
  }

  /** The device has slept for an hour, in which the clock stood still. */
  List<Effect> woke() {
    return give(new Event.Woke(Duration.ofHours(1).toNanos(), false, snapshot()));
  }

  /** The device sleeps for an hour, and the clock goes on. */
  List<Effect> oversleep() {
    long sleptNanos = Duration.ofHours(1).toNanos();
    nowNanos += sleptNanos;
    return give(new Event.Woke(sleptNanos, true, snapshot()));
  }

  List<Effect> fire(Timer timer) {
    return fireLate(timer, Duration.ZERO);
  }

  List<Effect> fireLate(Timer timer, Duration late) {
    Running running = requireNonNull(timers.remove(timer), () -> timer + " does not run");
    return give(new Event.TimerFired(timer, running.token(), late.toNanos(), snapshot()));
  }

  /** Moves time on and fires each timer on the way. */
  void advance(Duration duration) {
    long until = nowNanos + duration.toNanos();
    for (Timer next = next(until); next != null; next = next(until)) {
      nowNanos = atNanos(next);
      fire(next);
    }
    nowNanos = until;
  }

  void advanceSeconds(long seconds) {
    advance(Duration.ofSeconds(seconds));
  }

  private @Nullable Timer next(long until) {
    return timers.keySet().stream()
        .filter(timer -> atNanos(timer) <= until)
        .min(Comparator.comparingLong(this::atNanos))
        .orElse(null);
  }

  private long atNanos(Timer timer) {
    return requireNonNull(timers.get(timer)).atNanos();
  }

  // ---- What was ordered

  /** Returns what was ordered since the last call. */
  List<Effect> take() {
    List<Effect> result = List.copyOf(effects);
    effects.clear();
    return result;
  }

  long pings() {
    return effects.stream().filter(Effect.SendPing.class::isInstance).count();
  }

  ConnectionState state() {
    return machine.state();
  }

  /** Returns the events of one kind that were told since the last {@link #take}. */
  <E extends ConnectionEvent> List<E> told(Class<E> kind) {
    return told(effects, kind);
  }

  static <E extends ConnectionEvent> List<E> told(List<Effect> effects, Class<E> kind) {
    return effects.stream()
        .filter(Effect.PublishEvent.class::isInstance)
        .map(effect -> ((Effect.PublishEvent) effect).event())
        .filter(kind::isInstance)
        .map(kind::cast)
        .toList();
  }

  /** Returns how the newest transport was lost, since the last {@link #take}. */
  ConnectionException loss() {
    return effects.stream()
        .filter(Effect.Rewind.class::isInstance)
        .map(effect -> ((Effect.Rewind) effect).cause())
        .reduce((first, second) -> second)
        .orElseThrow(() -> new AssertionError("no transport was lost: " + effects));
  }

  boolean lost() {
    return effects.stream().anyMatch(Effect.Rewind.class::isInstance);
  }
}
