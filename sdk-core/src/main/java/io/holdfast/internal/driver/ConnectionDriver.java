package io.holdfast.internal.driver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.holdfast.Assurance;
import io.holdfast.Clock;
import io.holdfast.ConnectRequest;
import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.ConnectFailed;
import io.holdfast.ConnectionListener;
import io.holdfast.ConnectionMetrics;
import io.holdfast.ConnectionState;
import io.holdfast.ConnectionState.Closed;
import io.holdfast.ConnectionState.Idle;
import io.holdfast.ConnectionState.Offline;
import io.holdfast.ConnectionState.Open;
import io.holdfast.Delivery;
import io.holdfast.Heartbeat;
import io.holdfast.HeartbeatMemory;
import io.holdfast.LifeSign;
import io.holdfast.ManagedConnection;
import io.holdfast.Message;
import io.holdfast.MessageDemand;
import io.holdfast.MessageListener;
import io.holdfast.QueueSnapshot;
import io.holdfast.Registration;
import io.holdfast.RequestContext;
import io.holdfast.SendOptions;
import io.holdfast.internal.Settings;
import io.holdfast.internal.machine.Effect;
import io.holdfast.internal.machine.Event;
import io.holdfast.internal.machine.Machine;
import io.holdfast.internal.machine.Snapshot;
import io.holdfast.internal.machine.Timer;
import io.holdfast.internal.network.SleepDetector;
import io.holdfast.internal.network.SleepDetector.Sleep;
import io.holdfast.internal.retry.NextAttempt;
import io.holdfast.internal.retry.Retries;
import io.holdfast.internal.telemetry.Telemetry;
import io.holdfast.network.NetworkMonitor;
import io.holdfast.network.NetworkStatus;
import io.holdfast.protocol.Guarantee;
import io.holdfast.protocol.Protocol;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out what the machine orders.
 *
 * <pre>
 *   app ------ send ------> OutboxRunner <--- take, written, pong --- TransportLink <--> Transport
 *    |                                                                    |    |
 *    |--- open, close ... -> mailbox -> Machine -> effects                |    |
 *    |                          ^                                         |    |
 *    |                          '----------- opened, ended ... -----------'    |
 *    '<------ messages ------ InboundLane <------------------------------------'
 *    '<-- states, events, fates -- callbacks
 * </pre>
 *
 * Three serial lanes share the app's threads: the mailbox (machine, retries, timers), callbacks
 * (states, events, fates) and messages.
 */
public final class ConnectionDriver implements ManagedConnection {
  private static final Logger log = LoggerFactory.getLogger(ConnectionDriver.class);
  private static final long SAME_SLEEP_NANOS = 5_000_000_000L;
  // A monitor may look at the interfaces before it tells of a sleep.
  private static final long JUST_NOW_NANOS = 1_000_000_000;
  private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

  private final Settings settings;
  private final Clock clock;
  // What the heartbeats ask with messages of their own: mostly nothing.
  private final List<LifeSign.Answer> questions;
  private final SerialExecutor mailbox;
  // The heartbeat's, which may block.
  private final SerialExecutor memory;
  private final Listeners listeners;
  private final FlightLog flightLog;
  private final OutboxRunner outbox;
  private final InboundLane inbound;
  // Null for the plain one.
  private final @Nullable ProtocolRunner protocol;
  private final boolean acknowledging;

  // The mailbox owns the fields below; `state`, `url` and `link` are read by anyone.
  private final Machine machine;
  private final NextAttempt next;
  private final RequestAsker requests;
  private final Map<Timer, Running> timers = new EnumMap<>(Timer.class);
  private final SleepDetector sleep = new SleepDetector();
  private boolean wasLate;
  private long lateAtNanos;
  private boolean hasWoken;
  private long wokenAtNanos;
  private @Nullable Registration network;
  private volatile ConnectionState state = new Idle();
  private volatile URI url;
  private volatile @Nullable TransportLink link;
  // Opened beside the one in use.
  private @Nullable TransportLink successor;

  /** Makes an idle connection. */
  public ConnectionDriver(Settings settings) {
    this.settings = settings;
    clock = settings.clock();
    questions = settings.heartbeats().questions();
    url = settings.uri();
    mailbox = new SerialExecutor(settings.io());
    memory = new SerialExecutor(settings.io());
    SerialExecutor callbacks = new SerialExecutor(settings.callbacks());
    listeners = new Listeners(callbacks);
    flightLog = new FlightLog(settings.historyEntries(), settings.uri(), clock);
    Protocol spoken = settings.protocol();
    protocol = spoken == null ? null : new ProtocolRunner(spoken, this, clock, mailbox);
    acknowledging = spoken != null && spoken.guarantee() != Guarantee.NONE;
    outbox =
        new OutboxRunner(
            settings.queue(),
            settings.store(),
            acknowledging,
            this::begin,
            settings.io(),
            clock,
            mailbox,
            callbacks,
            this::wakeWriter,
            () -> post(snapshot -> new Event.OutboxDrained()),
            this::settled,
            this::reconsiderPause,
            this::happenedToMessages);
    inbound =
        new InboundLane(
            settings.inbound(),
            clock,
            new SerialExecutor(settings.callbacks()),
            settings.callbacks() == settings.io(),
            this::awaitsPeer,
            this::resumeReader,
            protocol == null ? null : this::consumed);
    machine = new Machine(settings.heartbeats(), settings.deadlines(), protocol != null);
    next = nextAttempt(settings);
    requests = new RequestAsker(settings, protocol, mailbox, this::supplied);
    if (settings.store() == null) begin(null);
    outbox.openStore();
  }

  private static NextAttempt nextAttempt(Settings settings) {
    Retries retries =
        new Retries(settings.backoff(), settings.retry(), settings.classifier(), settings.random());
    return new NextAttempt(
        retries, settings.requests().endpoints(), settings.backoff(), settings.random());
  }

  private void begin(byte @Nullable [] state) {
    if (protocol != null) protocol.begin(state);
  }

  // ---- ManagedConnection

  @Override
  public void open() {
    mailbox.execute(
        () -> {
          // A closed connection would never let go of the monitor.
          if (network != null || state instanceof Closed) return;
          // What the monitor knows now is posted before the request to open.
          network = listenToNetwork();
          post(snapshot -> new Event.OpenRequested());
        });
  }

  private Registration listenToNetwork() {
    try {
      return settings.network().listen(new NetworkListener());
    } catch (Throwable e) {
      log.warn("The network monitor threw; nothing is known of the network", e);
      return () -> {};
    }
  }

  private final class NetworkListener implements NetworkMonitor.Listener {
    @Override
    public void onStatus(NetworkStatus status) {
      report(status);
    }

    @Override
    public void onWoke(Duration slept) {
      long nowNanos = clock.nanoTime();
      mailbox.execute(() -> wokeAfter(new Sleep(slept.toNanos(), overranBy(nowNanos))));
    }
  }

  private record Running(Clock.Timer timer, long token, long dueNanos) {}

  private void report(NetworkStatus status) {
    // What runs on this device is there without a network.
    boolean available = status.available() || Loopback.isHostOf(url);
    NetworkStatus reported = new NetworkStatus(available, status.label(), status.metered());
    post(snapshot -> new Event.NetworkReported(reported, snapshot));
  }

  @Override
  public Delivery send(Message message, SendOptions options) {
    requireNonNull(message, "message");
    requireNonNull(options, "options");
    if (options.assurance() == Assurance.ACKNOWLEDGED && !acknowledging) {
      throw new IllegalArgumentException(
          "assurance must be WRITTEN or CONFIRMED, for the protocol acknowledges nothing, but was "
              + "ACKNOWLEDGED");
    }
    return outbox.send(message, options);
  }

  @Override
  public MessageDemand receive(MessageListener listener) {
    return inbound.receive(requireNonNull(listener, "listener"));
  }

  @Override
  public Registration addListener(ConnectionListener listener) {
    return listeners.add(requireNonNull(listener, "listener"));
  }

  @Override
  public void probe() {
    post(Event.ProbeRequested::new);
  }

  @Override
  public void reconnectNow() {
    post(Event.ReconnectRequested::new);
  }

  @Override
  public void suspend() {
    post(snapshot -> new Event.SuspendRequested());
  }

  @Override
  public void resume() {
    post(Event.ResumeRequested::new);
  }

  @Override
  public void enterBackground() {
    post(snapshot -> new Event.BackgroundRequested(true, snapshot));
  }

  @Override
  public void enterForeground() {
    post(snapshot -> new Event.BackgroundRequested(false, snapshot));
  }

  @Override
  public void close() {
    close(1000, "");
  }

  @Override
  public void close(int code, String reason) {
    if (code != 1000 && (code < 3000 || code > 4999)) {
      throw new IllegalArgumentException("close code must be 1000 or 3000 to 4999 but was " + code);
    }
    int length = reason.getBytes(UTF_8).length;
    if (length > 123) {
      throw new IllegalArgumentException(
          "close reason must be at most 123 bytes of UTF-8 but was " + length);
    }
    outbox.refuseAll();
    post(snapshot -> new Event.CloseRequested(code, reason));
  }

  @Override
  public void drain(Duration deadline) {
    if (deadline.isNegative()) {
      throw new IllegalArgumentException("deadline must not be negative but was " + deadline);
    }
    // More than a long holds is for ever.
    long deadlineNanos = deadline.compareTo(LONGEST) < 0 ? deadline.toNanos() : LONGEST.toNanos();
    post(snapshot -> new Event.DrainRequested(deadlineNanos));
    outbox.refuseAndWatch();
  }

  @Override
  public ConnectionState state() {
    return state;
  }

  @Override
  public URI url() {
    return url;
  }

  @Override
  public long bufferedAmount() {
    return outbox.unwrittenBytes();
  }

  @Override
  public QueueSnapshot queue() {
    return outbox.snapshot();
  }

  @Override
  public ConnectionMetrics metrics() {
    return flightLog.metrics(
        new Telemetry.Counted(
            outbox.snapshot(),
            outbox.deliveries(),
            outbox.sent(),
            inbound.received(),
            inbound.readerPauses()));
  }

  @Override
  public List<String> history() {
    return flightLog.history();
  }

  @Override
  public CompletableFuture<List<Delivery>> recovered() {
    // Its completion is not the app's.
    return outbox.recovered().thenApply(deliveries -> deliveries);
  }

  @Override
  public void pauseSending() {
    outbox.pause();
  }

  @Override
  public void resumeSending() {
    outbox.resume();
  }

  @Override
  public boolean isSendingPaused() {
    return outbox.isPaused();
  }

  @Override
  public int cancelQueued() {
    return outbox.cancelQueued();
  }

  // ---- For the rooms around

  long nanoTime() {
    return clock.nanoTime();
  }

  /** Whether a message answers a heartbeat. */
  boolean isSignOfLife(Message message) {
    if (questions.isEmpty()) return false;
    for (LifeSign.Answer each : questions) {
      if (isAnswer(each, message)) return true;
    }
    return false;
  }

  private static boolean isAnswer(LifeSign.Answer heartbeat, Message message) {
    try {
      return heartbeat.isAnswer().test(message);
    } catch (Throwable e) {
      log.warn("The heartbeat's matcher threw", e);
      return false;
    }
  }

  OutboxRunner outbox() {
    return outbox;
  }

  InboundLane inbound() {
    return inbound;
  }

  @Nullable ProtocolRunner protocolRunner() {
    return protocol;
  }

  private void wakeWriter() {
    TransportLink current = link;
    if (current != null) current.wake();
  }

  // A protocol that makes ready has to be told what the peer says, however far the consumer is
  // behind: it may be waiting for a message that goes out once it is ready.
  private boolean awaitsPeer() {
    return outbox.awaitsPong() || (protocol != null && protocol.isMakingReady());
  }

  // Not on the thread that told it, which may be the app's.
  private void consumed(long upTo) {
    mailbox.execute(() -> requireNonNull(protocol).consumed(upTo));
  }

  private void settled() {
    TransportLink current = link;
    if (current == null) return;
    post(snapshot -> new Event.Settled(current.generation(), snapshot));
  }

  // A pause ends with its transport: the next one must not be resumed for it.
  private void resumeReader(long generation, long pausedNanos) {
    TransportLink current = link;
    if (current != null && current.generation() == generation) current.resumeReading(pausedNanos);
  }

  private void reconsiderPause() {
    TransportLink current = link;
    if (inbound.reconsiderPause() && current != null) current.stalled();
  }

  /** Has the machine take an event soon, made from a snapshot of that moment. */
  void post(Function<Snapshot, Event> event) {
    mailbox.execute(() -> handle(event.apply(snapshot())));
  }

  private Snapshot snapshot() {
    long now = clock.nanoTime();
    TransportLink current = link;
    return current != null ? current.snapshot(now) : new Snapshot(now, now, 0, false, false, now);
  }

  // ---- On the mailbox

  private void handle(Event first) {
    ArrayDeque<Event> events = new ArrayDeque<>();
    events.add(first);
    for (Event event = events.poll(); event != null; event = events.poll()) {
      for (Effect effect : machine.on(event)) {
        // The answer goes before whatever else is posted.
        if (effect instanceof Effect.AskRetry ask) {
          events.add(answer(failed(ask.cause())));
        } else if (effect instanceof Effect.AskDelay ask) {
          events.add(answer(asked(ask.asked())));
        } else if (effect instanceof Effect.NoteFailure note) {
          events.add(learned(note));
        } else {
          tryToCarryOut(effect);
        }
      }
    }
  }

  private Retries.Answer failed(ConnectionException cause) {
    URI to = requireNonNull(link).uri();
    return next.failed(cause, to, state instanceof Open, clock.nanoTime());
  }

  private Retries.Answer asked(ConnectionException asked) {
    return next.asked(asked, requireNonNull(link).uri(), clock.nanoTime());
  }

  private Event learned(Effect.NoteFailure note) {
    URI to = linkOf(note.generation()).uri();
    long bidNanos = next.failedBeside(note.cause(), to, clock.nanoTime());
    return new Event.BidLearned(bidNanos, snapshot());
  }

  private Event answer(Retries.Answer answer) {
    boolean elsewhere = answer.endpoint() != null;
    return new Event.RetryAnswered(answer.delayNanos(), answer.bidNanos(), elsewhere, snapshot());
  }

  // Transports, monitors and clocks may be the app's: what they throw must not lose the effects
  // that follow. Kotlin throws checked exceptions where Java may not.
  private void tryToCarryOut(Effect effect) {
    try {
      carryOut(effect);
    } catch (Throwable e) {
      log.error("{} threw", effect, e);
    }
  }

  private void carryOut(Effect effect) {
    if (effect instanceof Effect.PublishState publish) {
      publish(publish.state());
    } else if (effect instanceof Effect.PublishEvent publish) {
      happened(publish.event());
    } else if (effect instanceof Effect.StartTimer start) {
      startTimer(start);
    } else if (effect instanceof Effect.StopTimer stop) {
      stopTimer(stop.timer());
    } else if (effect instanceof Effect.EndOutage) {
      next.proved(url);
    } else if (effect instanceof Effect.EndOutbox) {
      outbox.endAll();
    } else if (effect instanceof Effect.LearnPongs learn) {
      outbox.learnPongs(learn.support());
    } else if (effect instanceof Effect.RecallInterval recall) {
      memory.execute(() -> recall(recall));
    } else if (effect instanceof Effect.RememberInterval remember) {
      memory.execute(() -> remember(remember));
    } else if (effect instanceof Effect.Finish) {
      // With a store it follows the end of that.
      if (settings.store() == null) finish();
    } else if (effect instanceof Effect.StopProtocol stop) {
      requireNonNull(protocol).lost(stop.cause());
    } else if (effect instanceof Effect.SupplyRequest supply) {
      supplyRequest(supply);
    } else {
      carryOutOnTransport(effect, requireNonNull(link));
    }
  }

  private void carryOutOnTransport(Effect effect, TransportLink current) {
    if (effect instanceof Effect.StartTransport start) {
      startTransport(linkOf(start.generation()));
    } else if (effect instanceof Effect.StartProtocol) {
      requireNonNull(protocol).start(current, current.handshake());
    } else if (effect instanceof Effect.OpenGate) {
      outbox.open(current.generation(), settings.random().nextInt());
    } else if (effect instanceof Effect.SendPing) {
      outbox.wantPing();
    } else if (effect instanceof Effect.SendQuestion send) {
      current.ask(send.heartbeat());
    } else if (effect instanceof Effect.CloseTransport close) {
      current.close(close.code(), close.reason());
    } else if (effect instanceof Effect.CancelTransport cancel) {
      cancel(linkOf(cancel.generation()));
    } else if (effect instanceof Effect.CloseGate) {
      outbox.shutGate();
    } else if (effect instanceof Effect.ReopenGate) {
      outbox.unshutGate();
    } else if (effect instanceof Effect.UseSuccessor) {
      useSuccessor(requireNonNull(successor));
    } else if (effect instanceof Effect.ReleaseReader) {
      current.releaseReader();
    } else if (effect instanceof Effect.RetireTransport) {
      retire(current);
    } else if (effect instanceof Effect.Rewind rewind) {
      int inFlight = outbox.rewind(rewind.cause());
      happened(new ConnectionEvent.TransportLost(rewind.generation(), rewind.cause(), inFlight));
    } else if (effect instanceof Effect.UnwatchWrites) {
      current.unwatchWrites();
    } else {
      throw new AssertionError(effect);
    }
  }

  private TransportLink linkOf(long generation) {
    TransportLink second = successor;
    boolean isSecond = second != null && second.generation() == generation;
    return requireNonNull(isSecond ? second : link);
  }

  private void useSuccessor(TransportLink second) {
    link = second;
    successor = null;
    URI uri = second.uri();
    if (uri != null) url = uri;
  }

  private void cancel(TransportLink given) {
    requests.cancel(given);
    given.cancel();
    if (given == successor) successor = null;
  }

  // Nobody waits for it: what it says any more is of an old generation.
  private void retire(TransportLink old) {
    old.close(1000, "");
    Runnable cancel = () -> mailbox.execute(old::cancel);
    clock.schedule(cancel, settings.deadlines().close().toNanos());
  }

  private void recall(Effect.RecallInterval recall) {
    String label = recall.label();
    @Nullable String state = memoryOf(recall.background()).load(key(recall.background(), label));
    post(snapshot -> new Event.IntervalRecalled(recall.background(), label, state, snapshot));
  }

  private void remember(Effect.RememberInterval remember) {
    String key = key(remember.background(), remember.label());
    memoryOf(remember.background()).save(key, remember.state());
  }

  // The two heartbeats may have other bounds, and what one has learnt be less than the other has.
  private static String key(boolean background, String label) {
    return background ? "background:" + label : label;
  }

  private HeartbeatMemory memoryOf(boolean background) {
    Settings.Heartbeats heartbeats = settings.heartbeats();
    Heartbeat heartbeat = background ? heartbeats.background() : heartbeats.foreground();
    return requireNonNull(heartbeat.adaptive()).memory();
  }

  private void startTimer(Effect.StartTimer start) {
    long nowNanos = clock.nanoTime();
    long sleptNanos = sleep.look(nowNanos, clock.wallMillis());
    if (sleptNanos > 0) {
      Sleep slept = new Sleep(sleptNanos, overranBy(nowNanos));
      // After what is being carried out.
      mailbox.execute(() -> wokeAfter(slept));
    }
    stopTimer(start.timer());
    long dueNanos = nowNanos + start.delayNanos();
    Clock.Timer timer = clock.schedule(() -> fire(start, dueNanos), start.delayNanos());
    timers.put(start.timer(), new Running(timer, start.token(), dueNanos));
  }

  // The clocks are looked at on the timer's thread: a sleep makes the timer late, not the mailbox.
  private void fire(Effect.StartTimer start, long dueNanos) {
    long nowNanos = clock.nanoTime();
    long wallMillis = clock.wallMillis();
    mailbox.execute(
        () -> {
          wokeAfter(sleep.fired(dueNanos, nowNanos, wallMillis));
          timers.values().removeIf(each -> each.token() == start.token());
          handle(fired(start, dueNanos));
        });
  }

  private Event.TimerFired fired(Effect.StartTimer start, long dueNanos) {
    Snapshot now = snapshot();
    long lateNanos = now.nowNanos() - dueNanos;
    Event.TimerFired fired = new Event.TimerFired(start.timer(), start.token(), lateNanos, now);
    if (fired.isLate()) {
      wasLate = true;
      lateAtNanos = now.nowNanos();
    }
    return fired;
  }

  // A monitor that is wrong has let no timer be late, neither one that runs nor one just now.
  private boolean overranBy(long nowNanos) {
    boolean justLate = wasLate && nowNanos - lateAtNanos < JUST_NOW_NANOS;
    return justLate || timers.values().stream().anyMatch(each -> nowNanos - each.dueNanos() > 0);
  }

  // Timers and the monitor may both tell of one sleep.
  private void wokeAfter(Sleep slept) {
    long nowNanos = clock.nanoTime();
    if (slept.nanos() <= 0 || (hasWoken && nowNanos - wokenAtNanos < SAME_SLEEP_NANOS)) return;
    hasWoken = true;
    wokenAtNanos = nowNanos;
    handle(new Event.Woke(slept.nanos(), slept.overran(), snapshot()));
  }

  private void stopTimer(Timer timer) {
    Running running = timers.remove(timer);
    if (running != null) running.timer().stop();
  }

  private void supplyRequest(Effect.SupplyRequest supply) {
    boolean beside = state instanceof Open;
    TransportLink attemptLink = new TransportLink(this, supply.generation(), beside);
    if (beside) {
      successor = attemptLink;
    } else {
      link = attemptLink;
      happened(new ConnectionEvent.AttemptStarted(supply.generation(), supply.attempt()));
    }
    requests.ask(
        attemptLink,
        new RequestContext(supply.attempt(), supply.lastFailure(), next.refreshCredentials()));
  }

  private void supplied(TransportLink attemptLink, ConnectRequest request) {
    ConnectRequest directed = next.direct(request, clock.nanoTime());
    attemptLink.supply(directed);
    flightLog.requested(directed);
    if (attemptLink == link) url = directed.uri();
    handle(new Event.RequestSupplied(attemptLink.generation()));
  }

  private void startTransport(TransportLink attemptLink) {
    try {
      attemptLink.start(settings.transports().newTransport(settings.io(), clock));
    } catch (Throwable e) {
      // What it says may tell of the request.
      String kind = e.getClass().getSimpleName();
      attemptLink.failed(new ConnectFailed("the transport did not start: " + kind, e));
    }
  }

  // Whoever hears that it is closed may open the next one with the same send queue.
  private void publish(ConnectionState next) {
    if (next instanceof Closed && protocol != null) protocol.close();
    if (next instanceof Closed && settings.store() != null) {
      outbox.closeStore(() -> mailbox.execute(() -> tellClosed(next)));
    } else {
      tell(next);
    }
  }

  private void tellClosed(ConnectionState next) {
    tell(next);
    finish();
  }

  private void tell(ConnectionState next) {
    state = next;
    flightLog.became(next);
    // A sleep while there is nothing that could have died is no news later.
    if (next instanceof Offline) sleep.forget();
    listeners.publish(next);
  }

  private void happened(ConnectionEvent event) {
    flightLog.happened(event);
    listeners.publish(event);
  }

  // On the callback thread, in order with fates.
  private void happenedToMessages(ConnectionEvent event) {
    flightLog.happened(event);
    listeners.tell(event);
  }

  private void finish() {
    inbound.close();
    if (network != null) network.close();
  }
}
