package io.holdfast.websocket;

import io.holdfast.ConnectRequest;
import io.holdfast.ConnectionException.HandshakeRejected;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import okhttp3.Headers;
import okhttp3.Response;
import okio.BufferedSource;

/** What is told of an answer that is not adopted. */
final class Rejections {
  private static final int BODY_BYTES = 4096;

  private Rejections() {}

  static HandshakeRejected of(Response answer, String rule, String body) {
    return new HandshakeRejected(
        "handshake rejected: " + rule, answer.code(), headers(answer.headers()), body);
  }

  /** Returns what comes of the body, up to its bound, before its end or a failure. */
  static String beginningOfBody(Response answer) {
    BufferedSource body = answer.body().source();
    try {
      body.request(BODY_BYTES);
    } catch (IOException e) {
      // The status tells more than this.
    }
    return body.getBuffer().snapshot((int) Math.min(BODY_BYTES, body.getBuffer().size())).utf8();
  }

  private static List<ConnectRequest.Header> headers(Headers answered) {
    List<ConnectRequest.Header> told = new ArrayList<>();
    for (int i = 0; i < answered.size(); i++) {
      try {
        told.add(new ConnectRequest.Header(answered.name(i), answered.value(i)));
      } catch (IllegalArgumentException e) {
        // One of the handshake's own, or not well formed.
      }
    }
    return told;
  }
}
