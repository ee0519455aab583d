package io.holdfast.internal.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.Assurance;
import io.holdfast.ConnectionState.Connecting;
import io.holdfast.ConnectionState.Open;
import io.holdfast.Delivery;
import io.holdfast.Fate;
import io.holdfast.Message;
import io.holdfast.MessageDemand;
import io.holdfast.SendOptions;
import io.holdfast.protocol.Guarantee;
import io.holdfast.protocol.Outgoing;
import io.holdfast.protocol.Protocol;
import io.holdfast.protocol.ProtocolContext;
import io.holdfast.transport.Handshake;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** That graphql-transport-ws can be spoken: its handshake, operations, pings, and their replay. */
class GraphqlTest {
  private static final SendOptions ACKNOWLEDGED =
      SendOptions.DEFAULT.withAssurance(Assurance.ACKNOWLEDGED);

  private final VirtualConnection world =
      new VirtualConnection(builder -> builder.protocol(new Graphql()));
  private final List<String> received = new ArrayList<>();

  /**
   * A message of the app is an operation. Its first answer acknowledges it; one that goes on is
   * begun again with each transport. A program would read JSON with a library.
   */
  private static final class Graphql implements Protocol {
    private static final Pattern TYPE = Pattern.compile("\"type\":\"(\\w+)\"");
    private static final Pattern ID = Pattern.compile("\"id\":\"(\\d+)\"");

    private final TreeMap<Long, String> running = new TreeMap<>();

    @Override
    public Guarantee guarantee() {
      return Guarantee.AT_LEAST_ONCE;
    }

    @Override
    public void opened(ProtocolContext context, Handshake handshake) {
      context.send(Message.text("{\"type\":\"connection_init\"}"));
    }

    @Override
    public Message encode(ProtocolContext context, Outgoing outgoing) {
      return subscribe(outgoing.id(), ((Message.Text) outgoing.message()).text());
    }

    private static Message subscribe(long id, String query) {
      return Message.text(
          "{\"id\":\"" + id + "\",\"type\":\"subscribe\",\"payload\":" + query + "}");
    }

    @Override
    public void received(ProtocolContext context, Message message) {
      String text = ((Message.Text) message).text();
      switch (found(TYPE, text)) {
        case "connection_ack" -> {
          context.step("acknowledged");
          running.forEach((id, query) -> context.send(subscribe(id, query)));
          context.ready();
        }
        case "ping" -> context.send(Message.text("{\"type\":\"pong\"}"));
        case "pong" -> {}
        case "next" -> {
          running.put(Long.valueOf(found(ID, text)), "{}");
          context.acknowledge(Long.parseLong(found(ID, text)), message);
          context.deliver(message);
        }
        case "complete" -> {
          running.remove(Long.valueOf(found(ID, text)));
          context.acknowledge(Long.parseLong(found(ID, text)), message);
        }
        case "error" -> {
          running.remove(Long.valueOf(found(ID, text)));
          context.refuse(Long.parseLong(found(ID, text)), text);
        }
        default -> context.failForGood("type must be known but was in " + text);
      }
    }

    private static String found(Pattern pattern, String text) {
      Matcher matcher = pattern.matcher(text);
      if (!matcher.find()) throw new IllegalArgumentException("no " + pattern + " in " + text);
      return matcher.group(1);
    }
  }

  private void receive(String text) {
    world.transport().receive(Message.text(text));
    world.clock.run();
  }

  private void openAcknowledged() {
    world.open();
    receive("{\"type\":\"connection_ack\"}");
  }

  @Test
  void anOperationIsAcknowledgedByItsFirstAnswer() {
    world
        .connection
        .receive(message -> received.add(((Message.Text) message).text()))
        .request(MessageDemand.UNBOUNDED);
    Delivery delivery = world.connection.send(Message.text("{\"query\":\"q\"}"), ACKNOWLEDGED);
    world.open();
    assertThat(world.connection.state()).isInstanceOf(Connecting.class);
    assertThat(world.transport().texts()).containsExactly("{\"type\":\"connection_init\"}");

    receive("{\"type\":\"connection_ack\"}");
    assertThat(world.transport().texts())
        .last()
        .isEqualTo("{\"id\":\"1\",\"type\":\"subscribe\",\"payload\":{\"query\":\"q\"}}");
    String next = "{\"id\":\"1\",\"type\":\"next\",\"payload\":{\"data\":1}}";
    receive(next);

    assertThat(delivery.fate()).isEqualTo(new Fate.Acknowledged(Message.text(next)));
    assertThat(received).containsExactly(next);
    world.close();
  }

  @Test
  void anErrorRefusesItsOperationAndAPingIsAnswered() {
    openAcknowledged();
    Delivery delivery = world.connection.send(Message.text("{}"), ACKNOWLEDGED);
    world.clock.run();
    receive("{\"type\":\"ping\"}");
    String error = "{\"id\":\"1\",\"type\":\"error\",\"payload\":[]}";
    receive(error);

    assertThat(world.transport().texts()).last().isEqualTo("{\"type\":\"pong\"}");
    assertThat(delivery.fate()).isEqualTo(new Fate.Refused(error));
    world.close();
  }

  @Test
  void whatGoesOnIsBegunAgainWithTheNextTransport() {
    openAcknowledged();
    world.connection.send(Message.text("{}"), ACKNOWLEDGED);
    world.clock.run();
    receive("{\"id\":\"1\",\"type\":\"next\",\"payload\":{}}");
    world.failAndReconnect(world.reset);
    world.accept();
    receive("{\"type\":\"connection_ack\"}");

    assertThat(world.connection.state()).isInstanceOf(Open.class);
    assertThat(world.transport().texts())
        .containsExactly(
            "{\"type\":\"connection_init\"}",
            "{\"id\":\"1\",\"type\":\"subscribe\",\"payload\":{}}");
    world.close();
  }
}
