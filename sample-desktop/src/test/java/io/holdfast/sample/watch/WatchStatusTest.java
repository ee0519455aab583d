package io.holdfast.sample.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.sample.Running;
import io.holdfast.testkit.Direction;
import io.holdfast.testkit.FaultProxy;
import io.holdfast.testkit.MalformedFrame;
import io.holdfast.testkit.RawServer;
import io.holdfast.testkit.RawSession;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each way to end has its exit status. */
@Timeout(60)
class WatchStatusTest extends WatchFixture {
  @Test
  void aServerThatClosesInPeaceIsCleanIfItIsWatchedOnce() throws Exception {
    Running watch = watch("--once");
    awaitSessions(1);

    server.closeAll(1000, "done");

    watch.endsWith(0);
    assertThat(watch.printed().text()).contains("peer closed with 1000 done");
  }

  @Test
  void aServerThatClosesInPeaceIsTriedAgainOtherwise() throws Exception {
    Running watch = watch();
    awaitSessions(1);

    server.closeAll(1000, "done");

    awaitSessions(2);
    watch.endInput().endsWith(0);
  }

  @Test
  void aServerThatCannotBeReachedIs1() throws Exception {
    watchUrl(closedPort(), "--once").endsWith(1).await("it never opened");
    watchUrl(closedPort(), "--attempts=3").endsWith(1).await("attempt 3: refused");
  }

  @Test
  void theEndOfTheInputGivesAnUnreachableServerItsTimeAndNoMore() throws Exception {
    Running watch = watchUrl(closedPort(), "--drain=200ms").type("hello\n").endInput().endsWith(1);

    assertThat(watch.printed().text())
        .contains("line 1 cancelled, connection closed", "lines=1 delivered=0 undelivered=1");
  }

  @Test
  void aTransportThatIsLostInTheEndIs1() throws Exception {
    Running watch = watch("--once");
    awaitSessions(1);

    server.stop();

    watch.endsWith(1).await("it gave up: the connection was lost.");
  }

  @Test
  void aLineThatIsNotUtf8Is1() throws Exception {
    byte[] latin1 = "\u00fc\nok\n".getBytes(StandardCharsets.ISO_8859_1);

    Running watch = watch().type(latin1).endInput().endsWith(1);

    assertThat(watch.printed().text())
        .contains("line 1 not sent: a line must be UTF-8")
        .contains("not every line was delivered", "lines=2 delivered=1 undelivered=1");
  }

  @Test
  void anUpgradeThatIsRefusedForGoodIs3() throws Exception {
    server.reject(400);

    Running watch = watch().endsWith(3);

    assertThat(watch.printed().text())
        .contains("the server is not to be tried again: the server refused the upgrade")
        .contains("HTTP 400 instead of 101");
  }

  @Test
  void anUpgradeThatIsRefusedForNowIs3InTheEnd() throws Exception {
    server.reject(503);

    watch("--attempts=2").endsWith(3).await("attempt 2: HTTP 503 instead of 101");
  }

  @Test
  void anOutageThatTakesTooLongEndsAsWhatItWasMadeOf() throws Exception {
    server.reject(503);

    Running watch = watch("--give-up-after=300ms").endsWith(3);

    assertThat(watch.printed().text()).contains("it gave up: the server refused the upgrade.");
    watchUrl(closedPort(), "--give-up-after=300ms").endsWith(1).await("it never opened");
  }

  @Test
  void whatARefusalSaysIsShownWithoutSecrets() throws Exception {
    try (RawServer raw = RawServer.start()) {
      Running watch = watchUrl(raw.url() + "?key=topsecret", "--once");
      RawSession session = raw.accept();
      String body = "key topsecret\nis unknown\n";
      session.send(
          "HTTP/1.1 403 Forbidden\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);

      watch.endsWith(3);
      assertThat(watch.printed().text())
          .contains("BODY        key ***\\nis unknown\n")
          .doesNotContain("topsecret");
    }
  }

  @Test
  void aCloseWithACodeOfTroubleIs4() throws Exception {
    Running watch = watch();
    awaitSessions(1);

    server.closeAll(1008, "go away");

    watch.endsWith(4);
    assertThat(watch.printed().text())
        .contains("CLOSED      1008, clean: peer closed with 1008 go away");
  }

  @Test
  void aBrokenFrameIs5() throws Exception {
    server.unruly();
    Running watch = watch("--once");
    awaitSessions(1);

    server.pushRaw(MalformedFrame.RESERVED_BIT.bytes());

    watch.endsWith(5).await("the server broke the protocol");
  }

  @Test
  void aBrokenHandshakeIs5() throws Exception {
    server.upgradeHeaders("Sec-WebSocket-Protocol", "unasked");

    watch("--once").endsWith(5);
  }

  @Test
  void aFullQueueRejectsTheNewLine() throws Exception {
    server.stop();
    Running watch = watch("--max-queued=1").type("1\n2\n3\n");
    watch.await("3 rejected, queue full");

    server.startAgain();

    watch.endInput().endsWith(1);
    assertThat(ledger.kept()).extracting(arrival -> arrival.text()).containsExactly("1");
  }

  @Test
  void orItEvictsTheOldest() throws Exception {
    server.stop();
    Running watch = watch("--max-queued=1", "--overflow=evict-oldest").type("1\n2\n3\n");
    watch.await("2 evicted");

    server.startAgain();

    watch.endInput().endsWith(1);
    assertThat(ledger.kept()).extracting(arrival -> arrival.text()).containsExactly("3");
  }

  @Test
  void aLineExpires() throws Exception {
    server.stop();
    Running watch = watch("--ttl=1ms").type("1\n");
    watch.await("line 1 expired");

    server.startAgain();

    watch.endInput().endsWith(1);
    assertThat(ledger.arrivals()).isZero();
  }

  @Test
  void atMostOnceEndsInDoubt() throws Exception {
    server.neverPong();
    Running watch = watch("--at-most-once", "--once").type("1\n");
    awaitArrivals(1);

    server.stop();

    watch.endsWith(1);
    assertThat(watch.printed().text()).contains("line 1 in doubt, resend forbidden");
  }

  @Test
  void writtenIsEnoughIfItIsAskedFor() throws Exception {
    server.neverPong();

    Running watch = watch("--assurance=written").type("1\n").endInput().endsWith(0);

    assertThat(watch.printed().text()).contains("line 1 written after");
  }

  @Test
  void aDeadServerIsFoundByTheHeartbeat() throws Exception {
    server.neverPong();
    Running watch = watch("--heartbeat=100ms", "--heartbeat-timeout=100ms", "--once");

    watch.endsWith(1);

    assertThat(watch.printed().text()).contains("heartbeat timed out, silent for ");
  }

  @Test
  void aSecondTransportIsOpenedBesideOneThatIsLate() throws Exception {
    try (FaultProxy path = FaultProxy.to(server.port())) {
      Running watch =
          watchUrl(
              "ws://127.0.0.1:" + path.port() + "/",
              "--make-before-break",
              "--heartbeat=200ms",
              "--heartbeat-timeout=10s");
      watch.await("PONG");

      path.stall(Direction.TO_CLIENT);

      watch.await("SECOND      transport 2 is opened beside this one, for its pong is late");
      path.pass();
      watch.endInput().endsWith(0);
    }
  }

  private static String closedPort() throws IOException {
    try (RawServer raw = RawServer.start()) {
      return raw.url().toString();
    }
  }
}
