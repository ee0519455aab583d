package io.holdfast.websocket;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.ConnectRequest;
import io.holdfast.ConnectionException.PeerClosed;
import io.holdfast.internal.driver.SystemClock;
import io.holdfast.testkit.RawFrame;
import io.holdfast.testkit.RawServer;
import io.holdfast.testkit.RawSession;
import io.holdfast.transport.Transport;
import io.holdfast.websocket.RecordingSink.Told.Opened;
import io.holdfast.websocket.RecordingSink.Told.Pong;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import okio.Buffer;
import okio.ByteString;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who reads while the sink keeps the reading thread. */
class ReliefTest {
  private final List<Thread> readers = new CopyOnWriteArrayList<>();
  private final CountDownLatch inApp = new CountDownLatch(1);
  private final CountDownLatch leaveApp = new CountDownLatch(1);
  private final AtomicBoolean blocks = new AtomicBoolean(true);
  private final AtomicReference<@Nullable Runnable> relief = new AtomicReference<>();
  private RawServer server;
  private TransportRig rig;
  private RawSession session;

  @BeforeEach
  void open() throws IOException {
    server = RawServer.start();
    rig = TransportRig.start(server.url());
    session = server.accept();
    session.upgrade();
    rig.awaitOpen();
  }

  @AfterEach
  void close() throws IOException {
    leaveApp.countDown();
    rig.close();
    session.awaitEnd();
    server.close();
  }

  @Test
  void aSinkThatComesBackKeepsTheThread() throws IOException {
    rig.sink.app = given -> readers.add(Thread.currentThread());

    for (int i = 0; i < 100; i++) {
      session.send(RawFrame.text("m" + i));
      rig.sink.nextMessage("m" + i);
    }
    RecordingSink.await("the last call", () -> readers.size() == 100);

    assertThat(readers).containsOnly(readers.get(0));
  }

  @Test
  void anotherThreadReadsOnAndTheFirstNoMore() throws Exception {
    blockApp();

    relieve();

    session.send(RawFrame.text("second"));
    rig.sink.nextMessage("second");
    session.send(RawFrame.of(RawFrame.PING, true, ByteString.encodeUtf8("alive")));
    assertThat(session.readFrame().opcode()).isEqualTo(RawFrame.PONG);
    session.send(RawFrame.of(RawFrame.PONG, true, ByteString.encodeUtf8("pong")));
    assertThat(rig.sink.next(Pong.class).payload()).isEqualTo(ByteString.encodeUtf8("pong"));
    leaveApp.countDown();
    for (int i = 0; i < 100; i++) {
      session.send(RawFrame.text("m" + i));
      rig.sink.nextMessage("m" + i);
    }
    List<Thread> seen = List.copyOf(readers);
    assertThat(seen.subList(1, seen.size())).doesNotContain(seen.get(0)).containsOnly(seen.get(1));
  }

  @Test
  void aFrameCutInTwoGoesOnWithTheNextReader() throws Exception {
    ByteString whole = RawFrame.text("cut in two").encode();
    blockAppWith(RawFrame.text("first").encode(), whole.substring(0, 5));

    relieve();
    session.send(whole.substring(5));

    rig.sink.nextMessage("cut in two");
  }

  @Test
  void theEndIsToldByWhoeverReadsLastAndOnce() throws Exception {
    blockApp();
    relieve();

    session.send(RawFrame.close(1000, "done"));

    assertThat(rig.sink.nextEnd(PeerClosed.class).code()).isEqualTo(1000);
    assertThat(session.readFrame().opcode()).isEqualTo(RawFrame.CLOSE);
    leaveApp.countDown();
    session.halfClose();
    rig.assertEnds();
    assertThat(rig.sink.toldEnds()).isEqualTo(1);
  }

  @Test
  void reliefThatComesTooLateOrTwiceMakesNoSecondReader() throws Exception {
    blockApp();
    Runnable late = relieve();
    late.run();
    leaveApp.countDown();
    late.run();

    for (int i = 0; i < 1000; i++) {
      session.send(RawFrame.text("m" + i));
      if (i % 10 == 0) late.run();
      rig.sink.nextMessage("m" + i);
    }

    assertThat(rig.sink.reads.get()).isBetween(1000, 1001);
  }

  @Test
  void aSinkThatThrowsAfterItsReaderWasRelievedEndsNothing() throws Exception {
    rig.sink.app =
        given -> {
          if (!blocks.getAndSet(false)) return;
          block(given);
          throw new IllegalStateException("thrown late");
        };
    session.send(RawFrame.text("first"));
    rig.sink.nextMessage("first");
    relieve();
    session.send(RawFrame.text("second"));
    rig.sink.nextMessage("second");

    leaveApp.countDown();

    for (int i = 0; i < 100; i++) {
      session.send(RawFrame.text("m" + i));
      rig.sink.nextMessage("m" + i);
    }
  }

  @Test
  void cancelEndsBothThreads() throws Exception {
    blockApp();
    relieve();

    rig.transport.cancel();
    leaveApp.countDown();

    rig.assertEnds();
  }

  @Test
  void withoutAThreadForItTheFirstOneReadsOn() throws IOException {
    RecordingSink sink = new RecordingSink();
    AtomicInteger threads = new AtomicInteger(3);
    Transport transport =
        WebSocketTransportFactory.create(TransportRig.CLIENT)
            .newTransport(task -> startOneOf(threads, task), SystemClock.INSTANCE);
    List<Throwable> refused = new CopyOnWriteArrayList<>();
    sink.app = given -> relieveInVain(given, refused);
    transport.start(ConnectRequest.builder(server.url()).build(), new QueueSource(), sink);
    try (RawSession other = server.accept()) {
      other.upgrade();
      sink.next(Opened.class);

      for (int i = 0; i < 3; i++) {
        other.send(RawFrame.text("m" + i));
        sink.nextMessage("m" + i);
      }

      RecordingSink.await("refusals", () -> refused.size() == 3);
      assertThat(readers).containsOnly(readers.get(0));
      transport.cancel();
      other.awaitEnd();
    }
  }

  @Test
  void withoutAThreadForTheReaderTheOneOfTheHandshakeReads() throws IOException {
    RecordingSink sink = new RecordingSink();
    AtomicInteger threads = new AtomicInteger(2);
    Transport transport =
        WebSocketTransportFactory.create(TransportRig.CLIENT)
            .newTransport(task -> startOneOf(threads, task), SystemClock.INSTANCE);
    transport.start(ConnectRequest.builder(server.url()).build(), new QueueSource(), sink);
    try (RawSession other = server.accept()) {
      other.upgrade();
      sink.next(Opened.class);

      other.send(RawFrame.text("read"));

      sink.nextMessage("read");
      transport.cancel();
      other.awaitEnd();
    }
  }

  private void relieveInVain(Runnable given, List<Throwable> refused) {
    readers.add(Thread.currentThread());
    try {
      given.run();
    } catch (RejectedExecutionException e) {
      refused.add(e);
    }
  }

  private static void startOneOf(AtomicInteger threads, Runnable task) {
    if (threads.getAndDecrement() <= 0) throw new RejectedExecutionException("full");
    new Thread(task, "test-io").start();
  }

  /** Has the app block after the first message. */
  private void blockApp() throws IOException {
    blockAppWith(RawFrame.text("first").encode());
  }

  private void blockAppWith(ByteString... bytes) throws IOException {
    rig.sink.app =
        given -> {
          readers.add(Thread.currentThread());
          if (blocks.getAndSet(false)) block(given);
        };
    Buffer all = new Buffer();
    for (ByteString each : bytes) all.write(each);
    session.send(all.readByteString());
    rig.sink.nextMessage("first");
  }

  private void block(Runnable given) {
    relief.set(given);
    inApp.countDown();
    try {
      assertThat(leaveApp.await(20, SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private Runnable relieve() throws InterruptedException {
    assertThat(inApp.await(5, SECONDS)).isTrue();
    Runnable given = requireNonNull(relief.get());
    given.run();
    return given;
  }
}
