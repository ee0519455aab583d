package io.holdfast.internal.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.ConnectionEvent.TransportLost;
import io.holdfast.ConnectionEvent.WokeUp;
import io.holdfast.ConnectionState.Connecting;
import io.holdfast.ConnectionState.Open;
import io.holdfast.ConnectionState.Waiting;
import io.holdfast.network.NetworkMonitor.Listener;
import io.holdfast.network.NetworkStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A device that slept is noticed by the timers that a connection has anyway. */
class SleepTest {
  private final List<Listener> listeners = new ArrayList<>();
  private final VirtualConnection world =
      new VirtualConnection(
          builder ->
              builder.network(
                  listener -> {
                    listeners.add(listener);
                    return () -> listeners.remove(listener);
                  }));

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void anOpenTransportIsProbedOnceAtWaking() {
    world.open();
    world.advance(Duration.ofSeconds(12));
    int pings = world.transport().pings();

    // The heartbeat was due after 13 s of it.
    world.clock.sleep(Duration.ofHours(1));

    assertThat(world.told.events(WokeUp.class)).hasSize(1);
    assertThat(world.transport().pings()).isEqualTo(pings + 1);
    assertThat(world.connection.state()).isInstanceOf(Open.class);
  }

  @Test
  void aPeerThatDoesNotAnswerThenIsFoundBeforeTheHeartbeatWould() {
    world.open();
    world.advance(Duration.ofSeconds(12));
    world.transport().answerPings(false);

    world.clock.sleep(Duration.ofHours(1));
    world.advance(Duration.ofSeconds(2));

    assertThat(world.told.events(TransportLost.class)).hasSize(1);
    assertThat(world.network.attempts()).isEqualTo(2);
  }

  @Test
  void aWaitBeforeAnAttemptEndsAtWaking() {
    world.open();
    world.fail(world.reset);
    Waiting waiting = (Waiting) world.connection.state();

    // The wall clock alone shows it, at the next timer that is set or fires.
    world.clock.stepWall(Duration.ofHours(8));
    world.advance(waiting.delay());

    assertThat(world.told.events(WokeUp.class)).containsExactly(new WokeUp(Duration.ofHours(8)));
    assertThat(world.connection.state()).isInstanceOf(Connecting.class);
    assertThat(world.network.attempts()).isEqualTo(2);
  }

  @Test
  void whoSleptWithoutATransportBeginsOneAttemptAndNoSecond() {
    world.open();
    listeners.get(0).onStatus(new NetworkStatus(false, ""));
    world.clock.run();

    world.clock.stepWall(Duration.ofHours(8));
    listeners.get(0).onStatus(new NetworkStatus(true, ""));
    world.clock.run();

    assertThat(world.told.events(WokeUp.class)).isEmpty();
    assertThat(world.network.attempts()).isEqualTo(2);
  }

  @Test
  void whatTheMonitorSaysOfTheSameSleepIsNotToldAgain() {
    world.open();
    world.advance(Duration.ofSeconds(12));
    int pings = world.transport().pings();
    world.clock.sleep(Duration.ofHours(1));

    listeners.get(0).onWoke(Duration.ofHours(1));
    world.clock.run();

    assertThat(world.told.events(WokeUp.class)).hasSize(1);
    assertThat(world.transport().pings()).isEqualTo(pings + 1);
  }

  @Test
  void aMonitorThatKnowsOfSleepIsHeardBeforeAnyTimer() {
    world.open();
    world.advance(Duration.ofSeconds(12));
    int pings = world.transport().pings();

    listeners.get(0).onWoke(Duration.ofMinutes(9));
    world.clock.run();

    assertThat(world.told.events(WokeUp.class)).containsExactly(new WokeUp(Duration.ofMinutes(9)));
    assertThat(world.transport().pings()).isEqualTo(pings + 1);
  }

  @Test
  void aPongThatCameWhileTheProcessWasStoppedIsInTime() {
    world.open();
    askInVain();
    world.advance(Duration.ofSeconds(9));

    world.clock.sleep(Duration.ofSeconds(2));
    world.transport().answerPings(true);
    world.advance(Duration.ofSeconds(1));

    assertThat(world.told.events(TransportLost.class)).isEmpty();
    assertThat(world.told.events(WokeUp.class)).isEmpty();
  }

  @Test
  void aPongThatIsOverdueWhenTheMonitorTellsOfSleepHasItsTimeAnew() {
    world.open();
    askInVain();

    oversleepUntilTheMonitorTells(Duration.ofSeconds(60));
    thePongHasItsTimeAnew();
  }

  @Test
  void aMonitorThatLooksAroundFirstIsBelievedAsWell() {
    world.open();
    world.advance(Duration.ofSeconds(12));
    askInVain();
    world.advance(Duration.ofSeconds(1));

    world.clock.sleep(Duration.ofSeconds(11));
    world.advance(Duration.ofMillis(200));
    listeners.get(0).onWoke(Duration.ofSeconds(10));
    thePongHasItsTimeAnew();
  }

  @Test
  void aMonitorThatIsWrongPutsNoDeadlineOff() {
    world.open();
    // What has fired is no timer any more that is late.
    world.advance(Duration.ofSeconds(12));
    askInVain();

    for (int second = 0; second < 10; second++) {
      listeners.get(0).onWoke(Duration.ofHours(1));
      world.advance(Duration.ofSeconds(1));
    }

    assertThat(world.told.events(TransportLost.class)).hasSize(1);
  }

  private void askInVain() {
    world.transport().answerPings(false);
    world.connection.probe();
    world.clock.run();
  }

  private void thePongHasItsTimeAnew() {
    world.advance(Duration.ofSeconds(1));
    assertThat(world.told.events(TransportLost.class)).isEmpty();

    world.advance(Duration.ofSeconds(9));
    assertThat(world.told.events(TransportLost.class)).hasSize(1);
  }

  // Its timer is due before those of the connection.
  private void oversleepUntilTheMonitorTells(Duration slept) {
    world.clock.schedule(() -> listeners.get(0).onWoke(slept), 1);
    world.clock.sleep(slept);
  }

  @Test
  void aClockThatIsCorrectedAndALateTimerAreNoSleep() {
    world.open();

    for (int i = 0; i < 100; i++) {
      world.clock.stepWall(Duration.ofSeconds(i % 2 == 0 ? 2 : -60));
      world.advance(Duration.ofSeconds(24));
      world.clock.sleep(Duration.ofSeconds(3));
    }

    assertThat(world.told.events(WokeUp.class)).isEmpty();
  }
}
