package io.holdfast.internal;

import static java.util.stream.Collectors.toList;

import io.github.resilience4j.retry.Retry;
import io.holdfast.AsyncRequestSupplier;
import io.holdfast.Backoff;
import io.holdfast.Clock;
import io.holdfast.Endpoints;
import io.holdfast.FailureClassifier;
import io.holdfast.Heartbeat;
import io.holdfast.LifeSign;
import io.holdfast.Overflow;
import io.holdfast.network.NetworkMonitor;
import io.holdfast.protocol.Protocol;
import io.holdfast.queue.SendQueue;
import io.holdfast.transport.TransportFactory;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the builder was told, checked.
 *
 * @param uri what {@code url()} says before the first attempt
 * @param retry the app's own, or null for our policy
 * @param classifier the app's own, or null for our table
 * @param protocol null for the plain one
 * @param historyEntries how many things that happened are remembered; 0 for none
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
    int historyEntries,
    Clock clock,
    Random random,
    Executor io,
    Executor callbacks) {

  /**
   * When the peer is asked for a sign of life, and whether a second transport is opened beside one
   * that is late.
   */
  public record Heartbeats(Heartbeat foreground, Heartbeat background, boolean makeBeforeBreak) {
    /** Returns what is asked with a message; the same question once. */
    public List<LifeSign.Answer> questions() {
      return Stream.of(foreground.sign(), background.sign())
          .filter(LifeSign.Answer.class::isInstance)
          .map(LifeSign.Answer.class::cast)
          .distinct()
          .collect(toList());
    }
  }

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
