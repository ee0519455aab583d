package io.holdfast.internal.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.holdfast.ConnectRequest;
import io.holdfast.ConnectionEvent.AttemptFailed;
import io.holdfast.ConnectionEvent.TransportLost;
import io.holdfast.ConnectionException.ConnectFailed;
import io.holdfast.ConnectionException.NetworkLost;
import io.holdfast.ConnectionState.Closed;
import io.holdfast.ConnectionState.Connecting;
import io.holdfast.ConnectionState.Offline;
import io.holdfast.ConnectionState.Open;
import io.holdfast.ConnectionState.Waiting;
import io.holdfast.MessageListener;
import io.holdfast.fixtures.FakeTransport;
import io.holdfast.network.NetworkMonitor;
import io.holdfast.network.NetworkStatus;
import io.holdfast.transport.OutboundSource;
import io.holdfast.transport.Transport;
import io.holdfast.transport.TransportSink;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The app's monitors and transports: what they tell, and what they throw. */
class StrangersTest {

  /** A monitor with a switch. */
  private static final class Switch implements NetworkMonitor {
    private final List<Listener> listeners = new ArrayList<>();
    private NetworkStatus status = new NetworkStatus(true, "wifi-1");

    @Override
    public io.holdfast.Registration listen(Listener listener) {
      listeners.add(listener);
      listener.onStatus(status);
      return () -> listeners.remove(listener);
    }

    private void tell(boolean available, String label) {
      status = new NetworkStatus(available, label);
      List.copyOf(listeners).forEach(listener -> listener.onStatus(status));
    }
  }

  private final Switch network = new Switch();
  private final VirtualConnection world =
      new VirtualConnection(builder -> builder.network(network));

  @Test
  void withoutANetworkNoAttemptIsMadeUntilThereIsOne() {
    network.tell(false, "");
    world.connection.open();
    world.advance(Duration.ofDays(1));
    assertThat(world.told.states(Connecting.class)).isEmpty();
    assertThat(world.connection.state()).isEqualTo(new Offline(Offline.Reason.NO_NETWORK, null));
    assertThat(world.clock.timers()).isZero();

    network.tell(true, "wifi-1");
    world.clock.run();

    assertThat(world.network.attempts()).isEqualTo(1);
    world.close();
  }

  @Test
  void theNetworksLossIsTheTransportsAndItsReturnAnAttemptAtOnce() {
    world.open();
    network.tell(false, "");
    world.clock.run();
    assertThat(world.told.events(TransportLost.class))
        .singleElement()
        .satisfies(lost -> assertThat(lost.cause()).isInstanceOf(NetworkLost.class));
    assertThat(world.transport().cancelled()).isTrue();

    network.tell(true, "cell-1");
    world.clock.run();

    assertThat(world.network.attempts()).isEqualTo(2);
    world.close();
  }

  @Test
  void whatRunsOnThisDeviceNeedsNoNetwork() {
    network.tell(false, "");
    VirtualConnection local =
        new VirtualConnection(builder -> builder.network(network), URI.create("ws://127.0.0.1/"));

    local.open();

    assertThat(local.connection.state()).isInstanceOf(Open.class);
    local.close();
  }

  @Test
  void aChangeOfNetworksIsProbedAtOnce() {
    world.open();
    int pings = world.transport().pings();

    network.tell(true, "cell-1");
    world.clock.run();

    assertThat(world.transport().pings()).isEqualTo(pings + 1);
    world.close();
  }

  @Test
  void theMonitorIsLetGoWithTheConnection() {
    world.open();
    world.connection.open();
    world.clock.run();
    assertThat(network.listeners).hasSize(1);

    world.close();

    assertThat(network.listeners).isEmpty();
  }

  @Test
  void openAfterCloseTouchesNeitherMonitorNorNetwork() {
    world.close();

    world.connection.open();
    world.advance(Duration.ofMinutes(1));

    assertThat(network.listeners).isEmpty();
    assertThat(world.network.attempts()).isZero();
    assertThat(world.told.states(Connecting.class)).isEmpty();
  }

  @Test
  void aMonitorThatThrowsIsAsGoodAsNone() {
    VirtualConnection blind =
        new VirtualConnection(
            builder ->
                builder.network(
                    listener -> {
                      throw new SecurityException("app");
                    }));

    blind.open();

    assertThat(blind.connection.state()).isInstanceOf(Open.class);
    blind.close();
  }

  @Test
  @SuppressWarnings("NullAway") // What the compiler would refuse.
  void aStatusWithoutALabelIsTheMonitorsFaultAndNotTheConnections() {
    assertThatNullPointerException().isThrownBy(() -> network.tell(true, null));
  }

  @Test
  void aMonitorThatThrowsAtTheEndKeepsNobodyFromHearingOfIt() {
    VirtualConnection broken =
        new VirtualConnection(
            builder ->
                builder.network(
                    listener ->
                        () -> {
                          throw new IllegalStateException("app");
                        }));
    List<String> heard = new ArrayList<>();
    broken.connection.receive(
        new MessageListener() {
          @Override
          public void onMessage(io.holdfast.Message message) {}

          @Override
          public void onClosed() {
            heard.add("closed");
          }
        });
    broken.open();

    broken.close();

    assertThat(heard).containsExactly("closed");
  }

  @Test
  void aFactoryThatThrowsFailsTheAttemptWhichIsRetried() {
    List<Throwable> throwing =
        new ArrayList<>(
            List.of(new IllegalStateException("app"), new NoClassDefFoundError("okio")));
    VirtualConnection late =
        new VirtualConnection(
            builder ->
                builder.transport(
                    (io, clock) -> {
                      if (throwing.isEmpty()) return new FakeTransport();
                      Throwable next = throwing.remove(0);
                      if (next instanceof Error error) throw error;
                      throw (RuntimeException) next;
                    }));

    late.connection.open();
    late.clock.run();
    late.awaitAttempt();
    assertThat(late.told.events(AttemptFailed.class))
        .hasSize(2)
        .allSatisfy(failed -> assertThat(failed.cause()).isInstanceOf(ConnectFailed.class));
    late.awaitAttempt();

    assertThat(late.connection.state()).isInstanceOf(Connecting.class);
    late.close();
  }

  @Test
  void aTransportThatThrowsWhenItIsGivenUpDoesNotKeepTheNextAttemptFromStarting() {
    VirtualConnection wedged =
        new VirtualConnection(
            builder ->
                builder.transport((io, clock) -> new Stubborn(new IllegalStateException("app"))));
    wedged.connection.open();
    wedged.clock.run();

    wedged.advance(Duration.ofSeconds(15));
    assertThat(wedged.connection.state()).isInstanceOf(Waiting.class);
    wedged.awaitAttempt();
    assertThat(wedged.connection.state()).isInstanceOf(Connecting.class);
    wedged.close();

    assertThat(wedged.connection.state()).isInstanceOf(Closed.class);
  }

  @Test
  void whatAKotlinTransportThrowsUndeclaredDoesNeither() {
    VirtualConnection wedged =
        new VirtualConnection(
            builder -> builder.transport((io, clock) -> new Stubborn(new IOException("app"))));
    wedged.connection.open();
    wedged.clock.run();

    wedged.advance(Duration.ofSeconds(15));
    assertThat(wedged.connection.state()).isInstanceOf(Waiting.class);
    wedged.close();

    assertThat(wedged.connection.state()).isInstanceOf(Closed.class);
  }

  @Test
  void aKotlinFactoryThatThrowsUndeclaredFailsTheAttemptAtOnce() {
    VirtualConnection failing =
        new VirtualConnection(
            builder ->
                builder.transport(
                    (io, clock) -> {
                      Sneaky.fail(new IOException("app"));
                      return new FakeTransport();
                    }));

    failing.connection.open();
    failing.clock.run();

    assertThat(failing.connection.state()).isInstanceOf(Waiting.class);
    failing.close();
  }

  private static final class Stubborn implements Transport {
    private final Throwable thrown;

    private Stubborn(Throwable thrown) {
      this.thrown = thrown;
    }

    @Override
    public void start(ConnectRequest request, OutboundSource source, TransportSink sink) {}

    @Override
    public void wake() {}

    @Override
    public void resumeReading() {}

    @Override
    public void close(int code, String reason) {}

    @Override
    public void cancel() {
      Sneaky.fail(thrown);
    }
  }
}
