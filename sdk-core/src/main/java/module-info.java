/** The managed connection: what an app types, its service interfaces and the default transport. */
module io.holdfast {
  requires transitive okhttp3;
  requires okio;
  requires kotlin.stdlib;
  requires io.github.resilience4j.retry;
  requires io.github.resilience4j.core;
  requires org.slf4j;
  requires static transitive org.jspecify;

  exports io.holdfast;
  exports io.holdfast.network;
  exports io.holdfast.protocol;
  exports io.holdfast.queue;
  exports io.holdfast.transport;
  exports io.holdfast.websocket;
}
