package io.holdfast.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.Assurance;
import io.holdfast.ConnectionState;
import io.holdfast.ConnectionState.Closed;
import io.holdfast.ConnectionState.Idle;
import io.holdfast.Fate;
import io.holdfast.fixtures.LegalTransitions;
import io.holdfast.simulation.SeededRun.Sent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What must hold after any {@link SeededRun}. */
final class Judges {
  private final SeededRun run;

  Judges(SeededRun run) {
    this.run = run;
  }

  void judge() {
    eachMessageHasOneFate();
    fatesAreTrue();
    nothingAcceptedIsLost();
    orderIsKept();
    inboundOrderIsKept();
    stateChangesAreLegal();
    itOpenedAgainAndClosed();
  }

  private void eachMessageHasOneFate() {
    for (Sent one : run.sent) {
      assertThat(one.delivery.fate()).as("fate of %s", one.text).isNotNull();
      assertThat(one.told).as("times that the fate of %s was told", one.text).isEqualTo(1);
    }
  }

  private void fatesAreTrue() {
    for (Sent one : run.sent) {
      int arrivals = run.server.arrivals(one.text);
      Fate fate = one.delivery.fate();
      if (fate instanceof Fate.Confirmed) assertThat(arrivals).as(one.text).isPositive();
      boolean neverHanded =
          fate instanceof Fate.Expired
              || fate instanceof Fate.Evicted
              || fate instanceof Fate.Cancelled
              || fate instanceof Fate.Rejected;
      if (neverHanded) assertThat(arrivals).as("%s, %s", one.text, fate).isZero();
      if (one.options.atMostOnce()) assertThat(arrivals).as(one.text).isLessThanOrEqualTo(1);
    }
  }

  /** Only what the app itself allowed may keep a message from its end. */
  private void nothingAcceptedIsLost() {
    for (Sent one : run.sent) {
      Fate fate = one.delivery.fate();
      if (fate instanceof Fate.Rejected || fate instanceof Fate.Evicted) continue;
      boolean plain =
          !one.cancelled && !one.options.atMostOnce() && one.options.timeToLive() == null;
      if (!plain || (fate instanceof Fate.InDoubt doubt && allowed(doubt))) continue;
      assertThat(SeededRun.isDelivered(one)).as("%s, %s", one.text, fate).isTrue();
      boolean confirmable = one.options.assurance() == Assurance.CONFIRMED;
      if (confirmable && fate instanceof Fate.Confirmed) continue;
      assertThat(fate).as(one.text).isEqualTo(new Fate.Written());
    }
  }

  private static boolean allowed(Fate.InDoubt doubt) {
    return doubt.reason() == Fate.InDoubt.Reason.RESEND_LIMIT
        || doubt.reason() == Fate.InDoubt.Reason.EVICTED;
  }

  private void orderIsKept() {
    Map<String, Integer> place = new HashMap<>();
    for (String text : run.server.firstArrivals()) place.put(text, place.size());
    int last = -1;
    for (Sent one : run.sent) {
      Integer arrived = place.get(one.text);
      // What is in doubt, or only written, may be on its way for as long as a lost transport's
      // kernel
      // tries, and come after what was sent again.
      if (arrived == null || !(one.delivery.fate() instanceof Fate.Confirmed)) continue;
      assertThat(arrived).as("place of %s", one.text).isGreaterThan(last);
      last = arrived;
    }
  }

  private void inboundOrderIsKept() {
    List<Long> numbers = new ArrayList<>();
    for (String text : run.received) numbers.add(Long.parseLong(text.substring(2)));
    assertThat(numbers).isSorted().doesNotHaveDuplicates();
  }

  private void stateChangesAreLegal() {
    List<ConnectionState> states = run.told.states();
    assertThat(states.get(0)).isEqualTo(new Idle());
    for (int i = 1; i < states.size(); i++) {
      LegalTransitions.check(states.get(i - 1), states.get(i));
    }
  }

  private void itOpenedAgainAndClosed() {
    assertThat(run.openedAgain).as("open once faults had ended").isTrue();
    assertThat(run.deliversPromptly).as("delivers within a barrier's spacing").isTrue();
    assertThat(run.server.arrivals("farewell")).isPositive();
    assertThat(run.connection.state()).isInstanceOf(Closed.class);
    assertThat(run.connection.queue().bytes()).isZero();
    assertThat(run.connection.bufferedAmount()).isZero();
    assertThat(run.network.open()).isZero();
    assertThat(run.clock.timers()).as("timers left").isZero();
  }
}
