package io.holdfast.internal.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.AdaptiveInterval;
import io.holdfast.ConnectionEvent.HeartbeatIntervalLearned;
import io.holdfast.ConnectionEvent.TransportLost;
import io.holdfast.ConnectionState.Closed;
import io.holdfast.ConnectionState.Open;
import io.holdfast.Heartbeat;
import io.holdfast.HeartbeatMemory;
import io.holdfast.ManagedConnection;
import io.holdfast.MessageDemand;
import io.holdfast.fixtures.RecordingListener;
import io.holdfast.fixtures.VirtualClock;
import io.holdfast.network.NetworkMonitor.Listener;
import io.holdfast.network.NetworkStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whole connections, mostly silent, on a path that forgets. */
class AdaptiveHeartbeatTest {
  private static final Duration LIMIT = Duration.ofMinutes(4);
  private static final Duration SECOND = Duration.ofSeconds(1);

  /** An app's preferences, which may be broken. */
  private static final class Preferences implements HeartbeatMemory {
    private final Map<String, String> kept = new HashMap<>();
    private boolean broken;

    @Override
    public @Nullable String load(String label) {
      if (broken) throw new IllegalStateException("no preferences");
      return kept.get(label);
    }

    @Override
    public void save(String label, String state) {
      if (broken) throw new IllegalStateException("no preferences");
      kept.put(label, state);
    }
  }

  private final Preferences preferences = new Preferences();
  private final Heartbeat adaptive =
      Heartbeat.DEFAULT.withInterval(AdaptiveInterval.DEFAULT.withMemory(preferences));
  private final VirtualClock clock = new VirtualClock();
  private final ForgetfulPath path = new ForgetfulPath(clock, LIMIT);
  private final List<Listener> monitors = new ArrayList<>();
  private final List<ManagedConnection> connections = new ArrayList<>();
  private RecordingListener told = new RecordingListener();

  private ManagedConnection open(Consumer<ManagedConnection.Builder> change) {
    ManagedConnection.Builder builder =
        ManagedConnection.builder(VirtualConnection.SERVER)
            .transport(path)
            .clock(clock)
            .ioExecutor(clock.executor())
            .random(new Random(1))
            .network(
                listener -> {
                  monitors.add(listener);
                  listener.onStatus(new NetworkStatus(true, "wifi"));
                  return () -> monitors.remove(listener);
                });
    change.accept(builder);
    ManagedConnection connection = builder.build();
    connections.add(connection);
    told = new RecordingListener();
    connection.addListener(told);
    connection.open();
    clock.run();
    return connection;
  }

  @AfterEach
  void nothingIsLeftOver() {
    connections.forEach(ManagedConnection::close);
    clock.advance(Duration.ofMinutes(1));
    assertThat(connections).allMatch(connection -> connection.state() instanceof Closed);
    assertThat(clock.timers()).isZero();
  }

  @Test
  void theLimitIsFoundAndKeptTo() {
    open(builder -> builder.heartbeat(adaptive));

    clock.advance(Duration.ofHours(2));

    Duration learnt = theInterval();
    assertThat(learnt).isBetween(LIMIT.multipliedBy(4).dividedBy(5), LIMIT.minus(SECOND));
    assertThat(told.events(TransportLost.class)).hasSizeLessThanOrEqualTo(5);
    int losses = told.events(TransportLost.class).size();
    int pings = path.pings();
    clock.advance(Duration.ofHours(20));
    assertThat(told.events(TransportLost.class)).hasSize(losses);
    assertThat(path.pings() - pings).isLessThan(20 * 3_600 / (int) learnt.toSeconds() + 2);
  }

  @Test
  void lookingForALongerOneEachDayIsNothingToTell() {
    open(builder -> builder.heartbeat(adaptive));
    clock.advance(Duration.ofHours(2));
    Duration learnt = theInterval();
    int losses = told.events(TransportLost.class).size();

    clock.advance(Duration.ofDays(5));

    assertThat(theInterval()).isEqualTo(learnt);
    assertThat(told.events(TransportLost.class).size() - losses).isBetween(4, 5);
  }

  @Test
  void whatWasLearntIsKnownToTheNextProcessOnThatNetwork() {
    open(builder -> builder.heartbeat(adaptive));
    clock.advance(Duration.ofHours(2));
    connections.get(0).close();
    clock.advance(SECOND);
    assertThat(preferences.kept).containsOnlyKeys("wifi");
    int pings = path.pings();

    open(builder -> builder.heartbeat(adaptive));
    clock.advance(Duration.ofHours(20));

    assertThat(told.events(TransportLost.class)).isEmpty();
    assertThat(path.pings() - pings).isLessThan(20 * 20);
  }

  @Test
  void anotherNetworkIsLearntByItself() {
    open(builder -> builder.heartbeat(adaptive));
    clock.advance(Duration.ofHours(2));
    int losses = told.events(TransportLost.class).size();

    path.forgetAfter(Duration.ofMinutes(1));
    monitors.get(0).onStatus(new NetworkStatus(true, "cell"));
    clock.advance(Duration.ofHours(2));

    assertThat(told.events(HeartbeatIntervalLearned.class))
        .extracting(HeartbeatIntervalLearned::label)
        .containsExactly("wifi", "cell");
    assertThat(told.events(HeartbeatIntervalLearned.class).get(1).interval())
        .isBetween(Duration.ofSeconds(48), Duration.ofSeconds(60));
    assertThat(told.events(TransportLost.class)).hasSizeLessThanOrEqualTo(losses + 5);
    assertThat(preferences.kept).containsOnlyKeys("wifi", "cell");
  }

  @Test
  void whileThePeerSendsNoPingGoes() {
    ManagedConnection connection = open(builder -> builder.heartbeat(adaptive));
    connection.receive(message -> {}).request(MessageDemand.UNBOUNDED);
    int pings = path.pings();

    for (int i = 0; i < 1_000; i++) {
      path.push("tick");
      clock.advance(Duration.ofSeconds(19));
    }

    assertThat(path.pings()).isEqualTo(pings);
    assertThat(preferences.kept).isEmpty();
  }

  @Test
  void aLossAfterSleepTeachesNothing() {
    open(builder -> builder.heartbeat(adaptive));
    clock.advance(Duration.ofSeconds(70));
    String before = preferences.kept.get("wifi");
    assertThat(before).isNotNull();

    // Longer than the path remembers.
    clock.sleep(Duration.ofHours(1));
    clock.advance(Duration.ofSeconds(11));

    assertThat(told.events(TransportLost.class)).hasSize(1);
    assertThat(path.transports()).isEqualTo(2);
    assertThat(preferences.kept).containsEntry("wifi", before);
  }

  @Test
  void inTheForegroundAFixedIntervalFindsADeadPeerSoonAndInTheBackgroundItIsLearnt() {
    ManagedConnection connection = open(builder -> builder.backgroundHeartbeat(adaptive));
    int pings = path.pings();
    clock.advance(Duration.ofSeconds(250));
    assertThat(path.pings()).isEqualTo(pings + 10);
    assertThat(preferences.kept).isEmpty();

    connection.enterBackground();
    clock.advance(Duration.ofHours(2));

    assertThat(theInterval()).isGreaterThan(Duration.ofMinutes(3));
  }

  @Test
  void whatTheForegroundLearnsDoesNotTakeThePlaceOfWhatTheBackgroundKnows() {
    AdaptiveInterval shorter =
        AdaptiveInterval.DEFAULT
            .withMemory(preferences)
            .withBounds(Duration.ofSeconds(20), Duration.ofMinutes(1));
    Consumer<ManagedConnection.Builder> both =
        builder ->
            builder
                .heartbeat(Heartbeat.DEFAULT.withInterval(shorter))
                .backgroundHeartbeat(adaptive);
    ManagedConnection connection = open(both);
    connection.enterBackground();
    clock.advance(Duration.ofHours(2));
    connection.enterForeground();
    clock.advance(Duration.ofHours(2));
    connection.close();
    assertThat(preferences.kept).containsOnlyKeys("wifi", "background:wifi");

    open(both).enterBackground();
    clock.advance(Duration.ofHours(20));

    assertThat(told.events(TransportLost.class)).isEmpty();
    assertThat(told.events(HeartbeatIntervalLearned.class)).isEmpty();
  }

  @Test
  void aMemoryThatFailsCostsOnlyTheMemory() {
    preferences.broken = true;
    open(builder -> builder.heartbeat(adaptive));

    clock.advance(Duration.ofHours(2));

    assertThat(theInterval()).isGreaterThan(Duration.ofMinutes(3));
    assertThat(connections.get(0).state()).isInstanceOf(Open.class);
  }

  private Duration theInterval() {
    assertThat(told.events(HeartbeatIntervalLearned.class)).hasSize(1);
    return told.events(HeartbeatIntervalLearned.class).get(0).interval();
  }
}
