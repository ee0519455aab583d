package io.holdfast.sample.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.ConnectTimeline;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class StepsTest {
  @Test
  void eachStepThatTookPlaceHasItsTime() throws Exception {
    byte[] loopback = new byte[16];
    loopback[15] = 1;
    InetSocketAddress address = new InetSocketAddress(InetAddress.getByAddress(loopback), 443);
    ConnectTimeline all =
        new ConnectTimeline(
            1_000_000, 2_000_000, 30_000_000, 4_000_000, 40_000_000, address, "TLSv1.3");

    assertThat(Steps.words(all))
        .contains(
            "dns 1.0 ms, tcp 2.0 ms, tls 30 ms, upgrade 4.0 ms, TLSv1.3, [0:0:0:0:0:0:0:1]:443");
  }

  @Test
  void stepsThatDidNotAreLeftOut() {
    ConnectTimeline refused =
        new ConnectTimeline(
            -1, 500_000, -1, -1, 900_000, InetSocketAddress.createUnresolved("h", 1), null);

    assertThat(Steps.words(refused)).contains("tcp 0.5 ms, h:1");
    assertThat(Steps.words(ConnectTimeline.EMPTY)).isEmpty();
  }
}
