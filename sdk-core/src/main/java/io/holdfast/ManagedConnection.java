package io.holdfast;

import static java.util.Objects.requireNonNull;

import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import io.holdfast.internal.Settings;
import io.holdfast.internal.driver.ConnectionDriver;
import io.holdfast.internal.driver.SharedThreads;
import io.holdfast.internal.driver.SystemClock;
import io.holdfast.network.NetworkMonitor;
import io.holdfast.protocol.Protocol;
import io.holdfast.protocol.ProtocolContext;
import io.holdfast.queue.SendQueue;
import io.holdfast.transport.TransportFactory;
import io.holdfast.websocket.WebSocketTransportFactory;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket connection that outlives its transports: it watches the peer with pings, reconnects
 * with backoff, and keeps accepted messages until their fate is known.
 *
 * <pre>{@code
 * ManagedConnection connection =
 *     ManagedConnection.builder(URI.create("wss://example.com/feed")).build();
 * connection.receive(message -> show(message)).request(MessageDemand.UNBOUNDED);
 * connection.open();
 * connection.send("hello").whenEnded(fate -> log(fate));
 * }</pre>
 *
 * <p>All methods are safe from any thread, none blocks, and none touches the network on the
 * caller's thread, so all may be called on Android's main thread. An instance is used for one life:
 * once {@link ConnectionState.Closed} it stays so.
 */
public interface ManagedConnection extends AutoCloseable {

  /**
   * Returns a builder for a connection to {@code uri}.
   *
   * @throws IllegalArgumentException as {@link ConnectRequest#builder} says
   */
  static Builder builder(URI uri) {
    return new Builder(ConnectRequest.builder(uri).build());
  }

  /** Returns a builder for a connection with a request of its own headers and subprotocols. */
  static Builder builder(ConnectRequest request) {
    return new Builder(request);
  }

  /** Makes the first attempt. Does nothing unless the state is {@link ConnectionState.Idle}. */
  void open();

  /**
   * Queues {@code message} and returns at once. While there is no transport it waits; messages
   * leave in the order of calls. Accepted before {@link #open}, too.
   *
   * @return how it goes on; already ended with {@link Fate.Rejected} if the outbox is full, the
   *     message is too large, or the connection is draining, closing or closed
   */
  default Delivery send(Message message) {
    return send(message, SendOptions.DEFAULT);
  }

  /**
   * Queues {@code message} as {@link #send(Message)} does, with options of its own.
   *
   * @throws IllegalArgumentException if {@code options} want {@link Assurance#ACKNOWLEDGED} and the
   *     {@link Builder#protocol protocol} acknowledges nothing
   */
  Delivery send(Message message, SendOptions options);

  /**
   * Queues a text message as {@link #send(Message)} does.
   *
   * @throws IllegalArgumentException as {@link Message#text} says
   */
  default Delivery send(String text) {
    return send(Message.text(text));
  }

  /**
   * Makes {@code listener} the one that takes inbound messages. It gets none until {@link
   * MessageDemand#request}. Without a listener inbound messages are dropped, so set it before
   * {@link #open}. Calls come one at a time on a callback thread, not the one of {@link
   * ConnectionListener}.
   *
   * @throws IllegalStateException if there is a listener already whose demand was not cancelled
   */
  MessageDemand receive(MessageListener listener);

  /** Adds a listener for states and events; it is told the current state first. */
  Registration addListener(ConnectionListener listener);

  /**
   * Asks the peer for a sign of life at once if the connection is open, and takes the heartbeat's
   * timeout, not its interval, to decide whether it is alive. It is sent a ping, or with {@link
   * LifeSign#answer} that message.
   */
  void probe();

  /**
   * Ends a wait: if the state is {@link ConnectionState.Waiting}, or {@link
   * ConnectionState.Offline} for want of a network, the next attempt starts now. Otherwise does
   * nothing; nor does it cut short what the server asked for ({@code Retry-After}, RFC 9110 section
   * 10.2.3).
   */
  void reconnectNow();

  /**
   * Gives the transport up and starts no attempt until {@link #resume}; for an app in the
   * background. Messages stay, and are accepted. Does nothing once closing or closed.
   */
  void suspend();

  /** Ends {@link #suspend} with an attempt, at once unless the server asked for a wait. */
  void resume();

  /**
   * Keeps to the {@link Builder#backgroundHeartbeat background heartbeat} until {@link
   * #enterForeground}: the app is not looked at, and the connection stays. To give it up meanwhile,
   * {@link #suspend}.
   */
  void enterBackground();

  /**
   * Ends {@link #enterBackground}. If the connection is open it asks for a sign of life at once,
   * for a process in the background may have been stopped. Does nothing in the foreground.
   */
  void enterForeground();

  /**
   * Closes with code 1000: sends Close (RFC 6455 section 7.1) on a healthy transport and waits up
   * to 2 s for the peer's. What is queued ends {@link Fate.Cancelled}, what is in flight {@link
   * Fate.InDoubt}. Closing twice does nothing. To have messages delivered first, {@link #drain}.
   */
  @Override
  void close();

  /**
   * Closes as {@link #close()} does, with a code and reason for the peer.
   *
   * @param code 1000, or 3000 to 4999, as in a browser
   * @param reason at most 123 bytes of UTF-8
   * @throws IllegalArgumentException if code or reason is not allowed
   */
  void close(int code, String reason);

  /**
   * Refuses new messages from now on, resumes sending if it was paused, closes with code 1000 once
   * every accepted message has its fate, or closes after {@code deadline}. Until then the
   * connection goes on, and reconnects if it must.
   *
   * @throws IllegalArgumentException if {@code deadline} is negative
   */
  void drain(Duration deadline);

  /**
   * Returns a future of the deliveries that an earlier life left in the {@link
   * Builder#sendQueue(SendQueue) send queue}, in order, with their ids, options and metadata. They
   * go out before all that this life sends; one that a transport may have had goes out again, and
   * ends {@link Fate.InDoubt} where that is forbidden. Without a send queue it is complete and
   * empty. Completed on the callback thread; exceptionally if the queue could not be opened, with
   * what {@link SendQueue#open} threw, and then every message is rejected.
   */
  CompletableFuture<List<Delivery>> recovered();

  /**
   * Hands no more messages to transports until {@link #resumeSending}. They are accepted and wait;
   * what a transport has already goes on, and pings do. Holds across transports; does nothing if
   * sending is paused already.
   */
  void pauseSending();

  /** Ends {@link #pauseSending}; so does {@link #drain}. */
  void resumeSending();

  /** Returns whether {@link #pauseSending} holds. */
  boolean isSendingPaused();

  /**
   * Takes back every queued message, as {@link Delivery#cancel} does with one; what is in flight
   * stays.
   *
   * @return how many were taken back
   */
  int cancelQueued();

  /** Returns the state now. */
  ConnectionState state();

  /** Returns the browser's name for the state now. */
  default ReadyState readyState() {
    return state().readyState();
  }

  /** Returns the URI of the newest attempt, or the builder's before the first. */
  URI url();

  /** Returns the subprotocol that the server chose; empty if none, or if not open. */
  default String protocol() {
    return state() instanceof ConnectionState.Open open ? open.protocol() : "";
  }

  /** Returns the extensions in force; empty if none, or if not open. */
  default String extensions() {
    return state() instanceof ConnectionState.Open open ? open.extensions() : "";
  }

  /** Returns how many bytes of payload have been accepted and not yet been taken by the kernel. */
  long bufferedAmount();

  /** Returns the outbox's numbers now. */
  QueueSnapshot queue();

  /** Returns counters and gauges of the connection's life until now. */
  ConnectionMetrics metrics();

  /**
   * Returns the last things that happened, the oldest first, for people: a line each, with the time
   * since the connection was built, such as {@code +12.345 s waiting 1.2 s before attempt 3:
   * refused: ...}. A run of pings, or of deliveries with one fate, is one line. User information,
   * query values and header values are left out. The words may change with a version. A connection
   * that gives up logs its history at warn, once.
   */
  List<String> history();

  /** Builds a {@link ManagedConnection}. Not safe for use by several threads. */
  final class Builder {
    // One of each for all connections, which keep them.
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration BARRIER_SPACING = Duration.ofSeconds(1);
    private static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(15);
    private static final Duration READY_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration PROVEN_AFTER = Duration.ofSeconds(10);
    private static final Duration CONFIRM_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration WRITE_STALL = Duration.ofSeconds(30);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration STALL_LIMIT = Duration.ofMinutes(5);

    private final ConnectRequest request;
    private @Nullable RequestSupplier requests;
    private @Nullable AsyncRequestSupplier asyncRequests;
    private Duration requestTimeout = REQUEST_TIMEOUT;
    private @Nullable Endpoints endpoints;
    private @Nullable TransportFactory transports;
    private NetworkMonitor network = NetworkMonitor.NONE;
    private Heartbeat heartbeat = Heartbeat.DEFAULT;
    private @Nullable Heartbeat backgroundHeartbeat;
    private boolean makeBeforeBreak;
    private Duration tellOutageAfter = Duration.ZERO;
    private Duration giveUpAfter = Duration.ZERO;
    private Backoff backoff = Backoff.DEFAULT;
    private @Nullable Retry retry;
    private @Nullable FailureClassifier classifier;
    private int maxQueuedMessages = 65_536;
    private long maxQueuedBytes = 16 << 20;
    private int maxMessageBytes = 16 << 20;
    private Overflow overflow = Overflow.REJECT;
    private @Nullable SendQueue sendQueue;
    private Protocol protocol = Protocol.PLAIN;
    private int resendLimit = 5;
    private Duration barrierSpacing = BARRIER_SPACING;
    private int maxInboundMessages = 1024;
    private long maxInboundBytes = 4 << 20;
    private Duration attemptTimeout = ATTEMPT_TIMEOUT;
    private Duration readyTimeout = READY_TIMEOUT;
    private Duration provenAfter = PROVEN_AFTER;
    private Duration confirmTimeout = CONFIRM_TIMEOUT;
    private Duration writeStall = WRITE_STALL;
    private Duration closeTimeout = CLOSE_TIMEOUT;
    private Duration stallLimit = STALL_LIMIT;
    private int historyEntries = 256;
    private @Nullable Clock clock;
    private @Nullable Random random;
    private @Nullable Executor ioExecutor;
    private @Nullable Executor callbackExecutor;

    private Builder(ConnectRequest request) {
      this.request = requireNonNull(request, "request");
    }

    /**
     * Asks {@code requests} for each attempt's request, instead of using the same one each time.
     */
    public Builder requests(RequestSupplier requests) {
      this.requests = requireNonNull(requests, "requests");
      return this;
    }

    /** Does as {@link #requests}, with a supplier that keeps no thread waiting. */
    public Builder asyncRequests(AsyncRequestSupplier asyncRequests) {
      this.asyncRequests = requireNonNull(asyncRequests, "asyncRequests");
      return this;
    }

    /**
     * Sets how long the supplier of {@link #requests} or {@link #asyncRequests} may take, within
     * the {@link #attemptTimeout}; 10 s by default. A slower one fails the attempt with {@link
     * ConnectionException.RequestTimedOut}, and its answer is ignored.
     */
    public Builder requestTimeout(Duration requestTimeout) {
      this.requestTimeout = Checks.positive("requestTimeout", requestTimeout);
      return this;
    }

    /**
     * Sends each attempt to one of {@code endpoints}, whatever the URI of its request; by default
     * to that URI.
     */
    public Builder endpoints(Endpoints endpoints) {
      this.endpoints = requireNonNull(endpoints, "endpoints");
      return this;
    }

    /** Uses another transport than a {@link WebSocketTransportFactory} with its defaults. */
    public Builder transport(TransportFactory transports) {
      this.transports = requireNonNull(transports, "transports");
      return this;
    }

    /** Follows {@code network}; {@link NetworkMonitor#NONE} by default. */
    public Builder network(NetworkMonitor network) {
      this.network = requireNonNull(network, "network");
      return this;
    }

    /** Sets when the peer is asked for a sign of life; {@link Heartbeat#DEFAULT} by default. */
    public Builder heartbeat(Heartbeat heartbeat) {
      this.heartbeat = requireNonNull(heartbeat, "heartbeat");
      return this;
    }

    /**
     * Sets the heartbeat between {@link ManagedConnection#enterBackground} and {@link
     * ManagedConnection#enterForeground}; the same as {@link #heartbeat} by default. A longer
     * interval spares the battery, and finds a dead peer later.
     */
    public Builder backgroundHeartbeat(Heartbeat backgroundHeartbeat) {
      this.backgroundHeartbeat = requireNonNull(backgroundHeartbeat, "backgroundHeartbeat");
      return this;
    }

    /**
     * Opens a second transport beside one that is late to answer a ping and not yet dead; false by
     * default. Late is what takes longer than {@link Heartbeat#promptTimeout} and the round trip
     * let it hope for; whichever is first stays: an answer ends the second one, and once that is
     * open the first one is cancelled, and what it had is sent again as after any loss. Nothing is
     * read from the second one, and nothing written, before it has taken the first one's place. It
     * costs the server a handshake for each pong that is late.
     */
    public Builder makeBeforeBreak(boolean makeBeforeBreak) {
      this.makeBeforeBreak = makeBeforeBreak;
      return this;
    }

    /**
     * Tells {@link ConnectionEvent.OutageLasts} once an outage has lasted for so long, offline and
     * suspended times included; never by default, and with zero.
     */
    public Builder tellOutageAfter(Duration tellOutageAfter) {
      this.tellOutageAfter = Checks.notNegative("tellOutageAfter", tellOutageAfter);
      return this;
    }

    /**
     * Closes the connection, with {@link ConnectionException.OutageTooLong} as its cause, once an
     * outage has lasted for so long, offline and suspended times included; never by default, and
     * with zero. A transport that is open by then may still prove itself.
     */
    public Builder giveUpAfter(Duration giveUpAfter) {
      this.giveUpAfter = Checks.notNegative("giveUpAfter", giveUpAfter);
      return this;
    }

    /** Sets the delays between attempts; {@link Backoff#DEFAULT} by default. */
    public Builder backoff(Backoff backoff) {
      this.backoff = requireNonNull(backoff, "backoff");
      return this;
    }

    /**
     * Lets the app's own resilience4j configuration decide whether and when to retry, instead of
     * {@link #backoff}. It is asked with each {@link ConnectionException} that is not fatal, and
     * its number of attempts holds for one outage: {@code RetryConfig.ofDefaults()} gives up after
     * three.
     */
    @SuppressWarnings("exports") // resilience4j has automatic modules only.
    public Builder retry(RetryConfig config) {
      return retry(Retry.of("holdfast", config));
    }

    /** Does as {@link #retry(RetryConfig)}, with a {@link Retry} of the app's registry. */
    @SuppressWarnings("exports")
    public Builder retry(Retry retry) {
      this.retry = requireNonNull(retry, "retry");
      return this;
    }

    /**
     * Lets the app override what each failure means: whether it is fatal, how the delays are drawn,
     * where the next attempt goes. It is asked before {@link #retry}, which is not asked about what
     * is fatal.
     */
    public Builder classifier(FailureClassifier classifier) {
      this.classifier = requireNonNull(classifier, "classifier");
      return this;
    }

    /** Bounds the outbox, in messages, in flight included; 65,536 by default. */
    public Builder maxQueuedMessages(int maxQueuedMessages) {
      this.maxQueuedMessages = Checks.positive("maxQueuedMessages", maxQueuedMessages);
      return this;
    }

    /** Bounds the outbox, in bytes of payload, in flight included; 16 MiB by default. */
    public Builder maxQueuedBytes(long maxQueuedBytes) {
      this.maxQueuedBytes = Checks.positive("maxQueuedBytes", maxQueuedBytes);
      return this;
    }

    /**
     * Bounds one outbound message, in bytes of payload; 16 MiB by default. A larger one ends {@link
     * Fate.Rejected} with {@link Fate.Rejected.Reason#TOO_LARGE}. What comes in is bounded by
     * {@link io.holdfast.websocket.WebSocketTransportFactory.Builder#maxMessageBytes}.
     */
    public Builder maxMessageBytes(int maxMessageBytes) {
      this.maxMessageBytes = Checks.positive("maxMessageBytes", maxMessageBytes);
      return this;
    }

    /** Sets what happens when the outbox is full; {@link Overflow#REJECT} by default. */
    public Builder overflow(Overflow overflow) {
      this.overflow = requireNonNull(overflow, "overflow");
      return this;
    }

    /**
     * Keeps messages in {@code sendQueue} until their fates are known, so that they outlive the
     * process; without one they live as long as the connection. A message is {@link
     * Delivery#accepted} and goes out once it is there to stay, and what it does not take is
     * rejected. {@link #build} opens it, on the I/O executor, and the connection closes it before
     * it is {@link ConnectionState.Closed}: what is left then ends {@link Fate.Kept}, and the next
     * connection with that queue finds it. A queue serves one connection at a time.
     */
    public Builder sendQueue(SendQueue sendQueue) {
      this.sendQueue = requireNonNull(sendQueue, "sendQueue");
      return this;
    }

    /**
     * Speaks {@code protocol} over each transport; {@link Protocol#PLAIN} by default. Each other
     * one serves one connection.
     */
    public Builder protocol(Protocol protocol) {
      this.protocol = requireNonNull(protocol, "protocol");
      return this;
    }

    /**
     * Sets how many transports in a row may be lost while a message is in flight, with nothing
     * confirmed in between, before it ends {@link Fate.InDoubt}; 5 by default.
     */
    public Builder resendLimit(int resendLimit) {
      this.resendLimit = Checks.positive("resendLimit", resendLimit);
      return this;
    }

    /**
     * Sets the least time between pings that confirm messages; 1 s by default. They come sooner
     * only when a quarter of the outbox waits for one.
     */
    public Builder barrierSpacing(Duration barrierSpacing) {
      this.barrierSpacing = Checks.positive("barrierSpacing", barrierSpacing);
      return this;
    }

    /** Bounds the inbound messages that wait for the listener; 1,024 by default. */
    public Builder maxInboundMessages(int maxInboundMessages) {
      this.maxInboundMessages = Checks.positive("maxInboundMessages", maxInboundMessages);
      return this;
    }

    /** Bounds the bytes of inbound messages that wait for the listener; 4 MiB by default. */
    public Builder maxInboundBytes(long maxInboundBytes) {
      this.maxInboundBytes = Checks.positive("maxInboundBytes", maxInboundBytes);
      return this;
    }

    /**
     * Sets an attempt's deadline, from the request supplier to readiness; 15 s by default. One that
     * takes longer fails with {@link ConnectionException.AttemptTimedOut}.
     */
    public Builder attemptTimeout(Duration attemptTimeout) {
      this.attemptTimeout = Checks.positive("attemptTimeout", attemptTimeout);
      return this;
    }

    /**
     * Sets how long the {@link #protocol} may take for each {@link ProtocolContext#step} towards
     * readiness; 10 s by default. A slower one fails the attempt with {@link
     * ConnectionException.ProtocolNotReady}.
     */
    public Builder readyTimeout(Duration readyTimeout) {
      this.readyTimeout = Checks.positive("readyTimeout", readyTimeout);
      return this;
    }

    /**
     * Sets how long a transport must have been open (and have answered a ping) to have proved
     * itself, so that attempts and delays start over after its loss; 10 s by default.
     */
    public Builder provenAfter(Duration provenAfter) {
      this.provenAfter = Checks.notNegative("provenAfter", provenAfter);
      return this;
    }

    /**
     * Sets how long a peer that does send may leave a ping unanswered; 60 s by default. A message
     * that takes longer to come holds the pong up, ten times as long at most.
     */
    public Builder confirmTimeout(Duration confirmTimeout) {
      this.confirmTimeout = Checks.positive("confirmTimeout", confirmTimeout);
      return this;
    }

    /** Sets how long a write may make no progress; 30 s by default. */
    public Builder writeStall(Duration writeStall) {
      this.writeStall = Checks.positive("writeStall", writeStall);
      return this;
    }

    /** Sets how long the closing handshake may take; 2 s by default. */
    public Builder closeTimeout(Duration closeTimeout) {
      this.closeTimeout = Checks.positive("closeTimeout", closeTimeout);
      return this;
    }

    /**
     * Sets how long after {@link ConnectionEvent.ConsumerStalled} the transport is given up, if the
     * listener still takes nothing; 5 minutes by default, zero for never.
     */
    public Builder stallLimit(Duration stallLimit) {
      this.stallLimit = Checks.notNegative("stallLimit", stallLimit);
      return this;
    }

    /**
     * Sets how many entries {@link ManagedConnection#history} has at most; 256 by default, 0 for
     * none. An entry takes some 100 bytes once there is something to remember.
     */
    public Builder history(int entries) {
      this.historyEntries = Checks.notNegative("history entries", entries);
      return this;
    }

    /** Takes time from {@code clock}; the system's monotonic clock by default. */
    public Builder clock(Clock clock) {
      this.clock = requireNonNull(clock, "clock");
      return this;
    }

    /** Draws jitter and ping payloads from {@code random}; a generator of its own by default. */
    public Builder random(Random random) {
      this.random = requireNonNull(random, "random");
      return this;
    }

    /**
     * Runs what blocks (sockets, the request supplier) and the connection's own short tasks on
     * {@code ioExecutor}, which must have a thread for each at once: a pool without a bound, or
     * virtual threads. Daemon threads shared by all connections by default.
     */
    public Builder ioExecutor(Executor ioExecutor) {
      this.ioExecutor = requireNonNull(ioExecutor, "ioExecutor");
      return this;
    }

    /**
     * Calls listeners on {@code callbackExecutor}, one call at a time for messages and one for all
     * else; the I/O executor by default. By default, too, the thread that reads a message may give
     * it, and if that takes longer than some 20 ms, another thread of the I/O executor reads on.
     */
    public Builder callbackExecutor(Executor callbackExecutor) {
      this.callbackExecutor = requireNonNull(callbackExecutor, "callbackExecutor");
      return this;
    }

    /**
     * Returns a connection that is {@link ConnectionState.Idle}.
     *
     * @throws IllegalStateException if both {@link #requests} and {@link #asyncRequests} are set
     */
    public ManagedConnection build() {
      Executor io = ioExecutor != null ? ioExecutor : SharedThreads.io();
      return new ConnectionDriver(
          new Settings(
              request.uri(),
              new Settings.Requests(requestSupplier(), requestTimeout, endpoints),
              transports != null ? transports : WebSocketTransportFactory.create(),
              network,
              new Settings.Heartbeats(
                  heartbeat,
                  backgroundHeartbeat != null ? backgroundHeartbeat : heartbeat,
                  makeBeforeBreak),
              backoff,
              retry,
              classifier,
              new Settings.Queue(
                  maxQueuedMessages,
                  maxQueuedBytes,
                  maxMessageBytes,
                  overflow,
                  resendLimit,
                  barrierSpacing),
              sendQueue,
              protocol == Protocol.PLAIN ? null : protocol,
              new Settings.Inbound(maxInboundMessages, maxInboundBytes),
              new Settings.Deadlines(
                  attemptTimeout,
                  provenAfter,
                  confirmTimeout,
                  writeStall,
                  closeTimeout,
                  stallLimit,
                  readyTimeout,
                  tellOutageAfter,
                  giveUpAfter),
              historyEntries,
              clock != null ? clock : SystemClock.INSTANCE,
              random != null ? random : new Random(),
              io,
              callbackExecutor != null ? callbackExecutor : io));
    }

    // Copies of fields, or each connection would hold its builder.
    private AsyncRequestSupplier requestSupplier() {
      ConnectRequest same = request;
      RequestSupplier blocking = requests;
      AsyncRequestSupplier async = asyncRequests;
      if (blocking != null && async != null) {
        throw new IllegalStateException("requests and asyncRequests must not both be set");
      }
      if (async != null) return async;
      if (blocking == null) return context -> CompletableFuture.completedFuture(same);
      return context -> CompletableFuture.completedFuture(blocking.get(context));
    }
  }
}
