package io.holdfast.simulation;

import io.holdfast.ConnectionException;
import io.holdfast.Message;
import io.holdfast.ReconnectHint;
import io.holdfast.protocol.Guarantee;
import io.holdfast.protocol.Outgoing;
import io.holdfast.protocol.Protocol;
import io.holdfast.protocol.ProtocolContext;
import io.holdfast.transport.Handshake;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A protocol that cannot encode some messages, and is asked by its peer to move. */
final class Mumbling implements Protocol {
  private final Protocol protocol;
  private final Speech speech;
  private @Nullable ProtocolContext context;
  private int unspoken;

  Mumbling(Protocol protocol, Speech speech) {
    this.protocol = protocol;
    this.speech = speech;
  }

  @Override
  public Message encode(ProtocolContext context, Outgoing outgoing) {
    long number = outgoing.message().payload().getLong();
    if (speech.isUnspeakable(number)) {
      unspoken++;
      throw new IllegalArgumentException("no word for " + number);
    }
    return protocol.encode(context, outgoing);
  }

  /** Returns for how many messages it had no words. */
  int unspoken() {
    return unspoken;
  }

  @Override
  public List<String> subprotocols() {
    return protocol.subprotocols();
  }

  @Override
  public Guarantee guarantee() {
    return protocol.guarantee();
  }

  @Override
  public void begun(ProtocolContext context, byte @Nullable [] state) {
    this.context = context;
    protocol.begun(context, state);
  }

  /** The peer asks for another transport; {@code before} is told as it does. */
  void askToReconnect(ReconnectHint hint, Runnable before) {
    ProtocolContext begun = context;
    if (begun == null) return;
    begun.execute(
        () -> {
          before.run();
          begun.reconnect("moving", hint);
        });
  }

  @Override
  public void opened(ProtocolContext context, Handshake handshake) {
    protocol.opened(context, handshake);
  }

  @Override
  public void received(ProtocolContext context, Message message) {
    protocol.received(context, message);
  }

  @Override
  public void consumed(ProtocolContext context, long upTo) {
    protocol.consumed(context, upTo);
  }

  @Override
  public void lost(ProtocolContext context, ConnectionException cause) {
    protocol.lost(context, cause);
  }

  @Override
  public void closed(ProtocolContext context) {
    protocol.closed(context);
  }
}
