package io.holdfast.internal.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionListener;
import io.holdfast.ConnectionState;
import io.holdfast.ConnectionState.Closed;
import io.holdfast.ConnectionState.Connecting;
import io.holdfast.ConnectionState.Idle;
import io.holdfast.ConnectionState.Open;
import io.holdfast.ReadyState;
import io.holdfast.Registration;
import io.holdfast.fixtures.RecordingListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What listeners are told, whatever they do. */
class ListenersTest {
  private final VirtualConnection world = new VirtualConnection();

  @Test
  void everyStateIsToldFromIdleToClosedWithNoneLeftOut() {
    world.open();
    world.connection.close();
    world.clock.run();
    world.transport().answerClose();
    world.clock.run();

    assertThat(world.told.states())
        .extracting(Object::getClass)
        .isEqualTo(
            List.of(
                Idle.class,
                Connecting.class,
                Connecting.class,
                Open.class,
                ConnectionState.Closing.class,
                Closed.class));
    assertThat(world.told.states())
        .extracting(ConnectionState::readyState)
        .containsExactly(
            ReadyState.CONNECTING,
            ReadyState.CONNECTING,
            ReadyState.CONNECTING,
            ReadyState.OPEN,
            ReadyState.CLOSING,
            ReadyState.CLOSED);
  }

  @Test
  void aListenerThatComesLaterIsToldTheCurrentStateFirst() {
    world.open();
    RecordingListener late = new RecordingListener();

    world.connection.addListener(late);
    world.clock.run();

    assertThat(late.states()).containsExactly(world.connection.state());
    world.close();
    assertThat(late.states()).last().isInstanceOf(Closed.class);
  }

  @Test
  void whereverAListenerComesInItIsToldEveryStateFromThereOn() {
    List<RecordingListener> listeners = new ArrayList<>();
    world.connection.addListener(
        new ConnectionListener() {
          @Override
          public void onState(ConnectionState state) {
            RecordingListener late = new RecordingListener();
            listeners.add(late);
            world.connection.addListener(late);
          }
        });

    world.open();
    world.fail(world.reset);
    world.close();

    List<ConnectionState> all = world.told.states();
    assertThat(listeners).hasSameSizeAs(all);
    for (RecordingListener late : listeners) {
      int from = all.size() - late.states().size();
      assertThat(late.states()).isEqualTo(all.subList(from, all.size()));
    }
  }

  @Test
  void aListenerThatComesAfterTheEndIsToldClosedAndNothingElse() {
    world.close();
    RecordingListener late = new RecordingListener();

    world.connection.addListener(late);
    world.clock.run();

    assertThat(late.states()).containsExactly(new Closed(1006, "", false, null));
  }

  @Test
  void closedIsTheLastCallOfAll() {
    List<Object> calls = new ArrayList<>();
    world.connection.addListener(
        new ConnectionListener() {
          @Override
          public void onState(ConnectionState state) {
            calls.add(state);
          }

          @Override
          public void onEvent(ConnectionEvent event) {
            calls.add(event);
          }
        });
    world.open();
    world.close();
    world.transport().answerPings(true);
    world.connection.open();
    world.connection.probe();
    world.connection.reconnectNow();
    world.connection.suspend();
    world.connection.resume();
    world.connection.close();
    world.connection.drain(Duration.ZERO);
    world.advance(Duration.ofHours(1));

    assertThat(calls).last().isInstanceOf(Closed.class);
    assertThat(calls).filteredOn(Closed.class::isInstance).hasSize(1);
    assertThat(world.clock.timers()).isZero();
  }

  @Test
  void aListenerThatThrowsHarmsNobody() {
    world.connection.addListener(
        new ConnectionListener() {
          @Override
          public void onState(ConnectionState state) {
            throw new IllegalStateException("app");
          }

          @Override
          public void onEvent(ConnectionEvent event) {
            throw new AssertionError("app");
          }
        });
    RecordingListener after = new RecordingListener();
    world.connection.addListener(after);

    world.open();

    assertThat(after.states()).isEqualTo(world.told.states());
    assertThat(after.events()).isEqualTo(world.told.events()).isNotEmpty();
    assertThat(world.connection.state()).isInstanceOf(Open.class);
    world.close();
  }

  @Test
  void aListenerThatIsRemovedInItsOwnCallIsCalledNoMore() {
    List<ConnectionState> heard = new ArrayList<>();
    List<Registration> registration = new ArrayList<>();
    registration.add(
        world.connection.addListener(
            new ConnectionListener() {
              @Override
              public void onState(ConnectionState state) {
                heard.add(state);
                if (state instanceof Connecting) registration.get(0).close();
              }
            }));

    world.open();
    registration.get(0).close();

    assertThat(heard).hasSize(2);
    world.close();
  }

  @Test
  void aListenerThatIsRemovedByAnotherIsNotToldWhatTheOtherWas() {
    RecordingListener second = new RecordingListener();
    List<Registration> registration = new ArrayList<>();
    world.connection.addListener(
        new ConnectionListener() {
          @Override
          public void onState(ConnectionState state) {
            if (state instanceof Open) registration.get(0).close();
          }
        });
    registration.add(world.connection.addListener(second));

    world.open();

    assertThat(second.states(Open.class)).isEmpty();
    world.close();
  }

  @Test
  void whatAListenerAsksForInItsCallIsDone() {
    world.connection.addListener(
        new ConnectionListener() {
          @Override
          public void onState(ConnectionState state) {
            if (state instanceof Open) world.connection.close(4001, "enough");
          }
        });

    world.open();

    assertThat(world.transport().closeCode()).isEqualTo(4001);
    world.close();
  }
}
