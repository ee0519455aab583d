package io.holdfast.sample.android;

import static java.util.Objects.requireNonNull;

import android.app.Service;
import android.content.Context;
import android.content.Intent;
import android.net.ConnectivityManager;
import android.net.Uri;
import android.os.IBinder;
import io.holdfast.ConnectionState;
import io.holdfast.ManagedConnection;
import io.holdfast.rx.RxConnection;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Holds the connection, in the foreground, from {@link #connect} until the connection is closed: so
 * Android lets the process live while no screen is shown.
 */
public final class ConnectionService extends Service {
  private static final String CONNECT = "connect";
  static final String RECONNECT_NOW = "reconnect now";
  static final String CLOSE = "close";

  // The main thread owns all of these.
  private final CompositeDisposable watching = new CompositeDisposable();
  private ConnectionNotification notification;
  private @Nullable RxConnection connection;
  private int newestStart;

  /**
   * The order to open a connection to {@code address}, for {@link Context#startForegroundService}.
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
    notification = new ConnectionNotification(this);
  }

  @Override
  public int onStartCommand(@Nullable Intent order, int flags, int startId) {
    newestStart = startId;
    if (order != null) obey(order);
    // An order that came too late, such as a second Close.
    if (connection == null) stopSelf(startId);
    // If the process dies, so do the messages in its memory; the user opens a new connection.
    return START_NOT_STICKY;
  }

  private void obey(Intent order) {
    String action = requireNonNull(order.getAction());
    if (action.equals(CONNECT)) connect(URI.create(requireNonNull(order.getDataString())));
    if (connection == null) return;
    if (action.equals(RECONNECT_NOW)) connection.connection().reconnectNow();
    if (action.equals(CLOSE)) connection.connection().close();
  }

  private void connect(URI address) {
    // Android wants this soon after each startForegroundService, a needless one included.
    startForeground(ConnectionNotification.ID, notification.of(state()));
    if (connection != null) return;
    RxConnection connection =
        RxConnection.of(
            ManagedConnection.builder(address)
                .network(new DefaultNetworkMonitor(getSystemService(ConnectivityManager.class)))
                .callbackExecutor(MainThread.EXECUTOR)
                .build());
    this.connection = connection;
    SampleApp.conversation(this).follow(connection);
    watching.add(connection.states().subscribe(notification::show, error -> {}, this::closed));
    connection.connection().open();
  }

  private ConnectionState state() {
    return connection == null ? new ConnectionState.Idle() : connection.state();
  }

  private void closed() {
    connection = null;
    stopForeground(STOP_FOREGROUND_REMOVE);
    // Not if another start is on its way: its connection is to live.
    stopSelf(newestStart);
  }

  @Override
  public void onDestroy() {
    watching.clear();
    if (connection != null) connection.connection().close();
  }

  @Override
  public @Nullable IBinder onBind(Intent intent) {
    return null;
  }
}
