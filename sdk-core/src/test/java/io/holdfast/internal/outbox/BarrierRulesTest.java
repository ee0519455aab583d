package io.holdfast.internal.outbox;

import static io.holdfast.internal.outbox.OutboxScript.SPACING;
import static io.holdfast.internal.outbox.OutboxScript.bound;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.Assurance;
import io.holdfast.Fate;
import io.holdfast.Overflow;
import io.holdfast.PongSupport;
import io.holdfast.SendOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** DESIGN section 5, "The barrier". */
class BarrierRulesTest {
  private static final SendOptions WRITTEN = SendOptions.DEFAULT.withAssurance(Assurance.WRITTEN);
  private static final Fate CONFIRMED = new Fate.Confirmed();
  private static final Duration TRIP = Duration.ofMillis(40);

  @Nested
  class WhatAPongConfirms {
    private final OutboxScript script = new OutboxScript();

    @Test
    void allThatWasTakenBeforeItsPingAndNothingAfter() {
      script.open();
      Entry a = script.send("a");
      Entry b = script.send("b");
      byte[] ping = script.writeWithPing();
      script.send("c");
      script.writeWithoutPing();

      script.pong(ping);

      assertThat(script.ended()).containsExactly(a, b);
      assertThat(script.inFlight()).containsExactly("c");
    }

    @Test
    void aNewerPongConfirmsForAllOlderPingsAndTheOldPongIsNoneThen() {
      script.open();
      Entry a = script.send("a");
      byte[] older = script.writeWithPing();
      Entry b = script.send("b");
      byte[] newer = pingOnRequest();

      assertThat(requireNonNull(script.pong(newer)).awaitsMore()).isFalse();
      assertThat(script.ended()).containsExactly(a, b);
      assertThat(script.pong(older)).isNull();
    }

    @Test
    void anOlderPongLeavesTheNewerPingAwaited() {
      script.open();
      Entry a = script.send("a");
      byte[] older = script.writeWithPing();
      Entry b = script.send("b");
      byte[] newer = pingOnRequest();

      assertThat(requireNonNull(script.pong(older)).awaitsMore()).isTrue();
      assertThat(script.ended()).containsExactly(a);
      script.pong(newer);

      assertThat(script.ended()).containsExactly(b);
    }

    @Test
    void onlyTheExactPayloadOfAnOutstandingPingCounts() {
      script.open();
      Entry a = script.send("a");
      byte[] ping = script.writeWithPing();

      assertThat(script.pong(new byte[0])).isNull();
      assertThat(script.pong(new byte[ping.length])).isNull();
      assertThat(script.pong(Arrays.copyOf(ping, ping.length + 1))).isNull();
      for (int i = 0; i < ping.length; i++) {
        byte[] changed = ping.clone();
        changed[i] ^= 1;
        assertThat(script.pong(changed)).isNull();
      }
      assertThat(a.fate()).isNull();
      assertThat(script.pong(ping)).isNotNull();
      assertThat(script.pong(ping)).isNull();
    }

    @Test
    void aPongOfAnOldTransportConfirmsNothingWhoeverTellsIt() {
      script.open();
      Entry a = script.send("a");
      byte[] old = script.writeWithPing();
      script.reopen();
      script.writeWithPing();

      assertThat(script.pong(1, old)).isNull();
      assertThat(script.pong(2, old)).isNull();

      assertThat(a.fate()).isNull();
    }

    @Test
    void aPongMayOvertakeTheWordThatItsPingWasWritten() {
      script.open();
      Entry confirmed = script.send("confirmed", 7);
      Entry written = script.send("written", 5, WRITTEN);
      byte[] ping = script.takeWithPing();

      assertThat(requireNonNull(script.pong(ping)).roundTripNanos()).isZero();
      assertThat(confirmed.fate()).isEqualTo(CONFIRMED);
      assertThat(script.outbox.unwrittenBytes()).isEqualTo(5);

      assertThat(script.written()).isNull();
      assertThat(written.fate()).isEqualTo(new Fate.Written());
      assertThat(script.outbox.isEmpty()).isTrue();
    }

    @Test
    void aPingBeforeTheGateOpensCoversNothingOfTheLastTransport() {
      script.open();
      Entry a = script.send("a");
      script.writeWithPing();
      script.lose();
      script.attach();
      script.outbox.wantPing();
      byte[] early = script.writeWithPing();
      script.openGate();
      script.take();

      script.pong(early);

      assertThat(a.fate()).isNull();
    }

    @Test
    void theNinthPingTakesTheEighthOnesPlaceAndCoversWhatItDid() {
      script.open();
      Entry a = script.send("a");
      List<byte[]> pings = new ArrayList<>();
      pings.add(script.writeWithPing());
      while (pings.size() < 7) pings.add(pingOnRequest());
      Entry b = script.send("b");
      while (pings.size() < 9) pings.add(pingOnRequest());

      assertThat(script.pong(pings.get(0))).isNotNull();
      assertThat(a.fate()).isEqualTo(CONFIRMED);
      // The eighth covered it and was replaced: only the ninth's answer is kept count of.
      assertThat(script.pong(pings.get(7))).isNotNull();
      assertThat(b.fate()).isNull();
      assertThat(script.pong(pings.get(8))).isNotNull();

      assertThat(b.fate()).isEqualTo(CONFIRMED);
    }

    @Test
    void theRoundTripIsCountedFromTheFlush() {
      script.open();
      script.send("a");
      byte[] ping = script.takeWithPing();
      script.passed(Duration.ofSeconds(5));
      script.written();
      script.passed(TRIP);

      assertThat(requireNonNull(script.pong(ping)).roundTripNanos()).isEqualTo(TRIP.toNanos());
    }

    private byte[] pingOnRequest() {
      script.outbox.wantPing();
      return script.writeWithPing();
    }
  }

  @Nested
  class WhenAPingGoes {
    private final OutboxScript script = new OutboxScript();

    @Test
    void theFirstBatchOfEachTransportGetsOneAtOnce() {
      for (int i = 0; i < 3; i++) {
        script.open();
        script.send("m" + i);
        script.writeWithPing();
        script.lose();
      }
    }

    @Test
    void theNextOneWaitsForTheSpacingEvenIfNoneIsOutstanding() {
      script.open();
      script.send("a");
      script.pong(script.writeWithPing());
      script.passed(SPACING.minusNanos(1));
      script.send("b");
      script.writeWithoutPing();
      assertThat(script.take()).isNull();
      assertThat(script.outbox.nanosToBarrier(script.now)).isEqualTo(1);

      script.passed(Duration.ofNanos(1));

      assertThat(script.outbox.nanosToBarrier(script.now)).isZero();
      assertThat(script.take()).isNotNull();
      assertThat(script.outbox.nanosToBarrier(script.now)).isNegative();
    }

    @Test
    void theLastOneOfADrainWaitsForNoSpacing() {
      script.open();
      script.send("a");
      script.pong(script.writeWithPing());
      script.send("b");
      script.send("c");
      script.outbox.refuseAll();

      // One byte and its frame: the other waits, and may share the ping.
      assertThat(script.take(script.generation(), 15)).isNull();
      assertThat(script.take()).isNotNull();
    }

    @Test
    void theLastOneOfADrainWaitsForThePongOfAnother() {
      script.open();
      script.send("a");
      script.writeWithPing();
      script.send("b");
      script.outbox.refuseAll();

      assertThat(script.take()).isNull();
    }

    @Test
    void theNextOneWaitsForThePongEvenIfTheSpacingHasPassed() {
      script.open();
      script.send("a");
      byte[] ping = script.writeWithPing();
      script.passed(SPACING.multipliedBy(2));
      script.send("b");
      script.writeWithoutPing();
      assertThat(script.take()).isNull();
      assertThat(script.outbox.nanosToBarrier(script.now)).isNegative();

      script.pong(ping);

      assertThat(script.outbox.nanosToBarrier(script.now)).isZero();
      assertThat(script.outbox.wakeForBarrier(script.now)).isTrue();
      assertThat(script.take()).isNotNull();
    }

    @Test
    void aLivenessPingIsABarrierAndStartsTheSpacing() {
      script.open();
      Entry a = script.send("a");
      script.pong(script.writeWithPing());
      script.passed(SPACING.dividedBy(2));
      Entry b = script.send("b");
      script.writeWithoutPing();
      script.outbox.wantPing();
      byte[] liveness = script.writeWithPing();
      script.pong(liveness);
      script.send("c");
      script.writeWithoutPing();
      script.take();

      assertThat(script.ended()).containsExactly(a, b);
      assertThat(script.outbox.nanosToBarrier(script.now)).isEqualTo(SPACING.toNanos());
    }

    @Test
    void aWriterAtWorkNeedsNoTimerForItLooksItself() {
      script.open();
      script.send("a");
      script.pong(script.writeWithPing());
      script.send("b");
      assertThat(script.take()).isNull();

      assertThat(script.outbox.nanosToBarrier(script.now)).isNegative();
      script.passed(SPACING.multipliedBy(2));
      assertThat(script.outbox.nanosToBarrier(script.now)).isNegative();
      assertThat(script.outbox.wakeForBarrier(script.now)).isFalse();

      script.written();
      assertThat(script.take()).isNotNull();
    }

    @Test
    void writtenOnlyTrafficSendsNone() {
      script.open();
      for (int i = 0; i < 10; i++) {
        script.send("m" + i, WRITTEN);
        script.passed(SPACING);
        script.writeWithoutPing();
        assertThat(script.take()).isNull();
        assertThat(script.outbox.nanosToBarrier(script.now)).isNegative();
      }
    }

    @Test
    void writtenOnlyTrafficSendsNoneAfterThePongsThatWereGivenUpCome() {
      script.outbox.pongSupport(PongSupport.NO);
      script.open();
      script.send("a");
      script.writeWithoutPing();
      script.outbox.pongSupport(PongSupport.YES);
      script.passed(SPACING);

      script.send("b", WRITTEN);

      script.writeWithoutPing();
      assertThat(script.take()).isNull();
      assertThat(script.outbox.nanosToBarrier(script.now)).isNegative();
    }

    @Test
    void whereNoPongsComeNoneIsSentButOnRequest() {
      script.outbox.pongSupport(PongSupport.NO);
      script.open();
      script.send("a");
      script.writeWithoutPing();
      assertThat(script.take()).isNull();
      assertThat(script.outbox.nanosToBarrier(script.now)).isNegative();

      script.outbox.wantPing();

      assertThat(script.take()).isNotNull();
    }

    @Test
    void aPingIsAwaitedWhileItWouldConfirmSomething() {
      script.open();
      script.outbox.wantPing();
      byte[] liveness = script.writeWithPing();
      assertThat(script.outbox.awaitsPong()).isFalse();
      script.pong(liveness);
      script.send("a");
      assertThat(script.outbox.awaitsPong()).isFalse();

      script.writeWithoutPing();
      // Its ping is due after the spacing: who waits for the fate waits for that pong.
      assertThat(script.outbox.awaitsPong()).isTrue();
      script.passed(SPACING);
      byte[] ping = script.writeWithPing();
      assertThat(script.outbox.awaitsPong()).isTrue();
      script.pong(ping);

      assertThat(script.outbox.awaitsPong()).isFalse();
    }

    @Test
    void aLostTransportAwaitsNothing() {
      script.open();
      script.send("a");
      script.writeWithPing();
      script.lose();
      assertThat(script.outbox.awaitsPong()).isFalse();
      assertThat(script.outbox.nanosToBarrier(script.now)).isNegative();
    }
  }

  @Nested
  class ManyUncovered {
    @Test
    void aQuarterOfTheMessagesGetsOneAtOnceWhileAnotherIsOutstanding() {
      OutboxScript script = new OutboxScript(bound(40, 1 << 20, Overflow.REJECT));
      script.open();
      script.send("first");
      script.writeWithPing();
      for (int i = 1; i <= 9; i++) script.send("m" + i);
      script.writeWithoutPing();

      script.send("tenth");

      script.writeWithPing();
    }

    @Test
    void aQuarterOfTheBytesDoesSo() {
      OutboxScript script = new OutboxScript(bound(1000, 400, Overflow.REJECT));
      script.open();
      script.send("first");
      script.writeWithPing();
      script.send("a", 99);
      script.writeWithoutPing();

      script.send("b", 1);

      script.writeWithPing();
    }

    @Test
    void aQuarterDoesSoWithinTheSpacingWhenNoneIsOutstanding() {
      OutboxScript script = new OutboxScript(bound(40, 1 << 20, Overflow.REJECT));
      script.open();
      script.send("first");
      script.pong(script.writeWithPing());

      for (int i = 1; i <= 10; i++) script.send("m" + i);

      script.writeWithPing();
    }

    @Test
    void theSpacingDoesNotBoundTheRateOfAFastPeer() {
      OutboxScript script = new OutboxScript(bound(40, 1 << 20, Overflow.REJECT));
      script.open();
      List<Entry> sent = new ArrayList<>();

      for (int i = 0; i < 1000; i++) {
        sent.add(script.send("m" + i));
        byte @Nullable [] ping = script.take();
        script.written();
        if (ping != null) script.pong(ping);
      }

      assertThat(sent).noneMatch(entry -> entry.fate() instanceof Fate.Rejected);
    }

    @Test
    void eightAreOutstandingAtMost() {
      OutboxScript script = new OutboxScript(bound(4, 1 << 20, Overflow.REJECT));
      script.outbox.pongSupport(PongSupport.YES);
      script.open();
      List<byte[]> pings = new ArrayList<>();
      script.send("first");
      pings.add(script.writeWithPing());
      while (pings.size() < 7) {
        script.outbox.wantPing();
        pings.add(script.writeWithPing());
      }
      script.send("eighth");
      pings.add(script.writeWithPing());

      script.send("ninth");
      script.writeWithoutPing();
      assertThat(script.take()).isNull();
      assertThat(script.outbox.nanosToBarrier(script.now)).isNegative();

      script.pong(pings.get(0));
      assertThat(script.outbox.nanosToBarrier(script.now)).isZero();
      assertThat(script.outbox.wakeForBarrier(script.now)).isTrue();
      assertThat(script.take()).isNotNull();
    }
  }

  @Nested
  class Allowance {
    private final OutboxScript script = new OutboxScript();

    @Test
    void whatLiesBeforeThePingMayTakeItsTime() {
      script.open();
      script.send("large", (16 << 10) - 14);
      script.take();
      assertThat(requireNonNull(script.written()).allowanceNanos()).isEqualTo(1_000_000_000L);
    }

    @Test
    void framesCountAndNotOnlyTheirPayload() {
      script.open();
      for (int i = 0; i < 1000; i++) script.send("m" + i, 0);
      script.take();
      assertThat(requireNonNull(script.written()).allowanceNanos())
          .isEqualTo(1_000_000_000L * 1000 * 14 / (16 << 10));
    }

    @Test
    void itIsAMinuteAtMost() {
      script.open();
      script.send("huge", 1 << 20);
      script.take();
      assertThat(requireNonNull(script.written()).allowanceNanos()).isEqualTo(60_000_000_000L);
    }

    @Test
    void aPingAloneGetsNone() {
      script.open();
      script.outbox.wantPing();
      script.take();
      assertThat(requireNonNull(script.written()).allowanceNanos()).isZero();
    }

    @Test
    void thePongOfAnOlderPingLeavesTheAllowanceOfTheRest() {
      script.open();
      script.send("a", 4 << 10);
      byte[] older = script.writeWithPing();
      script.send("b", (8 << 10) - 14);
      script.outbox.wantPing();
      script.take();
      script.written();

      assertThat(requireNonNull(script.pong(older)).allowanceNanos()).isEqualTo(500_000_000L);
    }

    @Test
    void theMeasuredRateCountsLater() {
      script.open();
      for (int i = 0; i < 40; i++) {
        script.send("m" + i, (160 << 10) - 14);
        byte[] ping = script.writeWithPing();
        script.passed(SPACING);
        script.pong(ping);
      }

      script.send("last", (160 << 10) - 14);
      script.take();

      assertThat(requireNonNull(script.written()).allowanceNanos())
          .isBetween(990_000_000L, 1_010_000_000L);
    }

    @Test
    void aNewTransportBeginsWithNothingUnconfirmed() {
      script.open();
      script.send("huge", 1 << 20);
      script.writeWithPing();
      script.lose();
      script.attach();
      script.outbox.wantPing();
      script.take();
      assertThat(requireNonNull(script.written()).allowanceNanos()).isZero();
    }
  }
}
