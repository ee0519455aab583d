package io.holdfast.benchmarks.subject;

import java.net.URI;

/** What is compared. */
public enum Subject {
  /** The whole managed connection: queue, deliveries and confirmation. */
  MANAGED("Holdfast"),
  /** The transport alone, which pulls from the plainest queue. */
  TRANSPORT("its transport alone"),
  /** OkHttp's own WebSocket. */
  OKHTTP("OkHttp"),
  /** The library nv-websocket-client. */
  NV("nv-websocket-client"),
  /** The library Java-WebSocket. */
  JAVA_WEBSOCKET("Java-WebSocket"),
  /** The JDK's {@code java.net.http.WebSocket}. */
  JDK("java.net.http"),
  /** The reference for the limit: a codec and an event loop, with flushes consolidated. */
  NETTY("Netty");

  private final String label;

  Subject(String label) {
    this.label = label;
  }

  /** Returns its name in tables. */
  public String label() {
    return label;
  }

  /** Returns whether it is another's client library: neither ours nor the reference. */
  public boolean isPeer() {
    return this != MANAGED && this != TRANSPORT && this != NETTY;
  }

  /** Opens a connection to {@code uri} and waits until it is open. */
  public Connection connect(URI uri, Arrivals arrivals) throws Exception {
    return switch (this) {
      case MANAGED -> Managed.connect(uri, arrivals);
      case TRANSPORT -> BareTransport.connect(uri, arrivals);
      case OKHTTP -> OkHttp.connect(uri, arrivals);
      case NV -> Nv.connect(uri, arrivals);
      case JAVA_WEBSOCKET -> JavaWebSocket.connect(uri, arrivals);
      case JDK -> JdkHttp.connect(uri, arrivals);
      case NETTY -> NettyReference.connect(uri, arrivals);
    };
  }
}
