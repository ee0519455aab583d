package io.holdfast.android;

import static java.util.Objects.requireNonNull;

import android.content.Context;
import android.net.ConnectivityManager;
import android.net.ConnectivityManager.NetworkCallback;
import io.holdfast.Registration;
import io.holdfast.network.NetworkMonitor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the network that Android lets the app use by default, such as Wi-Fi while there is any.
 *
 * <p>A label names the kind of network and Android's handle for it, so that Wi-Fi and mobile
 * network differ, and one Wi-Fi from the next. What changes of the same network, such as its
 * strength, makes no new one, but for two things: a VPN that goes over another kind of network, and
 * whether Android has found the internet behind it, so that a connection tries at once when a login
 * page has been passed. A network without internet counts as one, for the server may be near.
 *
 * <p>There is no network where Android blocks it for the app, as in Doze or while data is saved;
 * that is known from API 29 on.
 *
 * <p>Needs the permission {@code ACCESS_NETWORK_STATE}. Without it, that is logged, and the monitor
 * is like {@link NetworkMonitor#NONE}.
 */
public final class AndroidNetworkMonitor implements NetworkMonitor {
  private static final Logger log = LoggerFactory.getLogger(AndroidNetworkMonitor.class);

  private final Context context;

  private AndroidNetworkMonitor(Context context) {
    this.context = context;
  }

  /** Returns a monitor for the app of {@code context}, which may be any. */
  public static AndroidNetworkMonitor of(Context context) {
    return new AndroidNetworkMonitor(context.getApplicationContext());
  }

  /** Tells {@code listener} from Android's thread for connectivity; the first time perhaps here. */
  @Override
  public Registration listen(Listener listener) {
    requireNonNull(listener, "listener");
    try {
      return register(context.getSystemService(ConnectivityManager.class), listener);
    } catch (SecurityException e) {
      log.warn("The network is not followed: the app needs permission ACCESS_NETWORK_STATE", e);
    } catch (RuntimeException e) {
      // Android allows an app a hundred callbacks, and throws a hidden class for one more.
      log.warn("The network is not followed: Android would not register a callback", e);
    }
    return NONE.listen(listener);
  }

  private static Registration register(ConnectivityManager connectivity, Listener listener) {
    DefaultNetworkCallback callback = new DefaultNetworkCallback(listener);
    // Android calls back at once if there is a network, and not at all if there is none.
    if (connectivity.getActiveNetwork() == null) callback.tellNoNetwork();
    connectivity.registerDefaultNetworkCallback(callback);
    return new Following(connectivity, callback);
  }

  private static final class Following implements Registration {
    private final ConnectivityManager connectivity;
    private final NetworkCallback callback;
    private final AtomicBoolean closed = new AtomicBoolean();

    Following(ConnectivityManager connectivity, NetworkCallback callback) {
      this.connectivity = connectivity;
      this.callback = callback;
    }

    @Override
    public void close() {
      // Android throws at the second time.
      if (!closed.getAndSet(true)) connectivity.unregisterNetworkCallback(callback);
    }
  }
}
