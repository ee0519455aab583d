package io.holdfast.internal.machine;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.PeerClosed;
import io.holdfast.ConnectionException.Refused;
import io.holdfast.ConnectionException.StreamBroken;
import io.holdfast.ConnectionState.Closed;
import io.holdfast.ConnectionState.Closing;
import io.holdfast.ConnectionState.Connecting;
import io.holdfast.ConnectionState.Open;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How a connection ends: closed, or drained and then closed. */
class ClosingTest {
  private static final Closed WITHOUT_HANDSHAKE = new Closed(1006, "", false, null);
  private final ConnectionException refused = new Refused("refused", null);
  private static final List<Effect> END =
      List.of(
          new Effect.EndOutbox(), new Effect.PublishState(WITHOUT_HANDSHAKE), new Effect.Finish());

  private final MachineRig rig = new MachineRig();

  // ---- close()

  @Test
  void closeOnAnOpenTransportStopsEveryTimerButItsOwn() {
    rig.openAndPonged();
    rig.give(new Event.WriteBegun(1));
    rig.give(new Event.DrainRequested(1_000));
    rig.take();

    assertThat(rig.give(new Event.CloseRequested(4000, "bye")))
        .containsSubsequence(
            new Effect.PublishState(new Closing(4000, "bye")),
            new Effect.CloseTransport(1, 4000, "bye"));

    assertThat(rig.timers).containsOnlyKeys(Timer.CLOSE);
  }

  @Test
  void thePeersAnswerMakesItClean() {
    rig.open();
    rig.give(new Event.CloseRequested(4000, "bye"));

    assertThat(rig.ended(new PeerClosed(4000, "bye")))
        .containsExactly(
            new Effect.StopTimer(Timer.CLOSE),
            new Effect.EndOutbox(),
            new Effect.PublishState(new Closed(4000, "bye", true, null)),
            new Effect.Finish());
  }

  @Test
  void withoutAnAnswerTheTransportIsCancelledAtTheDeadline() {
    rig.open();
    rig.give(new Event.CloseRequested(1000, ""));
    rig.take();

    rig.advance(Duration.ofSeconds(2).minusNanos(1));
    assertThat(rig.take()).isEmpty();
    rig.advance(Duration.ofNanos(1));

    assertThat(rig.take())
        .containsExactly(new Effect.CancelTransport(1), END.get(0), END.get(1), END.get(2));
  }

  @Test
  void aTransportThatBreaksDuringTheHandshakeIsNotCleanAndNotRetried() {
    rig.open();
    rig.give(new Event.CloseRequested(1000, ""));

    assertThat(rig.ended(new StreamBroken("reset", null)))
        .containsExactly(new Effect.StopTimer(Timer.CLOSE), END.get(0), END.get(1), END.get(2));
  }

  @Test
  void closingTwiceDoesNothing() {
    rig.open();
    rig.give(new Event.CloseRequested(1000, ""));

    assertThat(rig.give(new Event.CloseRequested(4000, "again"))).isEmpty();
    assertThat(rig.state()).isEqualTo(new Closing(1000, ""));
    rig.advanceSeconds(2);
    assertThat(rig.give(new Event.CloseRequested(4000, "again"))).isEmpty();
  }

  @Test
  void pongsAndTimersDuringTheHandshakeChangeNothing() {
    rig.open();
    rig.flushed();
    rig.give(new Event.CloseRequested(1000, ""));
    rig.take();

    rig.pong();
    rig.flushed();
    rig.give(new Event.WriteBegun(1));
    rig.resumeReader();

    assertThat(rig.take()).isEmpty();
  }

  @Test
  void closeBeforeOpenEndsAtOnce() {
    assertThat(rig.give(new Event.CloseRequested(1000, ""))).isEqualTo(END);
  }

  @Test
  void closeDuringAnAttemptCancelsIt() {
    rig.openRequested();

    assertThat(rig.give(new Event.CloseRequested(1000, "")))
        .containsExactly(
            new Effect.CancelTransport(1),
            new Effect.StopTimer(Timer.ATTEMPT),
            END.get(0),
            END.get(1),
            END.get(2));
  }

  @Test
  void closeDuringAWaitStartsNoOtherAttempt() {
    rig.openRequested();
    rig.ended(refused);

    assertThat(rig.give(new Event.CloseRequested(1000, "")))
        .containsExactly(new Effect.StopTimer(Timer.RETRY), END.get(0), END.get(1), END.get(2));
  }

  @Test
  void closeWhileOfflineEndsAtOnce() {
    rig.open();
    rig.network(false, "");

    assertThat(rig.give(new Event.CloseRequested(1000, ""))).isEqualTo(END);
  }

  // ---- drain()

  @Test
  void aDrainedOutboxCloses() {
    rig.open();
    rig.give(new Event.DrainRequested(Duration.ofSeconds(30).toNanos()));
    rig.advanceSeconds(1);

    rig.give(new Event.OutboxDrained());

    assertThat(rig.state()).isEqualTo(new Closing(1000, ""));
    assertThat(rig.timers).containsOnlyKeys(Timer.CLOSE);
  }

  @Test
  void anOutboxThatIsEmptyForAnotherReasonClosesNothing() {
    rig.open();

    assertThat(rig.give(new Event.OutboxDrained())).isEmpty();
  }

  @Test
  void aDrainClosesAtItsDeadline() {
    rig.openAndPonged();
    rig.give(new Event.DrainRequested(Duration.ofSeconds(30).toNanos()));
    rig.advanceSeconds(29);
    rig.flushed();
    rig.pong();
    assertThat(rig.state()).isInstanceOf(Open.class);

    rig.advanceSeconds(1);

    assertThat(rig.state()).isEqualTo(new Closing(1000, ""));
  }

  @Test
  void aDrainGoesOnThroughALossAndTheNextAttempt() {
    rig.open();
    rig.give(new Event.DrainRequested(Duration.ofSeconds(30).toNanos()));
    rig.ended(refused);
    assertThat(rig.timers).containsKeys(Timer.DRAIN, Timer.RETRY);
    rig.advanceSeconds(1);
    assertThat(rig.state()).isInstanceOf(Connecting.class);
    rig.connect();

    rig.give(new Event.OutboxDrained());

    assertThat(rig.state()).isEqualTo(new Closing(1000, ""));
  }

  @Test
  void aDrainWhileOfflineEndsAtItsDeadline() {
    rig.open();
    rig.network(false, "");
    rig.give(new Event.DrainRequested(Duration.ofSeconds(30).toNanos()));
    assertThat(rig.timers).containsOnlyKeys(Timer.DRAIN);

    rig.advanceSeconds(30);

    assertThat(rig.state()).isEqualTo(WITHOUT_HANDSHAKE);
  }

  @Test
  void aDrainDuringAnAttemptEndsAtItsDeadlineAndCancelsTheAttempt() {
    rig.openRequested();
    rig.give(new Event.DrainRequested(Duration.ofSeconds(3).toNanos()));
    rig.take();

    rig.advanceSeconds(3);

    assertThat(rig.take()).startsWith(new Effect.CancelTransport(1));
    assertThat(rig.state()).isEqualTo(WITHOUT_HANDSHAKE);
  }

  @Test
  void aDrainBeforeOpenOfAnEmptyOutboxEndsAtOnce() {
    rig.give(new Event.DrainRequested(1_000));

    rig.give(new Event.OutboxDrained());

    assertThat(rig.state()).isEqualTo(WITHOUT_HANDSHAKE);
  }

  @Test
  void theFirstDeadlineOfADrainStands() {
    rig.openAndPonged();
    rig.give(new Event.DrainRequested(Duration.ofSeconds(5).toNanos()));

    assertThat(rig.give(new Event.DrainRequested(Duration.ofSeconds(50).toNanos()))).isEmpty();
    rig.advanceSeconds(5);

    assertThat(rig.state()).isInstanceOf(Closing.class);
  }

  @Test
  void closeCutsADrainShort() {
    rig.open();
    rig.give(new Event.DrainRequested(Duration.ofSeconds(30).toNanos()));

    rig.give(new Event.CloseRequested(4001, "now"));
    assertThat(rig.state()).isEqualTo(new Closing(4001, "now"));

    assertThat(rig.give(new Event.OutboxDrained())).isEmpty();
    assertThat(rig.timers).containsOnlyKeys(Timer.CLOSE);
  }

  @Test
  void aDrainDuringTheClosingHandshakeDoesNothing() {
    rig.open();
    rig.give(new Event.CloseRequested(1000, ""));

    assertThat(rig.give(new Event.DrainRequested(1))).isEmpty();
  }
}
