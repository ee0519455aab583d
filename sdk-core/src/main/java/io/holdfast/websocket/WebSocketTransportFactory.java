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
  private static final InboundLimits DEFAULT_LIMITS = new InboundLimits(16 * 1024 * 1024, 16_384);

  private final Supplier<OkHttpClient> okHttp;
  private final InboundLimits limits;

  private WebSocketTransportFactory(Supplier<OkHttpClient> okHttp, InboundLimits limits) {
    this.okHttp = okHttp;
    this.limits = limits;
  }

  /**
   * With default limits and a client that all such factories share, made when it is first needed.
   */
  public static WebSocketTransportFactory create() {
    return new WebSocketTransportFactory(() -> Shared.CLIENT, DEFAULT_LIMITS);
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
    return new WebSocketTransport(okHttp, limits, requireNonNull(io), requireNonNull(clock));
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
    private int maxMessageBytes = DEFAULT_LIMITS.messageBytes();
    private int maxFragments = DEFAULT_LIMITS.fragments();

    private Builder(OkHttpClient client) {
      this.client = requireNonNull(client, "client");
    }

    /**
     * Limits the size of an inbound message, in bytes; 16 MiB by default. A peer that announces
     * more is told 1009 (RFC 6455 section 7.4.1) before any memory is spent on it, and the
     * transport ends with {@link io.holdfast.ConnectionException.MessageTooLarge}.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Builder maxMessageBytes(int maxMessageBytes) {
      this.maxMessageBytes = positive("maxMessageBytes", maxMessageBytes);
      return this;
    }

    /**
     * Limits the fragments of an inbound message; 16,384 by default. More are answered as a message
     * that is too large.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Builder maxFragments(int maxFragments) {
      this.maxFragments = positive("maxFragments", maxFragments);
      return this;
    }

    /** Returns the factory. */
    public WebSocketTransportFactory build() {
      OkHttpClient attempts = forAttempts(client);
      return new WebSocketTransportFactory(
          () -> attempts, new InboundLimits(maxMessageBytes, maxFragments));
    }

    private static int positive(String name, int value) {
      if (value > 0) return value;
      throw new IllegalArgumentException(name + " must be positive but was " + value);
    }
  }
}
