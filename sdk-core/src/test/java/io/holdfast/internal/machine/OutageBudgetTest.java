package io.holdfast.internal.machine;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.ConnectionEvent.OutageLasts;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.OutageTooLong;
import io.holdfast.ConnectionException.Refused;
import io.holdfast.ConnectionException.StreamBroken;
import io.holdfast.ConnectionState.Closed;
import io.holdfast.ConnectionState.Open;
import io.holdfast.internal.Settings;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How long an outage may take, where the app says so. */
class OutageBudgetTest {
  private static final Duration NOTICE = Duration.ofSeconds(30);
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private final ConnectionException refused = new Refused("refused", null);
  private final MachineRig rig = new MachineRig(deadlines(), false);

  private static Settings.Deadlines deadlines() {
    Settings.Deadlines d = MachineRig.DEADLINES;
    return new Settings.Deadlines(
        d.attempt(),
        d.proof(),
        d.confirm(),
        d.writeStall(),
        d.close(),
        d.stallLimit(),
        d.ready(),
        NOTICE,
        LIMIT);
  }

  @Test
  void theFirstOutageBeginsWithOpen() {
    rig.openRequested();
    rig.network(false, "");

    rig.advance(NOTICE.minusNanos(1));
    assertThat(rig.told(OutageLasts.class)).isEmpty();
    rig.advance(Duration.ofNanos(1));

    assertThat(rig.told(OutageLasts.class)).containsExactly(new OutageLasts(NOTICE));
  }

  @Test
  void anOutageThatTakesTooLongIsTheLast() {
    rig.openRequested();
    rig.ended(refused);
    rig.network(false, "");

    rig.advance(LIMIT);

    assertThat(rig.state())
        .isInstanceOfSatisfying(
            Closed.class,
            closed ->
                assertThat(closed.cause()).isInstanceOf(OutageTooLong.class).hasCause(refused));
  }

  @Test
  void aTransportThatProvesItselfEndsTheOutage() {
    rig.openAndPonged();
    rig.advanceSeconds(10);

    assertThat(rig.timers).doesNotContainKeys(Timer.OUTAGE_NOTICE, Timer.OUTAGE_LIMIT);
  }

  @Test
  void theNextOutageBeginsWithTheLossOfAProvedTransport() {
    rig.openAndPonged();
    rig.advanceSeconds(60);
    rig.network(false, "");

    rig.advance(LIMIT.minusNanos(1));
    assertThat(rig.state()).isNotInstanceOf(Closed.class);
    rig.advance(Duration.ofNanos(1));

    assertThat(rig.state()).isInstanceOf(Closed.class);
  }

  @Test
  void aTransportThatIsLostBeforeItProvedItselfBeginsNoOutageAnew() {
    rig.openRequested();
    rig.network(false, "");
    rig.advance(LIMIT.minusSeconds(5));
    rig.network(true, "");
    rig.connect();
    rig.ended(new StreamBroken("reset", null));
    rig.network(false, "");

    rig.advanceSeconds(5);

    assertThat(rig.state()).isInstanceOf(Closed.class);
  }

  @Test
  void aTransportThatIsOpenWhenTimeIsUpMayStillProveItself() {
    openJustBeforeTheLimit();
    rig.advanceSeconds(5);
    assertThat(rig.state()).isInstanceOf(Open.class);

    rig.flushed();
    rig.pong();
    rig.advanceSeconds(5);
    rig.ended(new StreamBroken("reset", null));

    assertThat(rig.state()).isNotInstanceOf(Closed.class);
  }

  @Test
  void oneThatIsLostAfterThatWithoutAProofIsTheLast() {
    openJustBeforeTheLimit();
    rig.advanceSeconds(2);

    rig.ended(new StreamBroken("reset", null));

    assertThat(rig.state())
        .isInstanceOfSatisfying(
            Closed.class, closed -> assertThat(closed.cause()).isInstanceOf(OutageTooLong.class));
  }

  private void openJustBeforeTheLimit() {
    rig.openRequested();
    rig.network(false, "");
    rig.advance(LIMIT.minusSeconds(1));
    rig.network(true, "");
    rig.connect();
    rig.advanceSeconds(1);
  }
}
