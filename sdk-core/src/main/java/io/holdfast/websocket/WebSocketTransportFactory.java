package io.holdfast.websocket;

import io.holdfast.Clock;
import io.holdfast.transport.Transport;
import io.holdfast.transport.TransportFactory;
import java.util.concurrent.Executor;
import okhttp3.OkHttpClient;

/** Makes transports that frame RFC 6455 over sockets which an {@link OkHttpClient} opens. */
public final class WebSocketTransportFactory implements TransportFactory {
  private WebSocketTransportFactory() {}

  /** With a client of its own. */
  public static WebSocketTransportFactory create() {
    return new WebSocketTransportFactory();
  }

  @Override
  public Transport newTransport(Executor io, Clock clock) {
    throw new UnsupportedOperationException();
  }
}
