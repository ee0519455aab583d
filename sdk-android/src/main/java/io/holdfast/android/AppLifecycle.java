package io.holdfast.android;

import static java.util.Objects.requireNonNull;

import android.app.Activity;
import android.app.Application;
import android.os.Bundle;
import android.os.Handler;
import android.os.Looper;
import io.holdfast.ConnectionListener;
import io.holdfast.ConnectionState;
import io.holdfast.ManagedConnection;
import io.holdfast.Registration;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells connections whether the app is shown: whether any of its activities is started. It is in
 * the background once none has been for 700 ms, so that turning the device, or going from one
 * activity to the next, does not count.
 *
 * <p>Made in {@link Application#onCreate}, before the first activity is started.
 */
public final class AppLifecycle {
  private static final long PAUSE_MILLIS = 700;

  private final Handler main = new Handler(Looper.getMainLooper());
  private final Runnable hide = this::hide;

  // The main thread owns all of these.
  private final Set<Activity> started = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<FollowingConnection> followers = new HashSet<>();
  private boolean hidden;

  private AppLifecycle() {}

  /** Returns one that follows the activities of {@code application}, for as long as it lives. */
  public static AppLifecycle of(Application application) {
    AppLifecycle lifecycle = new AppLifecycle();
    application.registerActivityLifecycleCallbacks(lifecycle.new Activities());
    // A process may be started for a service alone.
    lifecycle.hideSoon();
    return lifecycle;
  }

  /**
   * Has {@code connection} do as {@code manner} says while the app is in the background, now too,
   * and come back with the app. Ends by itself when the connection is {@link
   * ConnectionState.Closed}. Safe from any thread; returns at once.
   *
   * @return what ends it; the connection is then left as it is
   */
  public Registration follow(ManagedConnection connection, InBackground manner) {
    FollowingConnection follower =
        new FollowingConnection(
            requireNonNull(connection, "connection"), requireNonNull(manner, "manner"), main);
    Registration following = () -> onMain(() -> remove(follower));
    onMain(() -> add(follower));
    connection.addListener(
        new ConnectionListener() {
          @Override
          public void onState(ConnectionState state) {
            if (state instanceof ConnectionState.Closed) following.close();
          }
        });
    return following;
  }

  private void onMain(Runnable task) {
    if (Looper.myLooper() == main.getLooper()) {
      task.run();
    } else {
      main.post(task);
    }
  }

  private void add(FollowingConnection follower) {
    followers.add(follower);
    if (hidden) follower.hide();
  }

  private void remove(FollowingConnection follower) {
    followers.remove(follower);
    follower.end();
  }

  private void show() {
    main.removeCallbacks(hide);
    if (!hidden) return;
    hidden = false;
    followers.forEach(FollowingConnection::show);
  }

  private void hideSoon() {
    main.removeCallbacks(hide);
    main.postDelayed(hide, PAUSE_MILLIS);
  }

  private void hide() {
    if (hidden || !started.isEmpty()) return;
    hidden = true;
    followers.forEach(FollowingConnection::hide);
  }

  private final class Activities implements Application.ActivityLifecycleCallbacks {
    @Override
    public void onActivityStarted(Activity activity) {
      started.add(activity);
      show();
    }

    @Override
    public void onActivityStopped(Activity activity) {
      started.remove(activity);
      if (started.isEmpty()) hideSoon();
    }

    @Override
    public void onActivityCreated(Activity activity, @Nullable Bundle saved) {}

    @Override
    public void onActivityResumed(Activity activity) {}

    @Override
    public void onActivityPaused(Activity activity) {}

    @Override
    public void onActivitySaveInstanceState(Activity activity, Bundle state) {}

    @Override
    public void onActivityDestroyed(Activity activity) {}
  }
}
