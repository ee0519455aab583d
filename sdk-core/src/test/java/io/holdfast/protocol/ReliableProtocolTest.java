package io.holdfast.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.Assurance;
import io.holdfast.Backoff;
import io.holdfast.ConnectRequest;
import io.holdfast.ConnectTimeline;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.PeerClosed;
import io.holdfast.ConnectionException.StreamBroken;
import io.holdfast.ConnectionState;
import io.holdfast.ConnectionState.Closed;
import io.holdfast.ConnectionState.Open;
import io.holdfast.ConnectionState.Waiting;
import io.holdfast.Delivery;
import io.holdfast.Fate;
import io.holdfast.ManagedConnection;
import io.holdfast.Message;
import io.holdfast.MessageDemand;
import io.holdfast.SendOptions;
import io.holdfast.fixtures.VirtualClock;
import io.holdfast.queue.MemorySendQueue;
import io.holdfast.testkit.ReliableMessage;
import io.holdfast.testkit.ReliableSessions;
import io.holdfast.transport.Handshake;
import io.holdfast.transport.OutboundBatch;
import io.holdfast.transport.OutboundSource;
import io.holdfast.transport.Transport;
import io.holdfast.transport.TransportSink;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Consumer;
import okio.Buffer;
import okio.ByteString;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both halves of the protocol, in virtual time, over a path that a test cuts where it likes. */
class ReliableProtocolTest {
  private static final SendOptions ACKNOWLEDGED =
      SendOptions.DEFAULT.withAssurance(Assurance.ACKNOWLEDGED);
  private static final Duration RETRY = Duration.ofSeconds(1);
  // A delay of nothing would open the next transport before a test looks.
  private static final Random LONGEST =
      new Random(1) {
        @Override
        public double nextDouble() {
          return Math.nextDown(1.0);
        }
      };

  private final VirtualClock clock = new VirtualClock();
  private final ReliableSessions server = new ReliableSessions();
  private final List<String> done = new ArrayList<>();
  private final List<String> received = new ArrayList<>();
  private final MemorySendQueue queue = new MemorySendQueue(1 << 20);
  private final List<String> violations = new ArrayList<>();
  private long transports;
  private @Nullable Path newest;
  // What the path loses: everything to the server after so many messages, every answer.
  private int passToServer = Integer.MAX_VALUE;
  private boolean loseAnswers;
  private String subprotocol = ReliableSessions.SUBPROTOCOL;

  /** One transport and the server's end of it. */
  private final class Path implements Transport {
    private final long number = ++transports;
    private @Nullable OutboundSource source;
    private @Nullable TransportSink sink;
    private boolean open;
    private boolean reading;
    private final List<ByteString> unread = new ArrayList<>();

    @Override
    public void start(ConnectRequest request, OutboundSource source, TransportSink sink) {
      this.source = source;
      this.sink = sink;
      clock.executor().execute(this::accept);
    }

    private void accept() {
      open = true;
      reading = told().opened(new Handshake(subprotocol, "", ConnectTimeline.EMPTY));
      wake();
    }

    private TransportSink told() {
      return requireNonNull(sink);
    }

    @Override
    public void wake() {
      clock.executor().execute(this::write);
    }

    private void write() {
      OutboundBatch batch = new OutboundBatch();
      while (open && requireNonNull(source).take(batch, 1 << 16)) {
        List<Message> messages = List.copyOf(batch.messages());
        byte @Nullable [] ping = batch.ping();
        source.written(batch);
        batch.clear();
        messages.forEach(this::pass);
        if (ping != null && open) told().pong(ping);
      }
    }

    private void pass(Message message) {
      if (passToServer == 0) return;
      passToServer--;
      ReliableSessions.Step step = server.received(number, ByteString.of(message.payload()));
      step.done().forEach(one -> done.add(one.id() + " " + one.payload().utf8()));
      if (step.violation() != null) violations.add(step.violation());
      if (!loseAnswers) step.answers().forEach(this::answer);
    }

    void answer(ByteString bytes) {
      unread.add(bytes);
      clock.executor().execute(this::read);
    }

    private void read() {
      while (open && reading && !unread.isEmpty()) {
        told().bytesRead();
        reading = told().message(Message.wrap(unread.remove(0).toByteArray()));
        told().readEnded();
      }
    }

    void text(String text) {
      told().message(Message.text(text));
      told().readEnded();
    }

    @Override
    public void resumeReading() {
      reading = true;
      clock.executor().execute(this::read);
    }

    @Override
    public void close(int code, String reason) {
      end(new PeerClosed(code, reason));
    }

    @Override
    public void cancel() {
      open = false;
    }

    void cut() {
      end(new StreamBroken("reset", null));
      clock.run();
    }

    private void end(ConnectionException cause) {
      if (!open) return;
      open = false;
      server.ended(number);
      told().ended(cause, ConnectTimeline.EMPTY);
    }
  }

  private Path path() {
    return requireNonNull(newest);
  }

  private ManagedConnection connect(ReliableProtocol protocol) {
    return connect(protocol, builder -> {});
  }

  private ManagedConnection connect(
      ReliableProtocol protocol, Consumer<ManagedConnection.Builder> change) {
    ManagedConnection.Builder builder =
        ManagedConnection.builder(URI.create("ws://localhost/"))
            .transport((io, time) -> newest = new Path())
            .protocol(protocol)
            .sendQueue(queue)
            .backoff(new Backoff(RETRY, RETRY, Duration.ZERO))
            .random(LONGEST)
            .clock(clock)
            .ioExecutor(clock.executor());
    change.accept(builder);
    ManagedConnection connection = builder.build();
    connection.receive(message -> received.add(text(message))).request(MessageDemand.UNBOUNDED);
    connection.open();
    clock.run();
    return connection;
  }

  private static String text(Message message) {
    return message instanceof Message.Text text
        ? text.text()
        : "binary " + new String(((Message.Binary) message).toByteArray(), UTF_8);
  }

  private Delivery send(ManagedConnection connection, String text) {
    Delivery delivery = connection.send(Message.text(text), ACKNOWLEDGED);
    clock.run();
    return delivery;
  }

  private void push(String text) {
    server
        .push(new ReliableMessage(0, true, ByteString.encodeUtf8(text)))
        .forEach((transport, bytes) -> path().answer(bytes));
    clock.run();
  }

  private void close(ManagedConnection connection) {
    connection.close();
    clock.advance(Duration.ofSeconds(10));
    assertThat(connection.state()).isInstanceOf(Closed.class);
  }

  // ---- To the server

  @Test
  void messagesReachTheApplicationAndAreAcknowledged() {
    ManagedConnection connection = connect(ReliableProtocol.create());

    Delivery first = send(connection, "a");
    connection.send(Message.binary(new byte[] {'b'}), ACKNOWLEDGED);
    clock.run();

    assertThat(done).containsExactly("1 a", "2 b");
    assertThat(first.fate()).isEqualTo(new Fate.Acknowledged(null));
    assertThat(connection.queue().inFlight()).isZero();
    close(connection);
  }

  @Test
  void whatWasDoneWithThoughItsAcknowledgementWasLostIsNotSentAgain() {
    ManagedConnection connection = connect(ReliableProtocol.create());
    loseAnswers = true;
    Delivery first = send(connection, "a");
    Delivery second = send(connection, "b");
    loseAnswers = false;
    path().cut();
    Delivery third = send(connection, "c");
    clock.advance(RETRY);

    assertThat(done).containsExactly("1 a", "2 b", "3 c");
    assertThat(List.of(first, second, third))
        .allSatisfy(delivery -> assertThat(delivery.fate()).isEqualTo(new Fate.Acknowledged(null)));
    close(connection);
  }

  @Test
  void whatNeverArrivedIsSentAgainInOrder() {
    ManagedConnection connection = connect(ReliableProtocol.create());
    passToServer = 1;
    send(connection, "a");
    send(connection, "b");
    send(connection, "c");
    passToServer = Integer.MAX_VALUE;
    path().cut();
    clock.advance(RETRY);

    assertThat(done).containsExactly("1 a", "2 b", "3 c");
    assertThat(violations).isEmpty();
    close(connection);
  }

  @Test
  void aRestartOfTheProcessResumesTheSession() {
    ManagedConnection first = connect(ReliableProtocol.create());
    loseAnswers = true;
    send(first, "a");
    passToServer = 0;
    send(first, "b");
    close(first);
    loseAnswers = false;
    passToServer = Integer.MAX_VALUE;

    ManagedConnection second = connect(ReliableProtocol.create());
    send(second, "c");

    assertThat(done).containsExactly("1 a", "2 b", "3 c");
    assertThat(server.count()).isEqualTo(1);
    assertThat(violations).isEmpty();
    close(second);
  }

  @Test
  void aServerThatLostTheSessionGetsAgainWhatTheAppWants() {
    ManagedConnection connection =
        connect(
            ReliableProtocol.builder()
                .resendAfterLostSession(outgoing -> !outgoing.message().equals(Message.text("a")))
                .build());
    loseAnswers = true;
    Delivery first = send(connection, "a");
    Delivery second = send(connection, "b");
    loseAnswers = false;
    server.forget();
    path().cut();
    clock.advance(RETRY);

    assertThat(first.fate())
        .isInstanceOfSatisfying(
            Fate.InDoubt.class,
            doubt -> assertThat(doubt.reason()).isEqualTo(Fate.InDoubt.Reason.SESSION_LOST));
    assertThat(second.fate()).isEqualTo(new Fate.Acknowledged(null));
    assertThat(done).containsExactly("1 a", "2 b", "2 b");
    close(connection);
  }

  @Test
  void aRefusalIsTheMessagesFateAndTheOthersGoOn() {
    server.refuse(message -> message.payload().utf8().equals("a") ? "no a" : null);
    ManagedConnection connection = connect(ReliableProtocol.create());

    assertThat(send(connection, "a").fate()).isEqualTo(new Fate.Refused("no a"));
    assertThat(send(connection, "b").fate()).isEqualTo(new Fate.Acknowledged(null));
    assertThat(done).containsExactly("2 b");
    close(connection);
  }

  @Test
  void aRefusalThatWasLostIsToldWithTheNextTransport() {
    server.refuse(message -> message.payload().utf8().equals("a") ? "no a" : null);
    ManagedConnection connection = connect(ReliableProtocol.create());
    loseAnswers = true;
    Delivery refused = send(connection, "a");
    Delivery other = send(connection, "b");
    loseAnswers = false;
    path().cut();
    clock.advance(RETRY);

    assertThat(refused.fate()).isEqualTo(new Fate.Refused("no a"));
    assertThat(other.fate()).isEqualTo(new Fate.Acknowledged(null));
    close(connection);
  }

  @Test
  void aRefusalIsToldToTheNextLifeToo() {
    server.refuse(message -> "no");
    ManagedConnection first = connect(ReliableProtocol.create());
    loseAnswers = true;
    send(first, "a");
    close(first);
    loseAnswers = false;

    ManagedConnection second = connect(ReliableProtocol.create());

    assertThat(second.recovered().join())
        .singleElement()
        .satisfies(delivery -> assertThat(delivery.fate()).isEqualTo(new Fate.Refused("no")));
    close(second);
  }

  @Test
  void anObjectServesOneConnection() {
    ReliableProtocol protocol = ReliableProtocol.create();
    close(connect(protocol));

    ManagedConnection second = connect(protocol);

    assertThat(second.state())
        .isInstanceOfSatisfying(
            Closed.class,
            closed ->
                assertThat(closed.cause())
                    .hasMessageContaining("a reliable protocol must serve one connection"));
  }

  @Test
  void anAcknowledgementCountsThoughOlderMessagesOfALostSessionWait() {
    ManagedConnection connection = connect(ReliableProtocol.create());
    for (int i = 0; i < 5; i++) send(connection, "done");
    passToServer = 0;
    Delivery first = send(connection, "a");
    Delivery second = send(connection, "b");
    server.forget();
    // The hello, and one message.
    passToServer = 2;
    path().cut();
    clock.advance(RETRY);

    assertThat(first.fate()).isEqualTo(new Fate.Acknowledged(null));
    assertThat(second.fate()).isNull();
    close(connection);
  }

  @Test
  void aServerThatAcknowledgesNothingIsLeft() {
    ManagedConnection connection =
        connect(ReliableProtocol.builder().acknowledgeTimeout(Duration.ofSeconds(5)).build());
    loseAnswers = true;
    send(connection, "a");

    clock.advance(Duration.ofSeconds(5).minusNanos(1));
    assertThat(connection.state()).isInstanceOf(Open.class);
    clock.advance(Duration.ofNanos(1));

    assertThat(connection.state())
        .isInstanceOfSatisfying(
            Waiting.class,
            waiting -> assertThat(waiting.cause()).hasMessage("no acknowledgement within PT5S"));
    close(connection);
  }

  @Test
  void aServerThatAcknowledgesInTimeIsNotLeft() {
    ManagedConnection connection =
        connect(ReliableProtocol.builder().acknowledgeTimeout(Duration.ofSeconds(5)).build());
    for (int i = 0; i < 20; i++) {
      send(connection, "a");
      clock.advance(Duration.ofSeconds(1));
    }

    assertThat(connection.state()).isInstanceOfSatisfying(Open.class, open -> {});
    assertThat(transports).isEqualTo(1);
    close(connection);
  }

  // ---- From the server

  @Test
  void whatTheServerSendsComesOnceThroughALostTransport() {
    ManagedConnection connection = connect(ReliableProtocol.create());
    push("a");
    // It is lost on its way.
    server.push(new ReliableMessage(0, true, ByteString.encodeUtf8("b")));
    path().cut();
    clock.advance(RETRY);
    push("c");

    assertThat(received).containsExactly("a", "b", "c");
    close(connection);
  }

  @Test
  void whatWasAcknowledgedOnALostTransportIsAcknowledgedAgain() {
    UUID session = new UUID(1, 2);
    ManagedConnection connection =
        connect(ReliableProtocol.builder().sessions(() -> session).build());
    push("a");
    passToServer = 0;
    clock.advance(Duration.ofMillis(100));
    passToServer = Integer.MAX_VALUE;
    path().cut();
    clock.advance(RETRY.plusMillis(100));

    // One that has had nothing is told which is the first that is still there.
    Buffer hello = new Buffer().writeByte('H').writeLong(1).writeLong(2).writeLong(0);
    ByteString welcome = server.received(99, hello.readByteString()).answers().get(0);
    assertThat(welcome.asByteBuffer().getLong(18)).isEqualTo(2);
    close(connection);
  }

  @Test
  void whatTheAppHadBeforeARestartDoesNotComeAgain() {
    ManagedConnection first = connect(ReliableProtocol.create());
    push("a");
    clock.advance(Duration.ofMillis(100));
    close(first);
    server.push(new ReliableMessage(0, true, ByteString.encodeUtf8("b")));

    ManagedConnection second = connect(ReliableProtocol.create());

    assertThat(received).containsExactly("a", "b");
    close(second);
  }

  @Test
  void whatTheAppWasNotDoneWithBeforeARestartComesAgain() {
    ManagedConnection first =
        connect(ReliableProtocol.create(), builder -> builder.callbackExecutor(task -> {}));
    push("a");
    clock.advance(Duration.ofSeconds(1));
    first.close();
    clock.advance(Duration.ofSeconds(10));
    assertThat(received).isEmpty();

    ManagedConnection second = connect(ReliableProtocol.create());

    assertThat(received).containsExactly("a");
    close(second);
  }

  @Test
  void textIsTheAppsAsItIs() {
    ManagedConnection connection = connect(ReliableProtocol.create());
    path().text("outside");
    clock.run();

    assertThat(received).containsExactly("outside");
    close(connection);
  }

  @Test
  void aServerMayAskToReconnectOrEndIt() {
    ManagedConnection connection = connect(ReliableProtocol.create());
    path().answer(ReliableSessions.reconnect(7_000, "restart"));
    clock.run();
    assertThat(connection.state())
        .isInstanceOfSatisfying(
            Waiting.class, waiting -> assertThat(waiting.delay()).isEqualTo(Duration.ofSeconds(7)));
    clock.advance(Duration.ofSeconds(7));
    assertThat(connection.state()).isInstanceOf(Open.class);

    path().answer(ReliableSessions.fatal("banned"));
    clock.run();

    assertThat(connection.state())
        .isInstanceOfSatisfying(
            Closed.class, closed -> assertThat(closed.cause()).hasMessage("banned"));
  }

  // ---- What no server may say

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", // nothing
        "44", // data without anything
        "4454", // no sequence
        "44540000000000000002 0000000000000000", // a gap
        "44580000000000000001 0000000000000000", // no such kind
        "44540000000000000001 0000000000000000 ff", // no UTF-8
        "41000000000000", // too short
        "41ffffffffffffffff", // negative
        "410000000000000001", // nothing was sent
        "4e", // no id
        "57010000000000000000 0000000000000000 0000000000000001", // welcome again
        "5a" // no such type
      })
  void aRuleThatItBreaksEndsTheTransport(String hex) {
    ManagedConnection connection = connect(ReliableProtocol.create());
    assertThat(connection.state()).isInstanceOf(Open.class);
    path().answer(ByteString.decodeHex(hex.replace(" ", "")));
    clock.run();

    assertThat(connection.state()).isInstanceOf(Waiting.class);
    assertThat(received).isEmpty();
    close(connection);
  }

  @Test
  void nothingButAWelcomeComesFirst() {
    loseAnswers = true;
    ManagedConnection connection = connect(ReliableProtocol.create());
    assertThat(connection.state())
        .isEqualTo(new ConnectionState.Connecting(1, ConnectionState.Phase.READY));
    path().answer(new Buffer().writeByte('A').writeLong(1).readByteString());
    clock.run();

    assertThat(connection.state()).isInstanceOf(Waiting.class);
    close(connection);
  }

  @Test
  void aServerThatDoesNotSpeakItIsLeft() {
    subprotocol = "";
    ManagedConnection connection = connect(ReliableProtocol.create());

    assertThat(connection.state()).isInstanceOf(Waiting.class);
    assertThat(done).isEmpty();
    close(connection);
  }

  @Test
  void aStateThatCannotBeReadBeginsANewSession() throws Exception {
    queue.open();
    queue.saveState(new byte[] {9, 9});
    queue.close(() -> {});

    ManagedConnection connection = connect(ReliableProtocol.create());
    send(connection, "a");

    assertThat(done).containsExactly("1 a");
    close(connection);
  }

  @Test
  void badSettingsAreRefused() {
    assertThatThrownBy(() -> ReliableProtocol.builder().acknowledgeDelay(Duration.ZERO))
        .hasMessage("acknowledgeDelay must be positive but was PT0S");
    assertThatThrownBy(() -> ReliableProtocol.builder().acknowledgeTimeout(Duration.ofSeconds(-1)))
        .hasMessage("acknowledgeTimeout must be positive but was PT-1S");
    assertThat(ReliableProtocol.create().guarantee()).isEqualTo(Guarantee.EXACTLY_ONCE);
  }
}
