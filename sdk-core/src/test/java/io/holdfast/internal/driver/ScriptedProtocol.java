package io.holdfast.internal.driver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.holdfast.ConnectionException;
import io.holdfast.Message;
import io.holdfast.protocol.Guarantee;
import io.holdfast.protocol.Outgoing;
import io.holdfast.protocol.Protocol;
import io.holdfast.protocol.ProtocolContext;
import io.holdfast.transport.Handshake;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A protocol that writes down its calls and does what a test says. */
final class ScriptedProtocol implements Protocol {
  final List<String> calls = new ArrayList<>();
  List<String> subprotocols = List.of();
  Guarantee guarantee = Guarantee.AT_LEAST_ONCE;
  BiConsumer<ProtocolContext, byte @Nullable []> onBegun = (context, state) -> {};
  BiConsumer<ProtocolContext, Handshake> onOpened = (context, handshake) -> context.ready();
  BiConsumer<ProtocolContext, String> onReceived =
      (context, text) -> context.deliver(Message.text(text));
  Consumer<ProtocolContext> onClosed = context -> {};
  private @Nullable ProtocolContext context;

  ProtocolContext context() {
    return requireNonNull(context);
  }

  @Override
  public List<String> subprotocols() {
    return subprotocols;
  }

  @Override
  public Guarantee guarantee() {
    return guarantee;
  }

  @Override
  public void begun(ProtocolContext context, byte @Nullable [] state) {
    this.context = context;
    calls.add("begun" + (state == null ? "" : " " + new String(state, UTF_8)));
    onBegun.accept(context, state);
  }

  @Override
  public void opened(ProtocolContext context, Handshake handshake) {
    calls.add("opened");
    onOpened.accept(context, handshake);
  }

  @Override
  public Message encode(ProtocolContext context, Outgoing outgoing) {
    String text = ((Message.Text) outgoing.message()).text();
    if (text.startsWith("bad")) throw new IllegalStateException("cannot encode " + text);
    String again = outgoing.mayHaveArrived() ? " again" : "";
    return Message.text(outgoing.id() + "/" + outgoing.sequence() + " " + text + again);
  }

  @Override
  public void received(ProtocolContext context, Message message) {
    onReceived.accept(context, ((Message.Text) message).text());
  }

  @Override
  public void consumed(ProtocolContext context, long upTo) {
    calls.add("consumed " + upTo);
  }

  @Override
  public void lost(ProtocolContext context, ConnectionException cause) {
    calls.add("lost");
  }

  @Override
  public void closed(ProtocolContext context) {
    calls.add("closed");
    onClosed.accept(context);
  }
}
