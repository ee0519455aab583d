package io.holdfast.internal;

import io.github.resilience4j.retry.Retry;
import io.holdfast.AsyncRequestSupplier;
import io.holdfast.Backoff;
import io.holdfast.Clock;
import io.holdfast.Endpoints;
import io.holdfast.FailureClassifier;
import io.holdfast.Heartbeat;
import io.holdfast.Overflow;
import io.holdfast.network.NetworkMonitor;
import io.holdfast.protocol.Protocol;
import io.holdfast.queue.SendQueue;
import io.holdfast.transport.TransportFactory;
import java.net.URI;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What the builder was told, checked.
 *
 * @param uri what {@code url()} says before the first attempt
 * @param retry the app's own, or null for our policy
 * @param classifier the app's own, or null for our table
 * @param protocol null for the plain one
 * @param store keeps the outbox's messages; null if they live as long as the connection
 */
public record Settings(
    URI uri,
    Requests requests,
    TransportFactory transports,
    NetworkMonitor network,
    Heartbeats heartbeats,
    Backoff backoff,
    @Nullable Retry retry,
    @Nullable FailureClassifier classifier,
    Queue queue,
    @Nullable SendQueue store,
    @Nullable Protocol protocol,
    Inbound inbound,
    Deadlines deadlines,
    Clock clock,
    Random random,
    Executor io,
    Executor callbacks) {

  /**
   * When the peer is asked for a sign of life, and whether a second transport is opened beside one
   * that is late.
   */
  public record Heartbeats(Heartbeat foreground, Heartbeat background, boolean makeBeforeBreak) {}

  /**
   * Where the request of an attempt comes from, and in what time.
   *
   * @param endpoints null if the request alone says where to
   */
  public record Requests(
      AsyncRequestSupplier supplier, Duration timeout, @Nullable Endpoints endpoints) {}

  /** Bounds of the outbox and rules of the barrier. */
  public record Queue(
      int maxMessages,
      long maxBytes,
      int maxMessageBytes,
      Overflow overflow,
      int resendLimit,
      Duration barrierSpacing) {}

  /** Bounds of the inbound channel. */
  public record Inbound(int maxMessages, long maxBytes) {}

  /** How long each thing may take; a stall limit, outage notice or limit of zero is none. */
  public record Deadlines(
      Duration attempt,
      Duration proof,
      Duration confirm,
      Duration writeStall,
      Duration close,
      Duration stallLimit,
      Duration ready,
      Duration outageNotice,
      Duration outageLimit) {}
}
