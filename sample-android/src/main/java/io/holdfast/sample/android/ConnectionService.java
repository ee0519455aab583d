package io.holdfast.sample.android;

import static java.util.Objects.requireNonNull;

import android.app.Service;
import android.content.Context;
import android.content.Intent;
import android.net.Uri;
import android.os.IBinder;
import io.holdfast.ConnectionState;
import io.holdfast.ConnectionState.Offline;
import io.holdfast.rx.RxConnection;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the process alive, in the foreground, for as long as the connection needs it: from {@link
 * #connect} until it is closed, or until the app is in the background and everything is delivered.
 * The connection is then suspended, and the activity starts the service again.
 */
public final class ConnectionService extends Service {
  private static final String CONNECT = "connect";
  static final String RECONNECT_NOW = "reconnect now";
  static final String CLOSE = "close";

  // The main thread owns all of these.
  private final CompositeDisposable watching = new CompositeDisposable();
  private Conversation conversation;
  private ConnectionNotification notification;
  private boolean holds;
  private int newestStart;

  /**
   * The order to hold a connection to {@code address}, and to open it if there is none, for {@link
   * Context#startForegroundService}.
   */
  static Intent connect(Context context, URI address) {
    return order(context, CONNECT).setData(Uri.parse(address.toString()));
  }

  /** An order to the service that runs: {@link #RECONNECT_NOW} or {@link #CLOSE}. */
  static Intent order(Context context, String order) {
    return new Intent(context, ConnectionService.class).setAction(order);
  }

  @Override
  public void onCreate() {
    conversation = SampleApp.conversation(this);
    notification = new ConnectionNotification(this);
  }

  @Override
  public int onStartCommand(@Nullable Intent order, int flags, int startId) {
    newestStart = startId;
    if (order != null) obey(order);
    // An order that came too late, such as a second Close.
    if (!holds) stopSelf(startId);
    // If the process dies, the journal keeps the messages, and the user opens the app again. From
    // API 31 on Android would not let us into the foreground before.
    return START_NOT_STICKY;
  }

  private void obey(Intent order) {
    String action = requireNonNull(order.getAction());
    if (action.equals(CONNECT)) hold(URI.create(requireNonNull(order.getDataString())));
    if (!holds) return;
    if (action.equals(RECONNECT_NOW)) conversation.reconnectNow();
    if (action.equals(CLOSE)) conversation.close();
  }

  private void hold(URI address) {
    RxConnection connection = conversation.connect(address);
    // Android wants this soon after each startForegroundService, a needless one included.
    startForeground(ConnectionNotification.ID, notification.of(connection.state()));
    if (holds) return;
    holds = true;
    watching.add(
        connection
            .states()
            // It may not have been told yet that the app is shown again.
            .skipWhile(ConnectionService::isSuspended)
            .takeUntil(ConnectionService::isSuspended)
            .subscribe(notification::show, error -> {}, this::letGo));
  }

  private static boolean isSuspended(ConnectionState state) {
    return state instanceof Offline offline && offline.reason() == Offline.Reason.SUSPENDED;
  }

  private void letGo() {
    holds = false;
    watching.clear();
    stopForeground(STOP_FOREGROUND_REMOVE);
    // Not if another start is on its way, which is to hold the connection again.
    stopSelf(newestStart);
  }

  @Override
  public void onDestroy() {
    watching.clear();
  }

  @Override
  public @Nullable IBinder onBind(Intent intent) {
    return null;
  }
}
