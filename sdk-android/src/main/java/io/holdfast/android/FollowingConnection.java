package io.holdfast.android;

import android.os.Handler;
import io.holdfast.ManagedConnection;
import io.holdfast.QueueSnapshot;

/** One connection, and what it does in the background. For the main thread alone. */
final class FollowingConnection {
  private static final long LOOK_MILLIS = 1000;

  private final ManagedConnection connection;
  private final InBackground manner;
  private final Handler main;
  private final Runnable look = this::suspendOnceDelivered;
  private boolean suspended;

  FollowingConnection(ManagedConnection connection, InBackground manner, Handler main) {
    this.connection = connection;
    this.manner = manner;
    this.main = main;
  }

  void hide() {
    switch (manner) {
      case QUIET -> connection.enterBackground();
      case SUSPENDED -> suspend();
      case SUSPENDED_ONCE_DELIVERED -> {
        connection.enterBackground();
        suspendOnceDelivered();
      }
    }
  }

  void show() {
    end();
    if (manner != InBackground.SUSPENDED) connection.enterForeground();
    // What the app itself suspended stays so.
    if (suspended) connection.resume();
    suspended = false;
  }

  void end() {
    main.removeCallbacks(look);
  }

  private void suspendOnceDelivered() {
    QueueSnapshot queue = connection.queue();
    if (queue.queued() + queue.inFlight() == 0) {
      suspend();
    } else {
      main.postDelayed(look, LOOK_MILLIS);
    }
  }

  private void suspend() {
    suspended = true;
    connection.suspend();
  }
}
