package io.holdfast.internal.machine;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.ConnectionEvent.AttemptFailed;
import io.holdfast.ConnectionEvent.OutageEnded;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.NetworkLost;
import io.holdfast.ConnectionException.Refused;
import io.holdfast.ConnectionException.StreamBroken;
import io.holdfast.ConnectionException.Suspended;
import io.holdfast.ConnectionState.Connecting;
import io.holdfast.ConnectionState.Offline;
import io.holdfast.ConnectionState.Offline.Reason;
import io.holdfast.ConnectionState.Open;
import io.holdfast.ConnectionState.Phase;
import io.holdfast.ConnectionState.Waiting;
import io.holdfast.internal.machine.Event.RetryAnswered;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the app and the network monitor do to attempts and waits. */
class InterventionTest {
  private static final long A_MINUTE_NANOS = Duration.ofMinutes(1).toNanos();

  private final ConnectionException refused = new Refused("refused", null);
  private final ConnectionException reset = new StreamBroken("reset", null);

  private final MachineRig rig = new MachineRig();

  // ---- reconnectNow()

  @Test
  void reconnectNowEndsAWaitAndItsTimer() {
    rig.openRequested();
    rig.ended(refused);

    rig.give(new Event.ReconnectRequested(rig.snapshot()));

    assertThat(rig.state()).isEqualTo(new Connecting(2, Phase.REQUEST));
    assertThat(rig.timers).containsOnlyKeys(Timer.ATTEMPT);
  }

  @Test
  void reconnectNowTwiceStartsOneAttempt() {
    rig.openRequested();
    rig.ended(refused);
    rig.give(new Event.ReconnectRequested(rig.snapshot()));

    assertThat(rig.give(new Event.ReconnectRequested(rig.snapshot()))).isEmpty();
  }

  @Test
  void reconnectNowDoesNotCutShortWhatTheServerAskedFor() {
    rig.answer = new RetryAnswered(A_MINUTE_NANOS, A_MINUTE_NANOS, 0);
    rig.openRequested();
    rig.ended(refused);

    rig.give(new Event.ReconnectRequested(rig.snapshot()));
    rig.network(true, "wifi-2");

    assertThat(rig.state()).isInstanceOf(Waiting.class);
    rig.advanceSeconds(60);
    assertThat(rig.state()).isEqualTo(new Connecting(2, Phase.REQUEST));
  }

  @Test
  void theNextWaitMayBeCutShortAgain() {
    rig.answer = new RetryAnswered(A_MINUTE_NANOS, A_MINUTE_NANOS, 0);
    rig.openRequested();
    rig.ended(refused);
    rig.advanceSeconds(60);
    rig.answer = MachineRig.AFTER_A_SECOND;
    rig.ended(refused);

    rig.give(new Event.ReconnectRequested(rig.snapshot()));

    assertThat(rig.state()).isEqualTo(new Connecting(3, Phase.REQUEST));
  }

  @Test
  void whatTheServerAskedForOutlastsALostNetwork() {
    biddenToWaitForAMinute();
    rig.network(false, "");
    rig.advanceSeconds(20);

    rig.network(true, "wifi-2");

    assertThat(rig.state()).isEqualTo(new Waiting(2, Duration.ofSeconds(40), refused));
    rig.advanceSeconds(39);
    assertThat(rig.state()).isInstanceOf(Waiting.class);
    rig.advanceSeconds(1);
    assertThat(rig.state()).isEqualTo(new Connecting(2, Phase.REQUEST));
  }

  @Test
  void whatTheServerAskedForOutlastsTheBackground() {
    biddenToWaitForAMinute();
    rig.give(new Event.SuspendRequested());
    rig.advanceSeconds(20);

    rig.give(new Event.ResumeRequested(rig.snapshot()));

    assertThat(rig.state()).isEqualTo(new Waiting(2, Duration.ofSeconds(40), refused));
  }

  @Test
  void whatTheServerAskedForMayPassWithoutANetwork() {
    biddenToWaitForAMinute();
    rig.network(false, "");
    rig.advanceSeconds(20);
    rig.give(new Event.ReconnectRequested(rig.snapshot()));
    assertThat(rig.state()).isInstanceOf(Offline.class);
    rig.advanceSeconds(40);

    rig.network(true, "wifi-2");

    assertThat(rig.state()).isEqualTo(new Connecting(2, Phase.REQUEST));
  }

  @Test
  void beyondWhatTheServerAskedForAWaitMayBeCutShort() {
    rig.answer = new RetryAnswered(A_MINUTE_NANOS, A_MINUTE_NANOS / 2, 0);
    rig.openRequested();
    rig.ended(refused);
    rig.advanceSeconds(29);
    assertThat(rig.give(new Event.ReconnectRequested(rig.snapshot()))).isEmpty();
    rig.advanceSeconds(1);

    rig.give(new Event.ReconnectRequested(rig.snapshot()));

    assertThat(rig.state()).isEqualTo(new Connecting(2, Phase.REQUEST));
  }

  private void biddenToWaitForAMinute() {
    rig.answer = new RetryAnswered(A_MINUTE_NANOS, A_MINUTE_NANOS, 0);
    rig.openRequested();
    rig.ended(refused);
  }

  @Test
  void reconnectNowTriesAlthoughTheMonitorSaysThatThereIsNoNetwork() {
    rig.network(false, "");
    rig.openRequested();
    assertThat(rig.state()).isEqualTo(new Offline(Reason.NO_NETWORK, null));

    rig.give(new Event.ReconnectRequested(rig.snapshot()));
    assertThat(rig.state()).isInstanceOf(Connecting.class);
    rig.ended(refused);

    assertThat(rig.state()).isEqualTo(new Offline(Reason.NO_NETWORK, refused));
  }

  @Test
  void reconnectNowDoesNotWakeASuspendedConnection() {
    rig.open();
    rig.give(new Event.SuspendRequested());

    assertThat(rig.give(new Event.ReconnectRequested(rig.snapshot()))).isEmpty();
  }

  // ---- suspend() and resume()

  @Test
  void suspendGivesAnOpenTransportUpWithoutAskingForARetry() {
    rig.openAndPonged();

    rig.give(new Event.SuspendRequested());

    assertThat(rig.loss()).isInstanceOf(Suspended.class);
    assertThat(rig.take())
        .startsWith(new Effect.CancelTransport(1))
        .noneMatch(Effect.AskRetry.class::isInstance);
    assertThat(rig.state())
        .isInstanceOfSatisfying(
            Offline.class,
            offline -> {
              assertThat(offline.reason()).isEqualTo(Reason.SUSPENDED);
              assertThat(offline.cause()).isInstanceOf(Suspended.class);
            });
    assertThat(rig.timers).isEmpty();
  }

  @Test
  void suspendEndsAnAttempt() {
    rig.openRequested();
    rig.supplied();

    rig.give(new Event.SuspendRequested());

    assertThat(rig.told(AttemptFailed.class))
        .singleElement()
        .satisfies(failed -> assertThat(failed.cause()).isInstanceOf(Suspended.class));
    assertThat(rig.timers).isEmpty();
  }

  @Test
  void suspendInAWaitKeepsItsCause() {
    rig.openRequested();
    rig.ended(refused);

    rig.give(new Event.SuspendRequested());

    assertThat(rig.state()).isEqualTo(new Offline(Reason.SUSPENDED, refused));
    assertThat(rig.timers).isEmpty();
  }

  @Test
  void suspendBeforeOpenHoldsTheFirstAttemptBack() {
    rig.give(new Event.SuspendRequested());
    rig.openRequested();
    assertThat(rig.state()).isEqualTo(new Offline(Reason.SUSPENDED, null));

    rig.give(new Event.ResumeRequested(rig.snapshot()));

    assertThat(rig.state()).isEqualTo(new Connecting(1, Phase.REQUEST));
  }

  @Test
  void resumeBeforeOpenIsNoOpen() {
    rig.give(new Event.SuspendRequested());

    assertThat(rig.give(new Event.ResumeRequested(rig.snapshot()))).isEmpty();
    rig.openRequested();
    assertThat(rig.state()).isInstanceOf(Connecting.class);
  }

  @Test
  void suspendTwiceTellsNothingTwice() {
    rig.open();
    rig.give(new Event.SuspendRequested());

    assertThat(rig.give(new Event.SuspendRequested())).isEmpty();
  }

  @Test
  void resumeWithoutANetworkWaitsForIt() {
    rig.open();
    rig.give(new Event.SuspendRequested());
    assertThat(rig.network(false, "")).isEmpty();

    rig.give(new Event.ResumeRequested(rig.snapshot()));
    assertThat(rig.state())
        .isInstanceOfSatisfying(
            Offline.class, offline -> assertThat(offline.reason()).isEqualTo(Reason.NO_NETWORK));
    rig.network(true, "wifi-1");

    assertThat(rig.state()).isInstanceOf(Connecting.class);
  }

  @Test
  void theNetworksReturnDoesNotWakeASuspendedConnection() {
    rig.open();
    rig.give(new Event.SuspendRequested());
    rig.network(false, "");

    assertThat(rig.network(true, "wifi-1")).isEmpty();
  }

  @Test
  void suspendAndResumeDuringTheClosingHandshakeDoNothing() {
    rig.open();
    rig.give(new Event.CloseRequested(1000, ""));

    assertThat(rig.give(new Event.SuspendRequested())).isEmpty();
    assertThat(rig.give(new Event.ResumeRequested(rig.snapshot()))).isEmpty();
    assertThat(rig.network(false, "")).isEmpty();
  }

  // ---- The network

  @Test
  void anOpenTransportIsLostWithItsNetworkAndComesBackWithIt() {
    rig.openAndPonged();
    rig.advanceSeconds(10);
    assertThat(rig.told(OutageEnded.class)).hasSize(1);

    rig.network(false, "");
    assertThat(rig.loss()).isInstanceOf(NetworkLost.class);
    assertThat(rig.timers).isEmpty();
    rig.advanceSeconds(1000);
    rig.network(true, "wifi-1");

    assertThat(rig.state()).isEqualTo(new Connecting(1, Phase.REQUEST));
    assertThat(rig.take()).noneMatch(Effect.AskRetry.class::isInstance);
  }

  @Test
  void anAttemptFailsWithItsNetwork() {
    rig.openRequested();

    rig.network(false, "");

    assertThat(rig.told(AttemptFailed.class))
        .singleElement()
        .satisfies(failed -> assertThat(failed.cause()).isInstanceOf(NetworkLost.class));
  }

  @Test
  void aWaitWithoutANetworkBurnsNoTimerAndEndsWithItsReturn() {
    rig.openRequested();
    rig.ended(refused);

    rig.network(false, "");
    assertThat(rig.state()).isEqualTo(new Offline(Reason.NO_NETWORK, refused));
    assertThat(rig.timers).isEmpty();
    rig.network(true, "");

    assertThat(rig.state()).isEqualTo(new Connecting(2, Phase.REQUEST));
  }

  @Test
  void withoutANetworkFromTheStartTheFirstAttemptWaitsForIt() {
    rig.network(false, "");
    rig.openRequested();
    assertThat(rig.take())
        .containsExactly(new Effect.PublishState(new Offline(Reason.NO_NETWORK, null)));

    rig.network(true, "wifi-1");

    assertThat(rig.state()).isEqualTo(new Connecting(1, Phase.REQUEST));
  }

  @Test
  void aNewNetworkEndsAWait() {
    rig.openRequested();
    rig.network(true, "wifi-1");
    rig.ended(refused);
    assertThat(rig.network(true, "wifi-1")).isEmpty();

    rig.network(true, "cell-1");

    assertThat(rig.state()).isEqualTo(new Connecting(2, Phase.REQUEST));
  }

  @Test
  void aNewNetworkHasAnOpenTransportProbedAndItsSilenceIsDeathAfterTheTimeout() {
    rig.openAndPonged();
    rig.advanceSeconds(5);

    assertThat(rig.network(true, "cell-1")).containsExactly(new Effect.SendPing(1));
    rig.flushed();
    rig.advance(Duration.ofSeconds(10).minusNanos(1));
    assertThat(rig.state()).isInstanceOf(Open.class);
    rig.advance(Duration.ofNanos(1));

    assertThat(rig.lost()).isTrue();
  }

  @Test
  void theSameNetworkToldAgainIsNoReasonToProbe() {
    rig.openAndPonged();
    rig.network(true, "wifi-1");
    rig.take();

    assertThat(rig.network(true, "wifi-1")).isEmpty();
  }

  @Test
  void aLossThatIsAskedAboutWhileTheNetworkIsGoneGoesOffline() {
    rig.network(false, "");
    rig.openRequested();
    rig.give(new Event.ReconnectRequested(rig.snapshot()));
    rig.connect();
    assertThat(rig.state()).isInstanceOf(Open.class);

    rig.ended(reset);

    assertThat(rig.state()).isEqualTo(new Offline(Reason.NO_NETWORK, reset));
    assertThat(rig.timers).isEmpty();
  }
}
