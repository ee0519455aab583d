/**
 * A fault proxy and scripted WebSocket servers, for testing WebSocket clients over real sockets.
 *
 * <p>Knows no client: it drives whatever speaks RFC 6455.
 */
module io.holdfast.testkit {
  requires transitive mockwebserver3;
  requires transitive okhttp3;
  requires static transitive org.jspecify;

  exports io.holdfast.testkit;
}
