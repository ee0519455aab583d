package io.holdfast.websocket;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.MINUTES;

import io.holdfast.Clock;
import io.holdfast.transport.Transport;
import io.holdfast.transport.TransportFactory;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;

/**
 * Makes transports that frame RFC 6455 over streams which an {@link OkHttpClient} opens. Safe for
 * use by several threads and several connections.
 *
 * <p>The client is the app's, with all that it knows of DNS, TLS, pinning, proxies, cookies,
 * authenticators, interceptors and connect timeouts. Open WebSockets take none of its dispatcher's
 * slots and none of its connection pool, its read, write and call timeouts end with the handshake,
 * its network interceptors are left out, and it is never shut down from here. Redirects are
 * followed to the same scheme, host and port only.
 */
public final class WebSocketTransportFactory implements TransportFactory {
  private final Supplier<OkHttpClient> okHttp;
  private final TransportOptions options;

  private WebSocketTransportFactory(Supplier<OkHttpClient> okHttp, TransportOptions options) {
    this.okHttp = okHttp;
    this.options = options;
  }

  /**
   * With default limits and a client that all such factories share, made when it is first needed.
   */
  public static WebSocketTransportFactory create() {
    return new WebSocketTransportFactory(() -> Shared.CLIENT, TransportOptions.DEFAULT);
  }

  /** With default limits and the app's client. */
  public static WebSocketTransportFactory create(OkHttpClient client) {
    return builder(client).build();
  }

  /** Returns a builder for the app's client. */
  public static Builder builder(OkHttpClient client) {
    return new Builder(client);
  }

  @Override
  public Transport newTransport(Executor io, Clock clock) {
    return new WebSocketTransport(okHttp, options, requireNonNull(io), requireNonNull(clock));
  }

  static OkHttpClient forAttempts(OkHttpClient apps) {
    OkHttpClient.Builder builder = apps.newBuilder();
    builder.networkInterceptors().clear();
    return builder
        .protocols(List.of(Protocol.HTTP_1_1))
        // It keeps no idle connection. While one is in use OkHttp looks at the pool once in each
        // keep-alive duration, so that a short one would burn a core.
        .connectionPool(new ConnectionPool(0, 5, MINUTES))
        .cache(null)
        .followSslRedirects(false)
        .build();
  }

  /** Made on an I/O thread, for it reads the trust store. */
  private static final class Shared {
    static final OkHttpClient CLIENT = forAttempts(new OkHttpClient());
  }

  /** Builds a {@link WebSocketTransportFactory}. Not safe for use by several threads. */
  public static final class Builder {
    private final OkHttpClient client;
    private int maxMessageBytes = InboundLimits.DEFAULT.messageBytes();
    private int maxFragments = InboundLimits.DEFAULT.fragments();
    private int maxControlFrames = InboundLimits.DEFAULT.controlFrames();
    private int maxHeaderBytes = InboundLimits.DEFAULT.headerBytes();
    private int fragmentBytes = TransportOptions.DEFAULT.fragmentBytes();
    private Compression compression = Compression.DEFAULT;

    private Builder(OkHttpClient client) {
      this.client = requireNonNull(client, "client");
    }

    /**
     * Limits the size of an inbound message, in bytes, once it is inflated; 16 MiB by default. A
     * peer that announces more is told 1009 (RFC 6455 section 7.4.1) before any memory is spent on
     * it, one whose message inflates to more as soon as it does, and the transport ends with {@link
     * io.holdfast.ConnectionException.MessageTooLarge}.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Builder maxMessageBytes(int maxMessageBytes) {
      this.maxMessageBytes = positive("maxMessageBytes", maxMessageBytes);
      return this;
    }

    /**
     * Limits the fragments of an inbound message; 16,384 by default. A peer that sends more is told
     * 1009, and the transport ends with {@link io.holdfast.ConnectionException.MessageTooLarge}.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Builder maxFragments(int maxFragments) {
      this.maxFragments = positive("maxFragments", maxFragments);
      return this;
    }

    /**
     * Limits how many pings the peer sends within a second, with pongs that answer no ping of ours
     * counted among them; 10,000 by default, since those of a long pause may come at once. A peer
     * that sends more is told 1008, and the transport ends with {@link
     * io.holdfast.ConnectionException.ProtocolViolated}. Whatever their number, only the latest
     * ping is answered (RFC 6455 section 5.5.3), and none is kept.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Builder maxControlFramesPerSecond(int maxControlFrames) {
      this.maxControlFrames = positive("maxControlFramesPerSecond", maxControlFrames);
      return this;
    }

    /**
     * Limits the size of the headers that answer the upgrade, in bytes; 64 KiB by default. More
     * fail the attempt with {@link io.holdfast.ConnectionException.HandshakeRejected}. OkHttp reads
     * 256 KiB at most, and fails it then with {@link
     * io.holdfast.ConnectionException.ConnectFailed}. The time of a handshake is limited by {@link
     * io.holdfast.ManagedConnection.Builder#attemptTimeout}.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Builder maxHandshakeHeaderBytes(int maxHeaderBytes) {
      this.maxHeaderBytes = positive("maxHandshakeHeaderBytes", maxHeaderBytes);
      return this;
    }

    /**
     * Sets above how many bytes of payload an outbound message is written in fragments, each of
     * this size but the last; 16 KiB by default. A ping, a pong and a Close wait for one fragment
     * at most. A peer that knows no fragments, against RFC 6455 section 5.4, needs {@link
     * Integer#MAX_VALUE}.
     *
     * @throws IllegalArgumentException if it is below 128
     */
    public Builder fragmentBytes(int fragmentBytes) {
      if (fragmentBytes < 128) {
        throw new IllegalArgumentException("fragmentBytes must be >= 128 but was " + fragmentBytes);
      }
      this.fragmentBytes = fragmentBytes;
      return this;
    }

    /**
     * Says how messages are compressed; {@link Compression#DEFAULT} by default, as browsers do:
     * permessage-deflate is offered, and messages of 1 KiB or more are compressed if the server
     * accepts it. {@link Compression#OFF} offers nothing.
     */
    public Builder compression(Compression compression) {
      this.compression = requireNonNull(compression, "compression");
      return this;
    }

    /** Returns the factory. */
    public WebSocketTransportFactory build() {
      OkHttpClient attempts = forAttempts(client);
      return new WebSocketTransportFactory(
          () -> attempts,
          new TransportOptions(
              new InboundLimits(maxMessageBytes, maxFragments, maxControlFrames, maxHeaderBytes),
              fragmentBytes,
              compression));
    }

    private static int positive(String name, int value) {
      if (value > 0) return value;
      throw new IllegalArgumentException(name + " must be positive but was " + value);
    }
  }
}
