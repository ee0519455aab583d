package io.holdfast.sample.android;

import android.app.Activity;
import android.content.pm.PackageManager;
import android.content.res.ColorStateList;
import android.os.Build;
import android.os.Bundle;
import android.os.SystemClock;
import android.widget.Button;
import android.widget.EditText;
import android.widget.ListView;
import android.widget.TextView;
import io.holdfast.ConnectRequest;
import io.holdfast.ConnectionState;
import io.holdfast.QueueSnapshot;
import io.reactivex.rxjava3.core.Observable;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The one screen. It shows a {@link Conversation} and keeps nothing itself. */
public final class MainActivity extends Activity {
  // By name, for the constant is newer than the framework that we compile against.
  private static final String POST_NOTIFICATIONS = "android.permission.POST_NOTIFICATIONS";
  private static final int POST_NOTIFICATIONS_SINCE = 33;

  private final CompositeDisposable watching = new CompositeDisposable();
  private Conversation conversation;
  private LineAdapter lines;
  private TextView state;
  private TextView detail;
  private TextView roundTrip;
  private TextView queue;
  private EditText address;
  private EditText message;
  private Button connect;
  private Button reconnectNow;
  private Button close;
  private Button send;

  @Override
  protected void onCreate(@Nullable Bundle saved) {
    super.onCreate(saved);
    conversation = SampleApp.conversation(this);
    setContentView(R.layout.main);
    state = findViewById(R.id.state);
    detail = findViewById(R.id.detail);
    roundTrip = findViewById(R.id.round_trip);
    queue = findViewById(R.id.queue);
    address = findViewById(R.id.address);
    message = findViewById(R.id.message);
    connect = button(R.id.connect, this::connect);
    reconnectNow = button(R.id.reconnect_now, conversation::reconnectNow);
    close = button(R.id.close, conversation::close);
    send = button(R.id.send, this::send);
    onEnter(address, connect);
    onEnter(message, send);
    lines = new LineAdapter(this);
    ListView messages = findViewById(R.id.messages);
    messages.setAdapter(lines);
    messages.setEmptyView(findViewById(R.id.messages_none));
    URI last = conversation.address();
    if (last != null) address.setText(last.toString());
  }

  private Button button(int id, Runnable order) {
    Button button = findViewById(id);
    button.setOnClickListener(clicked -> order.run());
    return button;
  }

  private static void onEnter(EditText input, Button button) {
    // A button that is disabled does nothing when it is clicked from here, too.
    input.setOnEditorActionListener(
        (view, action, key) -> button.isEnabled() && button.performClick());
  }

  @Override
  protected void onStart() {
    super.onStart();
    watching.addAll(
        conversation.screens().switchMap(MainActivity::countdown).subscribe(this::show),
        conversation.queue().subscribe(this::show));
    holdAgain();
  }

  /** While it waits for the next attempt the same screen, again and again: time is part of it. */
  private static Observable<Screen> countdown(Screen screen) {
    Observable<Screen> now = Observable.just(screen);
    return screen.state() instanceof ConnectionState.Waiting
        ? now.concatWith(
            Observable.interval(250, TimeUnit.MILLISECONDS, MainThread.SCHEDULER).map(i -> screen))
        : now;
  }

  /**
   * Has the service hold the connection that it let go in the background, or that ended with the
   * last process. A service in the foreground may be started while the app is shown, and not later.
   */
  private void holdAgain() {
    URI open = conversation.address();
    if (open != null) startForegroundService(ConnectionService.connect(this, open));
  }

  @Override
  protected void onStop() {
    watching.clear();
    super.onStop();
  }

  private void connect() {
    try {
      URI uri = URI.create(address.getText().toString().trim());
      // Checks it here, where the user can still mend it.
      ConnectRequest.builder(uri);
      askForNotifications();
      startForegroundService(ConnectionService.connect(this, uri));
    } catch (IllegalArgumentException e) {
      address.setError(e.getMessage());
    }
  }

  /** Without the permission the service runs all the same, but its notification is not shown. */
  private void askForNotifications() {
    if (Build.VERSION.SDK_INT < POST_NOTIFICATIONS_SINCE) return;
    if (checkSelfPermission(POST_NOTIFICATIONS) == PackageManager.PERMISSION_GRANTED) return;
    requestPermissions(new String[] {POST_NOTIFICATIONS}, 0);
  }

  private void send() {
    String text = message.getText().toString();
    if (text.isEmpty()) return;
    try {
      conversation.send(text);
      message.setText("");
    } catch (IllegalArgumentException e) {
      message.setError(e.getMessage());
    }
  }

  private void show(Screen screen) {
    Duration lasted = Duration.ofMillis(SystemClock.elapsedRealtime() - screen.sinceMillis());
    StateWords shown = StateWords.of(screen.state(), lasted, getResources());
    say(state, shown.words());
    state.setCompoundDrawableTintList(ColorStateList.valueOf(getColor(shown.colour())));
    say(detail, shown.detail());
    say(roundTrip, words(screen.roundTrip()));
    lines.show(screen.lines());
    enableButtons(screen.state());
  }

  private String words(@Nullable Duration roundTrip) {
    return roundTrip == null
        ? getString(R.string.round_trip_none)
        : getString(R.string.round_trip, StateWords.duration(roundTrip, getResources()));
  }

  // A screen reader tells each new text of a live region, so the same again is no new text.
  private static void say(TextView view, String words) {
    if (!view.getText().toString().equals(words)) view.setText(words);
  }

  private void enableButtons(ConnectionState state) {
    boolean closed =
        state instanceof ConnectionState.Closed || state instanceof ConnectionState.Idle;
    boolean closing = state instanceof ConnectionState.Closing;
    boolean waits =
        state instanceof ConnectionState.Waiting || state instanceof ConnectionState.Offline;
    connect.setEnabled(closed);
    address.setEnabled(closed);
    reconnectNow.setEnabled(waits);
    close.setEnabled(!closed && !closing);
    send.setEnabled(!closed && !closing);
  }

  private void show(QueueSnapshot numbers) {
    queue.setText(getString(R.string.queue, numbers.queued(), numbers.inFlight()));
  }
}
