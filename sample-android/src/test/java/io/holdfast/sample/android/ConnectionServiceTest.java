package io.holdfast.sample.android;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import android.app.Notification;
import io.holdfast.testkit.TestServer;
import java.io.IOException;
import java.time.Duration;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.annotation.Config;
import org.robolectric.shadow.api.Shadow;
import org.robolectric.shadows.ShadowPendingIntent;

/** The service holds the connection while no screen is shown, and says so in a notification. */
@RunWith(RobolectricTestRunner.class)
@Config(sdk = {26, 35})
public final class ConnectionServiceTest {
  private TestServer server;

  @Before
  public void startServer() throws IOException {
    server = TestServer.start();
  }

  @After
  public void stopServer() throws IOException {
    server.close();
  }

  @Test
  public void isInTheForegroundFromConnectToClose() {
    try (Phone phone = Phone.online()) {
      assertThat(phone.serviceRuns()).isFalse();

      phone.connect(Phone.named(server.url()));
      phone.awaitState("Connected");
      assertThat(phone.service().isForegroundStopped()).isFalse();
      Notification shown = requireNonNull(phone.notification());
      assertThat(shown.flags & Notification.FLAG_ONGOING_EVENT).isNotZero();
      ShadowPendingIntent opens = Shadow.extract(shown.contentIntent);
      assertThat(opens.getSavedIntent().getComponent().getClassName())
          .isEqualTo(MainActivity.class.getName());

      phone.tap(R.id.close);
      phone.await("end of the service", () -> !phone.serviceRuns());
      assertThat(phone.notification()).isNull();
      assertThat(phone.callbacks()).isEmpty();
      phone.awaitState("Closed");
    }
  }

  @Test
  public void theNotificationSaysTheState() {
    try (Phone phone = Phone.online()) {
      phone.connect(Phone.named(server.url()));
      phone.await("Connected", () -> "Connected".equals(phone.notificationTitle()));

      phone.takeNetworkAway();
      phone.await("No network", () -> "No network".equals(phone.notificationTitle()));

      phone.giveNetwork();
      phone.await("Connected", () -> "Connected".equals(phone.notificationTitle()));
    }
  }

  @Test
  public void theNotificationsButtonsReconnectAndClose() throws IOException {
    server.stop();
    try (Phone phone = Phone.online()) {
      phone.connect(Phone.named(server.url()));
      phone.awaitState("Waiting to reconnect");

      server.startAgain();
      phone.tapNotification("Reconnect now");
      phone.awaitState("Connected");

      phone.tapNotification("Close");
      phone.awaitState("Closed");
      phone.await("end of the service", () -> !phone.serviceRuns());
    }
  }

  @Test
  public void inTheBackgroundItLetsGoOnceAllIsDelivered() {
    try (Phone phone = Phone.online()) {
      phone.connect(Phone.named(server.url()));
      phone.awaitState("Connected");
      phone.takeNetworkAway();
      phone.awaitState("No network");
      phone.send("on the way out");
      phone.awaitLines("Sent: on the way out. waiting");

      phone.leaveScreen();
      phone.pass(Duration.ofMinutes(1));
      assertThat(phone.serviceRuns()).isTrue();
      assertThat(phone.notificationTitle()).isEqualTo("No network");

      phone.giveNetwork();
      phone.await("delivery", () -> server.ledger().arrivals() == 1);
      phone.await("end of the service", () -> !phone.serviceRuns());
      assertThat(phone.notification()).isNull();
      phone.await("end of the session", () -> server.liveSessions() == 0);
    }
  }

  @Test
  public void withTheScreenTheConnectionAndTheServiceComeBack() {
    try (Phone phone = Phone.online()) {
      phone.connect(Phone.named(server.url()));
      phone.awaitState("Connected");
      phone.leaveScreen();
      phone.await("end of the service", () -> !phone.serviceRuns());

      phone.returnToScreen();

      phone.awaitState("Connected");
      assertThat(phone.serviceRuns()).isTrue();
      phone.await("Connected", () -> "Connected".equals(phone.notificationTitle()));
      phone.send("back again");
      phone.awaitLines("Sent: back again. confirmed");
      assertThat(server.sessions()).isEqualTo(2);
    }
  }

  @Test
  public void aServiceThatAndroidEndsLeavesTheConnectionToTheProcess() {
    try (Phone phone = Phone.online()) {
      phone.connect(Phone.named(server.url()));
      phone.awaitState("Connected");

      phone.killService();
      phone.send("still here");
      phone.awaitLines("Sent: still here. confirmed");

      phone.leaveScreen();
      phone.returnToScreen();
      assertThat(phone.serviceRuns()).isTrue();
    }
  }

  @Test
  public void aSecondConnectChangesNothing() {
    try (Phone phone = Phone.online()) {
      phone.connect(Phone.named(server.url()));
      phone.awaitState("Connected");

      phone
          .activity()
          .startForegroundService(
              ConnectionService.connect(phone.activity(), Phone.named(server.url("/other"))));
      phone.send("hello");

      phone.awaitLines("Sent: hello. confirmed");
      assertThat(phone.notificationTitle()).isEqualTo("Connected");
      assertThat(server.sessions()).isEqualTo(1);
    }
  }

  @Test
  public void anOrderThatComesTooLateEndsTheServiceAgain() {
    try (Phone phone = Phone.online()) {
      phone.connect(Phone.named(server.url()));
      phone.awaitState("Connected");
      phone.tap(R.id.close);
      phone.await("end of the service", () -> !phone.serviceRuns());

      phone
          .activity()
          .startService(ConnectionService.order(phone.activity(), ConnectionService.CLOSE));

      phone.await("end of the service", () -> !phone.serviceRuns());
      assertThat(phone.notification()).isNull();
    }
  }
}
