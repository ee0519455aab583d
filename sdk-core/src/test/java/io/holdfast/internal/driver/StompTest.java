package io.holdfast.internal.driver;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.Assurance;
import io.holdfast.ConnectionEvent.ReadyStepReached;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.ProtocolFailed;
import io.holdfast.ConnectionState.Connecting;
import io.holdfast.ConnectionState.Open;
import io.holdfast.ConnectionState.Waiting;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** That STOMP 1.2 can be spoken: CONNECT, subscriptions replayed, receipts, heart-beats. */
class StompTest {
  private static final SendOptions ACKNOWLEDGED =
      SendOptions.DEFAULT.withAssurance(Assurance.ACKNOWLEDGED);

  private final Stomp stomp = new Stomp();
  private final VirtualConnection world = new VirtualConnection(builder -> builder.protocol(stomp));
  private final List<String> received = new ArrayList<>();

  /** Enough of STOMP 1.2 to be useful. */
  private static final class Stomp implements Protocol {
    private static final long OUR_HEART_BEAT_MILLIS = 4_000;

    private final Map<String, String> destinations = new LinkedHashMap<>();
    private @Nullable ProtocolContext context;
    private boolean connected;
    private boolean heard;

    @Override
    public List<String> subprotocols() {
      return List.of();
    }

    @Override
    public Guarantee guarantee() {
      return Guarantee.AT_LEAST_ONCE;
    }

    @Override
    public void begun(ProtocolContext context, byte @Nullable [] state) {
      this.context = context;
    }

    /** For the app, from any thread. */
    void subscribe(String id, String destination) {
      ProtocolContext context = requireNonNull(this.context);
      context.execute(
          () -> {
            destinations.put(id, destination);
            if (connected) context.send(subscription(id, destination));
          });
    }

    @Override
    public void opened(ProtocolContext context, Handshake handshake) {
      context.send(
          Message.text(
              "CONNECT\naccept-version:1.2\nhost:localhost\nheart-beat:"
                  + OUR_HEART_BEAT_MILLIS
                  + ",5000\n\n\0"));
    }

    @Override
    public Message encode(ProtocolContext context, Outgoing outgoing) {
      String destination = outgoing.options().metadata().getOrDefault("destination", "/all");
      String body = ((Message.Text) outgoing.message()).text();
      return Message.text(
          "SEND\ndestination:" + destination + "\nreceipt:" + outgoing.id() + "\n\n" + body + "\0");
    }

    @Override
    public void received(ProtocolContext context, Message message) {
      heard = true;
      String frame = ((Message.Text) message).text();
      if (frame.equals("\n")) return;
      String command = frame.substring(0, frame.indexOf('\n'));
      switch (command) {
        case "CONNECTED" -> onConnected(context, frame);
        case "RECEIPT" -> context.acknowledge(Long.parseLong(header(frame, "receipt-id")), null);
        case "MESSAGE" -> context.deliver(Message.text(body(frame)));
        case "ERROR" -> context.fail(header(frame, "message"));
        default -> throw new IllegalArgumentException("command must be known but was " + command);
      }
    }

    private void onConnected(ProtocolContext context, String frame) {
      connected = true;
      context.step("connected");
      destinations.forEach((id, destination) -> context.send(subscription(id, destination)));
      String[] beats = header(frame, "heart-beat").split(",", -1);
      long theirs = Long.parseLong(beats[0]);
      if (theirs > 0) expect(context, Duration.ofMillis(2 * theirs));
      long wanted = Math.max(OUR_HEART_BEAT_MILLIS, Long.parseLong(beats[1]));
      beat(context, Duration.ofMillis(wanted));
      context.ready();
    }

    private void beat(ProtocolContext context, Duration interval) {
      context.schedule(
          interval,
          () -> {
            context.send(Message.text("\n"));
            beat(context, interval);
          });
    }

    private void expect(ProtocolContext context, Duration within) {
      heard = false;
      context.schedule(
          within,
          () -> {
            if (heard) expect(context, within);
            else context.fail("no heart-beat within " + within);
          });
    }

    @Override
    public void lost(ProtocolContext context, ConnectionException cause) {
      connected = false;
    }

    private static Message subscription(String id, String destination) {
      return Message.text("SUBSCRIBE\nid:" + id + "\ndestination:" + destination + "\n\n\0");
    }

    private static String header(String frame, String name) {
      for (String line : frame.substring(0, frame.indexOf("\n\n")).split("\n", -1)) {
        if (line.startsWith(name + ":")) return line.substring(name.length() + 1);
      }
      return "0,0";
    }

    private static String body(String frame) {
      return frame.substring(frame.indexOf("\n\n") + 2, frame.indexOf('\0'));
    }
  }

  private void receive(String frame) {
    world.transport().receive(Message.text(frame));
    world.clock.run();
  }

  @Test
  void aSessionFromConnectToReceipt() {
    world
        .connection
        .receive(message -> received.add(((Message.Text) message).text()))
        .request(MessageDemand.UNBOUNDED);
    stomp.subscribe("s1", "/prices");
    Delivery delivery = world.connection.send(Message.text("buy"), ACKNOWLEDGED);
    world.open();
    assertThat(world.connection.state()).isInstanceOf(Connecting.class);

    receive("CONNECTED\nversion:1.2\nheart-beat:0,0\n\n\0");
    assertThat(world.connection.state()).isInstanceOf(Open.class);
    assertThat(world.told.events()).contains(new ReadyStepReached(1, "connected"));
    assertThat(world.transport().texts())
        .containsExactly(
            "CONNECT\naccept-version:1.2\nhost:localhost\nheart-beat:4000,5000\n\n\0",
            "SUBSCRIBE\nid:s1\ndestination:/prices\n\n\0",
            "SEND\ndestination:/all\nreceipt:1\n\nbuy\0");
    receive("MESSAGE\nsubscription:s1\nmessage-id:7\n\n42\0");
    receive("RECEIPT\nreceipt-id:1\n\n\0");

    assertThat(received).containsExactly("42");
    assertThat(delivery.fate()).isEqualTo(new Fate.Acknowledged(null));
    world.close();
  }

  @Test
  void subscriptionsAreReplayedAndUnreceiptedMessagesFollowThem() {
    world.open();
    receive("CONNECTED\nversion:1.2\n\n\0");
    stomp.subscribe("s1", "/prices");
    world.connection.send(Message.text("buy"), ACKNOWLEDGED);
    world.clock.run();
    world.failAndReconnect(world.reset);
    world.accept();
    receive("CONNECTED\nversion:1.2\n\n\0");

    assertThat(world.transport().texts().subList(1, 3))
        .containsExactly(
            "SUBSCRIBE\nid:s1\ndestination:/prices\n\n\0",
            "SEND\ndestination:/all\nreceipt:1\n\nbuy\0");
    world.close();
  }

  @Test
  void heartBeatsAreSentAndMissed() {
    world.open();
    receive("CONNECTED\nversion:1.2\nheart-beat:3000,2000\n\n\0");
    world.advance(Duration.ofSeconds(4));
    assertThat(world.transport().texts()).last().isEqualTo("\n");
    receive("\n");
    world.advance(Duration.ofSeconds(2));
    assertThat(world.connection.state()).isInstanceOf(Open.class);

    world.advance(Duration.ofSeconds(6));

    assertThat(world.connection.state())
        .isInstanceOfSatisfying(
            Waiting.class,
            waiting ->
                assertThat(waiting.cause())
                    .isInstanceOf(ProtocolFailed.class)
                    .hasMessage("no heart-beat within PT6S"));
    world.close();
  }

  @Test
  void anErrorIsAFailure() {
    world.open();
    receive("ERROR\nmessage:bad login\n\n\0");

    assertThat(world.connection.state())
        .isInstanceOfSatisfying(
            Waiting.class, waiting -> assertThat(waiting.cause()).hasMessage("bad login"));
    world.close();
  }
}
