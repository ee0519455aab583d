package io.holdfast.internal.machine;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.ConnectTimeline;
import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionException.ProtocolFailed;
import io.holdfast.ConnectionException.ProtocolNotReady;
import io.holdfast.ConnectionState.Connecting;
import io.holdfast.ConnectionState.Open;
import io.holdfast.ConnectionState.Phase;
import io.holdfast.ConnectionState.Waiting;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** From the handshake to a protocol that is ready. */
class ReadinessTest {
  private final MachineRig rig = new MachineRig(true);
  private final ProtocolFailed failed = new ProtocolFailed("no such topic", false, null);

  private void openTransport() {
    rig.openRequested();
    rig.supplied();
    rig.transportOpened();
    rig.take();
  }

  @Test
  void eachStepIsToldAndHasTheWholeTimeoutAgain() {
    openTransport();
    rig.advance(Duration.ofSeconds(9));

    assertThat(rig.stepped("authenticated"))
        .contains(
            new Effect.PublishEvent(new ConnectionEvent.ReadyStepReached(1, "authenticated")));
    rig.advance(Duration.ofSeconds(5));

    assertThat(rig.state()).isEqualTo(new Connecting(1, Phase.READY));
  }

  @Test
  void aProtocolThatTakesTooLongForAStepFailsTheAttempt() {
    openTransport();
    rig.advance(Duration.ofSeconds(3));
    rig.stepped("authenticated");
    rig.take();

    rig.advance(Duration.ofSeconds(10).minusNanos(1));
    assertThat(rig.state()).isInstanceOf(Connecting.class);
    rig.advance(Duration.ofNanos(1));

    assertThat(rig.state()).isInstanceOfSatisfying(Waiting.class, this::isNotReady);
    assertThat(rig.take())
        .contains(new Effect.CancelTransport(1))
        .anySatisfy(effect -> assertThat(effect).isInstanceOf(Effect.StopProtocol.class))
        .noneSatisfy(effect -> assertThat(effect).isInstanceOf(Effect.Rewind.class));
  }

  private void isNotReady(Waiting waiting) {
    assertThat(waiting.cause())
        .isInstanceOfSatisfying(
            ProtocolNotReady.class,
            cause -> {
              assertThat(cause.lastStep()).isEqualTo("authenticated");
              assertThat(cause).hasMessage("protocol not ready within PT10S of authenticated");
            });
  }

  @Test
  void theAttemptsOwnDeadlineHoldsHoweverManyStepsThereAre() {
    openTransport();
    for (int i = 0; i < 3; i++) {
      rig.advance(Duration.ofSeconds(4));
      rig.stepped("step " + i);
    }
    rig.advance(Duration.ofSeconds(3));

    assertThat(rig.state()).isInstanceOf(Waiting.class);
  }

  @Test
  void aProtocolThatFailsWhileItMakesReadyFailsTheAttempt() {
    openTransport();

    assertThat(rig.protocolFailed(failed))
        .startsWith(new Effect.CancelTransport(1))
        .contains(
            new Effect.PublishEvent(
                new ConnectionEvent.AttemptFailed(1, failed, ConnectTimeline.EMPTY)),
            new Effect.StopProtocol(1, failed));
    assertThat(rig.state()).isInstanceOf(Waiting.class);
  }

  @Test
  void aProtocolThatFailsLaterLosesTheTransport() {
    rig.openAndPonged();

    assertThat(rig.protocolFailed(failed))
        .containsSubsequence(
            new Effect.CancelTransport(1),
            new Effect.Rewind(1, failed),
            new Effect.StopProtocol(1, failed),
            new Effect.AskRetry(failed));
  }

  @Test
  void aTransportThatEndsBeforeItsProtocolIsReadyTellsIt() {
    openTransport();

    assertThat(rig.ended(failed)).contains(new Effect.StopProtocol(1, failed));
  }

  @Test
  void anAttemptThatNeverOpenedATransportTellsNoProtocol() {
    rig.openRequested();
    rig.supplied();

    assertThat(rig.ended(failed)).doesNotContain(new Effect.StopProtocol(1, failed));
  }

  @Test
  void whatAnOldProtocolSaysIsIgnored() {
    rig.openAndPonged();
    rig.ended(failed);
    rig.take();

    assertThat(rig.give(new Event.ProtocolReady(1, rig.snapshot()))).isEmpty();
    assertThat(rig.give(new Event.ProtocolFailed(1, failed))).isEmpty();
    assertThat(rig.give(new Event.ProtocolStepped(1, "late"))).isEmpty();
  }

  @Test
  void readyToldTwiceIsReady() {
    openTransport();
    rig.protocolReady();
    rig.take();

    assertThat(rig.protocolReady()).isEmpty();
    assertThat(rig.state()).isInstanceOf(Open.class);
  }
}
