/**
 * The default transport: RFC 6455 framing and RFC 7692 compression over a socket that OkHttp
 * opened. Start with {@link io.holdfast.websocket.WebSocketTransportFactory}.
 */
@NullMarked
package io.holdfast.websocket;

import org.jspecify.annotations.NullMarked;
