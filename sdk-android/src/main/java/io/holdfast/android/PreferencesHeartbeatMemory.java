package io.holdfast.android;

import android.content.Context;
import android.content.SharedPreferences;
import io.holdfast.HeartbeatMemory;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what a heartbeat has learnt in preferences of its own, {@code io.holdfast.heartbeat}.
 *
 * <p>It is kept for each kind of network, such as {@code wifi}, that an {@link
 * AndroidNetworkMonitor} tells: Android has no name for a network that lasts longer than a process
 * and needs no permission for the device's location. What another Wi-Fi makes wrong is learnt
 * again.
 */
public final class PreferencesHeartbeatMemory implements HeartbeatMemory {
  private static final String FILE = "io.holdfast.heartbeat";

  private final Context context;

  private PreferencesHeartbeatMemory(Context context) {
    this.context = context;
  }

  /** Returns the memory of the app of {@code context}, which may be any. */
  public static PreferencesHeartbeatMemory of(Context context) {
    return new PreferencesHeartbeatMemory(context.getApplicationContext());
  }

  @Override
  public @Nullable String load(String label) {
    return preferences().getString(NetworkLabel.kind(label), null);
  }

  @Override
  public void save(String label, String state) {
    preferences().edit().putString(NetworkLabel.kind(label), state).apply();
  }

  // Found here, not before: the first time Android looks at the disk.
  private SharedPreferences preferences() {
    return context.getSharedPreferences(FILE, Context.MODE_PRIVATE);
  }
}
