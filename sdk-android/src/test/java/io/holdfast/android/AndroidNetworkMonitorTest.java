package io.holdfast.android;

import static org.assertj.core.api.Assertions.assertThat;

import android.app.Application;
import android.net.ConnectivityManager;
import android.net.ConnectivityManager.NetworkCallback;
import android.net.Network;
import android.net.NetworkCapabilities;
import com.github.valfirst.slf4jtest.TestLogger;
import com.github.valfirst.slf4jtest.TestLoggerFactory;
import io.holdfast.Registration;
import io.holdfast.network.NetworkStatus;
import java.util.ArrayList;
import java.util.List;
import org.junit.After;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.RuntimeEnvironment;
import org.robolectric.annotation.Config;
import org.robolectric.annotation.Implementation;
import org.robolectric.annotation.Implements;
import org.robolectric.shadow.api.Shadow;
import org.robolectric.shadows.ShadowConnectivityManager;
import org.robolectric.shadows.ShadowNetwork;
import org.robolectric.shadows.ShadowNetworkCapabilities;

@RunWith(RobolectricTestRunner.class)
@Config(sdk = {26, 35})
public final class AndroidNetworkMonitorTest {
  private static final NetworkStatus NO_NETWORK = new NetworkStatus(false, "");
  private static final int WIFI = NetworkCapabilities.TRANSPORT_WIFI;
  private static final int CELLULAR = NetworkCapabilities.TRANSPORT_CELLULAR;
  private static final int VPN = NetworkCapabilities.TRANSPORT_VPN;
  private static final int VALIDATED = NetworkCapabilities.NET_CAPABILITY_VALIDATED;
  private static final int NOT_METERED = NetworkCapabilities.NET_CAPABILITY_NOT_METERED;

  private final Application app = RuntimeEnvironment.getApplication();
  private final ShadowConnectivityManager android =
      Shadow.extract(app.getSystemService(ConnectivityManager.class));
  private final AndroidNetworkMonitor monitor = AndroidNetworkMonitor.of(app);
  private final TestLogger log = TestLoggerFactory.getTestLogger(AndroidNetworkMonitor.class);
  private final List<NetworkStatus> told = new ArrayList<>();

  @After
  public void clearLog() {
    TestLoggerFactory.clear();
  }

  @Test
  public void tellsAtOnceThatThereIsNoNetwork() {
    android.setDefaultNetworkActive(false);

    monitor.listen(told::add);

    assertThat(told).containsExactly(NO_NETWORK);
  }

  @Test
  public void tellsANetworkOnceItsKindIsKnown() {
    monitor.listen(told::add);
    Network wifi = ShadowNetwork.newInstance(7);

    callback().onAvailable(wifi);
    assertThat(told).isEmpty();

    callback().onCapabilitiesChanged(wifi, capabilities(WIFI, VALIDATED, NOT_METERED));
    assertThat(told)
        .containsExactly(new NetworkStatus(true, "wifi " + wifi.getNetworkHandle(), false));
  }

  @Test
  public void oneWifiAndTheNextAndTheMobileNetworkDiffer() {
    monitor.listen(told::add);

    becomes(7, capabilities(WIFI, VALIDATED, NOT_METERED));
    becomes(8, capabilities(WIFI, VALIDATED, NOT_METERED));
    becomes(9, capabilities(CELLULAR, VALIDATED));

    assertThat(told).extracting(NetworkStatus::available).containsExactly(true, true, true);
    assertThat(told).extracting(NetworkStatus::label).doesNotHaveDuplicates();
    assertThat(told).extracting(NetworkStatus::metered).containsExactly(false, false, true);
  }

  @Test
  public void whatElseChangesOfANetworkMakesNoNewLabel() {
    monitor.listen(told::add);
    becomes(7, capabilities(WIFI, VALIDATED, NOT_METERED));

    becomes(7, capabilities(WIFI, VALIDATED, NOT_METERED));
    assertThat(told).hasSize(1);
    becomes(7, capabilities(WIFI, VALIDATED));

    assertThat(told).extracting(NetworkStatus::metered).containsExactly(false, true);
    assertThat(told.get(1).label()).isEqualTo(told.get(0).label());
  }

  @Test
  public void internetThatIsFoundBehindALoginPageMakesANewLabel() {
    monitor.listen(told::add);

    becomes(7, capabilities(WIFI, NOT_METERED));
    becomes(7, capabilities(WIFI, VALIDATED, NOT_METERED));

    assertThat(told).extracting(NetworkStatus::available).containsExactly(true, true);
    assertThat(told).extracting(NetworkStatus::label).doesNotHaveDuplicates();
  }

  @Test
  public void aVpnThatGoesOverAnotherNetworkMakesANewLabel() {
    monitor.listen(told::add);
    NetworkCapabilities overWifi = capabilities(VPN, VALIDATED);
    ((ShadowNetworkCapabilities) Shadow.extract(overWifi)).addTransportType(WIFI);
    NetworkCapabilities overCellular = capabilities(VPN, VALIDATED);
    ((ShadowNetworkCapabilities) Shadow.extract(overCellular)).addTransportType(CELLULAR);

    becomes(7, overWifi);
    becomes(7, overCellular);

    assertThat(told)
        .extracting(status -> status.label().substring(0, status.label().indexOf(' ')))
        .containsExactly("wifi+vpn", "cellular+vpn");
  }

  @Test
  public void tellsALossOnce() {
    monitor.listen(told::add);
    becomes(7, capabilities(WIFI, VALIDATED, NOT_METERED));

    callback().onLost(ShadowNetwork.newInstance(7));
    callback().onLost(ShadowNetwork.newInstance(7));

    assertThat(told).hasSize(2).last().isEqualTo(NO_NETWORK);
  }

  @Test
  @Config(sdk = 35)
  public void aNetworkThatAndroidBlocksIsNone() {
    monitor.listen(told::add);
    becomes(7, capabilities(WIFI, VALIDATED, NOT_METERED));

    callback().onBlockedStatusChanged(ShadowNetwork.newInstance(7), true);
    becomes(7, capabilities(WIFI, VALIDATED));
    assertThat(told).hasSize(2).last().isEqualTo(NO_NETWORK);
    callback().onBlockedStatusChanged(ShadowNetwork.newInstance(7), false);

    assertThat(told).extracting(NetworkStatus::available).containsExactly(true, false, true);
  }

  @Test
  public void closingTwiceUnregistersOnce() {
    Registration registration = monitor.listen(told::add);
    assertThat(android.getNetworkCallbacks()).hasSize(1);

    registration.close();
    registration.close();

    assertThat(android.getNetworkCallbacks()).isEmpty();
  }

  @Test
  @Config(shadows = Forbidding.class)
  public void withoutThePermissionItSaysSoAndFollowsNothing() {
    Registration registration = monitor.listen(told::add);

    registration.close();
    assertThat(told).isEmpty();
    assertThat(log.getLoggingEvents()).hasSize(1);
    assertThat(log.getLoggingEvents().get(0).getMessage()).contains("ACCESS_NETWORK_STATE");
  }

  private void becomes(int id, NetworkCapabilities capabilities) {
    Network network = ShadowNetwork.newInstance(id);
    callback().onAvailable(network);
    callback().onCapabilitiesChanged(network, capabilities);
  }

  private DefaultNetworkCallback callback() {
    assertThat(android.getNetworkCallbacks()).hasSize(1);
    NetworkCallback callback = android.getNetworkCallbacks().iterator().next();
    return (DefaultNetworkCallback) callback;
  }

  private static NetworkCapabilities capabilities(int transport, int... capabilities) {
    NetworkCapabilities made = ShadowNetworkCapabilities.newInstance();
    ShadowNetworkCapabilities shadow = Shadow.extract(made);
    shadow.removeCapability(NOT_METERED);
    shadow.addTransportType(transport);
    for (int capability : capabilities) shadow.addCapability(capability);
    return made;
  }

  /** Android without the permission. */
  @Implements(ConnectivityManager.class)
  public static final class Forbidding extends ShadowConnectivityManager {
    @Implementation
    @Override
    protected Network getActiveNetwork() {
      throw new SecurityException("neither user 10001 nor current process has it");
    }
  }
}
