package io.holdfast.sample.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.sample.Running;
import io.holdfast.testkit.Arrival;
import io.holdfast.testkit.UpgradeRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;

/** What is typed, what is shown, and when it ends, over real sockets. */
@Timeout(60)
class WatchTest extends WatchFixture {
  @Test
  void typedLinesArriveAndTheEndOfTheInputIsTheEnd() throws Exception {
    Running watch = watch().type("hello\n\u00fcber\r\n\nlast").endInput().endsWith(0);

    assertThat(ledger.kept())
        .extracting(Arrival::text)
        .containsExactly("hello", "\u00fcber", "", "last");
    assertThat(watch.printed().text())
        .contains(
            "PEER        127.0.0.1:", "OPEN        transport 1, attempt 1, ", "(tcp ", ", upgrade ")
        .contains("-> FATE     line", "confirmed after", "CLOSED      1000, clean")
        .contains("Ended because the input ended: all is well.")
        .endsWith("lines=4 delivered=4 undelivered=0 received=0 reconnects=0\n")
        .doesNotContain("\033");
  }

  @Test
  void anEmptyInputTellsWhetherTheServerCanBeReached() throws Exception {
    watch().endInput().endsWith(0);

    assertThat(server.sessions()).isEqualTo(1);
  }

  @Test
  void headersAndSubprotocolsReachTheServerAndSecretsNobodyElse() throws Exception {
    server.subprotocols("chat.v1");
    String url = server.url("/feed?token=querysecret").toString();

    Running watch =
        watchUrl(
            url.replace("://", "://alice:usersecret@"),
            "-H",
            "X-Trace: tracesecret",
            "--header=Cookie: id=cookiesecret",
            "--subprotocol=chat.v2",
            "--subprotocol=chat.v1");
    watch.endInput().endsWith(0);

    UpgradeRequest request = server.upgradeRequests().get(0);
    assertThat(request.target()).isEqualTo("/feed?token=querysecret");
    assertThat(request.headers().get("X-Trace")).isEqualTo("tracesecret");
    assertThat(request.headers().get("Cookie")).isEqualTo("id=cookiesecret");
    assertThat(request.headers().get("Authorization")).isEqualTo("Basic YWxpY2U6dXNlcnNlY3JldA==");
    assertThat(request.headers().get("Sec-WebSocket-Protocol")).isEqualTo("chat.v2, chat.v1");
    assertThat(watch.printed().text())
        .contains("/feed", "the server chose chat.v1")
        .doesNotContain("secret", "alice", "YWxp");
  }

  @Test
  void anHttpUrlIsWatchedToo() throws Exception {
    watchUrl("http://127.0.0.1:" + server.port()).endInput().endsWith(0);
  }

  @Test
  void messagesAreShownWithoutPowerOverTheTerminal() throws Exception {
    Running watch = watch();
    awaitSessions(1);

    server.push("a\033[2Jb\nc\u202e");
    server.push("x".repeat(100_000));
    server.push(new byte[] {0, (byte) 0x9b});

    watch.await("<- BINARY   2 bytes: 00 9b");
    watch.endInput().endsWith(0);
    assertThat(watch.printed().text())
        .contains("<- MESSAGE  a?[2Jb\\nc?\n", "xxx... (100000 bytes)\n", "received=3");
    assertThat(watch.printed().lines())
        .allSatisfy(line -> assertThat(line.length()).isLessThan(101));
  }

  @Test
  void answersAreWaitedForOnceTheInputHasEnded() throws Exception {
    server.echo();

    Running watch = watch("--linger=300ms").type("ping\n").endInput().endsWith(0);

    assertThat(watch.printed().text()).contains("<- MESSAGE  ping");
  }

  @Test
  void withADurationTheEndOfTheInputIsNot() throws Exception {
    Running watch = watch("--duration=1m").type("hello\n").endInput();
    awaitArrivals(1);

    server.push("late");

    watch.await("<- MESSAGE  late");
    server.closeAll(1008, "enough");
    watch.endsWith(4);
  }

  @Test
  void theDurationIsTheEndWhateverElse() throws Exception {
    server.slowHandshake(PATIENCE);

    Running watch = watch("--duration=200ms", "--drain=100ms").type("hello\n").endsWith(1);

    assertThat(watch.printed().text())
        .contains("DRAINING    what waits has 0.1 s to be delivered")
        .contains("Ended because the duration has passed: it never opened.");
  }

  @Test
  void withoutAnInputNoLineIsRead() throws Exception {
    Running watch = watch("--no-stdin").type("hello\n").endInput();
    awaitSessions(1);

    server.closeAll(1008, "enough");

    watch.endsWith(4);
    assertThat(ledger.arrivals()).isZero();
    assertThat(watch.printed().text()).contains("lines=0 ");
  }

  @Test
  void aLongInputIsSentInOrderAndNotRejected() throws Exception {
    String input =
        IntStream.range(0, 5_000).mapToObj(Integer::toString).collect(Collectors.joining("\n"));

    Running watch = watch().type(input).endInput().endsWith(0);

    assertThat(watch.printed().text()).contains("lines=5000 delivered=5000 undelivered=0");
    assertThat(ledger.kept())
        .extracting(Arrival::text)
        .containsExactlyElementsOf(input.lines().toList());
  }

  @Test
  void typedOfflineIsSentOnceTheServerIsBack() throws Exception {
    server.stop();
    Running watch = watch();
    watch.type("early\n").await("FAILED");

    server.startAgain();

    awaitArrivals(1);
    watch.endInput().endsWith(0);
    assertThat(watch.printed().text()).contains("refused", "lines=1 delivered=1");
  }

  @Test
  void aLossIsShownAndSurvived() throws Exception {
    Running watch = watch();
    awaitSessions(1);

    server.restart();

    awaitSessions(2);
    watch.endInput().endsWith(0);
    assertThat(watch.printed().text()).contains("LOST        transport 1", "reconnects=1");
  }

  @Test
  void whenNobodyReadsTheOutputItEnds() throws Exception {
    PrintStream broken = new PrintStream(new ClosedPipe(), true);

    int status =
        new CommandLine(new WatchCommand(InputStream.nullInputStream(), broken, false))
            .execute(server.url().toString(), "--no-stdin");

    assertThat(status).isIn(0, 1);
  }

  private static final class ClosedPipe extends OutputStream {
    @Override
    public void write(int one) throws IOException {
      throw new IOException("Broken pipe");
    }
  }
}
