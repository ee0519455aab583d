package io.holdfast.internal.outbox;

import static io.holdfast.internal.outbox.OutboxScript.ROOMY;
import static io.holdfast.internal.outbox.OutboxScript.bound;
import static java.time.Duration.ZERO;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.Assurance;
import io.holdfast.ConnectionException.StreamBroken;
import io.holdfast.Fate;
import io.holdfast.Fate.InDoubt;
import io.holdfast.Overflow;
import io.holdfast.PongSupport;
import io.holdfast.QueueSnapshot;
import io.holdfast.SendOptions;
import io.holdfast.internal.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class OutboxTest {
  private static final SendOptions WRITTEN = SendOptions.DEFAULT.withAssurance(Assurance.WRITTEN);
  private static final SendOptions AT_MOST_ONCE = SendOptions.DEFAULT.withAtMostOnce();
  private static final SendOptions CONFIRMATION_REQUIRED =
      SendOptions.DEFAULT.withRequireConfirmation();
  private static final Duration TTL = Duration.ofSeconds(3);
  private static final SendOptions MORTAL = SendOptions.DEFAULT.withTimeToLive(TTL);

  private static final Fate CONFIRMED = new Fate.Confirmed();
  private static final Fate BY_APP = new Fate.Cancelled(Fate.Cancelled.Reason.BY_APP);
  private static final Fate CLOSED_FIRST =
      new Fate.Cancelled(Fate.Cancelled.Reason.CONNECTION_CLOSED);
  private static final Fate QUEUE_FULL = new Fate.Rejected(Fate.Rejected.Reason.QUEUE_FULL);
  private static final Fate TOO_LARGE = new Fate.Rejected(Fate.Rejected.Reason.TOO_LARGE);

  @Nested
  class Order {
    private final OutboxScript script = new OutboxScript();

    @Test
    void messagesLeaveInTheOrderOfSending() {
      script.open();
      script.send("a");
      script.send("b");
      script.take();
      script.written();
      script.send("c");
      script.take();

      assertThat(script.inFlight()).containsExactly("a", "b", "c");
      assertThat(script.ended()).isEmpty();
    }

    @Test
    void orderIsKeptThroughAnyNumberOfLosses() {
      Settings.Queue patient =
          new Settings.Queue(1000, 1 << 20, 1 << 20, Overflow.REJECT, 1000, OutboxScript.SPACING);
      OutboxScript script = new OutboxScript(patient);
      List<Entry> sent = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        sent.add(script.send("m" + i));
        script.open();
        // One, two or three batches of two are in flight when the transport is lost.
        for (int j = 0; j <= i % 3; j++) {
          script.take(script.generation(), 2 * 15);
          if (i % 2 == 0) script.written();
        }
        script.lose();
      }
      assertThat(script.inFlight()).isEmpty();

      script.open();
      byte[] ping = script.writeWithPing();
      script.pong(ping);

      assertThat(script.ended()).containsExactlyElementsOf(sent);
      assertThat(sent).allMatch(entry -> CONFIRMED.equals(entry.fate()));
    }

    @Test
    void whatEndsInTheMiddleLeavesTheOthersInOrder() {
      script.send("a");
      Entry b = script.send("b");
      script.send("c");
      Entry d = script.send("d");
      script.cancel(d);
      script.cancel(b);
      script.send("e");
      script.open();

      script.take();

      assertThat(script.inFlight()).containsExactly("a", "c", "e");
      assertThat(script.ended()).containsExactly(d, b);
    }

    @Test
    void fatesAreCollectedInTheOrderOfEnds() {
      script.open();
      Entry first = script.send("first");
      script.take();
      Entry second = script.send("second", WRITTEN);
      script.take();
      Entry third = script.send("third");
      Entry tooLate = script.send("tooLate");
      script.cancel(third);
      script.written();
      script.outbox.endAll();
      script.check();

      assertThat(script.ended()).containsExactly(third, second, first, tooLate);
      assertThat(script.ended()).isEmpty();
    }
  }

  @Nested
  class Batches {
    private final OutboxScript script = new OutboxScript();

    @Test
    void aBatchEndsBeforeTheMessageThatWouldNotFit() {
      script.open();
      for (int i = 0; i < 3; i++) script.send("m" + i, 100);

      script.take(script.generation(), 2 * 114);
      assertThat(script.batchSize()).isEqualTo(2);
      script.take(script.generation(), 2 * 114);
      assertThat(script.batchSize()).isEqualTo(1);
    }

    @Test
    void aMessageLargerThanABatchGoesAlone() {
      script.open();
      script.send("large", 1000);
      script.send("small", 1);

      script.take(script.generation(), 64);

      assertThat(script.inFlight()).containsExactly("large");
    }

    @Test
    void emptyMessagesFillABatchAsWell() {
      script.open();
      for (int i = 0; i < 100; i++) script.send("m" + i, 0);

      script.take(script.generation(), 10 * 14);

      assertThat(script.batchSize()).isEqualTo(10);
    }

    @Test
    void nothingIsTakenBeforeTheGateOpens() {
      script.send("a");
      assertThat(script.take(1, 100)).isNull();
      script.attach();
      script.take();
      assertThat(script.inFlight()).isEmpty();

      script.openGate();
      script.take();

      assertThat(script.inFlight()).containsExactly("a");
    }

    @Test
    void anOldTransportTakesNothingAndItsWordOfWhatItWroteIsIgnored() {
      script.open();
      script.send("a");
      script.take();
      script.reopen();

      assertThat(script.take(1, 100)).isNull();
      assertThat(script.queued()).containsExactly("a");
      script.take();
      assertThat(script.written(1)).isNull();
      assertThat(script.outbox.unwrittenBytes()).isEqualTo(1);
    }

    @Test
    void betweenTwoTransportsNothingIsTaken() {
      script.open();
      script.send("a");
      script.lose();

      assertThat(script.take()).isNull();
      assertThat(script.queued()).containsExactly("a");
    }
  }

  @Nested
  class Bounds {
    @Test
    void theMessageAboveTheBoundIsRejectedWithoutALook() {
      OutboxScript script = new OutboxScript(bound(2, 100, Overflow.REJECT));
      script.send("a");
      script.send("b");

      Entry c = script.send("c");

      assertThat(c.fate()).isEqualTo(QUEUE_FULL);
      assertThat(script.ended()).containsExactly(c);
      assertThat(script.cancel(c)).isFalse();
      assertThat(script.queued()).containsExactly("a", "b");
    }

    @Test
    void bytesAreBoundedToTheLastOne() {
      OutboxScript script = new OutboxScript(bound(100, 10, Overflow.REJECT));
      script.send("a", 6);
      assertThat(script.send("b", 5).fate()).isEqualTo(QUEUE_FULL);
      assertThat(script.send("c", 4).fate()).isNull();
      assertThat(script.send("d", 1).fate()).isEqualTo(QUEUE_FULL);
      assertThat(script.send("e", 0).fate()).isNull();
      assertThat(script.snapshot()).isEqualTo(new QueueSnapshot(3, 0, 10, ZERO));
    }

    @Test
    void whatIsInFlightCountsUntilItsFateIsKnown() {
      OutboxScript script = new OutboxScript(bound(2, 100, Overflow.REJECT));
      script.open();
      script.send("a");
      script.send("b");
      byte[] ping = script.writeWithPing();
      assertThat(script.send("c").fate()).isEqualTo(QUEUE_FULL);

      script.pong(ping);

      assertThat(script.send("d").fate()).isNull();
    }

    @Test
    void theOldestQueuedMessageMakesRoom() {
      OutboxScript script = new OutboxScript(bound(3, 100, Overflow.EVICT_OLDEST));
      script.open();
      script.send("taken");
      script.take();
      Entry oldest = script.send("oldest");
      script.send("b");

      script.send("c");

      assertThat(oldest.fate()).isEqualTo(new Fate.Evicted());
      assertThat(script.ended()).containsExactly(oldest);
      assertThat(script.inFlight()).containsExactly("taken");
      assertThat(script.queued()).containsExactly("b", "c");
    }

    @Test
    void severalMakeRoomForOneLargeMessage() {
      OutboxScript script = new OutboxScript(bound(100, 10, Overflow.EVICT_OLDEST));
      Entry a = script.send("a", 2);
      Entry b = script.send("b", 3);
      script.send("c", 5);

      script.send("large", 4);

      assertThat(script.ended()).containsExactly(a, b);
      assertThat(script.queued()).containsExactly("c", "large");
    }

    @Test
    void ifEverythingIsTakenTheNewMessageIsRejectedEvenWhereTheOldestMayBeEvicted() {
      OutboxScript script = new OutboxScript(bound(2, 100, Overflow.EVICT_OLDEST));
      script.open();
      script.send("a");
      script.send("b");
      script.take();

      assertThat(script.send("c").fate()).isEqualTo(QUEUE_FULL);
      assertThat(script.inFlight()).containsExactly("a", "b");
    }

    @Test
    void nothingIsEvictedForAMessageThatWouldNotFitThen() {
      OutboxScript script = new OutboxScript(bound(100, 10, Overflow.EVICT_OLDEST));
      script.open();
      script.send("taken", 6);
      script.take();
      script.send("queued", 2);

      assertThat(script.send("large", 5).fate()).isEqualTo(QUEUE_FULL);

      assertThat(script.queued()).containsExactly("queued");
    }

    @Test
    void aMessageThatIsTooLargeEvictsNothing() {
      OutboxScript script = new OutboxScript(bound(100, 10, Overflow.EVICT_OLDEST));
      script.send("a", 10);
      assertThat(script.send("b", 11).fate()).isEqualTo(TOO_LARGE);
      assertThat(script.queued()).containsExactly("a");
    }

    @Test
    void aMessageMayBeTooLargeForAnOutboxWithRoom() {
      Settings.Queue limits =
          new Settings.Queue(10, 1000, 100, Overflow.REJECT, 5, OutboxScript.SPACING);
      OutboxScript script = new OutboxScript(limits);
      assertThat(script.send("fits", 100).fate()).isNull();
      assertThat(script.send("large", 101).fate()).isEqualTo(TOO_LARGE);
    }

    @Test
    void aRewoundMessageThatIsEvictedIsInDoubt() {
      OutboxScript script = new OutboxScript(bound(2, 100, Overflow.EVICT_OLDEST));
      script.open();
      Entry a = script.send("a");
      script.take();
      Entry b = script.send("b");
      script.lose();

      script.send("c");
      script.send("d");

      assertThat(a.fate()).isEqualTo(script.inDoubt(InDoubt.Reason.EVICTED));
      assertThat(b.fate()).isEqualTo(new Fate.Evicted());
      assertThat(script.queued()).containsExactly("c", "d");
    }

    @Test
    void afterRefuseAllEachNewMessageIsRejectedAndTheOldOnesGoOn() {
      OutboxScript script = new OutboxScript();
      script.open();
      script.send("a");
      script.outbox.refuseAll();

      Entry late = script.send("late");

      assertThat(late.fate()).isEqualTo(new Fate.Rejected(Fate.Rejected.Reason.CONNECTION_CLOSED));
      script.pong(script.writeWithPing());
      assertThat(script.outbox.isEmpty()).isTrue();
    }
  }

  @Nested
  class TimeToLive {
    private final OutboxScript script = new OutboxScript();

    @Test
    void itEndsAtItsDeadlineAndNotBefore() {
      Entry mortal = script.send("mortal", MORTAL);
      assertThat(script.outbox.nanosToExpiry(script.now)).isEqualTo(TTL.toNanos());

      script.passed(TTL.minusNanos(1));
      expire();
      assertThat(mortal.fate()).isNull();
      assertThat(script.outbox.nanosToExpiry(script.now)).isEqualTo(1);
      script.passed(Duration.ofNanos(1));
      expire();

      assertThat(mortal.fate()).isEqualTo(new Fate.Expired());
      assertThat(script.outbox.nanosToExpiry(script.now)).isNegative();
    }

    @Test
    void messagesExpireInTheOrderOfTheirDeadlinesAndThenOfSending() {
      Entry later = script.send("later", MORTAL.withTimeToLive(TTL.plusNanos(1)));
      Entry first = script.send("first", MORTAL);
      Entry second = script.send("second", MORTAL);
      script.send("immortal");

      script.passed(TTL.multipliedBy(2));
      expire();

      assertThat(script.ended()).containsExactly(first, second, later);
      assertThat(script.queued()).containsExactly("immortal");
    }

    @Test
    void aMessageWhoseTimeHasPassedIsNotTaken() {
      script.open();
      Entry mortal = script.send("mortal", MORTAL);
      script.send("immortal");
      script.passed(TTL);

      script.take();

      assertThat(mortal.fate()).isEqualTo(new Fate.Expired());
      assertThat(script.inFlight()).containsExactly("immortal");
    }

    @Test
    void aWriterThatFindsOnlyExpiredMessagesSleeps() {
      script.open();
      script.send("mortal", MORTAL);
      script.passed(TTL);

      assertThat(script.take()).isNull();
      assertThat(script.send("next").fate()).isNull();
      assertThat(script.woken()).isTrue();
    }

    @Test
    void aTakenMessageDoesNotExpire() {
      script.open();
      Entry mortal = script.send("mortal", MORTAL);
      byte[] ping = script.writeWithPing();
      assertThat(script.outbox.nanosToExpiry(script.now)).isNegative();
      script.passed(TTL.multipliedBy(2));
      expire();

      script.pong(ping);

      assertThat(mortal.fate()).isEqualTo(CONFIRMED);
    }

    @Test
    void aRewoundMessageThatExpiresIsInDoubt() {
      script.open();
      Entry byTimer = script.send("byTimer", MORTAL);
      script.take();
      script.lose();
      assertThat(script.outbox.nanosToExpiry(script.now)).isEqualTo(TTL.toNanos());

      script.passed(TTL);
      expire();

      assertThat(byTimer.fate()).isEqualTo(script.inDoubt(InDoubt.Reason.EXPIRED));
    }

    @Test
    void aRewoundMessageWhoseTimeHasPassedIsNotTakenAgain() {
      script.open();
      Entry mortal = script.send("mortal", MORTAL);
      script.take();
      script.passed(TTL.multipliedBy(2));
      script.reopen();

      assertThat(script.take()).isNull();

      assertThat(mortal.fate()).isEqualTo(script.inDoubt(InDoubt.Reason.EXPIRED));
    }

    @Test
    void theLongestTimeToLiveIsNoShortOne() {
      script.open();
      Duration longest = Duration.ofNanos(Long.MAX_VALUE);
      Entry entry = script.send("a", SendOptions.DEFAULT.withTimeToLive(longest));
      script.passed(Duration.ofDays(365 * 50));
      expire();
      assertThat(entry.fate()).isNull();

      script.take();

      assertThat(script.inFlight()).containsExactly("a");
    }

    @Test
    void deadlinesAreInOrderWhereTheClockOverflows() {
      script.now = Long.MAX_VALUE - TTL.toNanos();
      Entry late = script.send("late", MORTAL.withTimeToLive(TTL.plusNanos(1)));
      Entry early = script.send("early", MORTAL);
      assertThat(script.outbox.nanosToExpiry(script.now)).isEqualTo(TTL.toNanos());

      script.passed(TTL);
      expire();
      assertThat(script.ended()).containsExactly(early);
      script.passed(Duration.ofNanos(1));
      expire();

      assertThat(script.ended()).containsExactly(late);
    }

    private void expire() {
      script.outbox.expire(script.now);
      script.check();
    }
  }

  @Nested
  class Cancelling {
    private final OutboxScript script = new OutboxScript();

    @Test
    void aQueuedMessageIsTakenBackOnce() {
      Entry entry = script.send("a");

      assertThat(script.cancel(entry)).isTrue();
      assertThat(script.cancel(entry)).isFalse();

      assertThat(entry.fate()).isEqualTo(BY_APP);
      assertThat(script.ended()).containsExactly(entry);
    }

    @Test
    void aTakenOrWrittenMessageIsBeyondIt() {
      script.open();
      Entry entry = script.send("a");
      byte[] ping = script.takeWithPing();
      assertThat(script.cancel(entry)).isFalse();
      script.written();
      assertThat(script.cancel(entry)).isFalse();

      script.pong(ping);

      assertThat(entry.fate()).isEqualTo(CONFIRMED);
      assertThat(script.cancel(entry)).isFalse();
    }

    @Test
    void aRewoundMessageThatIsCancelledIsInDoubtForItsLastLoss() {
      script.open();
      Entry entry = script.send("a");
      script.take();
      script.outbox.rewind(new StreamBroken("an earlier one", null));
      script.open();
      script.take();
      script.lose();

      assertThat(script.cancel(entry)).isTrue();

      assertThat(entry.fate()).isEqualTo(script.inDoubt(InDoubt.Reason.CANCELLED));
    }

    @Test
    void aCancelledHeadMakesWayForTheNext() {
      script.open();
      Entry first = script.send("first");
      script.send("second");
      script.cancel(first);

      script.take();

      assertThat(script.inFlight()).containsExactly("second");
    }

    @Test
    void afterTheEndThereIsNothingToCancel() {
      Entry entry = script.send("a");
      script.outbox.endAll();
      assertThat(script.cancel(entry)).isFalse();
      assertThat(entry.fate()).isEqualTo(CLOSED_FIRST);
    }
  }

  @Nested
  class Assurances {
    private final OutboxScript script = new OutboxScript();

    @Test
    void aWrittenOneEndsWhenTheKernelHasItAndAConfirmedOneGoesOn() {
      script.open();
      Entry written = script.send("written", WRITTEN);
      Entry confirmed = script.send("confirmed");
      byte[] ping = script.takeWithPing();
      assertThat(written.fate()).isNull();

      script.written();
      assertThat(written.fate()).isEqualTo(new Fate.Written());
      assertThat(confirmed.fate()).isNull();
      assertThat(script.outbox.unwrittenBytes()).isZero();
      assertThat(script.snapshot()).isEqualTo(new QueueSnapshot(0, 1, 1, ZERO));
      script.pong(ping);

      assertThat(confirmed.fate()).isEqualTo(CONFIRMED);
      assertThat(script.outbox.isEmpty()).isTrue();
    }

    @Test
    void aBatchWhoseWriteFailedWaitsAgain() {
      script.open();
      Entry written = script.send("written", WRITTEN);
      Entry confirmed = script.send("confirmed");
      script.take();

      script.reopen();

      assertThat(script.queued()).containsExactly("written", "confirmed");
      script.take();
      script.written();
      assertThat(written.fate()).isEqualTo(new Fate.Written());
      assertThat(confirmed.fate()).isNull();
    }

    @Test
    void aForbiddenResendIsInDoubtWhetherWrittenOrNot() {
      script.open();
      Entry written = script.send("written", AT_MOST_ONCE);
      script.take();
      script.written();
      Entry taken = script.send("taken", AT_MOST_ONCE);
      Entry resent = script.send("resent");
      script.take();
      Entry queued = script.send("queued", AT_MOST_ONCE);

      script.lose();

      assertThat(written.fate()).isEqualTo(script.inDoubt(InDoubt.Reason.RESEND_FORBIDDEN));
      assertThat(taken.fate()).isEqualTo(script.inDoubt(InDoubt.Reason.RESEND_FORBIDDEN));
      assertThat(script.queued()).containsExactly(resent.toString(), queued.toString());
      assertThat(script.ended()).containsExactly(written, taken);
    }

    @Test
    void whereNoPongsComeConfirmedEndsAsWritten() {
      script.outbox.pongSupport(PongSupport.NO);
      script.open();
      Entry usual = script.send("usual");
      Entry strict = script.send("strict", CONFIRMATION_REQUIRED);
      assertThat(script.take()).isNull();
      assertThat(usual.fate()).isNull();

      script.written();

      assertThat(usual.fate()).isEqualTo(new Fate.Written());
      assertThat(strict.fate()).isEqualTo(new InDoubt(InDoubt.Reason.UNCONFIRMABLE, null));
    }

    @Test
    void whatWasWrittenBeforeThePongsWereGivenUpEndsThen() {
      script.open();
      Entry usual = script.send("usual");
      Entry strict = script.send("strict", CONFIRMATION_REQUIRED);
      script.writeWithPing();
      Entry taken = script.send("taken");
      script.take();
      script.send("queued");

      script.outbox.pongSupport(PongSupport.NO);
      script.check();

      assertThat(script.ended()).containsExactly(usual, strict);
      assertThat(usual.fate()).isEqualTo(new Fate.Written());
      assertThat(strict.fate()).isEqualTo(new InDoubt(InDoubt.Reason.UNCONFIRMABLE, null));
      assertThat(script.inFlight()).containsExactly("taken");
      script.written();
      assertThat(taken.fate()).isEqualTo(new Fate.Written());
      assertThat(script.queued()).containsExactly("queued");
    }

    @Test
    void aPongAfterAllConfirmsAgain() {
      script.outbox.pongSupport(PongSupport.NO);
      script.open();
      Entry entry = script.send("a");
      script.outbox.wantPing();
      byte[] ping = script.takeWithPing();
      script.outbox.pongSupport(PongSupport.YES);
      script.written();
      assertThat(entry.fate()).isNull();

      script.pong(ping);

      assertThat(entry.fate()).isEqualTo(CONFIRMED);
    }
  }

  @Nested
  class ResendLimit {
    private final OutboxScript script = new OutboxScript();

    @Test
    void fiveLossesInFlightEndAMessageInDoubt() {
      Entry poison = script.send("poison");
      for (int loss = 1; loss <= 5; loss++) {
        assertThat(poison.fate()).isNull();
        script.open();
        script.take();
        script.lose();
      }

      assertThat(poison.fate()).isEqualTo(script.inDoubt(InDoubt.Reason.RESEND_LIMIT));
    }

    @Test
    void aLossWhileQueuedDoesNotCount() {
      Entry head = script.send("head");
      Entry queued = script.send("queued");
      for (int loss = 1; loss <= 4; loss++) loseInFlight(1);
      for (int loss = 1; loss <= 4; loss++) loseInFlight(Long.MAX_VALUE);

      assertThat(head.fate()).isEqualTo(script.inDoubt(InDoubt.Reason.RESEND_LIMIT));
      assertThat(queued.fate()).isNull();
    }

    @Test
    void aConfirmationInBetweenStartsTheCountAgain() {
      Entry lucky = script.send("lucky");
      Entry unlucky = script.send("unlucky");
      for (int loss = 1; loss <= 4; loss++) loseInFlight(Long.MAX_VALUE);
      script.open();
      // Room for one message of one byte.
      byte[] ping = script.take(script.generation(), 15);
      script.take();
      script.pong(requireNonNull(ping));
      script.lose();

      for (int loss = 2; loss <= 4; loss++) loseInFlight(Long.MAX_VALUE);

      assertThat(lucky.fate()).isEqualTo(CONFIRMED);
      assertThat(unlucky.fate()).isNull();
      loseInFlight(Long.MAX_VALUE);
      assertThat(unlucky.fate()).isEqualTo(script.inDoubt(InDoubt.Reason.RESEND_LIMIT));
    }

    @Test
    void aPongThatConfirmsNothingDoesNot() {
      Entry poison = script.send("poison", 100);
      for (int loss = 1; loss <= 5; loss++) {
        assertThat(poison.fate()).isNull();
        script.attach();
        script.outbox.wantPing();
        script.pong(script.writeWithPing());
        script.openGate();
        script.take();
        script.lose();
      }
      assertThat(poison.fate()).isEqualTo(script.inDoubt(InDoubt.Reason.RESEND_LIMIT));
    }

    @Test
    void theMessageAfterAPoisonOneGoesOn() {
      script.send("poison");
      for (int loss = 1; loss <= 5; loss++) loseInFlight(Long.MAX_VALUE);
      Entry next = script.send("next");
      script.open();

      script.pong(script.writeWithPing());

      assertThat(next.fate()).isEqualTo(CONFIRMED);
    }

    private void loseInFlight(long maxBytes) {
      script.open();
      script.take(script.generation(), maxBytes);
      script.lose();
    }
  }

  @Nested
  class TheEnd {
    private final OutboxScript script = new OutboxScript();

    @Test
    void everythingEndsOnceInOrderAndNothingIsLeft() {
      script.open();
      Entry written = script.send("written");
      script.writeWithPing();
      Entry taken = script.send("taken", MORTAL);
      script.take();
      Entry queued = script.send("queued", MORTAL);

      script.outbox.endAll();
      script.check();

      Fate handed = new InDoubt(InDoubt.Reason.CONNECTION_CLOSED, null);
      assertThat(script.ended()).containsExactly(written, taken, queued);
      assertThat(written.fate()).isEqualTo(handed);
      assertThat(taken.fate()).isEqualTo(handed);
      assertThat(queued.fate()).isEqualTo(CLOSED_FIRST);
      assertThat(script.snapshot()).isEqualTo(QueueSnapshot.EMPTY);
    }

    @Test
    void aRewoundMessageIsInDoubt() {
      script.open();
      Entry entry = script.send("a");
      script.take();
      script.lose();

      script.outbox.endAll();

      assertThat(entry.fate()).isEqualTo(script.inDoubt(InDoubt.Reason.CONNECTION_CLOSED));
    }

    @Test
    void laterWordsOfTheTransportChangeNothing() {
      script.open();
      script.send("a");
      byte[] ping = script.takeWithPing();
      script.outbox.endAll();
      script.check();
      script.ended();

      assertThat(script.written()).isNull();
      assertThat(script.pong(ping)).isNull();
      assertThat(script.take()).isNull();
      script.lose();
      script.outbox.endAll();
      script.check();

      assertThat(script.ended()).isEmpty();
    }

    @Test
    void noTimerIsWantedAndNobodyIsWoken() {
      script.open();
      script.pong(pingOf("a"));
      script.send("uncovered", MORTAL);
      script.writeWithoutPing();
      assertThat(script.take()).isNull();
      script.send("queued", MORTAL);

      script.outbox.endAll();
      script.check();

      script.passed(Duration.ofMinutes(1));
      assertThat(script.outbox.nanosToBarrier(script.now)).isNegative();
      assertThat(script.outbox.nanosToExpiry(script.now)).isNegative();
      assertThat(script.outbox.awaitsPong()).isFalse();
      assertThat(script.outbox.wakeForBarrier(script.now)).isFalse();
      assertThat(script.outbox.openGate()).isFalse();
    }

    private byte[] pingOf(String name) {
      script.send(name);
      return script.writeWithPing();
    }
  }

  @Nested
  class WakingTheWriter {
    private final OutboxScript script = new OutboxScript();

    @Test
    void oneThatFoundNothingIsWokenOnceForTheNextMessage() {
      script.open();
      script.take();

      script.send("a");
      assertThat(script.woken()).isTrue();
      script.send("b");
      assertThat(script.woken()).isFalse();
    }

    @Test
    void oneThatIsAtWorkIsNotWoken() {
      script.open();
      script.send("a");
      assertThat(script.woken()).isFalse();
      script.take();
      script.send("b");
      assertThat(script.woken()).isFalse();
    }

    @Test
    void noMessageWakesItBeforeTheGateOpensButTheGateDoes() {
      script.attach();
      script.take();
      script.send("a");
      assertThat(script.woken()).isFalse();

      script.openGate();

      assertThat(script.woken()).isTrue();
    }

    @Test
    void aGateThatOpensBeforeNothingLetsItSleepUntilAMessageComes() {
      script.attach();
      script.take();
      script.openGate();
      assertThat(script.woken()).isFalse();

      script.send("a");

      assertThat(script.woken()).isTrue();
    }

    @Test
    void aPingWakesItEvenBeforeTheGateOpens() {
      script.attach();
      script.take();

      assertThat(script.outbox.wantPing()).isTrue();
      assertThat(script.outbox.wantPing()).isFalse();

      assertThat(script.take()).isNotNull();
    }

    @Test
    void aRejectedMessageWakesNobody() {
      script.open();
      script.take();
      script.outbox.refuseAll();
      script.send("a");
      assertThat(script.woken()).isFalse();
    }

    @Test
    void anOldWriterThatFindsNothingIsNotTakenForTheNewOne() {
      script.open();
      script.reopen();
      script.take(1, 100);

      script.send("a");

      assertThat(script.woken()).isFalse();
    }

    @Test
    void aBarrierWakesItWhenItsTimeHasCome() {
      script.open();
      script.send("a");
      script.pong(script.writeWithPing());
      script.send("b");
      script.writeWithoutPing();
      assertThat(script.take()).isNull();
      assertThat(script.outbox.wakeForBarrier(script.now)).isFalse();

      script.passed(OutboxScript.SPACING);

      assertThat(script.outbox.wakeForBarrier(script.now)).isTrue();
      assertThat(script.outbox.wakeForBarrier(script.now)).isFalse();
      assertThat(script.take()).isNotNull();
    }
  }

  @Test
  void theNumbersFollowAMessageOnItsWay() {
    OutboxScript script = new OutboxScript(ROOMY);
    script.open();
    script.send("a", 10);
    assertThat(script.snapshot()).isEqualTo(new QueueSnapshot(1, 0, 10, ZERO));
    assertThat(script.outbox.unwrittenBytes()).isEqualTo(10);

    byte[] ping = script.takeWithPing();
    assertThat(script.snapshot()).isEqualTo(new QueueSnapshot(0, 1, 10, ZERO));
    assertThat(script.outbox.unwrittenBytes()).isEqualTo(10);
    script.written();
    assertThat(script.snapshot()).isEqualTo(new QueueSnapshot(0, 1, 10, ZERO));
    assertThat(script.outbox.unwrittenBytes()).isZero();

    script.lose();
    assertThat(script.snapshot()).isEqualTo(new QueueSnapshot(1, 0, 10, ZERO));
    assertThat(script.outbox.unwrittenBytes()).isEqualTo(10);
    assertThat(script.pong(ping)).isNull();
  }

  @Test
  void theAgeIsThatOfTheOldestMessageWithoutAFate() {
    OutboxScript script = new OutboxScript(ROOMY);
    script.open();
    assertThat(script.snapshot().oldestAge()).isZero();
    script.send("oldest");
    byte[] ping = script.takeWithPing();
    script.now += 30;
    Entry younger = script.send("younger");
    script.now += 5;
    assertThat(script.snapshot().oldestAge()).isEqualTo(Duration.ofNanos(35));

    script.written();
    script.pong(ping);

    assertThat(script.snapshot().oldestAge()).isEqualTo(Duration.ofNanos(5));
    script.lose();
    assertThat(script.snapshot().oldestAge()).isEqualTo(Duration.ofNanos(5));
    script.cancel(younger);
    assertThat(script.snapshot()).isEqualTo(QueueSnapshot.EMPTY);
  }

  @Test
  void aThreadThatReadTheClockBeforeTheNewestMessageSeesNoNegativeAge() {
    OutboxScript script = new OutboxScript(ROOMY);
    script.send("a");

    assertThat(script.outbox.snapshot(script.now - 1).oldestAge()).isZero();
  }
}
