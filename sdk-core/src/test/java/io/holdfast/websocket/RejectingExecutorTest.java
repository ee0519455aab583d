package io.holdfast.websocket;

import io.holdfast.ConnectRequest;
import io.holdfast.ConnectionException.ConnectFailed;
import io.holdfast.internal.driver.SystemClock;
import io.holdfast.testkit.RawServer;
import io.holdfast.testkit.RawSession;
import io.holdfast.transport.Transport;
import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RejectingExecutorTest {
  private final RecordingSink sink = new RecordingSink();

  @Test
  void attemptFailsIfThereIsNoThreadForIt() throws IOException {
    try (RawServer server = RawServer.start()) {
      start(server, accepting(0));

      sink.nextEnd(ConnectFailed.class);
      sink.assertNothingMore();
    }
  }

  @Test
  void attemptFailsIfThereIsNoThreadForItsWriter() throws IOException {
    try (RawServer server = RawServer.start()) {
      start(server, accepting(1));
      RawSession session = server.accept();
      session.upgrade();

      sink.nextEnd(ConnectFailed.class);
      session.awaitEnd();
      sink.assertNothingMore();
    }
  }

  private void start(RawServer server, Executor io) {
    Transport transport =
        WebSocketTransportFactory.create(TransportRig.CLIENT)
            .newTransport(io, SystemClock.INSTANCE);
    transport.start(ConnectRequest.builder(server.url()).build(), new QueueSource(), sink);
  }

  private static Executor accepting(int tasks) {
    AtomicInteger left = new AtomicInteger(tasks);
    return task -> {
      if (left.getAndDecrement() <= 0) throw new RejectedExecutionException("full");
      new Thread(task, "test-io").start();
    };
  }
}
