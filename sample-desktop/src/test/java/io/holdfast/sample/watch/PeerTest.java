package io.holdfast.sample.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.ConnectTimeline;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class PeerTest {
  @Test
  void anAddressIsInDigitsWithItsTls() throws Exception {
    byte[] loopback = new byte[16];
    loopback[15] = 1;
    InetSocketAddress address = new InetSocketAddress(InetAddress.getByAddress(loopback), 443);
    ConnectTimeline all =
        new ConnectTimeline(
            1_000_000, 2_000_000, 30_000_000, 4_000_000, 40_000_000, address, "TLSv1.3");

    assertThat(Peer.words(all)).contains("[0:0:0:0:0:0:0:1]:443, TLSv1.3");
  }

  @Test
  void whatIsNotKnownIsLeftOut() {
    ConnectTimeline refused =
        new ConnectTimeline(
            -1, 500_000, -1, -1, 900_000, InetSocketAddress.createUnresolved("h", 1), null);

    assertThat(Peer.words(refused)).contains("h:1");
    assertThat(Peer.words(ConnectTimeline.EMPTY)).isEmpty();
  }
}
