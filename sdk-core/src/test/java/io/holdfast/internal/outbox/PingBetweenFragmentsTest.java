package io.holdfast.internal.outbox;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.Fate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A ping that goes between the fragments of a large message. */
class PingBetweenFragmentsTest {
  private static final long BATCH_BYTES = 64 << 10;
  private static final int LARGE = 100 << 10;
  private static final Fate CONFIRMED = new Fate.Confirmed();

  private final OutboxScript script = new OutboxScript();

  @Test
  void itsPongConfirmsWhatWasWrittenBeforeTheMessageAndNotTheMessage() {
    script.open();
    TestEntry before = written("before");
    TestEntry large = script.send("large", LARGE);
    assertThat(take()).isNull();
    assertThat(between(50 << 10)).isNull();
    script.outbox.wantPing();

    byte[] ping = requireNonNull(between(50 << 10));
    pingWritten();
    script.pong(ping);

    assertThat(before.fate()).isEqualTo(CONFIRMED);
    assertThat(large.fate()).isNull();
    assertThat(large.place).isEqualTo(Entry.Place.TAKEN);
  }

  @Test
  void theMessageIsCoveredByTheNextPing() {
    script.open();
    TestEntry large = script.send("large", LARGE);
    take();
    script.outbox.wantPing();
    byte[] early = requireNonNull(between(0));
    pingWritten();
    script.pong(early);
    script.written();
    assertThat(take()).isNull();
    script.passed(OutboxScript.SPACING);

    byte[] late = requireNonNull(take());
    script.written();
    script.pong(late);

    assertThat(large.fate()).isEqualTo(CONFIRMED);
  }

  @Test
  void aBarrierThatFallsDueDoesNotWaitForTheMessage() {
    script.open();
    script.send("first");
    byte[] first = requireNonNull(take());
    script.written();
    TestEntry second = script.send("second");
    assertThat(take()).isNull();
    script.written();
    script.send("large", LARGE);
    take();
    script.pong(first);
    assertThat(between(0)).isNull();
    script.passed(OutboxScript.SPACING);

    byte[] barrier = requireNonNull(between(0));
    pingWritten();
    script.pong(barrier);

    assertThat(second.fate()).isEqualTo(CONFIRMED);
    assertThat(between(0)).isNull();
  }

  @Test
  void aPingThatGoesWithTheBatchIsNotOvertaken() {
    script.open();
    TestEntry small = script.send("small", 40 << 10);
    byte[] itsPing = requireNonNull(take());
    script.outbox.wantPing();

    assertThat(between(20 << 10)).isNull();
    script.written();
    script.pong(itsPing);

    assertThat(small.fate()).isEqualTo(CONFIRMED);
    assertThat(take()).isNotNull();
  }

  @Test
  void theTimeThatItsPongMayTakeIsThatOfTheBytesBeforeIt() {
    script.open();
    script.send("large", LARGE);
    take();
    script.outbox.wantPing();
    between(32 << 10);

    assertThat(pingWritten().allowanceNanos()).isEqualTo(2_000_000_000L);
  }

  @Test
  void aPingThatIsDueGoesBeforeALargeMessageThoughAllAreLarge() {
    script.open();
    TestEntry first = script.send("first", LARGE);
    script.send("second", LARGE);
    assertThat(take()).isNull();
    script.written();

    byte[] barrier = requireNonNull(take());
    assertThat(script.batchSize()).isZero();
    script.written();
    script.pong(barrier);
    assertThat(first.fate()).isEqualTo(CONFIRMED);
    assertThat(take()).isNull();
    assertThat(script.batchSize()).isOne();
    script.written();
    script.send("third", LARGE);
    script.outbox.wantPing();
    assertThat(take()).isNotNull();
    assertThat(script.batchSize()).isZero();
  }

  @Test
  void aTransportThatIsGoneGetsNone() {
    script.open();
    script.send("large", LARGE);
    take();
    script.outbox.wantPing();
    script.reopen();
    script.outbox.wantPing();

    assertThat(script.outbox.takePing(script.generation() - 1, 0, script.now)).isNull();
    assertThat(script.outbox.pingWritten(script.generation() - 1, script.now)).isNull();
  }

  /** A message that was written without a ping, for one is out already. */
  private TestEntry written(String name) {
    script.send("earlier");
    requireNonNull(take());
    script.written();
    TestEntry entry = script.send(name);
    assertThat(take()).isNull();
    script.written();
    return entry;
  }

  private byte @Nullable [] take() {
    return script.take(script.generation(), BATCH_BYTES);
  }

  private byte @Nullable [] between(int bytes) {
    byte[] ping = script.outbox.takePing(script.generation(), bytes, script.now);
    script.check();
    return ping;
  }

  private Outbox.PingFlushed pingWritten() {
    return requireNonNull(script.outbox.pingWritten(script.generation(), script.now));
  }
}
