package io.holdfast.internal.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.internal.network.Attachments.Attachment;
import io.holdfast.network.NetworkStatus;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;

class AttachmentsTest {
  private static final Attachment WIFI_4 = attachment("wlan0", "192.168.1.5");
  private static final Attachment WIFI_6 = attachment("wlan0", "2001:db8:1:2:aaaa::1");
  private static final Attachment WIFI_6_TEMPORARY = attachment("wlan0", "2001:db8:1:2:bbbb::2");
  private static final Attachment WIFI_LINK = attachment("wlan0", "fe80::1");
  private static final Attachment DOCK_4 = attachment("eth0", "192.168.1.6");
  private static final Attachment VPN_4 = attachment("tun0", "10.8.0.2");

  @Test
  void theLabelIsTheDefaultRoutesInterfaceAndAddresses() {
    Attachments wifi = new Attachments(List.of(DOCK_4, WIFI_4, WIFI_6), of(WIFI_4), of(WIFI_6));

    assertThat(wifi.status())
        .isEqualTo(
            new NetworkStatus(true, "wlan0 192.168.1.5, wlan0 2001:db8:1:2:0:0:0:0/64", false));
  }

  @Test
  void aVpnThatTakesTheDefaultRouteMakesAnotherLabel() {
    Attachments wifi = new Attachments(List.of(WIFI_4), of(WIFI_4), null);
    Attachments vpn = new Attachments(List.of(WIFI_4, VPN_4), of(VPN_4), null);

    assertThat(vpn.status().label()).isEqualTo("tun0 10.8.0.2").isNotEqualTo(wifi.status().label());
  }

  @Test
  void aVpnBesideTheDefaultRouteMakesNone() {
    Attachments wifi = new Attachments(List.of(WIFI_4), of(WIFI_4), null);
    Attachments vpn = new Attachments(List.of(WIFI_4, VPN_4), of(WIFI_4), null);

    assertThat(vpn.status()).isEqualTo(wifi.status());
  }

  @Test
  void theNextTemporaryAddressMakesNoOtherLabel() {
    Attachments before = new Attachments(List.of(WIFI_6), null, of(WIFI_6));
    Attachments after =
        new Attachments(List.of(WIFI_6, WIFI_6_TEMPORARY), null, of(WIFI_6_TEMPORARY));

    assertThat(after.status()).isEqualTo(before.status());
  }

  @Test
  void withoutARouteAllAddressesButThoseOfTheLinkCount() {
    Attachments lan = new Attachments(List.of(WIFI_4, WIFI_LINK, DOCK_4), null, null);

    assertThat(lan.status())
        .isEqualTo(new NetworkStatus(true, "eth0 192.168.1.6, wlan0 192.168.1.5"));
  }

  @Test
  void anAddressOfTheLinkAloneIsANetwork() {
    assertThat(new Attachments(List.of(WIFI_LINK), null, null).status())
        .isEqualTo(new NetworkStatus(true, ""));
  }

  @Test
  void noAddressIsNoNetwork() {
    assertThat(new Attachments(List.of(), null, null).status())
        .isEqualTo(new NetworkStatus(false, ""));
  }

  private static Attachment attachment(String name, String address) {
    return new Attachment(name, literal(address));
  }

  private static InetAddress literal(String address) {
    try {
      return InetAddress.getByName(address);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private static InetAddress of(Attachment attachment) {
    return attachment.address();
  }
}
