package io.holdfast.internal.machine;

import io.holdfast.ConnectTimeline;
import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.AttemptTimedOut;
import io.holdfast.ConnectionException.ConsumerStalled;
import io.holdfast.ConnectionException.HeartbeatTimedOut;
import io.holdfast.ConnectionException.NetworkLost;
import io.holdfast.ConnectionException.PeerClosed;
import io.holdfast.ConnectionException.ProtocolNotReady;
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
import io.holdfast.Heartbeat;
import io.holdfast.PongSupport;
import io.holdfast.internal.Settings;
import io.holdfast.transport.Handshake;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
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

  private final Heartbeat heartbeat;
  private final Settings.Deadlines deadlines;
  private final boolean hasReadyPhase;
  // The token tells a timer's newest start from older ones, whose firing may be on its way.
  private final Map<Timer, Long> running = new EnumMap<>(Timer.class);
  private long lastToken;
  private List<Effect> effects = new ArrayList<>();

  private ConnectionState state = new Idle();
  // The newest transport's number; it is live from the start of its attempt until it is lost.
  private long generation;
  private boolean live;
  private int attempt;
  private boolean networkAvailable = true;
  private String networkLabel = "";
  private boolean suspended;
  private boolean draining;
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
  private boolean proofTimePassed;
  private boolean proved;
  private long openedAtNanos;
  private long readerResumedAtNanos;

  /**
   * Makes an idle one.
   *
   * @param hasReadyPhase whether the application protocol has a handshake of its own
   */
  public Machine(Heartbeat heartbeat, Settings.Deadlines deadlines, boolean hasReadyPhase) {
    this.heartbeat = heartbeat;
    this.deadlines = deadlines;
    this.hasReadyPhase = hasReadyPhase;
    this.liveness = new Liveness(heartbeat, deadlines.confirm());
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
    else if (event instanceof Event.NetworkReported reported) onNetwork(reported);
    else onRequest(event);
    List<Effect> result = effects;
    effects = new ArrayList<>();
    return result;
  }

  // ---- What the app asks for

  private void onRequest(Event event) {
    if (event instanceof Event.OpenRequested) {
      if (state instanceof Idle) connectIfPossible();
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
    } else {
      throw new AssertionError(event);
    }
  }

  private void onDrainRequested(long deadlineNanos) {
    if (draining || state instanceof Closing) return;
    draining = true;
    start(Timer.DRAIN, deadlineNanos);
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
    boolean changed = !networkLabel.equals(reported.label());
    networkAvailable = reported.available();
    networkLabel = reported.label();
    if (!networkAvailable) {
      onNetworkLost();
    } else if (state instanceof Offline offline) {
      leaveOffline(offline.cause(), reported.snapshot());
    } else if (changed && state instanceof Waiting) {
      if (bidLeftNanos(reported.snapshot()) <= 0) startAttempt();
    } else if (changed && state instanceof Open) {
      follow(liveness.probe(reported.snapshot()));
    }
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
    stop(Timer.RETRY);
    Offline.Reason reason = suspended ? Offline.Reason.SUSPENDED : Offline.Reason.NO_NETWORK;
    become(new Offline(reason, cause));
  }

  // ---- An attempt

  private void startAttempt() {
    stop(Timer.RETRY);
    bidNanos = 0;
    generation++;
    live = true;
    attempt++;
    handshake = null;
    become(new Connecting(attempt, Phase.REQUEST));
    start(Timer.ATTEMPT, deadlines.attempt().toNanos());
    effects.add(new Effect.SupplyRequest(generation, attempt));
  }

  private void onTransport(Event.OfTransport event) {
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
      handshake = opened.handshake();
      readerResumedAtNanos = opened.snapshot().nowNanos();
      if (hasReadyPhase) {
        become(new Connecting(attempt, Phase.READY));
        lastStep = "";
        start(Timer.READY, deadlines.ready().toNanos());
        effects.add(new Effect.StartProtocol(generation));
      } else {
        onReady(opened.handshake(), opened.snapshot());
      }
    } else if (event instanceof Event.ProtocolStepped stepped && phase == Phase.READY) {
      lastStep = stepped.step();
      effects.add(
          new Effect.PublishEvent(new ConnectionEvent.ReadyStepReached(generation, lastStep)));
      start(Timer.READY, deadlines.ready().toNanos());
    } else if (event instanceof Event.ProtocolReady ready && handshake != null) {
      onReady(handshake, ready.snapshot());
    } else if (event instanceof Event.WriteBegun) {
      start(Timer.WRITE, deadlines.writeStall().toNanos());
    }
  }

  private void onProtocolFailed(Event.ProtocolFailed failed) {
    if (!(state instanceof Closing)) lose(failed.cause(), ConnectTimeline.EMPTY);
  }

  private void onReady(Handshake handshake, Snapshot snapshot) {
    stop(Timer.ATTEMPT);
    stop(Timer.READY);
    liveness = new Liveness(heartbeat, deadlines.confirm());
    proofTimePassed = false;
    proved = false;
    openedAtNanos = snapshot.nowNanos();
    effects.add(
        new Effect.PublishEvent(
            new ConnectionEvent.TransportOpened(generation, attempt, handshake.timeline())));
    become(
        new Open(generation, handshake.protocol(), handshake.extensions(), handshake.timeline()));
    effects.add(new Effect.OpenGate(generation));
    start(Timer.PROOF, deadlines.proof().toNanos());
    start(Timer.LIVENESS, heartbeat.interval().toNanos());
    // The first ping proves the transport, learns about pongs, and measures the round trip.
    follow(liveness.probe(snapshot));
  }

  // ---- An open transport

  private void onOpenTransport(Event.OfTransport event) {
    if (event instanceof Event.PingFlushed flushed) {
      effects.add(
          new Effect.PublishEvent(new ConnectionEvent.PingSent(generation, flushed.number())));
      follow(liveness.flushed(flushed));
    } else if (event instanceof Event.PongReceived pong) {
      onPong(pong);
    } else if (event instanceof Event.WriteBegun) {
      start(Timer.WRITE, deadlines.writeStall().toNanos());
    } else if (event instanceof Event.ReaderStalled stalled) {
      // Not if the consumer has caught up while this event was on its way.
      if (stalled.snapshot().readerPaused()) onReaderStalled();
    } else if (event instanceof Event.ReaderResumed resumed) {
      stop(Timer.STALL);
      readerResumedAtNanos = resumed.snapshot().nowNanos();
      follow(liveness.resumed(resumed));
    } else if (!isOfAttempt(event)) {
      throw new AssertionError(event);
    }
  }

  private static boolean isOfAttempt(Event event) {
    return event instanceof Event.RequestSupplied
        || event instanceof Event.TransportOpened
        || event instanceof Event.ProtocolStepped
        || event instanceof Event.ProtocolReady;
  }

  private void onReaderStalled() {
    effects.add(new Effect.PublishEvent(new ConnectionEvent.ConsumerStalled(generation)));
    long limit = deadlines.stallLimit().toNanos();
    if (limit > 0) start(Timer.STALL, limit);
  }

  private void onPong(Event.PongReceived pong) {
    effects.add(
        new Effect.PublishEvent(
            new ConnectionEvent.RoundTripMeasured(
                generation, Duration.ofNanos(pong.roundTripNanos()))));
    learn(PongSupport.YES);
    follow(liveness.ponged(pong));
    if (proofTimePassed) prove();
  }

  private void follow(Liveness.Step step) {
    if (step.answersNoPings()) learn(PongSupport.NO);
    if (step.ping()) effects.add(new Effect.SendPing(generation));
    if (step.checkInNanos() != Liveness.Step.LEAVE) start(Timer.LIVENESS, step.checkInNanos());
    if (step.loss() != null) lose(step.loss(), ConnectTimeline.EMPTY);
  }

  private void learn(PongSupport support) {
    if (support == PongSupport.YES) transportsWithoutPong = 0;
    if (pongs == support) return;
    pongs = support;
    effects.add(new Effect.LearnPongs(support));
    effects.add(new Effect.PublishEvent(new ConnectionEvent.PongSupportLearned(support)));
  }

  private void prove() {
    if (proved) return;
    proved = true;
    attempt = 0;
    effects.add(new Effect.EndOutage());
    effects.add(new Effect.PublishEvent(new ConnectionEvent.OutageEnded(generation)));
  }

  // ---- Timers

  private void onTimer(Event.TimerFired fired) {
    Timer timer = fired.timer();
    // It was stopped or started again while this event was on its way.
    if (!running.remove(timer, fired.token())) return;
    switch (timer) {
      case ATTEMPT -> lose(new AttemptTimedOut(deadlines.attempt()), ConnectTimeline.EMPTY);
      case READY -> lose(new ProtocolNotReady(lastStep, deadlines.ready()), ConnectTimeline.EMPTY);
      case RETRY -> startAttempt();
      case LIVENESS -> onLivenessTimer(fired.snapshot());
      case PROOF -> onProofTimer(fired.snapshot());
      case WRITE -> onWriteTimer(fired.snapshot());
      case STALL -> lose(new ConsumerStalled(deadlines.stallLimit()), ConnectTimeline.EMPTY);
      case CLOSE -> onCloseTimer();
      case DRAIN -> beginClose(NORMAL_CLOSURE, "");
    }
  }

  private void onLivenessTimer(Snapshot snapshot) {
    if (proofTimePassed && pongs == PongSupport.NO) proveByBytes(snapshot);
    follow(liveness.check(snapshot, pongs));
  }

  private void onProofTimer(Snapshot snapshot) {
    proofTimePassed = true;
    if (liveness.ponged()) prove();
    else if (pongs == PongSupport.NO) proveByBytes(snapshot);
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
      start(Timer.WRITE, stallNanos);
      return;
    }
    long now = snapshot.nowNanos();
    // Whichever was later, counted from now: nanoTime has no zero.
    long stalledNanos = Math.min(now - snapshot.writeProgressAtNanos(), now - readerResumedAtNanos);
    if (stalledNanos < stallNanos) start(Timer.WRITE, stallNanos - stalledNanos);
    else lose(new WriteStalled(Duration.ofNanos(stalledNanos)), ConnectTimeline.EMPTY);
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
    live = false;
    effects.add(new Effect.CancelTransport(generation));
    for (Timer timer : Timer.values()) {
      if (timer != Timer.DRAIN) stop(timer);
    }
    if (state instanceof Open) {
      effects.add(new Effect.Rewind(generation, cause));
      countPonglessTransport(cause);
    } else {
      effects.add(
          new Effect.PublishEvent(new ConnectionEvent.AttemptFailed(attempt, cause, timeline)));
    }
    if (hasReadyPhase && handshake != null) {
      effects.add(new Effect.StopProtocol(generation, cause));
    }
    if (cause instanceof NetworkLost || cause instanceof Suspended) {
      goOffline(cause);
    } else {
      askedAbout = cause;
      effects.add(new Effect.AskRetry(cause));
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
    bidNanos = answer.bidNanos();
    bidSinceNanos = answer.nowNanos();
    if (answer.delayNanos() < 0) {
      finish(closedBy(cause));
    } else if (suspended || !networkAvailable) {
      goOffline(cause);
    } else {
      retry(cause, answer.delayNanos());
    }
  }

  private void retry(ConnectionException cause, long delayNanos) {
    Duration delay = Duration.ofNanos(delayNanos);
    effects.add(
        new Effect.PublishEvent(new ConnectionEvent.RetryScheduled(attempt + 1, delay, cause)));
    if (delayNanos == 0) {
      startAttempt();
    } else {
      become(new Waiting(attempt + 1, delay, cause));
      start(Timer.RETRY, delayNanos);
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
    for (Timer timer : Timer.values()) stop(timer);
    become(new Closing(code, reason));
    effects.add(new Effect.CloseTransport(generation, code, reason));
    start(Timer.CLOSE, deadlines.close().toNanos());
  }

  private void onCloseTimer() {
    effects.add(new Effect.CancelTransport(generation));
    finish(new Closed(NO_CLOSE_FRAME, "", false, null));
  }

  private void finish(Closed closed) {
    live = false;
    for (Timer timer : Timer.values()) stop(timer);
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

  private void start(Timer timer, long delayNanos) {
    running.put(timer, ++lastToken);
    effects.add(new Effect.StartTimer(timer, lastToken, delayNanos));
  }

  private void stop(Timer timer) {
    if (running.remove(timer) != null) effects.add(new Effect.StopTimer(timer));
  }
}
