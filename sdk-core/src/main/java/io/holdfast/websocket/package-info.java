/**
 * The default transport: RFC 6455 framing over a socket that OkHttp opened. Start with {@link
 * io.holdfast.websocket.WebSocketTransportFactory}.
 */
@NullMarked
package io.holdfast.websocket;

import org.jspecify.annotations.NullMarked;
