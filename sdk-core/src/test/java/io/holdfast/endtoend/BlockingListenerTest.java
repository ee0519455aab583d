package io.holdfast.endtoend;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.ConnectionState.Closed;
import io.holdfast.ConnectionState.Open;
import io.holdfast.Delivery;
import io.holdfast.Fate;
import io.holdfast.ManagedConnection;
import io.holdfast.Message;
import io.holdfast.MessageDemand;
import io.holdfast.MessageListener;
import io.holdfast.testkit.RawFrame;
import io.holdfast.testkit.RawServer;
import io.holdfast.testkit.RawSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import okio.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A listener that blocks on the thread which read its message: what goes on meanwhile. */
@Timeout(60)
@SuppressWarnings("NullAway.Init")
class BlockingListenerTest {
  private final BlockingQueue<String> begun = new LinkedBlockingQueue<>();
  private final CountDownLatch unblock = new CountDownLatch(1);
  private RawServer server;
  private RawSession session;
  private ManagedConnection connection;
  private States states;

  @AfterEach
  void close() throws Exception {
    unblock.countDown();
    connection.close();
    session.close();
    states.await(Closed.class, 1);
    server.close();
  }

  @Test
  void itsPeersPingsAreAnswered() throws Exception {
    openWithBlockingListener(builder -> {});
    session.send(RawFrame.text("0"));
    assertThat(begun.poll(10, SECONDS)).isEqualTo("0");

    for (int i = 0; i < 20; i++) {
      ByteString payload = ByteString.encodeUtf8("ping " + i);
      session.send(RawFrame.ping(payload));
      assertThat(next(RawFrame.PONG).payload()).isEqualTo(payload);
    }

    assertThat(begun).isEmpty();
  }

  @Test
  void itsOwnReplyIsConfirmed() throws Exception {
    List<Fate> fates = new ArrayList<>();
    CountDownLatch confirmed = new CountDownLatch(1);
    open(
        builder -> builder.barrierSpacing(Duration.ofMillis(10)),
        message -> {
          Delivery reply = connection.send("reply");
          fates.add(reply.toFuture().join());
          confirmed.countDown();
        });
    session.send(RawFrame.text("question"));
    assertThat(next(RawFrame.TEXT).text()).isEqualTo("reply");

    session.send(RawFrame.pong(next(RawFrame.PING).payload()));

    assertThat(confirmed.await(10, SECONDS)).isTrue();
    assertThat(fates).containsExactly(new Fate.Confirmed());
  }

  @Test
  void messagesThatComeMeanwhileFollowInOrder() throws Exception {
    openWithBlockingListener(builder -> {});
    int messages = 5000;
    for (int i = 0; i < messages; i++) {
      session.send(RawFrame.text(Integer.toString(i)));
      if (i == 100) assertThat(begun.poll(10, SECONDS)).isEqualTo("0");
      if (i == 700) unblock.countDown();
    }

    for (int i = 1; i < messages; i++) {
      assertThat(begun.poll(10, SECONDS)).isEqualTo(Integer.toString(i));
    }
  }

  @Test
  void itMayCloseTheConnectionAndWaitForThat() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    open(
        builder -> {},
        message -> {
          connection.close();
          states.await(Closed.class, 1);
          closed.countDown();
        });
    session.send(RawFrame.text("last"));

    assertThat(next(RawFrame.CLOSE).opcode()).isEqualTo(RawFrame.CLOSE);
    session.send(RawFrame.close(1000, ""));

    assertThat(closed.await(10, SECONDS)).isTrue();
  }

  @Test
  void anAppsCallbackThreadIsTheOnlyOneThatCallsIt() throws Exception {
    Set<String> threads = ConcurrentHashMap.newKeySet();
    ExecutorService callbacks = Executors.newSingleThreadExecutor(t -> new Thread(t, "the app's"));
    try {
      open(
          builder -> builder.callbackExecutor(callbacks),
          message -> {
            threads.add(Thread.currentThread().getName());
            begun.add(((Message.Text) message).text());
          });
      for (int i = 0; i < 1000; i++) session.send(RawFrame.text(Integer.toString(i)));
      for (int i = 0; i < 1000; i++) {
        assertThat(begun.poll(10, SECONDS)).isEqualTo(Integer.toString(i));
      }

      assertThat(threads).containsExactly("the app's");
      connection.close();
      session.close();
      states.await(Closed.class, 1);
    } finally {
      callbacks.shutdown();
    }
  }

  private void openWithBlockingListener(Consumer<ManagedConnection.Builder> change)
      throws Exception {
    open(
        change,
        message -> {
          begun.add(((Message.Text) message).text());
          try {
            assertThat(unblock.await(30, SECONDS)).isTrue();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        });
  }

  private void open(Consumer<ManagedConnection.Builder> change, MessageListener listener)
      throws Exception {
    server = RawServer.start();
    ManagedConnection.Builder builder = ManagedConnection.builder(server.url());
    change.accept(builder);
    connection = builder.build();
    states = States.of(connection);
    connection.receive(listener).request(MessageDemand.UNBOUNDED);
    connection.open();
    session = server.accept();
    session.upgrade();
    states.await(Open.class, 1);
  }

  private RawFrame next(int opcode) throws Exception {
    RawFrame frame = session.readFrame();
    while (frame.opcode() != opcode) {
      if (frame.opcode() == RawFrame.PING) session.send(RawFrame.pong(frame.payload()));
      frame = session.readFrame();
    }
    return frame;
  }
}
