package io.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import okhttp3.WebSocket;
import okio.ByteString;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class SessionListenerTest extends ServerFixture {
  private final Recorder heard = new Recorder();

  @BeforeEach
  void startWithTheListener() throws IOException {
    server.close();
    server = TestServer.builder().listener(heard).start();
  }

  @Test
  void aSessionIsToldFromItsRequestToItsClose() throws Exception {
    WebSocket socket = connect("/feed");
    events.assertNext("open");
    socket.send("hello");
    socket.send(ByteString.decodeHex("00ff"));
    socket.close(4001, "bye");

    heard.assertNext("request 1 /feed 101");
    heard.assertNext("opened 1");
    heard.assertNext("text 1 hello");
    heard.assertNext("binary 1 00ff");
    heard.assertNext("ended 1 4001 bye");
  }

  @Test
  void anUnrulySessionIsToldTheSameWay() throws Exception {
    server.unruly();
    WebSocket socket = connect();
    events.assertNext("open");
    socket.send("hello");
    socket.send(ByteString.decodeHex("00ff"));
    socket.close(4001, "bye");

    heard.assertNext("request 1 / 101");
    heard.assertNext("opened 1");
    heard.assertNext("text 1 hello");
    heard.assertNext("binary 1 00ff");
    heard.assertNext("ended 1 4001 bye");
  }

  @Test
  void aLostSessionEndsWith1006Once() throws Exception {
    WebSocket orderly = connect();
    events.assertNext("open");
    heard.assertNext("request 1 / 101");
    heard.assertNext("opened 1");

    orderly.cancel();

    heard.assertNext("ended 1 1006");
    assertEventually(s -> s.liveSessions() == 0);
    heard.assertNoMore();
  }

  @Test
  void refusedAndDroppedRequestsAreToldToo() throws Exception {
    server.rejectNext(1, 503);
    connect();
    events.assertNext("failed 503");
    server.acceptAndDrop();
    connect("/again");

    heard.assertNext("request 1 / 503");
    heard.assertNext("request 2 /again 101");
    heard.assertNext("opened 1");
    heard.assertNext("ended 1 1006");
  }

  private static final class Recorder implements SessionListener {
    private final BlockingQueue<String> calls = new LinkedBlockingQueue<>();

    void assertNext(String expected) throws InterruptedException {
      assertThat(calls.poll(5, TimeUnit.SECONDS)).isNotNull().asString().startsWith(expected);
    }

    void assertNoMore() {
      assertThat(calls).isEmpty();
    }

    @Override
    public void onUpgradeRequest(UpgradeRequest request) {
      calls.add("request " + request.attempt() + " " + request.target() + " " + request.status());
    }

    @Override
    public void onOpened(int session) {
      calls.add("opened " + session);
    }

    @Override
    public void onText(int session, String text) {
      calls.add("text " + session + " " + text);
    }

    @Override
    public void onBinary(int session, ByteString bytes) {
      calls.add("binary " + session + " " + bytes.hex());
    }

    @Override
    public void onEnded(int session, int code, String reason) {
      calls.add("ended " + session + " " + code + " " + reason);
    }
  }
}
