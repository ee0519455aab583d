package io.holdfast.testkit;

import static io.holdfast.testkit.Direction.TO_CLIENT;
import static io.holdfast.testkit.Direction.TO_SERVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class FaultProxyTest extends ProxyFixture {
  @Test
  void bytesAndTheirEndPassBothWays() throws Exception {
    Pair pair = pair();

    say(pair.client(), 1, 2, 3);
    say(pair.server(), 4);
    pair.client().shutdownOutput();

    assertThat(hear(pair.server(), 3)).containsExactly(1, 2, 3);
    assertThat(hear(pair.client(), 1)).containsExactly(4);
    assertThat(pair.server().getInputStream().read()).isEqualTo(-1);
    say(pair.server(), 5);
    assertThat(hear(pair.client(), 1)).containsExactly(5);
    assertEventually(p -> p.passedBytes(TO_SERVER) == 3 && p.passedBytes(TO_CLIENT) == 2);
  }

  @Test
  void aLargeTransferPassesWhole() throws Exception {
    Pair pair = pair();
    byte[] bytes = new byte[4 * 1024 * 1024];
    for (int i = 0; i < bytes.length; i++) bytes[i] = (byte) (i * 31 + (i >> 10));
    Thread writer = new Thread(() -> write(pair.client(), bytes));
    writer.start();

    byte[] arrived = pair.server().getInputStream().readNBytes(bytes.length);

    writer.join();
    assertThat(arrived).isEqualTo(bytes);
  }

  @Test
  void aConnectionIsOverWhenBothSidesHaveEnded() throws Exception {
    Pair pair = pair();

    pair.client().close();
    assertThat(pair.server().getInputStream().read()).isEqualTo(-1);
    pair.server().close();

    assertEventually(p -> p.liveConnections() == 0);
    assertThat(proxy.connections()).isEqualTo(1);
  }

  @Test
  void aBlackHoleSwallowsBytesAndTheirEnd() throws Exception {
    Pair pair = pair();

    assertThat(proxy.blackHole()).isEqualTo(1);
    say(pair.server(), 1, 2);
    say(pair.client(), 3);
    pair.client().close();

    assertEventually(p -> p.droppedBytes(TO_CLIENT) == 2 && p.droppedBytes(TO_SERVER) == 1);
    assertSilent(pair.server());
    assertThat(proxy.passedBytes(TO_CLIENT)).isZero();
    assertThat(proxy.liveConnections()).isEqualTo(1);
  }

  @Test
  void aResetIntoABlackHoleReachesNobody() throws Exception {
    Pair pair = pair();
    proxy.blackHole(TO_SERVER);

    say(pair.client(), 1);
    reset(pair.client());

    assertEventually(p -> p.droppedBytes(TO_SERVER) == 1);
    assertSilent(pair.server());
    say(pair.server(), 2);
    assertEventually(p -> p.droppedBytes(TO_CLIENT) + p.passedBytes(TO_CLIENT) == 1);
    assertSilent(pair.server());
    assertThat(proxy.pass()).isEqualTo(1);
    assertReset(pair.server());
  }

  @Test
  void aBlackHoleOneWayLetsTheOtherWayPass() throws Exception {
    Pair pair = pair();

    proxy.blackHole(TO_SERVER);
    say(pair.client(), 1);
    say(pair.server(), 2);

    assertThat(hear(pair.client(), 1)).containsExactly(2);
    assertEventually(p -> p.droppedBytes(TO_SERVER) == 1);
    assertSilent(pair.server());
  }

  @Test
  void aBlackHoleReadsOnSoThatNoWriterBlocks() throws Exception {
    Pair pair = pair();
    proxy.blackHole();

    pair.client().getOutputStream().write(new byte[16 * 1024 * 1024]);

    assertEventually(p -> p.droppedBytes(TO_SERVER) == 16 * 1024 * 1024);
  }

  @Test
  void aNewConnectionIntoABlackHoleIsAcceptedAndLeadsNowhere() throws Exception {
    proxy.blackHole(TO_CLIENT);

    Socket lost = connect(proxy.port());
    say(lost, 1);

    assertEventually(p -> p.droppedBytes(TO_SERVER) == 1);
    upstream.setSoTimeout(SILENCE_MILLIS);
    assertThatThrownBy(() -> upstream.accept()).isInstanceOf(SocketTimeoutException.class);
    assertThat(proxy.pass()).isEqualTo(1);
    assertReset(lost);
  }

  @Test
  void healingResetsWhatHasAGapAndLetsTheIdleLiveOn() throws Exception {
    Pair talker = pair();
    Pair idle = pair();
    proxy.blackHole();
    say(talker.client(), 1);
    assertEventually(p -> p.droppedBytes(TO_SERVER) == 1);

    assertThat(proxy.pass()).isEqualTo(1);

    assertReset(talker.client());
    assertReset(talker.server());
    say(idle.client(), 2);
    assertThat(hear(idle.server(), 1)).containsExactly(2);
    assertThat(proxy.liveConnections()).isEqualTo(1);
  }

  @Test
  void aStallFillsTheWritersBuffersAndLosesNothing() throws Exception {
    SocketChannel writer = keep(SocketChannel.open(LoopbackPort.address(proxy.port())));
    Socket server = keep(upstream.accept());
    server.setSoTimeout(PATIENCE_MILLIS);
    writer.configureBlocking(false);

    assertThat(proxy.stall(TO_SERVER)).isEqualTo(1);
    int written = writeUntilFull(writer);

    assertSilent(server);
    proxy.pass();
    assertThat(server.getInputStream().readNBytes(written)).hasSize(written);
    assertThat(proxy.droppedBytes(TO_SERVER)).isZero();
  }

  @Test
  void aStallHoldsBackTheEndToo() throws Exception {
    Pair pair = pair();
    proxy.stall();
    say(pair.client(), 1);
    pair.client().close();
    assertSilent(pair.server());

    proxy.pass();

    assertThat(hear(pair.server(), 1)).containsExactly(1);
    assertThat(pair.server().getInputStream().read()).isEqualTo(-1);
  }

  @Test
  void aResetReachesBothSides() throws Exception {
    Pair first = pair();
    Pair second = pair();

    assertThat(proxy.reset()).isEqualTo(2);

    assertReset(first.client());
    assertReset(first.server());
    assertReset(second.client());
    assertReset(second.server());
    assertThat(proxy.liveConnections()).isZero();
    say(pair().client(), 1);
  }

  @Test
  void aPeersResetIsPassedOn() throws Exception {
    Pair pair = pair();

    reset(pair.client());

    assertReset(pair.server());
    assertEventually(p -> p.liveConnections() == 0);
  }

  @Test
  void aRefusedPortComesBackAndLiveConnectionsStay() throws Exception {
    Pair pair = pair();

    assertThat(proxy.refuse()).isEqualTo(1);
    for (int i = 0; i < 100; i++) {
      assertThatThrownBy(() -> connect(proxy.port())).isInstanceOf(ConnectException.class);
    }
    say(pair.client(), 1);
    assertThat(hear(pair.server(), 1)).containsExactly(1);

    assertThat(proxy.pass()).isZero();
    Pair later = pair();
    say(later.client(), 2);
    assertThat(hear(later.server(), 1)).containsExactly(2);
  }

  @Test
  void aRefusingUpstreamShowsAsAReset() throws Exception {
    upstream.close();

    assertReset(connect(proxy.port()));

    assertEventually(p -> p.liveConnections() == 0);
  }

  @Test
  void newConnectionsGoToTheUpstreamSetLast() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      proxy.upstream(other.getLocalPort());

      Socket client = connect(proxy.port());
      say(client, 7);

      try (Socket server = other.accept()) {
        assertThat(server.getInputStream().read()).isEqualTo(7);
      }
    }
  }

  @Test
  void aClosedProxyTakesNoOrders() throws Exception {
    proxy.close();

    assertThatThrownBy(proxy::blackHole)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    proxy.close();
  }
}
