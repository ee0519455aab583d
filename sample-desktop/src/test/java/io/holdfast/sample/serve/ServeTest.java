package io.holdfast.sample.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.sample.Running;
import io.holdfast.testkit.TestServer;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class ServeTest {
  private static final Pattern ADDRESS = Pattern.compile("Serving at (ws://127.0.0.1:[0-9]+/),");

  private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

  @Test
  void itEchoesAndTellsOfEverySession() throws Exception {
    Running serve = serve("--port=0");
    WebSocket visitor = visit(serve, "feed?token=secret");

    visitor.send("hello\n");
    visitor.send(ByteString.decodeHex("00ff"));
    assertNext("hello\n");
    assertNext("00ff");
    visitor.close(4001, "bye");

    serve.await("ENDED       session 1, closed with 4001 bye").type("quit\n").endsWith(0);
    assertThat(serve.printed().text())
        .contains("ws://10.0.2.2:", "REQUEST     /feed?... answered with 101, okhttp/")
        .contains("OPENED      session 1", "<- MESSAGE  1: hello?", "<- BINARY   1: 2 bytes")
        .endsWith("sessions=1 open_at_end=0\n")
        .doesNotContain("secret");
  }

  @Test
  void itIsSilentIfToldSoAndSendsWhatIsTyped() throws Exception {
    Running serve = serve("--port=0", "--no-echo");
    WebSocket visitor = visit(serve, "");
    visitor.send("hello");
    serve.await("<- MESSAGE  1: hello");

    serve.type("typed\n");

    assertNext("typed");
    serve.await("-> PUSHED   1 session: typed").type("quit\n").endsWith(0);
    assertNext("closing 1001 server ends");
  }

  @Test
  void echoMayBeAskedFor() throws Exception {
    Running serve = serve("--port=0", "--echo");

    visit(serve, "").send("hello");

    assertNext("hello");
    serve.type("quit\n").endsWith(0);
  }

  @Test
  void itPushesNumberedLines() throws Exception {
    Running serve = serve("--port=0", "--push-every=50ms");

    visit(serve, "");

    String first = received.poll(10, TimeUnit.SECONDS);
    assertThat(first).startsWith("push ");
    assertNext("push " + (Integer.parseInt(first.substring(5)) + 1));
    serve.type("quit\n").endsWith(0);
  }

  @Test
  void theEndOfTheInputIsNotTheEnd() throws Exception {
    // Long enough for a visit on a busy machine, for it ends the test as well.
    Running serve = serve("--port=0", "--duration=6s").endInput();

    visit(serve, "").send("hello");

    assertNext("hello");
    serve.endsWith(0);
  }

  @Test
  void aPortThatIsTakenIsASentenceAndStatus1() throws Exception {
    try (TestServer other = TestServer.start()) {
      Running serve = serve("--port=" + other.port()).endsWith(1);

      assertThat(serve.errors())
          .isEqualToIgnoringNewLines("port must be free but " + other.port() + " is taken");
      assertThat(serve.printed().text()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--port=-1       | --port must be 0 to 65535 but was -1",
        "--port=65536    | --port must be 0 to 65535 but was 65536",
        "--push-every=0s | --push-every must be positive but was 0s",
        "--duration=0s   | --duration must be positive but was 0s",
      })
  void wrongArgumentsGetASentenceAndStatus2(String argument, String sentence) throws Exception {
    Running serve = serve(argument).endsWith(2);

    assertThat(serve.errors()).contains(sentence).contains("Try");
  }

  private static Running serve(String... arguments) throws IOException {
    return new Running((in, out) -> new ServeCommand(in, out, false), arguments);
  }

  private WebSocket visit(Running serve, String target) throws Exception {
    serve.await("Serving at ");
    Matcher address = ADDRESS.matcher(serve.printed().text());
    assertThat(address.find()).isTrue();
    URI url = URI.create(address.group(1) + target);
    Request request = new Request.Builder().url(url.toString()).build();
    WebSocket visitor = new OkHttpClient().newWebSocket(request, new Ears());
    serve.await("OPENED      session 1");
    return visitor;
  }

  private void assertNext(String expected) throws InterruptedException {
    assertThat(received.poll(10, TimeUnit.SECONDS)).isEqualTo(expected);
  }

  private final class Ears extends WebSocketListener {
    @Override
    public void onMessage(WebSocket webSocket, String text) {
      received.add(text);
    }

    @Override
    public void onMessage(WebSocket webSocket, ByteString bytes) {
      received.add(bytes.hex());
    }

    @Override
    public void onClosing(WebSocket webSocket, int code, String reason) {
      received.add("closing " + code + " " + reason);
      webSocket.close(1000, null);
    }
  }
}
