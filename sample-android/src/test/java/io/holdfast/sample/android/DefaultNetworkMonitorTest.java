package io.holdfast.sample.android;

import static org.assertj.core.api.Assertions.assertThat;

import android.net.ConnectivityManager;
import android.net.ConnectivityManager.NetworkCallback;
import android.net.Network;
import io.holdfast.Registration;
import io.holdfast.network.NetworkStatus;
import java.util.ArrayList;
import java.util.List;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.RuntimeEnvironment;
import org.robolectric.annotation.Config;
import org.robolectric.shadow.api.Shadow;
import org.robolectric.shadows.ShadowConnectivityManager;
import org.robolectric.shadows.ShadowNetwork;

@RunWith(RobolectricTestRunner.class)
@Config(sdk = {26, 35})
public final class DefaultNetworkMonitorTest {
  private final ConnectivityManager connectivity =
      RuntimeEnvironment.getApplication().getSystemService(ConnectivityManager.class);
  private final ShadowConnectivityManager android = Shadow.extract(connectivity);
  private final DefaultNetworkMonitor monitor = new DefaultNetworkMonitor(connectivity);
  private final List<NetworkStatus> told = new ArrayList<>();

  @Test
  public void tellsAtOnceThatThereIsNoNetwork() {
    android.setDefaultNetworkActive(false);

    monitor.listen(told::add);

    assertThat(told).containsExactly(new NetworkStatus(false, ""));
  }

  @Test
  public void tellsNetworksApart() {
    monitor.listen(told::add);
    Network wifi = ShadowNetwork.newInstance(7);
    Network cellular = ShadowNetwork.newInstance(8);

    callback().onAvailable(wifi);
    callback().onAvailable(cellular);

    assertThat(told).extracting(NetworkStatus::available).containsExactly(true, true);
    assertThat(told).extracting(NetworkStatus::label).doesNotHaveDuplicates().doesNotContain("");
  }

  @Test
  public void tellsALoss() {
    monitor.listen(told::add);

    callback().onLost(ShadowNetwork.newInstance(7));

    assertThat(told).containsExactly(new NetworkStatus(false, ""));
  }

  @Test
  public void closingTwiceUnregistersOnce() {
    Registration registration = monitor.listen(told::add);
    assertThat(android.getNetworkCallbacks()).hasSize(1);

    registration.close();
    registration.close();

    assertThat(android.getNetworkCallbacks()).isEmpty();
  }

  private NetworkCallback callback() {
    assertThat(android.getNetworkCallbacks()).hasSize(1);
    return android.getNetworkCallbacks().iterator().next();
  }
}
