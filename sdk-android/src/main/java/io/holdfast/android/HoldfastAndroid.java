package io.holdfast.android;

import static java.util.Objects.requireNonNull;

import android.app.Application;
import android.content.Context;
import android.os.Handler;
import android.os.Looper;
import io.holdfast.AdaptiveInterval;
import io.holdfast.Clock;
import io.holdfast.Heartbeat;
import io.holdfast.HeartbeatMemory;
import io.holdfast.ManagedConnection;
import io.holdfast.Registration;
import io.holdfast.network.NetworkMonitor;
import java.io.File;
import java.nio.file.Path;
import java.util.concurrent.Executor;

/**
 * Sets connections up for Android. One for the app, made in its {@link Application#onCreate}:
 *
 * <pre>{@code
 * HoldfastAndroid android = HoldfastAndroid.of(this);
 * ManagedConnection connection =
 *     android
 *         .configure(ManagedConnection.builder(uri))
 *         .callbackExecutor(HoldfastAndroid.mainThread())
 *         .build();
 * android.follow(connection, InBackground.QUIET);
 * connection.open();
 * }</pre>
 *
 * <p>All methods are safe from any thread.
 */
public final class HoldfastAndroid {
  private static final Executor MAIN_THREAD = new Handler(Looper.getMainLooper())::post;

  private final Context context;
  private final NetworkMonitor network;
  private final Clock clock;
  private final HeartbeatMemory memory;
  private final AppLifecycle lifecycle;

  private HoldfastAndroid(Application application, WakeUps wakeUps) {
    context = application;
    network = AndroidNetworkMonitor.of(application);
    clock = ElapsedRealtimeClock.with(wakeUps);
    memory = PreferencesHeartbeatMemory.of(application);
    lifecycle = AppLifecycle.of(application);
  }

  /** Returns one whose timers run while the device is awake, and that wakes it for nothing. */
  public static HoldfastAndroid of(Application application) {
    return of(application, HandlerWakeUps.create());
  }

  /** Returns one with timers of the app's choice, such as {@link AlarmWakeUps}. */
  public static HoldfastAndroid of(Application application, WakeUps wakeUps) {
    return new HoldfastAndroid(application, requireNonNull(wakeUps, "wakeUps"));
  }

  /**
   * Gives {@code builder} an {@link AndroidNetworkMonitor}, an {@link ElapsedRealtimeClock}, and a
   * background heartbeat whose interval is learnt for each kind of network and kept in the app's
   * preferences. What is set on the builder afterwards takes their place.
   *
   * @return {@code builder}
   */
  public ManagedConnection.Builder configure(ManagedConnection.Builder builder) {
    AdaptiveInterval learnt = AdaptiveInterval.DEFAULT.withMemory(memory);
    return builder
        .network(network)
        .clock(clock)
        .backgroundHeartbeat(Heartbeat.DEFAULT.withInterval(learnt));
  }

  /** Does as {@link AppLifecycle#follow}. */
  public Registration follow(ManagedConnection connection, InBackground manner) {
    return lifecycle.follow(connection, manner);
  }

  /**
   * Returns a directory of the app's own for a {@link io.holdfast.queue.JournalSendQueue}, and
   * makes it if need be. It is part of no backup: on another device its messages would be sent a
   * second time. Touches the disk.
   *
   * @param name tells the app's journals apart, and is the directory's own name
   * @throws IllegalArgumentException if {@code name} is not a plain name
   * @throws IllegalStateException if the directory cannot be made
   */
  public Path directory(String name) {
    if (name.isEmpty() || name.startsWith(".") || name.indexOf('/') >= 0) {
      throw new IllegalArgumentException(
          "name must be one of a directory, without / and no dot in front, but was " + name);
    }
    File directory = new File(context.getNoBackupFilesDir(), "holdfast/" + name);
    if (!directory.isDirectory() && !directory.mkdirs() && !directory.isDirectory()) {
      throw new IllegalStateException("cannot make the directory " + directory);
    }
    return directory.toPath();
  }

  /** Returns what runs tasks on Android's main thread, in order, for a connection's callbacks. */
  public static Executor mainThread() {
    return MAIN_THREAD;
  }
}
