package io.holdfast.sample.android;

import android.app.Notification;
import android.app.NotificationChannel;
import android.app.NotificationManager;
import android.app.PendingIntent;
import android.content.Context;
import android.content.Intent;
import android.graphics.drawable.Icon;
import io.holdfast.ConnectionState;

/** What Android shows while the service holds the connection. */
final class ConnectionNotification {
  static final int ID = 1;
  private static final String CHANNEL = "connection";

  private final Context context;
  private final NotificationManager notifications;

  ConnectionNotification(Context context) {
    this.context = context;
    this.notifications = context.getSystemService(NotificationManager.class);
    // Low: no sound, for the states of a connection are no news.
    notifications.createNotificationChannel(
        new NotificationChannel(
            CHANNEL,
            context.getString(R.string.notification_channel),
            NotificationManager.IMPORTANCE_LOW));
  }

  void show(ConnectionState state) {
    notifications.notify(ID, of(state));
  }

  Notification of(ConnectionState state) {
    StateWords shown = StateWords.of(state, context.getResources());
    return new Notification.Builder(context, CHANNEL)
        .setSmallIcon(R.drawable.anchor)
        .setColor(context.getColor(shown.colour()))
        .setContentTitle(shown.words())
        .setContentText(shown.detail())
        .setContentIntent(openScreen())
        .setCategory(Notification.CATEGORY_SERVICE)
        .setOngoing(true)
        .setOnlyAlertOnce(true)
        .setShowWhen(false)
        .addAction(action(R.string.reconnect_now, ConnectionService.RECONNECT_NOW))
        .addAction(action(R.string.close, ConnectionService.CLOSE))
        .build();
  }

  private PendingIntent openScreen() {
    Intent screen = new Intent(context, MainActivity.class);
    return PendingIntent.getActivity(context, 0, screen, PendingIntent.FLAG_IMMUTABLE);
  }

  private Notification.Action action(int words, String order) {
    Intent intent = ConnectionService.order(context, order);
    PendingIntent pending =
        PendingIntent.getService(context, 0, intent, PendingIntent.FLAG_IMMUTABLE);
    Icon icon = Icon.createWithResource(context, R.drawable.anchor);
    return new Notification.Action.Builder(icon, context.getString(words), pending).build();
  }
}
