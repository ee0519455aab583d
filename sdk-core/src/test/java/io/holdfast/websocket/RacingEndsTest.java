package io.holdfast.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.ConnectRequest;
import io.holdfast.Message;
import io.holdfast.testkit.RawFrame;
import io.holdfast.testkit.RawServer;
import io.holdfast.testkit.RawSession;
import io.holdfast.transport.TransportFactory;
import java.io.IOException;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import okhttp3.OkHttpClient;
import okio.ByteString;
import org.junit.jupiter.api.Test;

/** Whatever ends a transport, and whatever else tries to, it ends once and wholly. */
class RacingEndsTest {
  private final OkHttpClient client = WebSocketTransportFactory.forAttempts(TransportRig.CLIENT);
  private final TransportFactory factory =
      (io, clock) -> new WebSocketTransport(() -> client, TransportOptions.DEFAULT, io, clock);

  @Test
  void endsThatRace() throws IOException {
    try (RawServer server = RawServer.start()) {
      ConnectRequest request = ConnectRequest.builder(server.url()).build();
      for (int seed = 0; seed < 300; seed++) {
        race(seed, server, TransportRig.start(factory, request));
      }
    }
    assertThat(client.connectionPool().connectionCount()).isZero();
  }

  private static void race(int seed, RawServer server, TransportRig rig) throws IOException {
    RawSession session = server.accept();
    session.upgrade();
    rig.awaitOpen();
    Random random = new Random(seed);
    int ours = random.nextInt(5);
    int theirs = random.nextInt(6);
    CompletableFuture<Void> act = CompletableFuture.runAsync(() -> act(ours, rig));
    peerActs(theirs, session);
    act.join();
    boolean cancelled = ours == 0;

    session.close();
    rig.assertEnds();
    if (!cancelled) rig.sink.next(RecordingSink.Told.Ended.class);
    if (!cancelled) rig.sink.assertNothingMore();
    assertThat(rig.sink.toldEnds()).as("seed %d", seed).isLessThanOrEqualTo(1);
  }

  private static void act(int what, TransportRig rig) {
    switch (what) {
      case 0 -> rig.transport.cancel();
      case 1 -> rig.transport.close(1000, "ours");
      case 2 -> rig.send(Message.binary(new byte[1_000_000]));
      case 3 -> rig.ping(new byte[] {1});
      default -> rig.transport.resumeReading();
    }
  }

  private static void peerActs(int what, RawSession session) {
    try {
      switch (what) {
        case 0 -> session.reset();
        case 1 -> session.halfClose();
        case 2 -> session.send(RawFrame.close(1001, "theirs"));
        case 3 -> session.send(RawFrame.text("x").withReserved(1));
        case 4 -> session.send(RawFrame.ping(ByteString.EMPTY));
        default -> session.close();
      }
    } catch (IOException e) {
      // Our side was quicker.
    }
  }
}
