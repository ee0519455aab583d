package io.holdfast.sample.android;

import static org.assertj.core.api.Assertions.assertThat;

import android.widget.EditText;
import io.holdfast.testkit.Arrival;
import io.holdfast.testkit.Ledger;
import io.holdfast.testkit.TestServer;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.annotation.Config;

/** What a user does with the app, against a real server on loopback. */
@RunWith(RobolectricTestRunner.class)
@Config(sdk = {26, 35})
public final class SampleAppTest {
  private static final String MEASURED = "Round trip: [0-9.]+ m?s";

  private TestServer server;

  @Before
  public void startServer() throws IOException {
    server = TestServer.builder().ledger(new Ledger(text -> -1, 100)).start();
  }

  @After
  public void stopServer() throws IOException {
    server.close();
  }

  @Test
  public void startsUnconnectedWithAnAddressAndNothingElse() {
    try (Phone phone = Phone.online()) {
      assertThat(phone.text(R.id.state)).isEqualTo("Not connected");
      assertThat(phone.text(R.id.address)).isEqualTo("ws://10.0.2.2:8080/");
      assertThat(phone.text(R.id.round_trip)).isEqualTo("Round trip: not measured");
      assertThat(phone.text(R.id.queue)).isEqualTo("Queue: 0 waiting, 0 in flight");
      assertThat(phone.lines()).isEmpty();
      assertThat(phone.view(R.id.connect).isEnabled()).isTrue();
      assertThat(phone.view(R.id.reconnect_now).isEnabled()).isFalse();
      assertThat(phone.view(R.id.close).isEnabled()).isFalse();
      assertThat(phone.view(R.id.send).isEnabled()).isFalse();
    }
  }

  @Test
  public void whatIsTypedOfflineIsConfirmedOnceThereIsANetwork() {
    try (Phone phone = Phone.offline()) {
      phone.connect(Phone.named(server.url()));
      phone.awaitState("No network");

      phone.send("typed offline");
      phone.awaitLines("Sent: typed offline. waiting");
      assertThat(phone.text(R.id.message)).isEmpty();
      phone.await("queue", () -> phone.text(R.id.queue).equals("Queue: 1 waiting, 0 in flight"));
      assertThat(server.sessions()).isZero();

      phone.giveNetwork();
      phone.awaitState("Connected");
      phone.awaitLines("Sent: typed offline. confirmed");
      phone.await("queue", () -> phone.text(R.id.queue).equals("Queue: 0 waiting, 0 in flight"));
      phone.await("time", () -> phone.text(R.id.round_trip).matches(MEASURED));
      assertThat(server.ledger().kept()).extracting(Arrival::text).containsExactly("typed offline");
    }
  }

  @Test
  public void aLostNetworkIsShownAndItsReturnReconnects() {
    try (Phone phone = Phone.online()) {
      phone.connect(Phone.named(server.url()));
      phone.awaitState("Connected");

      phone.takeNetworkAway();
      phone.awaitState("No network");
      phone.send("in a tunnel");
      phone.awaitLines("Sent: in a tunnel. waiting");

      phone.giveNetwork();
      phone.awaitState("Connected");
      assertThat(phone.text(R.id.detail)).startsWith("Transport 2, connected in ");
      phone.awaitLines("Sent: in a tunnel. confirmed");
      assertThat(server.sessions()).isEqualTo(2);
    }
  }

  @Test
  public void turningThePhoneKeepsWhatWasShown() {
    server.echo();
    try (Phone phone = Phone.online()) {
      phone.connect(Phone.named(server.url()));
      phone.awaitState("Connected");
      phone.send("hello");
      phone.awaitLines("Sent: hello. confirmed", "Received: hello");
      phone.await("time", () -> phone.text(R.id.round_trip).matches(MEASURED));
      phone.type(R.id.message, "half a sen");
      String detail = phone.text(R.id.detail);

      phone.turn();

      assertThat(phone.text(R.id.state)).isEqualTo("Connected");
      assertThat(phone.text(R.id.detail)).isEqualTo(detail);
      // Another ping may have been answered in the meantime.
      assertThat(phone.text(R.id.round_trip)).matches(MEASURED);
      assertThat(phone.text(R.id.queue)).isEqualTo("Queue: 0 waiting, 0 in flight");
      assertThat(phone.text(R.id.address)).isEqualTo(Phone.named(server.url()).toString());
      assertThat(phone.text(R.id.message)).isEqualTo("half a sen");
      assertThat(phone.lines()).containsExactly("Sent: hello. confirmed", "Received: hello");

      phone.send("and on");
      phone.awaitLines(
          "Sent: hello. confirmed",
          "Received: hello",
          "Sent: and on. confirmed",
          "Received: and on");
      assertThat(server.sessions()).isEqualTo(1);
    }
  }

  @Test
  public void reconnectNowEndsAWait() throws IOException {
    server.stop();
    try (Phone phone = Phone.online()) {
      phone.connect(Phone.named(server.url()));
      phone.awaitState("Waiting to reconnect");
      assertThat(phone.text(R.id.detail)).startsWith("Attempt 2 in ");

      server.startAgain();
      phone.tap(R.id.reconnect_now);

      phone.awaitState("Connected");
    }
  }

  @Test
  public void aMessageThatWasTypedOfflineOutlivesTheProcess() {
    try (Phone phone = Phone.offline()) {
      phone.connect(Phone.named(server.url()));
      phone.awaitState("No network");
      phone.send("before the end");
      phone.await("queue", () -> phone.text(R.id.queue).equals("Queue: 1 waiting, 0 in flight"));
      phone.awaitSaved("before the end");

      phone.killProcess();
      assertThat(phone.text(R.id.address)).isEqualTo(Phone.named(server.url()).toString());
      phone.awaitState("No network");
      phone.awaitLines("Sent: before the end. waiting");

      phone.giveNetwork();
      phone.awaitState("Connected");
      phone.awaitLines("Sent: before the end. confirmed");
      assertThat(server.ledger().kept())
          .extracting(Arrival::text)
          .containsExactly("before the end");
    }
  }

  @Test
  public void turningThePhoneLosesNoMessageThatWaits() {
    try (Phone phone = Phone.offline()) {
      phone.connect(Phone.named(server.url()));
      phone.awaitState("No network");
      phone.send("one");

      phone.turn();
      phone.send("two");
      phone.awaitLines("Sent: one. waiting", "Sent: two. waiting");
      phone.giveNetwork();

      phone.awaitLines("Sent: one. confirmed", "Sent: two. confirmed");
      assertThat(server.ledger().kept()).extracting(Arrival::text).containsExactly("one", "two");
    }
  }

  @Test
  public void aWaitCountsDown() throws IOException {
    server.stop();
    try (Phone phone = Phone.online()) {
      phone.connect(Phone.named(server.url()));
      // Delays are random, and grow. Faster than time: nothing here waits for a server.
      phone.await(
          "a long wait",
          () -> {
            phone.pass(Duration.ofMillis(20));
            return secondsLeft(phone) > 1;
          });

      int seconds = secondsLeft(phone);
      phone.await("fewer seconds", () -> secondsLeft(phone) == seconds - 1);
    }
  }

  private static int secondsLeft(Phone phone) {
    Matcher left = Pattern.compile("Attempt \\d+ in (\\d+) s: .*").matcher(phone.text(R.id.detail));
    return left.matches() ? Integer.parseInt(left.group(1)) : -1;
  }

  @Test
  public void closingTellsTheFateOfWhatWaitsAndAllowsANewConnection() {
    try (Phone phone = Phone.offline()) {
      phone.connect(Phone.named(server.url()));
      phone.awaitState("No network");
      phone.send("too late");
      phone.awaitSaved("too late");

      phone.tap(R.id.close);

      phone.awaitState("Closed");
      phone.awaitLines("Sent: too late. kept for the next connection");
      phone.giveNetwork();
      phone.tap(R.id.connect);
      phone.awaitState("Connected");
      phone.send("in time");
      phone.awaitLines("Sent: too late. confirmed", "Sent: in time. confirmed");
    }
  }

  @Test
  public void aServerThatRefusesForGoodIsShown() {
    server.reject(410);
    try (Phone phone = Phone.online()) {
      phone.connect(Phone.named(server.url()));

      phone.awaitState("Closed");
      assertThat(phone.text(R.id.detail)).contains("410");
      assertThat(phone.view(R.id.connect).isEnabled()).isTrue();
    }
  }

  @Test
  public void anAddressThatCannotWorkIsSaidSoAtOnce() {
    try (Phone phone = Phone.online()) {
      phone.connect(URI.create("ftp://example.com/"));

      CharSequence error = ((EditText) phone.view(R.id.address)).getError();
      assertThat(error.toString())
          .isEqualTo("uri scheme must be ws, wss, http or https but was ftp");
      assertThat(phone.serviceRuns()).isFalse();
      assertThat(phone.text(R.id.state)).isEqualTo("Not connected");
    }
  }
}
