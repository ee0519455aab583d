package io.holdfast.internal.machine;

import io.holdfast.ConnectTimeline;
import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.AttemptTimedOut;
import io.holdfast.ConnectionException.ConsumerStalled;
import io.holdfast.ConnectionException.DeviceSlept;
import io.holdfast.ConnectionException.HeartbeatTimedOut;
import io.holdfast.ConnectionException.NetworkChanged;
import io.holdfast.ConnectionException.NetworkLost;
import io.holdfast.ConnectionException.OutageTooLong;
import io.holdfast.ConnectionException.PeerClosed;
import io.holdfast.ConnectionException.ProtocolNotReady;
import io.holdfast.ConnectionException.ReconnectAsked;
import io.holdfast.ConnectionException.Replaced;
import io.holdfast.ConnectionException.StreamBroken;
import io.holdfast.ConnectionException.Suspended;
import io.holdfast.ConnectionException.WriteStalled;
import io.holdfast.ConnectionState;
import io.holdfast.ConnectionState.Closed;
import io.holdfast.ConnectionState.Closing;
import io.holdfast.ConnectionState.Connecting;
import io.holdfast.ConnectionState.Idle;
import io.holdfast.ConnectionState.Offline;
import io.holdfast.ConnectionState.Open;
import io.holdfast.ConnectionState.Phase;
import io.holdfast.ConnectionState.Waiting;
import io.holdfast.PongSupport;
import io.holdfast.internal.Settings;
import io.holdfast.internal.heartbeat.PathLearner;
import io.holdfast.network.NetworkStatus;
import io.holdfast.transport.Handshake;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The connection's life: takes what happened, answers with what to do.
 *
 * <pre>
 *   Idle --open--> Connecting --ready--> Open --close()--> Closing --> Closed
 *                   ^   |    ^            |                             ^
 *                   |   |    '- at once --+ lost                        |
 *        delay over |   | failed          |                             |
 *                   |   v                 |     retry says stop,        |
 *                  Waiting &lt;-------------'     or close() -------------'
 *                   ^   |
 *   network back,   |   | network lost, suspend()
 *   resume() at     |   v
 *   once: Connecting  Offline
 * </pre>
 *
 * <p>Not safe for use by several threads: events come one at a time.
 */
public final class Machine {
  private static final int NORMAL_CLOSURE = 1000;
  private static final int NO_CLOSE_FRAME = 1006;
  private static final long SECOND_NANOS = 1_000_000_000;

  private final Rhythm foreground;
  private final Rhythm background;
  private final boolean makeBeforeBreak;
  private final Settings.Deadlines deadlines;
  private final boolean hasReadyPhase;
  private List<Effect> effects = new ArrayList<>();
  private final Timers timers = new Timers(effect -> effects.add(effect));

  private ConnectionState state = new Idle();
  // Counts transports. The one in use is live from the start of its attempt until it is lost.
  private long lastGeneration;
  private long generation;
  private boolean live;
  private int attempt;
  // Only while a transport is open.
  private @Nullable Successor successor;
  private boolean networkAvailable = true;
  private String networkLabel = "";
  private boolean networkMetered;
  private boolean suspended;
  private boolean inBackground;
  private boolean draining;
  private @Nullable ConnectionException lastFailure;
  // Set between AskRetry and its answer.
  private @Nullable ConnectionException askedAbout;
  // How long the server asked us to stay away, be there a network or not, and since when.
  private long bidNanos;
  private long bidSinceNanos;

  private PongSupport pongs = PongSupport.UNKNOWN;
  private int transportsWithoutPong;

  // Of the live transport.
  private Liveness liveness;
  private @Nullable Handshake handshake;
  private String lastStep = "";
  // It was opened as the second one, and does not read yet.
  private boolean readerHeld;
  private boolean proofTimePassed;
  private boolean proved;
  private long openedAtNanos;
  // From when a write may stall: before, we did not read, or slept.
  private long writesFromNanos;

  /**
   * Makes an idle one.
   *
   * @param hasReadyPhase whether the application protocol has a handshake of its own
   */
  public Machine(
      Settings.Heartbeats heartbeats, Settings.Deadlines deadlines, boolean hasReadyPhase) {
    this.makeBeforeBreak = heartbeats.makeBeforeBreak();
    this.foreground = new Rhythm(heartbeats.foreground(), false);
    boolean same = heartbeats.background().equals(heartbeats.foreground());
    this.background = same ? foreground : new Rhythm(heartbeats.background(), true);
    this.deadlines = deadlines;
    this.hasReadyPhase = hasReadyPhase;
    this.liveness = newLiveness();
  }

  private Liveness newLiveness() {
    return new Liveness(rhythm().heartbeat(), deadlines.confirm(), makeBeforeBreak);
  }

  private Rhythm rhythm() {
    return inBackground ? background : foreground;
  }

  /** Returns the state after the last event. */
  public ConnectionState state() {
    return state;
  }

  /** Takes what happened, and returns what to do, in order. */
  public List<Effect> on(Event event) {
    if (askedAbout != null && !(event instanceof Event.RetryAnswered)) {
      throw new AssertionError("the retry's answer must come before " + event);
    }
    if (state instanceof Closed) return List.of();
    if (event instanceof Event.OfTransport of) onTransport(of);
    else if (event instanceof Event.TimerFired fired) onTimer(fired);
    else if (event instanceof Event.RetryAnswered answer) onRetryAnswered(answer);
    else if (event instanceof Event.BidLearned learned) onBidLearned(learned);
    else if (event instanceof Event.NetworkReported reported) onNetwork(reported);
    else if (event instanceof Event.Woke woke) onWoke(woke);
    else if (event instanceof Event.IntervalRecalled recalled) onIntervalRecalled(recalled);
    else onRequest(event);
    List<Effect> result = effects;
    effects = new ArrayList<>();
    return result;
  }

  // ---- What the app asks for

  private void onRequest(Event event) {
    if (event instanceof Event.OpenRequested) {
      if (state instanceof Idle) onOpenRequested();
    } else if (event instanceof Event.CloseRequested close) {
      beginClose(close.code(), close.reason());
    } else if (event instanceof Event.DrainRequested drain) {
      onDrainRequested(drain.deadlineNanos());
    } else if (event instanceof Event.OutboxDrained) {
      if (draining) beginClose(NORMAL_CLOSURE, "");
    } else if (event instanceof Event.ReconnectRequested reconnect) {
      onReconnectRequested(reconnect.snapshot());
    } else if (event instanceof Event.ProbeRequested probe) {
      if (state instanceof Open) follow(liveness.probe(probe.snapshot()));
    } else if (event instanceof Event.SuspendRequested) {
      onSuspendRequested();
    } else if (event instanceof Event.ResumeRequested resume) {
      onResumeRequested(resume.snapshot());
    } else if (event instanceof Event.BackgroundRequested requested) {
      onBackgroundRequested(requested);
    } else {
      throw new AssertionError(event);
    }
  }

  private void onOpenRequested() {
    beginOutage();
    recallIntervals();
    expectNoPongs();
    connectIfPossible();
  }

  // Who gives another sign need not answer pings, until it does.
  private void expectNoPongs() {
    boolean unknown = pongs == PongSupport.UNKNOWN;
    if (unknown && rhythm().doesWithoutPongs()) learn(PongSupport.NO);
  }

  private void onBackgroundRequested(Event.BackgroundRequested requested) {
    if (inBackground == requested.background()) return;
    inBackground = requested.background();
    disturbTrials();
    if (!(state instanceof Idle)) expectNoPongs();
    if (!(state instanceof Open)) return;
    follow(liveness.use(rhythm().heartbeat(), requested.snapshot()));
    // Whoever looks at the app now should soon know.
    if (!inBackground && live) follow(liveness.probePromptly(requested.snapshot()));
  }

  private void onDrainRequested(long deadlineNanos) {
    if (draining || state instanceof Closing) return;
    draining = true;
    timers.start(Timer.DRAIN, deadlineNanos);
  }

  private void onReconnectRequested(Snapshot snapshot) {
    boolean noNetwork =
        state instanceof Offline offline && offline.reason() == Offline.Reason.NO_NETWORK;
    if (!(state instanceof Waiting) && !noNetwork) return;
    if (bidLeftNanos(snapshot) <= 0) startAttempt();
  }

  private void onSuspendRequested() {
    suspended = true;
    if (state instanceof Waiting waiting) {
      goOffline(waiting.cause());
    } else if (state instanceof Offline offline) {
      goOffline(offline.cause());
    } else if (state instanceof Connecting || state instanceof Open) {
      lose(new Suspended(), ConnectTimeline.EMPTY);
    }
  }

  private void onResumeRequested(Snapshot snapshot) {
    suspended = false;
    if (state instanceof Offline offline) leaveOffline(offline.cause(), snapshot);
  }

  // ---- Network

  private void onNetwork(Event.NetworkReported reported) {
    NetworkStatus status = reported.status();
    boolean changed = !networkLabel.equals(status.label());
    boolean known = !networkLabel.isEmpty();
    if (changed || networkAvailable != status.available() || networkMetered != status.metered()) {
      tell(new ConnectionEvent.NetworkChanged(status));
    }
    networkMetered = status.metered();
    networkAvailable = status.available();
    networkLabel = status.label();
    if (changed) onOtherPath();
    if (!networkAvailable) {
      onNetworkLost();
    } else if (state instanceof Offline offline) {
      leaveOffline(offline.cause(), reported.snapshot());
    } else if (changed && (known || !(state instanceof Connecting))) {
      // An attempt under way goes on if its network only got its name.
      onPathDoubtful(new NetworkChanged(), reported.snapshot());
    }
  }

  private void onWoke(Event.Woke woke) {
    if (state instanceof Idle) return;
    Duration slept = Duration.ofNanos(woke.sleptNanos());
    tell(new ConnectionEvent.WokeUp(slept));
    disturbTrials();
    if (woke.overran()) {
      writesFromNanos = woke.snapshot().nowNanos();
      liveness.overslept(woke.sleptNanos(), woke.snapshot());
    }
    onPathDoubtful(new DeviceSlept(slept), woke.snapshot());
  }

  /** Sockets may be dead; it may be a false alarm, too, which must cost no healthy transport. */
  private void onPathDoubtful(ConnectionException why, Snapshot snapshot) {
    if (state instanceof Waiting) {
      if (bidLeftNanos(snapshot) <= 0) startAttempt();
    } else if (state instanceof Connecting) {
      // Without a network it is the app's own wish, and is carried out once.
      if (networkAvailable) restartAttempt(why);
    } else if (state instanceof Open) {
      if (successor != null && !successor.drains()) dropSuccessor(why);
      follow(liveness.probePromptly(snapshot));
    }
  }

  private void restartAttempt(ConnectionException why) {
    giveUpTransport(why, ConnectTimeline.EMPTY);
    startAttempt();
  }

  private void onNetworkLost() {
    if (state instanceof Waiting waiting) {
      goOffline(waiting.cause());
    } else if (state instanceof Connecting || state instanceof Open) {
      lose(new NetworkLost(), ConnectTimeline.EMPTY);
    }
  }

  private void connectIfPossible() {
    if (suspended || !networkAvailable) goOffline(null);
    else startAttempt();
  }

  private void leaveOffline(@Nullable ConnectionException cause, Snapshot snapshot) {
    long bidLeftNanos = bidLeftNanos(snapshot);
    if (suspended || !networkAvailable) goOffline(cause);
    // What the server asked for outlasts the network.
    else if (cause != null && bidLeftNanos > 0) retry(cause, bidLeftNanos);
    else startAttempt();
  }

  private long bidLeftNanos(Snapshot snapshot) {
    // Without a bid there is no moment to count from: nanoTime has no zero.
    return bidNanos == 0 ? 0 : bidNanos - (snapshot.nowNanos() - bidSinceNanos);
  }

  private void goOffline(@Nullable ConnectionException cause) {
    timers.stop(Timer.RETRY);
    dropSuccessor(cause);
    Offline.Reason reason = suspended ? Offline.Reason.SUSPENDED : Offline.Reason.NO_NETWORK;
    become(new Offline(reason, cause));
  }

  // ---- An attempt

  private void startAttempt() {
    timers.stop(Timer.RETRY);
    bidNanos = 0;
    generation = ++lastGeneration;
    live = true;
    attempt++;
    handshake = null;
    readerHeld = false;
    become(new Connecting(attempt, Phase.REQUEST));
    timers.start(Timer.ATTEMPT, deadlines.attempt().toNanos());
    effects.add(new Effect.SupplyRequest(generation, attempt, lastFailure));
  }

  private void onTransport(Event.OfTransport event) {
    Successor second = successor;
    if (second != null && second.hasBegun() && event.generation() == second.generation) {
      onSuccessor(second, event);
      return;
    }
    // A late callback comes from a transport that we have already given up.
    if (!live || event.generation() != generation) return;
    if (event instanceof Event.TransportEnded ended) onTransportEnded(ended);
    else if (event instanceof Event.ProtocolFailed failed) onProtocolFailed(failed);
    else if (state instanceof Connecting connecting) onAttemptProgressed(connecting.phase(), event);
    else if (state instanceof Open) onOpenTransport(event);
    else if (!(state instanceof Closing)) throw new AssertionError(state + ", " + event);
  }

  // What does not belong to the phase was told twice: once is enough.
  private void onAttemptProgressed(Phase phase, Event.OfTransport event) {
    if (event instanceof Event.RequestSupplied && phase == Phase.REQUEST) {
      become(new Connecting(attempt, Phase.HANDSHAKE));
      effects.add(new Effect.StartTransport(generation));
    } else if (event instanceof Event.TransportOpened opened && phase == Phase.HANDSHAKE) {
      onHandshake(opened.handshake(), opened.snapshot());
    } else if (event instanceof Event.ProtocolStepped stepped && phase == Phase.READY) {
      lastStep = stepped.step();
      tell(new ConnectionEvent.ReadyStepReached(generation, lastStep));
      timers.start(Timer.READY, deadlines.ready().toNanos());
    } else if (event instanceof Event.ProtocolReady ready && handshake != null) {
      onReady(handshake, ready.snapshot());
    } else if (event instanceof Event.WriteBegun) {
      timers.start(Timer.WRITE, deadlines.writeStall().toNanos());
    }
  }

  private void onHandshake(Handshake handshake, Snapshot snapshot) {
    this.handshake = handshake;
    writesFromNanos = snapshot.nowNanos();
    if (readerHeld) effects.add(new Effect.ReleaseReader(generation));
    readerHeld = false;
    if (hasReadyPhase) {
      become(new Connecting(attempt, Phase.READY));
      lastStep = "";
      timers.start(Timer.READY, deadlines.ready().toNanos());
      effects.add(new Effect.StartProtocol(generation));
    } else {
      onReady(handshake, snapshot);
    }
  }

  private void onProtocolFailed(Event.ProtocolFailed failed) {
    if (state instanceof Closing) return;
    boolean drain = failed.cause() instanceof ReconnectAsked asked && asked.hint().drain();
    if (!drain || !(state instanceof Open)) lose(failed.cause(), ConnectTimeline.EMPTY);
    else if (successor == null || !successor.drains()) planSuccessor(failed.cause());
  }

  private void onReady(Handshake handshake, Snapshot snapshot) {
    timers.stop(Timer.ATTEMPT);
    timers.stop(Timer.READY);
    heed(rhythm().opened(snapshot.nowNanos()));
    liveness = newLiveness();
    proofTimePassed = false;
    proved = false;
    openedAtNanos = snapshot.nowNanos();
    tell(new ConnectionEvent.TransportOpened(generation, attempt, handshake.timeline()));
    become(
        new Open(generation, handshake.protocol(), handshake.extensions(), handshake.timeline()));
    effects.add(new Effect.OpenGate(generation));
    timers.start(Timer.PROOF, deadlines.proof().toNanos());
    timers.start(Timer.LIVENESS, rhythm().heartbeat().interval().toNanos());
    // The first ping proves the transport, learns about pongs, and measures the round trip.
    follow(liveness.probe(snapshot));
  }

  // ---- An open transport

  private void onOpenTransport(Event.OfTransport event) {
    if (event instanceof Event.PingFlushed flushed) {
      tell(new ConnectionEvent.PingSent(generation, flushed.number()));
      unwatchWrites(flushed.snapshot());
      follow(liveness.flushed(flushed));
    } else if (event instanceof Event.QuestionFlushed flushed) {
      unwatchWrites(flushed.snapshot());
      follow(liveness.flushed(flushed));
    } else if (event instanceof Event.PongReceived pong) {
      onPong(pong);
    } else if (event instanceof Event.Settled settled) {
      onSettled(settled.snapshot());
    } else if (event instanceof Event.WriteBegun) {
      timers.start(Timer.WRITE, deadlines.writeStall().toNanos());
    } else if (event instanceof Event.ReaderStalled stalled) {
      // Not if the consumer has caught up while this event was on its way.
      if (stalled.snapshot().readerPaused()) onReaderStalled();
    } else if (event instanceof Event.ReaderResumed resumed) {
      timers.stop(Timer.STALL);
      writesFromNanos = resumed.snapshot().nowNanos();
      follow(liveness.resumed(resumed, pongs));
    } else if (!isOfAttempt(event)) {
      throw new AssertionError(event);
    }
  }

  // A timer that runs on after the only write of an idle interval would wake the device for
  // nothing.
  private void unwatchWrites(Snapshot snapshot) {
    if (snapshot.writing() || !timers.isRunning(Timer.WRITE)) return;
    timers.stop(Timer.WRITE);
    effects.add(new Effect.UnwatchWrites(generation));
  }

  private static boolean isOfAttempt(Event event) {
    return event instanceof Event.RequestSupplied
        || event instanceof Event.TransportOpened
        || event instanceof Event.ProtocolStepped
        || event instanceof Event.ProtocolReady;
  }

  private void onReaderStalled() {
    tell(new ConnectionEvent.ConsumerStalled(generation));
    long limit = deadlines.stallLimit().toNanos();
    if (limit > 0) timers.start(Timer.STALL, limit);
  }

  private void onPong(Event.PongReceived pong) {
    tell(
        new ConnectionEvent.RoundTripMeasured(generation, Duration.ofNanos(pong.roundTripNanos())));
    learn(PongSupport.YES);
    heed(rhythm().answered());
    if (rhythm().isLearnt()) liveness.keep(rhythm().heartbeat());
    follow(liveness.ponged(pong));
    if (proofTimePassed) prove();
    if (successor != null && !successor.drains()) dropSuccessor(null);
  }

  private void follow(Liveness.Step step) {
    if (step.answersNoPings()) learn(PongSupport.NO);
    if (step.ping()) effects.add(new Effect.SendPing(generation));
    if (step.question() != null) {
      effects.add(new Effect.SendQuestion(generation, step.question()));
    }
    if (step.checkInNanos() != Liveness.Step.LEAVE) {
      timers.start(Timer.LIVENESS, step.checkInNanos());
    }
    if (step.loss() != null) lose(step.loss(), ConnectTimeline.EMPTY);
  }

  // ---- Intervals that are learnt

  private void recallIntervals() {
    if (foreground.isLearnt()) effects.add(foreground.recall(networkLabel));
    if (background != foreground && background.isLearnt()) {
      effects.add(background.recall(networkLabel));
    }
  }

  private void onOtherPath() {
    foreground.moved(networkLabel);
    background.moved(networkLabel);
    if (!(state instanceof Idle)) recallIntervals();
  }

  private void disturbTrials() {
    foreground.disturbed();
    background.disturbed();
  }

  private void onIntervalRecalled(Event.IntervalRecalled recalled) {
    foreground.recalled(recalled);
    background.recalled(recalled);
    boolean inUse = state instanceof Open && rhythm().isLearnt();
    if (inUse) follow(liveness.use(rhythm().heartbeat(), recalled.snapshot()));
  }

  private void heed(PathLearner.@Nullable Lesson lesson) {
    if (lesson == null) return;
    effects.add(rhythm().remember(lesson));
    if (lesson.settledOn() == null) return;
    tell(new ConnectionEvent.HeartbeatIntervalLearned(lesson.label(), lesson.settledOn()));
  }

  private void learn(PongSupport support) {
    if (support == PongSupport.YES) transportsWithoutPong = 0;
    if (pongs == support) return;
    pongs = support;
    effects.add(new Effect.LearnPongs(support));
    tell(new ConnectionEvent.PongSupportLearned(support));
  }

  private void prove() {
    if (proved) return;
    proved = true;
    attempt = 0;
    timers.stop(Timer.OUTAGE_NOTICE);
    timers.stop(Timer.OUTAGE_LIMIT);
    effects.add(new Effect.EndOutage());
    tell(new ConnectionEvent.OutageEnded(generation));
  }

  // ---- Timers

  private void onTimer(Event.TimerFired fired) {
    boolean mayBeEnd = fired.timer() != Timer.LIVENESS || liveness.mayLose();
    if (!timers.isOver(fired, mayBeEnd && fired.timer().isDeadline())) return;
    switch (fired.timer()) {
      case ATTEMPT -> lose(new AttemptTimedOut(deadlines.attempt()), ConnectTimeline.EMPTY);
      case READY -> lose(new ProtocolNotReady(lastStep, deadlines.ready()), ConnectTimeline.EMPTY);
      case RETRY -> startAttempt();
      case LIVENESS -> onLivenessTimer(fired.snapshot());
      case PROOF -> onProofTimer(fired.snapshot());
      case WRITE -> onWriteTimer(fired.snapshot());
      case STALL -> lose(new ConsumerStalled(deadlines.stallLimit()), ConnectTimeline.EMPTY);
      case CLOSE -> onCloseTimer();
      case SUCCESSOR -> onSuccessorTimer(fired.snapshot());
      case DRAIN -> beginClose(NORMAL_CLOSURE, "");
      case OUTAGE_NOTICE -> tell(new ConnectionEvent.OutageLasts(deadlines.outageNotice()));
      case OUTAGE_LIMIT -> onOutageLimit();
    }
  }

  // ---- An outage as a whole

  private void beginOutage() {
    startIfAsked(Timer.OUTAGE_NOTICE, deadlines.outageNotice());
    startIfAsked(Timer.OUTAGE_LIMIT, deadlines.outageLimit());
  }

  private void startIfAsked(Timer timer, Duration after) {
    if (!after.isZero()) timers.start(timer, after.toNanos());
  }

  private void onOutageLimit() {
    // One that is open may prove itself yet; if it is lost first, that is the end.
    if (!(state instanceof Open)) endByOutage();
  }

  /** Whether the outage that goes on has taken too long. */
  private boolean isOutageOverdue() {
    return !deadlines.outageLimit().isZero() && !timers.isRunning(Timer.OUTAGE_LIMIT);
  }

  private void endByOutage() {
    if (live) effects.add(new Effect.CancelTransport(generation));
    finish(closedBy(new OutageTooLong(deadlines.outageLimit(), lastFailure)));
  }

  // ---- A second transport beside the first

  private void planSuccessor(ConnectionException asked) {
    dropSuccessor(asked);
    successor = new Successor(asked, Duration.ZERO);
    askDelay(asked);
  }

  private void askDelay(ConnectionException asked) {
    // When and where to it goes is for the peer to say.
    askedAbout = asked;
    effects.add(new Effect.AskDelay(asked));
  }

  private void onDrainAnswered(Event.RetryAnswered answer, ConnectionException asked) {
    Successor planned = successor;
    if (planned == null) throw new AssertionError("no successor");
    if (answer.delayNanos() < 0) {
      giveUpTransport(asked, ConnectTimeline.EMPTY);
      finish(closedBy(asked));
      return;
    }
    long delayNanos = Math.max(answer.delayNanos(), planned.atLeast.toNanos());
    if (delayNanos > 0) timers.start(Timer.SUCCESSOR, delayNanos);
    else startSuccessor(planned);
  }

  private void startSuccessor(Successor second) {
    successor = second;
    second.generation = ++lastGeneration;
    timers.start(Timer.SUCCESSOR, deadlines.attempt().toNanos());
    tell(new ConnectionEvent.SuccessorStarted(second.generation, second.drains()));
    effects.add(new Effect.SupplyRequest(second.generation, attempt + 1, lastFailure));
  }

  private void onSuccessor(Successor second, Event.OfTransport event) {
    if (event instanceof Event.RequestSupplied && second.phase == Phase.REQUEST) {
      second.phase = Phase.HANDSHAKE;
      effects.add(new Effect.StartTransport(second.generation));
    } else if (event instanceof Event.TransportOpened opened && !second.isOpen()) {
      onSuccessorOpened(second, opened);
    } else if (event instanceof Event.TransportEnded ended) {
      onSuccessorFailed(second, ended.cause());
    }
  }

  private void onSuccessorFailed(Successor second, ConnectionException cause) {
    effects.add(new Effect.NoteFailure(second.generation, cause));
    dropSuccessor(cause);
    if (second.asked == null) return;
    if (second.isOpen()) effects.add(new Effect.ReopenGate(generation));
    // A server that turned this one away is not asked again at once.
    successor = new Successor(second.asked, deadlines.attempt());
  }

  private void onBidLearned(Event.BidLearned learned) {
    keepBid(learned.bidNanos(), learned.snapshot());
    Successor planned = successor;
    if (planned != null && planned.asked != null) askDelay(planned.asked);
  }

  private void keepBid(long nanos, Snapshot snapshot) {
    bidNanos = nanos;
    bidSinceNanos = snapshot.nowNanos();
  }

  private void onSuccessorOpened(Successor second, Event.TransportOpened opened) {
    second.handshake = opened.handshake();
    if (!second.drains() || pongs == PongSupport.NO) {
      replace(second, opened.snapshot());
      return;
    }
    // Nothing is sent twice that the first one can still confirm.
    timers.start(Timer.SUCCESSOR, deadlines.close().toNanos());
    effects.add(new Effect.CloseGate(generation));
    follow(liveness.probePromptly(opened.snapshot()));
  }

  private void onSettled(Snapshot snapshot) {
    Successor second = successor;
    if (second != null && second.drains() && second.isOpen()) replace(second, snapshot);
  }

  private void onSuccessorTimer(Snapshot snapshot) {
    Successor second = successor;
    if (second == null) throw new AssertionError("no successor");
    if (!second.hasBegun()) startSuccessor(second);
    else if (second.isOpen()) replace(second, snapshot);
    else onSuccessorFailed(second, new AttemptTimedOut(deadlines.attempt()));
  }

  private void replace(Successor second, Snapshot snapshot) {
    String why =
        second.drains() ? "drained for the next transport" : "late, and the next one opened";
    giveUpTransport(new Replaced(why), ConnectTimeline.EMPTY);
    takePlace(second, snapshot);
  }

  /** The first one is gone. */
  private void takePlace(Successor second, Snapshot snapshot) {
    successor = null;
    generation = second.generation;
    live = true;
    attempt++;
    readerHeld = true;
    handshake = null;
    effects.add(new Effect.UseSuccessor(generation));
    timers.stop(Timer.SUCCESSOR);
    timers.start(Timer.ATTEMPT, deadlines.attempt().toNanos());
    if (second.handshake == null) become(new Connecting(attempt, second.phase));
    else onHandshake(second.handshake, snapshot);
  }

  private void dropSuccessor(@Nullable ConnectionException cause) {
    Successor second = successor;
    if (second == null) return;
    successor = null;
    timers.stop(Timer.SUCCESSOR);
    if (!second.hasBegun()) return;
    effects.add(new Effect.CancelTransport(second.generation));
    tell(new ConnectionEvent.SuccessorDropped(second.generation, cause));
  }

  private void onLivenessTimer(Snapshot snapshot) {
    if (proofTimePassed && provesByBytes()) proveByBytes(snapshot);
    boolean silent = liveness.isSilent();
    Liveness.Step step = liveness.check(snapshot, pongs);
    if (silent && step.ping()) rhythm().asked(snapshot);
    follow(step);
    if (step.late() && successor == null && bidLeftNanos(snapshot) <= 0) {
      startSuccessor(new Successor(null, Duration.ZERO));
    }
  }

  private void onProofTimer(Snapshot snapshot) {
    proofTimePassed = true;
    if (liveness.ponged()) prove();
    else if (provesByBytes()) proveByBytes(snapshot);
    // Nobody tells of bytes: it is looked for them again, ever more seldom.
    long openNanos = snapshot.nowNanos() - openedAtNanos;
    if (!proved && provesByBytes()) timers.start(Timer.PROOF, Math.max(SECOND_NANOS, openNanos));
  }

  private boolean provesByBytes() {
    return pongs == PongSupport.NO || rhythm().doesWithoutPongs();
  }

  private void proveByBytes(Snapshot snapshot) {
    if (snapshot.lastByteAtNanos() - openedAtNanos > 0) prove();
  }

  private void onWriteTimer(Snapshot snapshot) {
    long stallNanos = deadlines.writeStall().toNanos();
    if (!snapshot.writing()) {
      effects.add(new Effect.UnwatchWrites(generation));
      return;
    }
    // While we do not read, the peer may be unable to: that is our consumer's doing.
    if (snapshot.readerPaused()) {
      timers.start(Timer.WRITE, stallNanos);
      return;
    }
    long stalledNanos = stalledNanos(snapshot);
    if (stalledNanos < stallNanos) timers.start(Timer.WRITE, stallNanos - stalledNanos);
    else lose(new WriteStalled(Duration.ofNanos(stalledNanos)), ConnectTimeline.EMPTY);
  }

  private long stalledNanos(Snapshot snapshot) {
    long now = snapshot.nowNanos();
    // Whichever was later, counted from now: nanoTime has no zero.
    return Math.min(now - snapshot.writeProgressAtNanos(), now - writesFromNanos);
  }

  // ---- Loss and retry

  private void onTransportEnded(Event.TransportEnded ended) {
    if (!(state instanceof Closing)) {
      lose(ended.cause(), ended.timeline());
    } else if (ended.cause() instanceof PeerClosed peer) {
      finish(new Closed(peer.code(), peer.reason(), true, null));
    } else {
      finish(new Closed(NO_CLOSE_FRAME, "", false, null));
    }
  }

  /** The attempt has failed, or the open transport is lost: for the peer's reason or for ours. */
  private void lose(ConnectionException cause, ConnectTimeline timeline) {
    giveUpTransport(cause, timeline);
    lastFailure = cause;
    if (isOutageOverdue()) {
      endByOutage();
    } else if (cause instanceof NetworkLost || cause instanceof Suspended) {
      goOffline(cause);
    } else {
      askedAbout = cause;
      effects.add(new Effect.AskRetry(cause));
    }
  }

  private void giveUpTransport(ConnectionException cause, ConnectTimeline timeline) {
    boolean drained = cause instanceof Replaced && successor != null && successor.drains();
    live = false;
    effects.add(
        drained ? new Effect.RetireTransport(generation) : new Effect.CancelTransport(generation));
    stopTimersOfTransport();
    if (state instanceof Open) {
      if (proved) beginOutage();
      rhythm().lost(!drained && leavesUnanswered(cause));
      effects.add(new Effect.Rewind(generation, cause));
      countPonglessTransport(cause);
    } else {
      tell(new ConnectionEvent.AttemptFailed(attempt, cause, timeline));
    }
    if (hasReadyPhase && handshake != null) {
      effects.add(new Effect.StopProtocol(generation, cause));
    }
  }

  // A path that has forgotten us drops what we send, or answers with a reset.
  private static boolean leavesUnanswered(ConnectionException cause) {
    return cause instanceof HeartbeatTimedOut
        || cause instanceof StreamBroken
        || cause instanceof Replaced;
  }

  private void stopTimersOfTransport() {
    for (Timer timer : Timer.values()) {
      // That of a second transport goes on with it.
      if (timer.endsWithTransport() && timer != Timer.SUCCESSOR) timers.stop(timer);
    }
  }

  private void countPonglessTransport(ConnectionException cause) {
    if (liveness.ponged() || !(cause instanceof HeartbeatTimedOut)) return;
    transportsWithoutPong++;
    if (pongs == PongSupport.UNKNOWN && transportsWithoutPong >= 2) learn(PongSupport.NO);
  }

  private void onRetryAnswered(Event.RetryAnswered answer) {
    ConnectionException cause = askedAbout;
    if (cause == null) throw new AssertionError("nobody asked");
    askedAbout = null;
    if (state instanceof Open && live) {
      // Whoever goes on with its transport is not kept away from the next, should it be lost first.
      onDrainAnswered(answer, cause);
      return;
    }
    keepBid(answer.bidNanos(), answer.snapshot());
    if (answer.delayNanos() < 0) {
      finish(closedBy(cause));
    } else if (suspended || !networkAvailable) {
      goOffline(cause);
    } else if (successor != null && mayTakeOver(successor, answer)) {
      takePlace(successor, answer.snapshot());
    } else {
      dropSuccessor(cause);
      retry(cause, answer.delayNanos());
    }
  }

  // It is further than any attempt that would begin now.
  private boolean mayTakeOver(Successor second, Event.RetryAnswered answer) {
    if (!second.hasBegun() || answer.bidNanos() > 0 || answer.elsewhere()) return false;
    return second.phase != Phase.REQUEST || answer.delayNanos() == 0;
  }

  private void retry(ConnectionException cause, long delayNanos) {
    Duration delay = Duration.ofNanos(delayNanos);
    tell(new ConnectionEvent.RetryScheduled(attempt + 1, delay, cause));
    if (delayNanos == 0) {
      startAttempt();
    } else {
      become(new Waiting(attempt + 1, delay, cause));
      timers.start(Timer.RETRY, delayNanos);
    }
  }

  private static Closed closedBy(ConnectionException cause) {
    return cause instanceof PeerClosed peer
        ? new Closed(peer.code(), peer.reason(), true, cause)
        : new Closed(NO_CLOSE_FRAME, "", false, cause);
  }

  // ---- Closing

  private void beginClose(int code, String reason) {
    if (state instanceof Closing) return;
    if (!(state instanceof Open)) {
      if (live) effects.add(new Effect.CancelTransport(generation));
      finish(new Closed(NO_CLOSE_FRAME, "", false, null));
      return;
    }
    dropSuccessor(null);
    timers.stopAll();
    become(new Closing(code, reason));
    effects.add(new Effect.CloseTransport(generation, code, reason));
    timers.start(Timer.CLOSE, deadlines.close().toNanos());
  }

  private void onCloseTimer() {
    effects.add(new Effect.CancelTransport(generation));
    finish(new Closed(NO_CLOSE_FRAME, "", false, null));
  }

  private void finish(Closed closed) {
    live = false;
    dropSuccessor(closed.cause());
    timers.stopAll();
    effects.add(new Effect.EndOutbox());
    become(closed);
    effects.add(new Effect.Finish());
  }

  // ---- Small things

  private void become(ConnectionState next) {
    if (next.equals(state)) return;
    state = next;
    effects.add(new Effect.PublishState(next));
  }

  private void tell(ConnectionEvent event) {
    effects.add(new Effect.PublishEvent(event));
  }
}
