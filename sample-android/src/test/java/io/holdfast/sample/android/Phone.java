package io.holdfast.sample.android;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import android.app.Application;
import android.app.Notification;
import android.app.NotificationManager;
import android.app.PendingIntent;
import android.content.Intent;
import android.content.res.Configuration;
import android.net.ConnectivityManager;
import android.net.ConnectivityManager.NetworkCallback;
import android.net.Network;
import android.net.NetworkCapabilities;
import android.view.View;
import android.widget.EditText;
import android.widget.ListView;
import android.widget.TextView;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.robolectric.Robolectric;
import org.robolectric.RuntimeEnvironment;
import org.robolectric.android.controller.ActivityController;
import org.robolectric.android.controller.ServiceController;
import org.robolectric.shadow.api.Shadow;
import org.robolectric.shadows.ShadowApplication;
import org.robolectric.shadows.ShadowConnectivityManager;
import org.robolectric.shadows.ShadowLooper;
import org.robolectric.shadows.ShadowNetwork;
import org.robolectric.shadows.ShadowNetworkCapabilities;
import org.robolectric.shadows.ShadowNotificationManager;
import org.robolectric.shadows.ShadowService;

/**
 * A phone with the app on it, as its user has it in hand: taps, types, reads the screen, and takes
 * the network away. It also does what Android does with a service, which Robolectric leaves out.
 */
final class Phone implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  // Time goes faster here than it does outside, so that a second between two pings is soon over. A
  // server on loopback still answers long before a connection gives it up.
  private static final Duration LOOK = Duration.ofMillis(10);

  private final ShadowConnectivityManager connectivity =
      Shadow.extract(context().getSystemService(ConnectivityManager.class));
  private final ShadowNotificationManager notifications =
      Shadow.extract(context().getSystemService(NotificationManager.class));
  private final ShadowApplication application = Shadow.extract(context());
  private ActivityController<MainActivity> screen = Robolectric.buildActivity(MainActivity.class);
  private long settledAtNanos = System.nanoTime();
  private @Nullable ServiceController<ConnectionService> service;
  private @Nullable ShadowService lastService;
  private int serviceStarts;
  private int networks;

  private Phone() {}

  /** The app has just been opened, and there is a network. */
  static Phone online() {
    Phone phone = new Phone();
    phone.screen.setup();
    phone.settle();
    return phone;
  }

  /** The app has just been opened, and there is none. */
  static Phone offline() {
    Phone phone = new Phone();
    phone.connectivity.setDefaultNetworkActive(false);
    phone.screen.setup();
    phone.settle();
    return phone;
  }

  /** The same address, for which a network is needed. */
  static URI named(URI loopback) {
    return URI.create(loopback.toString().replace("127.0.0.1", "server.test"));
  }

  void connect(URI address) {
    type(R.id.address, address.toString());
    tap(R.id.connect);
  }

  void send(String text) {
    type(R.id.message, text);
    tap(R.id.send);
  }

  void type(int input, String text) {
    ((EditText) view(input)).setText(text);
  }

  void tap(int button) {
    assertThat(view(button).isEnabled()).as("enabled").isTrue();
    view(button).performClick();
    settle();
  }

  void takeNetworkAway() {
    connectivity.setDefaultNetworkActive(false);
    callbacks().forEach(callback -> callback.onLost(ShadowNetwork.newInstance(networks)));
  }

  void giveNetwork() {
    Network network = ShadowNetwork.newInstance(++networks);
    connectivity.setDefaultNetworkActive(true);
    NetworkCapabilities capabilities = ShadowNetworkCapabilities.newInstance();
    ShadowNetworkCapabilities wifi = Shadow.extract(capabilities);
    wifi.addTransportType(NetworkCapabilities.TRANSPORT_WIFI);
    wifi.addCapability(NetworkCapabilities.NET_CAPABILITY_VALIDATED);
    for (NetworkCallback callback : callbacks()) {
      callback.onAvailable(network);
      callback.onCapabilitiesChanged(network, capabilities);
    }
  }

  /** The app's listeners to the network. */
  List<NetworkCallback> callbacks() {
    return List.copyOf(connectivity.getNetworkCallbacks());
  }

  /** Turns the phone, so that the activity is made anew. */
  void turn() {
    Configuration turned = new Configuration(activity().getResources().getConfiguration());
    boolean upright = turned.orientation == Configuration.ORIENTATION_PORTRAIT;
    turned.orientation =
        upright ? Configuration.ORIENTATION_LANDSCAPE : Configuration.ORIENTATION_PORTRAIT;
    MainActivity before = activity();
    screen.configurationChange(turned);
    assertThat(activity()).isNotSameAs(before);
    settle();
  }

  void leaveScreen() {
    screen.pause().stop();
    pass(Duration.ofSeconds(1));
  }

  void returnToScreen() {
    screen.restart().start().resume();
    settle();
  }

  /**
   * Ends the process, as Android may at any moment, and opens the app again. The old process lives
   * on for a moment: it is the disk, as it was before that, on which the new one starts.
   */
  void killProcess() {
    Path files = context().getNoBackupFilesDir().toPath();
    URI address = requireNonNull(conversation().address(), "address");
    Map<Path, byte[]> disk = DiskImage.of(files);
    close();
    DiskImage.restore(files, disk);
    new LastAddress(context()).set(address);
    context().onCreate();
    screen = Robolectric.buildActivity(MainActivity.class).setup();
    settle();
  }

  /** Waits until the journal has a message, so that the process may be killed. */
  void awaitSaved(String text) {
    Path files = context().getNoBackupFilesDir().toPath();
    await("saved message", () -> conversation().newestIsSaved() && DiskImage.contains(files, text));
  }

  /** Ends the service, as Android may for want of memory. */
  void killService() {
    requireNonNull(service, "service").destroy();
    service = null;
    settle();
  }

  /** What a text on the screen says. */
  String text(int view) {
    return ((TextView) view(view)).getText().toString();
  }

  /** What the list says, as a screen reader reads it out. */
  List<String> lines() {
    ListView list = (ListView) view(R.id.messages);
    List<String> lines = new ArrayList<>();
    View row = null;
    for (int i = 0; i < list.getCount(); i++) {
      row = list.getAdapter().getView(i, row, list);
      lines.add(row.getContentDescription().toString());
    }
    return lines;
  }

  View view(int id) {
    return activity().findViewById(id);
  }

  MainActivity activity() {
    return screen.get();
  }

  /** The app's notification, null if there is none. */
  @Nullable Notification notification() {
    return notifications.getNotification(ConnectionNotification.ID);
  }

  /** What the app's notification says first. */
  @Nullable String notificationTitle() {
    Notification shown = notification();
    return shown == null ? null : shown.extras.getString(Notification.EXTRA_TITLE);
  }

  /** The service that runs, or else the one that ran last. */
  ShadowService service() {
    return requireNonNull(lastService, "service");
  }

  boolean serviceRuns() {
    return service != null;
  }

  /** Does what a tap on one of the notification's buttons does. */
  void tapNotification(String button) {
    try {
      for (Notification.Action action : requireNonNull(notification()).actions) {
        if (button.contentEquals(action.title)) action.actionIntent.send();
      }
    } catch (PendingIntent.CanceledException e) {
      throw new AssertionError(e);
    }
    settle();
  }

  void awaitState(String words) {
    await("state " + words, () -> text(R.id.state).equals(words));
  }

  void awaitLines(String... lines) {
    await("lines " + List.of(lines), () -> lines().equals(List.of(lines)));
  }

  /** Lets the app go on until {@code condition} holds. */
  void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    settle();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("no " + what + " within " + PATIENCE + " but " + this);
      }
      // Sockets have threads of their own, which need a moment.
      LockSupport.parkNanos(1_000_000);
      settle();
    }
  }

  /** Runs what waits for the main thread, and the orders to the service. */
  private void settle() {
    // Android's time stands still by itself here, and what talks to a server needs the real one.
    long nowNanos = System.nanoTime();
    pass(Duration.ofNanos(Math.max(LOOK.toNanos(), nowNanos - settledAtNanos)));
    settledAtNanos = nowNanos;
  }

  /** Lets time pass on the phone. */
  void pass(Duration time) {
    ShadowLooper.shadowMainLooper().idleFor(time);
    Intent order = application.getNextStartedService();
    while (order != null) {
      obey(order);
      order = application.getNextStartedService();
    }
    if (service != null && service().isStoppedBySelf()) {
      service.destroy();
      service = null;
    }
  }

  private void obey(Intent order) {
    ServiceController<ConnectionService> running = service;
    if (running == null) {
      running = Robolectric.buildService(ConnectionService.class).create();
      service = running;
      lastService = Shadow.extract(running.get());
    }
    running.get().onStartCommand(order, 0, ++serviceStarts);
    ShadowLooper.idleMainLooper();
  }

  /** Ends the connection too, so that no thread outlives the test. */
  @Override
  public void close() {
    if (conversation().address() != null) {
      conversation().close();
      await("end of the connection", () -> conversation().address() == null);
    }
    if (service != null) killService();
    screen.close();
  }

  @Override
  public String toString() {
    return text(R.id.state) + " (" + text(R.id.detail) + "), " + lines();
  }

  private static Conversation conversation() {
    return SampleApp.conversation(context());
  }

  private static Application context() {
    return RuntimeEnvironment.getApplication();
  }
}
