package io.holdfast.micrometer;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.Backoff;
import io.holdfast.ConnectionEvent.SuccessorDropped;
import io.holdfast.ConnectionException.Refused;
import io.holdfast.ConnectionListener;
import io.holdfast.ConnectionMetrics;
import io.holdfast.ConnectionState;
import io.holdfast.ManagedConnection;
import io.holdfast.MessageDemand;
import io.holdfast.Registration;
import io.holdfast.testkit.TestServer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A real connection to a real server, and time that the registry is given. */
@Timeout(60)
class HoldfastMetricsTest {
  private final MockClock clock = new MockClock();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);
  private final BlockingQueue<ConnectionState> states = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> echoes = new LinkedBlockingQueue<>();
  private TestServer server;
  private ManagedConnection connection;
  private HoldfastMetrics metrics;

  @BeforeEach
  void start() throws Exception {
    server = TestServer.start();
    server.echo();
    Duration soon = Duration.ofMillis(20);
    connection =
        ManagedConnection.builder(server.url()).backoff(new Backoff(soon, soon, soon)).build();
    connection.receive(message -> echoes.add(message.toString())).request(MessageDemand.UNBOUNDED);
    metrics = new HoldfastMetrics(connection, Tags.of("connection", "feed"));
    metrics.bindTo(registry);
    // After the binder's own: whoever hears a state from it finds the meters of that state.
    connection.addListener(
        new ConnectionListener() {
          @Override
          public void onState(ConnectionState state) {
            states.add(state);
          }
        });
  }

  @AfterEach
  void stop() throws Exception {
    metrics.close();
    connection.close();
    server.close();
  }

  @Test
  void aRoundOfMessagesShowsInTheMeters() throws Exception {
    connection.open();
    await(ConnectionState.Open.class);

    connection.send("hello").toFuture().get(10, SECONDS);
    assertThat(echoes.poll(10, SECONDS)).isNotNull();
    scrape();

    assertThat(value("holdfast.open")).isEqualTo(1);
    assertThat(value("holdfast.attempts.started")).isEqualTo(1);
    assertThat(value("holdfast.transports.opened")).isEqualTo(1);
    assertThat(value("holdfast.deliveries", "fate", "confirmed")).isEqualTo(1);
    assertThat(value("holdfast.messages", "direction", "sent")).isEqualTo(1);
    assertThat(value("holdfast.bytes", "direction", "sent")).isEqualTo(5);
    assertThat(value("holdfast.bytes", "direction", "received")).isEqualTo(5);
    assertThat(value("holdfast.round.trip", "quantile", "0.5")).isPositive();
    assertThat(value("holdfast.queue.messages", "place", "queued")).isZero();
    assertThat(value("holdfast.downtime")).isPositive();
  }

  @Test
  void eachKindOfFailureHasAMeterOnceItOccurred() throws Exception {
    connection.open();
    await(ConnectionState.Open.class);
    assertThat(registry.find("holdfast.transports.lost").meter()).isNull();

    awaitSession();
    server.closeAll(1012, "restart");
    await(ConnectionState.Connecting.class);
    await(ConnectionState.Open.class);
    scrape();

    assertThat(value("holdfast.transports.lost", "cause", "peer-closed")).isEqualTo(1);
    assertThat(value("holdfast.transports.opened")).isEqualTo(2);
  }

  @Test
  void aSecondTransportThatFailedHasAMeterAlthoughNoStateChanged() {
    List<ConnectionListener> listeners = new ArrayList<>();
    Map<String, Long> failed = new HashMap<>();
    ManagedConnection open =
        (ManagedConnection)
            Proxy.newProxyInstance(
                ManagedConnection.class.getClassLoader(),
                new Class<?>[] {ManagedConnection.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("metrics")) return metricsWith(failed);
                  listeners.add((ConnectionListener) arguments[0]);
                  return (Registration) () -> {};
                });
    SimpleMeterRegistry ofOpen = new SimpleMeterRegistry();
    new HoldfastMetrics(open).bindTo(ofOpen);

    failed.put("refused", 1L);
    listeners.get(0).onEvent(new SuccessorDropped(2, new Refused("refused", null)));

    assertThat(ofOpen.get("holdfast.attempts.failed").tag("cause", "refused").meter()).isNotNull();
  }

  private ConnectionMetrics metricsWith(Map<String, Long> failed) {
    ConnectionMetrics idle = connection.metrics();
    return new ConnectionMetrics(
        idle.attempts(),
        idle.transportsOpened(),
        failed,
        idle.transportsLost(),
        idle.downtime(),
        idle.lastDetection(),
        idle.longestDetection(),
        idle.pingsSent(),
        idle.roundTrips(),
        idle.queue(),
        idle.queueFilled(),
        idle.deliveries(),
        idle.sent(),
        idle.received(),
        idle.readerPauses(),
        idle.consumerStalls());
  }

  @Test
  void whatIsBoundLateShowsWhatFailedBefore() throws Exception {
    connection.open();
    await(ConnectionState.Open.class);
    awaitSession();
    server.closeAll(1012, "restart");
    await(ConnectionState.Connecting.class);
    SimpleMeterRegistry late = new SimpleMeterRegistry();

    BlockingQueue<ConnectionState> bound = new LinkedBlockingQueue<>();
    metrics.bindTo(late);
    connection.addListener(
        new ConnectionListener() {
          @Override
          public void onState(ConnectionState state) {
            bound.add(state);
          }
        });
    assertThat(bound.poll(10, SECONDS)).isNotNull();

    assertThat(late.get("holdfast.transports.lost").tag("cause", "peer-closed").meter())
        .isNotNull();
  }

  @Test
  void oneScrapeTakesOneSnapshot() throws Exception {
    scrape();
    assertThat(value("holdfast.attempts.started")).isZero();

    connection.open();
    await(ConnectionState.Open.class);
    clock.add(99, MILLISECONDS);
    assertThat(value("holdfast.attempts.started")).isZero();
    clock.add(1, MILLISECONDS);

    assertThat(value("holdfast.attempts.started")).isEqualTo(1);
  }

  @Test
  void everyMeterHasTheAppsTagsAndIsGoneAfterTheEnd() {
    assertThat(registry.getMeters())
        .hasSizeGreaterThan(30)
        .allSatisfy(meter -> assertThat(meter.getId().getTag("connection")).isEqualTo("feed"))
        .allSatisfy(meter -> assertThat(meter.getId().getName()).startsWith("holdfast."));

    metrics.close();

    assertThat(registry.getMeters()).isEmpty();
  }

  /** The server knows of a session a moment after its client does. */
  private void awaitSession() throws InterruptedException {
    assertThat(server.await(now -> now.liveSessions() == 1, Duration.ofSeconds(20))).isTrue();
  }

  /** Lets the numbers that were taken grow old. */
  private void scrape() {
    clock.add(1, SECONDS);
  }

  private double value(String name, String... tags) {
    Meter meter = registry.get(name).tags(tags).meter();
    return meter.measure().iterator().next().getValue();
  }

  private void await(Class<? extends ConnectionState> kind) throws InterruptedException {
    ConnectionState state;
    do {
      state = states.poll(10, SECONDS);
      assertThat(state).as("awaiting " + kind).isNotNull();
    } while (!kind.isInstance(state));
  }
}
