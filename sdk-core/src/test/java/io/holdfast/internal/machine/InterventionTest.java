package io.holdfast.internal.machine;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionEvent.AttemptFailed;
import io.holdfast.ConnectionEvent.OutageEnded;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.DeviceSlept;
import io.holdfast.ConnectionException.HeartbeatTimedOut;
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
import io.holdfast.Heartbeat;
import io.holdfast.internal.Settings;
import io.holdfast.network.NetworkStatus;
import java.time.Duration;
import java.util.List;
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
    rig.answer = MachineRig.answer(A_MINUTE_NANOS, A_MINUTE_NANOS);
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
    rig.answer = MachineRig.answer(A_MINUTE_NANOS, A_MINUTE_NANOS);
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
    rig.answer = MachineRig.answer(A_MINUTE_NANOS, A_MINUTE_NANOS / 2);
    rig.openRequested();
    rig.ended(refused);
    rig.advanceSeconds(29);
    assertThat(rig.give(new Event.ReconnectRequested(rig.snapshot()))).isEmpty();
    rig.advanceSeconds(1);

    rig.give(new Event.ReconnectRequested(rig.snapshot()));

    assertThat(rig.state()).isEqualTo(new Connecting(2, Phase.REQUEST));
  }

  private void biddenToWaitForAMinute() {
    rig.answer = MachineRig.answer(A_MINUTE_NANOS, A_MINUTE_NANOS);
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
    assertThat(orders(rig.network(false, ""))).isEmpty();

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

    assertThat(orders(rig.network(true, "wifi-1"))).isEmpty();
  }

  @Test
  void suspendAndResumeDuringTheClosingHandshakeDoNothing() {
    rig.open();
    rig.give(new Event.CloseRequested(1000, ""));

    assertThat(rig.give(new Event.SuspendRequested())).isEmpty();
    assertThat(rig.give(new Event.ResumeRequested(rig.snapshot()))).isEmpty();
    assertThat(orders(rig.network(false, ""))).isEmpty();
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
    assertThat(orders(rig.take()))
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
  void aNewNetworkHasAnOpenTransportProbedAndItsSilenceIsDeathAfterThePromptTimeout() {
    rig.openAndPonged();
    rig.advanceSeconds(5);

    assertThat(orders(rig.network(true, "cell-1"))).containsExactly(new Effect.SendPing(1));
    rig.flushed();
    rig.advance(Duration.ofSeconds(2).minusNanos(1));
    assertThat(rig.state()).isInstanceOf(Open.class);
    rig.advance(Duration.ofNanos(1));

    assertThat(rig.lost()).isTrue();
  }

  @Test
  void anAttemptOnTheOldNetworkBeginsAnewOnTheNewOne() {
    rig.network(true, "wifi-1");
    rig.openRequested();
    rig.supplied();
    rig.take();

    rig.network(true, "cell-1");

    assertThat(rig.state()).isEqualTo(new Connecting(2, Phase.REQUEST));
    assertThat(rig.take())
        .contains(new Effect.CancelTransport(1))
        .anyMatch(effect -> effect instanceof Effect.SupplyRequest next && next.attempt() == 2)
        .noneMatch(Effect.AskRetry.class::isInstance);
  }

  @Test
  void anAttemptGoesOnWhenItsNetworkOnlyGetsAName() {
    rig.openRequested();
    rig.supplied();

    rig.network(true, "wifi-1");

    assertThat(rig.state()).isEqualTo(new Connecting(1, Phase.HANDSHAKE));
  }

  // ---- Sleep

  @Test
  void aWakeEndsAWait() {
    rig.openRequested();
    rig.ended(refused);

    rig.woke();

    assertThat(rig.state()).isEqualTo(new Connecting(2, Phase.REQUEST));
    assertThat(rig.told(ConnectionEvent.WokeUp.class))
        .containsExactly(new ConnectionEvent.WokeUp(Duration.ofHours(1)));
  }

  @Test
  void aWakeEndsNoWaitThatTheServerAskedFor() {
    rig.answer = MachineRig.answer(A_MINUTE_NANOS, A_MINUTE_NANOS);
    rig.openRequested();
    rig.ended(refused);

    rig.woke();

    assertThat(rig.state()).isInstanceOf(Waiting.class);
  }

  @Test
  void anAttemptThatTheDeviceSleptThroughBeginsAnew() {
    rig.openRequested();
    rig.supplied();

    rig.woke();

    assertThat(rig.told(AttemptFailed.class))
        .singleElement()
        .satisfies(failed -> assertThat(failed.cause()).isInstanceOf(DeviceSlept.class));
    assertThat(rig.state()).isEqualTo(new Connecting(2, Phase.REQUEST));
  }

  @Test
  void anAttemptThatTheAppAskedForWithoutANetworkIsMadeOnce() {
    rig.network(false, "");
    rig.openRequested();
    rig.give(new Event.ReconnectRequested(rig.snapshot()));
    assertThat(rig.state()).isInstanceOf(Connecting.class);
    long before = rig.generation;

    rig.woke();

    assertThat(rig.generation).isEqualTo(before);
  }

  @Test
  void aTransportThatOutlivedTheSleepStays() {
    rig.openAndPonged();

    assertThat(orders(rig.woke())).containsExactly(new Effect.SendPing(1));
    rig.flushed();
    rig.advanceSeconds(1);
    rig.pong();
    rig.advanceSeconds(20);

    assertThat(rig.lost()).isFalse();
  }

  @Test
  void aTransportThatDiedInTheSleepIsFoundByThePromptTimeout() {
    rig.openAndPonged();
    rig.woke();
    rig.flushed();

    rig.advanceSeconds(2);

    assertThat(rig.loss()).isInstanceOf(HeartbeatTimedOut.class);
  }

  // ---- Background

  @Test
  void theBackgroundHasAHeartbeatOfItsOwn() {
    Heartbeat spare = new Heartbeat(Duration.ofMinutes(5), Duration.ofSeconds(30));
    MachineRig rig =
        new MachineRig(
            new Machine(
                new Settings.Heartbeats(Heartbeat.DEFAULT, spare, false),
                MachineRig.DEADLINES,
                false));
    rig.openAndPonged();

    rig.give(new Event.BackgroundRequested(true, rig.snapshot()));
    rig.advance(Duration.ofMinutes(5).minusNanos(1));
    assertThat(rig.pings()).isZero();
    rig.advance(Duration.ofNanos(1));
    assertThat(rig.pings()).isEqualTo(1);
    rig.flushed();
    rig.pong();

    assertThat(orders(rig.give(new Event.BackgroundRequested(false, rig.snapshot()))))
        .contains(new Effect.SendPing(1));
    rig.flushed();
    rig.pong();
    rig.take();
    rig.advanceSeconds(25);
    assertThat(rig.pings()).isEqualTo(1);
  }

  @Test
  void whoIsInTheBackgroundAlreadyHearsNothingOfIt() {
    rig.openAndPonged();
    rig.give(new Event.BackgroundRequested(true, rig.snapshot()));

    assertThat(rig.give(new Event.BackgroundRequested(true, rig.snapshot()))).isEmpty();
  }

  private static List<Effect> orders(List<Effect> effects) {
    return effects.stream()
        .filter(effect -> !(effect instanceof Effect.PublishEvent))
        .filter(effect -> !(effect instanceof Effect.StartTimer))
        .toList();
  }

  @Test
  void theSameNetworkToldAgainIsNoReasonToProbe() {
    rig.openAndPonged();
    rig.network(true, "wifi-1");
    rig.take();

    assertThat(rig.network(true, "wifi-1")).isEmpty();
  }

  @Test
  void aNetworkThatOnlyBecomesMeteredIsToldAndNoReasonToProbe() {
    rig.openAndPonged();
    rig.network(true, "wifi-1");
    rig.take();
    NetworkStatus metered = new NetworkStatus(true, "wifi-1", true);

    assertThat(rig.give(new Event.NetworkReported(metered, rig.snapshot())))
        .containsExactly(new Effect.PublishEvent(new ConnectionEvent.NetworkChanged(metered)));
    assertThat(rig.give(new Event.NetworkReported(metered, rig.snapshot()))).isEmpty();
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
