package io.holdfast.internal.outbox;

import static io.holdfast.internal.outbox.OutboxScript.ROOMY;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.ConnectionException.StreamBroken;
import io.holdfast.Fate;
import io.holdfast.Fate.InDoubt;
import io.holdfast.Overflow;
import io.holdfast.SendOptions;
import io.holdfast.transport.OutboundBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a store has not got is not sent, and what an earlier life left goes first. */
class StoredOutboxTest {
  private static final SendOptions PLAIN = SendOptions.DEFAULT;
  private static final Fate KEPT = new Fate.Kept();

  private final Outbox outbox = new Outbox(ROOMY, true, false);
  private final OutboundBatch batch = new OutboundBatch();
  private long now = 1_000_000_000L;

  private TestEntry send(String name, SendOptions options) {
    TestEntry entry = new TestEntry(name, 1, options);
    assertThat(outbox.accept(entry, now)).isFalse();
    return entry;
  }

  private TestEntry sendAndStore(String name) {
    TestEntry entry = send(name, PLAIN);
    outbox.stored(entry);
    return entry;
  }

  private void open() {
    outbox.attach(1, 7);
    outbox.openGate();
  }

  private int take() {
    batch.clear();
    outbox.take(1, batch, Long.MAX_VALUE, now);
    return batch.messages().size();
  }

  @Test
  void aMessageIsTakenOnceItIsStoredAndNotBefore() {
    open();
    assertThat(take()).isZero();
    TestEntry first = send("first", PLAIN);
    TestEntry second = send("second", PLAIN);
    assertThat(take()).isZero();

    assertThat(outbox.stored(first)).isTrue();
    assertThat(take()).isEqualTo(1);
    assertThat(take()).isZero();
    assertThat(outbox.stored(second)).isTrue();
    assertThat(take()).isEqualTo(1);
  }

  @Test
  void aMessageThatEndsBeforeItIsStoredHoldsNobodyUp() {
    open();
    TestEntry first = send("first", PLAIN);
    TestEntry second = send("second", PLAIN);
    assertThat(outbox.cancel(first)).isTrue();

    assertThat(outbox.stored(first)).isFalse();
    outbox.stored(second);

    assertThat(take()).isEqualTo(1);
  }

  @Test
  void aRefusedMessageIsRejectedAndTheNextGoesOn() {
    open();
    TestEntry first = send("first", PLAIN);
    TestEntry second = send("second", PLAIN);

    outbox.refused(first, Fate.Rejected.Reason.DISK_FULL);
    outbox.stored(second);

    assertThat(first.fate()).isEqualTo(new Fate.Rejected(Fate.Rejected.Reason.DISK_FULL));
    assertThat(take()).isEqualTo(1);
  }

  @Test
  void whatARefusalComesTooLateForKeepsItsFate() {
    TestEntry entry = send("a", PLAIN);
    outbox.cancel(entry);

    outbox.refused(entry, Fate.Rejected.Reason.DISK_FULL);

    assertThat(entry.fate()).isEqualTo(new Fate.Cancelled(Fate.Cancelled.Reason.BY_APP));
  }

  @Test
  void whatAnEarlierLifeLeftGoesBeforeWhatThisOneSent() {
    TestEntry sent = send("sent", PLAIN);
    List<TestEntry> left = List.of(entry("left 1", PLAIN), entry("left 2", PLAIN));
    outbox.restore(List.of(left(left.get(0), 0, false), left(left.get(1), 0, false)), now);
    outbox.stored(sent);
    open();

    assertThat(take()).isEqualTo(3);
    assertThat(batch.messages())
        .containsExactly(left.get(0).message(), left.get(1).message(), sent.message());
    assertThat(outbox.snapshot(now).inFlight()).isEqualTo(3);
    assertThat(outbox.unwrittenBytes()).isEqualTo(3);
  }

  @Test
  void itsTimeToLiveAndItsAgeWentOn() {
    SendOptions mortal = PLAIN.withTimeToLive(Duration.ofNanos(100));
    TestEntry old = entry("old", mortal);
    TestEntry young = entry("young", mortal);
    TestEntry sent = send("sent", mortal);

    outbox.restore(List.of(left(old, 100, false), left(young, 40, false)), now);

    assertThat(old.fate()).isEqualTo(new Fate.Expired());
    assertThat(young.fate()).isNull();
    assertThat(outbox.nanosToExpiry(now)).isEqualTo(60);
    assertThat(outbox.snapshot(now).oldestAge()).isEqualTo(Duration.ofNanos(40));
    now += 60;
    outbox.expire(now);
    assertThat(young.fate()).isEqualTo(new Fate.Expired());
    assertThat(sent.fate()).isNull();
  }

  @Test
  void whatMayHaveBeenHandedIsSentAgainUnlessThatIsForbidden() {
    SendOptions once = PLAIN.withAtMostOnce();
    TestEntry again = entry("again", PLAIN);
    TestEntry doubtful = entry("doubtful", once);
    TestEntry fresh = entry("fresh", once);

    outbox.restore(
        List.of(left(again, 0, true), left(doubtful, 0, true), left(fresh, 0, false)), now);

    assertThat(doubtful.fate()).isEqualTo(new InDoubt(InDoubt.Reason.RESEND_FORBIDDEN, null));
    assertThat(fresh.fate()).isNull();
    outbox.cancel(again);
    assertThat(again.fate()).isEqualTo(new InDoubt(InDoubt.Reason.CANCELLED, null));
    open();
    assertThat(take()).isEqualTo(1);
  }

  @Test
  void theNewestOfAKeyStaysWhicheverLifeItIsFrom() {
    SendOptions x = PLAIN.withConflationKey("x");
    SendOptions y = PLAIN.withConflationKey("y");
    TestEntry x1 = entry("x1", x);
    TestEntry x2 = entry("x2", x);
    TestEntry y1 = entry("y1", y);
    TestEntry y2 = send("y2", y);

    outbox.restore(List.of(left(x1, 0, true), left(x2, 0, false), left(y1, 0, false)), now);

    assertThat(x1.fate()).isEqualTo(new InDoubt(InDoubt.Reason.CONFLATED, null));
    assertThat(x2.fate()).isNull();
    assertThat(y1.fate()).isNull();
    outbox.stored(y2);
    assertThat(y1.fate()).isEqualTo(new Fate.Conflated());
    assertThat(y2.fate()).isNull();
    assertThat(outbox.snapshot(now).queued()).isEqualTo(2);
  }

  @Test
  void whatTheStoreRefusesCostsNobodyItsPlace() {
    SendOptions x = PLAIN.withConflationKey("x");
    TestEntry first = send("x1", x);
    outbox.stored(first);
    TestEntry refused = send("x2", x);
    TestEntry third = send("x3", x);

    outbox.refused(refused, Fate.Rejected.Reason.DISK_FULL);
    assertThat(first.fate()).isNull();
    outbox.stored(third);

    assertThat(first.fate()).isEqualTo(new Fate.Conflated());
    assertThat(third.fate()).isNull();
  }

  @Test
  void theOldestIsEvictedOnceTheNewestIsStored() {
    Outbox small = new Outbox(OutboxScript.bound(2, 100, Overflow.EVICT_OLDEST), true, false);
    List<TestEntry> sent = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      TestEntry entry = entry("m" + i, PLAIN);
      small.accept(entry, now);
      if (i < 2) small.stored(entry);
      sent.add(entry);
    }
    TestEntry tooMany = entry("too many", PLAIN);
    small.accept(tooMany, now);
    assertThat(tooMany.fate()).isEqualTo(new Fate.Rejected(Fate.Rejected.Reason.QUEUE_FULL));

    small.refused(sent.get(2), Fate.Rejected.Reason.DISK_FULL);
    assertThat(sent.get(0).fate()).isNull();
    small.stored(sent.get(3));

    assertThat(sent.get(0).fate()).isEqualTo(new Fate.Evicted());
    assertThat(sent.get(1).fate()).isNull();
    assertThat(small.snapshot(now).queued()).isEqualTo(2);
  }

  @Test
  void boundsDoNotHoldForWhatWasAcceptedOnceAndAreFullThen() {
    Outbox small = new Outbox(OutboxScript.bound(1, 100, Overflow.REJECT), true, false);
    List<TestEntry> left = List.of(entry("1", PLAIN), entry("2", PLAIN));
    small.restore(List.of(left(left.get(0), 0, false), left(left.get(1), 0, false)), now);
    TestEntry more = new TestEntry("3", 1, PLAIN);

    small.accept(more, now);

    assertThat(small.snapshot(now).queued()).isEqualTo(2);
    assertThat(more.fate()).isEqualTo(new Fate.Rejected(Fate.Rejected.Reason.QUEUE_FULL));
  }

  @Test
  void whatIsInFlightBeyondTheBoundEvictsNothingThatIsNotStored() {
    Outbox small = new Outbox(OutboxScript.bound(1, 100, Overflow.EVICT_OLDEST), true, false);
    TestEntry stored = entry("stored", PLAIN);
    TestEntry unstored = entry("unstored", PLAIN);
    List<TestEntry> left = List.of(entry("1", PLAIN), entry("2", PLAIN));
    small.accept(stored, now);
    small.restore(List.of(left(left.get(0), 0, false), left(left.get(1), 0, false)), now);
    small.attach(1, 7);
    small.openGate();
    small.take(1, batch, Long.MAX_VALUE, now);
    small.accept(unstored, now);

    small.stored(stored);

    assertThat(stored.fate()).isEqualTo(new Fate.Evicted());
    assertThat(unstored.fate()).isEqualTo(new Fate.Rejected(Fate.Rejected.Reason.QUEUE_FULL));
  }

  @Test
  void aLaterOneOfAKeyFindsTheNewestThatWasLeft() {
    SendOptions x = PLAIN.withConflationKey("x");
    TestEntry doubtful = entry("x1", x.withAtMostOnce());
    TestEntry left = entry("x2", x);
    outbox.restore(List.of(left(doubtful, 0, true), left(left, 0, false)), now);
    TestEntry next = send("x3", x);

    outbox.stored(next);

    assertThat(left.fate()).isEqualTo(new Fate.Conflated());
    assertThat(next.fate()).isNull();
  }

  @Test
  void aPeerMayKnowWhatAnEarlierLifeCouldNotNoteAsHanded() {
    Outbox acknowledged = new Outbox(ROOMY, true, true);
    TestEntry refused = entry("refused", PLAIN);
    TestEntry left = entry("left", PLAIN);
    acknowledged.restore(List.of(left(refused, 0, false), left(left, 0, false)), now);
    TestEntry next = entry("next", PLAIN);
    acknowledged.accept(next, now);
    acknowledged.attach(1, 7);

    acknowledged.refusedByPeer(refused.stableId(), "no");
    acknowledged.refusedByPeer(next.stableId(), "no");

    assertThat(refused.fate()).isEqualTo(new Fate.Refused("no"));
    assertThat(left.fate()).isNull();
    assertThat(next.fate()).isNull();
  }

  @Test
  void onceClosedTheStoreKeepsWhatItHasAndMaySendAgain() {
    TestEntry forbidden = send("forbidden", PLAIN.withAtMostOnce());
    outbox.stored(forbidden);
    TestEntry inFlight = sendAndStore("in flight");
    open();
    take();
    TestEntry queued = sendAndStore("queued");
    TestEntry unstored = send("unstored", PLAIN);

    outbox.endAll();

    assertThat(forbidden.fate()).isEqualTo(new InDoubt(InDoubt.Reason.CONNECTION_CLOSED, null));
    assertThat(inFlight.fate()).isEqualTo(KEPT);
    assertThat(queued.fate()).isEqualTo(KEPT);
    assertThat(unstored.fate())
        .isEqualTo(new Fate.Cancelled(Fate.Cancelled.Reason.CONNECTION_CLOSED));
    assertThat(outbox.isEmpty()).isTrue();
  }

  @Test
  void aRewoundMessageIsTakenAgainBeforeOneThatIsNotStored() {
    sendAndStore("a");
    open();
    take();
    TestEntry late = send("late", PLAIN);
    outbox.rewind(new StreamBroken("reset", null));
    outbox.attach(1, 7);
    outbox.openGate();

    assertThat(take()).isEqualTo(1);
    outbox.stored(late);
    assertThat(take()).isEqualTo(1);
  }

  private static Outbox.Left left(Entry entry, long ageNanos, boolean handed) {
    return new Outbox.Left(entry, ageNanos, handed);
  }

  private static TestEntry entry(String name, SendOptions options) {
    return new TestEntry(name, 1, options);
  }

  @Test
  void fatesAreToldInOrder() {
    TestEntry a = send("a", PLAIN);
    TestEntry b = send("b", PLAIN);
    outbox.refused(a, Fate.Rejected.Reason.DISK_FAILED);
    outbox.cancel(b);

    assertThat(TestEntry.allEnded(outbox)).containsExactly(a, b);
  }
}
