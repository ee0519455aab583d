package io.holdfast.internal.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.holdfast.Classification;
import io.holdfast.Classification.Delay;
import io.holdfast.ConnectRequest;
import io.holdfast.ConnectRequest.Header;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.HandshakeRejected;
import io.holdfast.ConnectionException.HeartbeatTimedOut;
import io.holdfast.ConnectionException.HostUnresolved;
import io.holdfast.ConnectionException.PeerClosed;
import io.holdfast.ConnectionException.Refused;
import io.holdfast.ConnectionState.Closed;
import io.holdfast.ConnectionState.Connecting;
import io.holdfast.ConnectionState.Waiting;
import io.holdfast.FailureClassifier;
import io.holdfast.RequestContext;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each failure makes of a connection, in virtual time; delays are the longest drawn. */
class ClassificationTest {
  private final VirtualConnection world = new VirtualConnection();

  @ParameterizedTest
  @CsvSource({
    "1000, 5000",
    "1001, 5000",
    "1011, 5000",
    "1012, 5000",
    "1013, 25000",
    "1006, 1000",
    "1009, 1000",
    "3000, 1000",
    "4001, 1000"
  })
  void anOutageThatBeginsWithACloseWaitsByItsCode(int code, long longestMillis) {
    world.open();

    world.fail(new PeerClosed(code, ""));

    assertThat(waited(world)).isEqualTo(Duration.ofMillis(longestMillis));
    world.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {1002, 1003, 1007, 1008, 1010})
  void aCloseThatBlamesUsEndsTheConnectionWithItsCode(int code) {
    world.open();
    PeerClosed closed = new PeerClosed(code, "because");

    world.fail(closed);

    assertThat(world.connection.state()).isEqualTo(new Closed(code, "because", true, closed));
    world.close();
  }

  @ParameterizedTest
  @CsvSource({
    "101, 1000",
    "200, 1000",
    "302, 1000",
    "404, 20000",
    "407, 1000",
    "408, 1000",
    "421, 1000",
    "425, 1000",
    "429, 1000",
    "500, 1000",
    "503, 1000"
  })
  void anOutageThatBeginsWithAnAnswerWaitsByItsStatus(int status, long longestMillis) {
    world.connection.open();
    world.clock.run();

    world.fail(rejected(status));

    assertThat(waited(world)).isEqualTo(Duration.ofMillis(longestMillis));
    world.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 402, 405, 410, 418, 451})
  void anAnswerThatBlamesUsEndsTheConnection(int status) {
    world.connection.open();
    world.clock.run();
    HandshakeRejected rejected = rejected(status);

    world.fail(rejected);

    assertThat(world.connection.state()).isEqualTo(new Closed(1006, "", false, rejected));
    world.close();
  }

  @Test
  void aServerThatAsksForTimeTwiceGetsItTwice() {
    world.open();
    world.fail(new PeerClosed(1013, ""));
    world.awaitAttempt();
    world.accept();

    world.fail(new PeerClosed(1013, ""));

    assertThat(waited(world)).isEqualTo(Duration.ofSeconds(25));
    world.close();
  }

  @Test
  void whatOnlyWeLostIsTriedAtOnceAndThenWithABackoff() {
    world.open();
    ConnectionException silence = new HeartbeatTimedOut(Duration.ofSeconds(35));
    world.fail(silence);
    assertThat(world.connection.state()).isInstanceOf(Connecting.class);

    world.fail(new HostUnresolved("no address", null));

    assertThat(waited(world)).isEqualTo(Duration.ofSeconds(1));
    world.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 307, 308, 429, 503})
  void whatTheServerAskedForIsNotCutShort(int status) {
    world.connection.open();
    world.clock.run();
    world.fail(rejected(status, new Header("Retry-After", "60")));
    assertThat(waited(world)).isEqualTo(Duration.ofSeconds(60));
    world.connection.reconnectNow();
    world.clock.run();

    world.assertExactlyAfter(
        Duration.ofSeconds(60),
        over -> assertThat(world.network.attempts()).isEqualTo(over ? 2 : 1));
    world.close();
  }

  // ---- The app's own lines

  @Test
  void anAppTakesACloseOfItsOwnForAnExpiredSession() {
    List<RequestContext> contexts = new ArrayList<>();
    VirtualConnection world =
        new VirtualConnection(
            builder ->
                builder
                    .classifier(ClassificationTest::expiredAt4001)
                    .requests(
                        context -> {
                          contexts.add(context);
                          return ConnectRequest.builder(VirtualConnection.SERVER).build();
                        }));
    world.open();
    PeerClosed expired = new PeerClosed(4001, "expired");

    world.fail(expired);

    assertThat(world.connection.state()).isInstanceOf(Connecting.class);
    assertThat(contexts.get(1).refreshCredentials()).isTrue();
    assertThat(contexts.get(1).lastFailure()).isSameAs(expired);
    world.close();
  }

  private static Classification expiredAt4001(ConnectionException cause, Classification proposed) {
    return cause instanceof PeerClosed closed && closed.code() == 4001
        ? proposed.withDelays(Delay.NONE, proposed.later()).withRefreshedCredentials()
        : proposed;
  }

  @Test
  void anAppRetriesWhatIsFatalAndEndsAtWhatIsRetried() {
    VirtualConnection world =
        classified(
            (cause, proposed) ->
                cause instanceof PeerClosed ? proposed.asRetried() : proposed.asFatal());
    world.open();
    world.fail(new PeerClosed(1008, "policy"));
    assertThat(waited(world)).isEqualTo(Duration.ofSeconds(1));
    world.awaitAttempt();

    world.fail(new Refused("refused", null));

    assertThat(world.connection.state()).isInstanceOf(Closed.class);
    world.close();
  }

  @Test
  void anAppsSpreadTakesThePlaceOfTheBackoffs() {
    VirtualConnection world =
        classified((cause, proposed) -> proposed.withSpread(Duration.ofMinutes(2)));
    world.open();

    world.fail(new PeerClosed(1012, "restart"));

    assertThat(waited(world)).isEqualTo(Duration.ofMinutes(2));
    world.close();
  }

  @Test
  void anAppSendsTheNextAttemptAndOnlyThatElsewhere() {
    URI other = URI.create("wss://other/feed?ticket=1");
    VirtualConnection world =
        classified(
            (cause, proposed) ->
                cause instanceof PeerClosed ? proposed.withEndpoint(other) : proposed);
    world.open();

    world.failAndReconnect(new PeerClosed(4301, "moved"));
    assertThat(world.connection.url()).isEqualTo(other);
    assertThat(world.transport().request().uri()).isEqualTo(other);
    world.failAndReconnect(new Refused("refused", null));

    assertThat(world.connection.url()).isEqualTo(VirtualConnection.SERVER);
    world.close();
  }

  @Test
  void anAppsLeastDelayIsNotCutShortByANetworkThatReturns() {
    VirtualConnection world =
        classified((cause, proposed) -> proposed.withAtLeast(Duration.ofMinutes(3)));
    world.open();
    world.fail(new PeerClosed(4002, ""));
    world.connection.suspend();
    world.clock.run();

    world.connection.resume();
    world.clock.run();

    assertThat(waited(world)).isEqualTo(Duration.ofMinutes(3));
    world.close();
  }

  @Test
  void aClassificationTakesNoNegativeTimeAndNoEndpointThatIsNone() {
    Classification some = Classification.retried(Delay.BACKOFF, Delay.BACKOFF);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> some.withAtLeast(Duration.ofSeconds(-1)))
        .withMessage("atLeast must not be negative but was PT-1S");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> some.withSpread(Duration.ofSeconds(-1)))
        .withMessage("spread must not be negative but was PT-1S");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> some.withEndpoint(URI.create("ftp://host/")));
  }

  private static VirtualConnection classified(FailureClassifier classifier) {
    return new VirtualConnection(builder -> builder.classifier(classifier));
  }

  private static Duration waited(VirtualConnection world) {
    return ((Waiting) world.connection.state()).delay();
  }

  private static HandshakeRejected rejected(int status, Header... headers) {
    return new HandshakeRejected("status " + status, status, List.of(headers), "");
  }
}
