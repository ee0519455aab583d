package io.holdfast.internal.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.ConnectRequest;
import io.holdfast.ConnectionEvent.AttemptFailed;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.Refused;
import io.holdfast.ConnectionException.RequestFailed;
import io.holdfast.ConnectionException.RequestInvalid;
import io.holdfast.ConnectionException.RequestTimedOut;
import io.holdfast.ConnectionState.Closed;
import io.holdfast.ConnectionState.Open;
import io.holdfast.ConnectionState.Waiting;
import io.holdfast.RequestSupplier;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each attempt asks for its request, and lives with what it gets. */
class RequestSupplierTest {
  private final ConnectionException refused = new Refused("refused", null);

  @Test
  void eachAttemptAsksAndConnectsToWhatItGot() {
    List<Integer> asked = new ArrayList<>();
    VirtualConnection world =
        supplied(
            context -> {
              asked.add(context.attempt());
              return request("ws://host" + context.attempt() + "/");
            });
    assertThat(world.connection.url()).isEqualTo(VirtualConnection.SERVER);

    world.connection.open();
    world.clock.run();
    assertThat(world.connection.url()).isEqualTo(URI.create("ws://host1/"));
    world.failAndReconnect(refused);
    assertThat(world.connection.url()).isEqualTo(URI.create("ws://host2/"));
    assertThat(world.transport().request().uri()).isEqualTo(URI.create("ws://host2/"));
    world.accept();
    world.advance(Duration.ofSeconds(10));
    world.failAndReconnect(world.reset);

    assertThat(asked).containsExactly(1, 2, 1);
    world.close();
  }

  @ParameterizedTest
  @ValueSource(classes = {IOException.class, IllegalStateException.class, AssertionError.class})
  void whatItThrowsFailsTheAttemptWhichIsRetried(Class<? extends Throwable> kind) {
    VirtualConnection world =
        supplied(
            context -> {
              if (context.attempt() > 1) return request("ws://host/");
              throwAny(kind.getConstructor().newInstance());
              throw new AssertionError("unreachable");
            });

    world.connection.open();
    world.clock.run();

    assertThat(world.network.attempts()).isZero();
    assertThat(failures(world))
        .singleElement()
        .satisfies(
            cause -> {
              assertThat(cause).isInstanceOf(RequestFailed.class).hasCauseInstanceOf(kind);
              assertThat(cause).hasMessageContaining(kind.getSimpleName());
            });
    world.awaitAttempt();
    world.accept();
    assertThat(world.connection.state()).isInstanceOf(Open.class);
    world.close();
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void throwAny(Throwable any) throws E {
    throw (E) any;
  }

  @Test
  @SuppressWarnings("NullAway") // What the compiler would refuse.
  void nullIsAMistakeThatNoRetryMends() {
    VirtualConnection world = supplied(context -> null);

    world.connection.open();
    world.clock.run();

    assertThat(world.connection.state())
        .isInstanceOfSatisfying(
            Closed.class, closed -> assertThat(closed.cause()).isInstanceOf(RequestInvalid.class));
    world.close();
  }

  @Test
  void anAnswerThatComesAfterTheRequestsDeadlineIsIgnored() {
    List<VirtualConnection> world = new ArrayList<>();
    world.add(
        supplied(
            context -> {
              if (context.attempt() == 1) world.get(0).advance(Duration.ofSeconds(10));
              return request("ws://host" + context.attempt() + "/");
            }));

    world.get(0).connection.open();
    world.get(0).clock.run();

    assertThat(world.get(0).connection.state())
        .isInstanceOfSatisfying(
            Waiting.class,
            waiting -> assertThat(waiting.cause()).isInstanceOf(RequestTimedOut.class));
    assertThat(world.get(0).network.attempts()).isZero();
    assertThat(world.get(0).connection.url()).isEqualTo(VirtualConnection.SERVER);
    world.get(0).awaitAttempt();
    assertThat(world.get(0).connection.url()).isEqualTo(URI.create("ws://host2/"));
    world.get(0).close();
  }

  @Test
  void aLateFailureOfAnOlderAttemptIsIgnored() {
    List<VirtualConnection> world = new ArrayList<>();
    world.add(
        supplied(
            context -> {
              if (context.attempt() > 1) return request("ws://host/");
              world.get(0).advance(Duration.ofSeconds(10));
              throw new IOException("late");
            }));

    world.get(0).connection.open();
    world.get(0).clock.run();

    assertThat(failures(world.get(0))).hasExactlyElementsOfTypes(RequestTimedOut.class);
    world.get(0).close();
  }

  @Test
  void anAnswerThatComesAfterCloseStartsNothing() {
    List<VirtualConnection> world = new ArrayList<>();
    world.add(
        supplied(
            context -> {
              world.get(0).connection.close();
              return request("ws://host/");
            }));

    world.get(0).connection.open();
    world.get(0).clock.run();

    assertThat(world.get(0).connection.state()).isInstanceOf(Closed.class);
    assertThat(world.get(0).network.attempts()).isZero();
    world.get(0).close();
  }

  private static List<ConnectionException> failures(VirtualConnection world) {
    return world.told.events(AttemptFailed.class).stream().map(AttemptFailed::cause).toList();
  }

  private static VirtualConnection supplied(RequestSupplier requests) {
    return new VirtualConnection(builder -> builder.requests(requests));
  }

  private static ConnectRequest request(String uri) {
    return ConnectRequest.builder(URI.create(uri)).build();
  }
}
