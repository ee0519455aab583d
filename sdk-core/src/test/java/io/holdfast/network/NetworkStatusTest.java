package io.holdfast.network;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NetworkStatusTest {
  @Test
  void aNetworkIsNotMeteredUnlessItIsSaidToBe() {
    assertThat(new NetworkStatus(true, "wifi-7"))
        .isEqualTo(new NetworkStatus(true, "wifi-7", false))
        .isNotEqualTo(new NetworkStatus(true, "wifi-7", true));
  }
}
