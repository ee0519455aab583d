package io.holdfast.internal.outbox;

import static io.holdfast.internal.outbox.OutboxScript.bound;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.holdfast.Fate;
import io.holdfast.Fate.InDoubt;
import io.holdfast.Overflow;
import io.holdfast.SendOptions;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Of the queued messages with one key the newest is kept. */
class ConflationTest {
  private static final SendOptions X = SendOptions.DEFAULT.withConflationKey("x");
  private static final SendOptions Y = SendOptions.DEFAULT.withConflationKey("y");
  private static final Fate CONFLATED = new Fate.Conflated();

  private OutboxScript script = new OutboxScript();

  @Test
  void theNewestStaysAndKeepsItsPlaceInTheOrder() {
    Entry first = script.send("x1", X);
    script.send("between");
    Entry second = script.send("x2", X);
    script.send("x3", X);

    assertThat(script.queued()).containsExactly("between", "x3");
    assertThat(script.ended()).containsExactly(first, second);
    assertThat(first.fate()).isEqualTo(CONFLATED);
    assertThat(second.fate()).isEqualTo(CONFLATED);
  }

  @Test
  void otherKeysAndNoKeyAreLeftAlone() {
    script.send("x", X);
    script.send("y", Y);
    script.send("a");
    script.send("b");

    assertThat(script.queued()).containsExactly("x", "y", "a", "b");
  }

  @Test
  void whatATransportHasIsLeftAlone() {
    script.open();
    Entry taken = script.send("x1", X);
    byte[] ping = script.writeWithPing();
    script.send("x2", X);
    assertThat(taken.fate()).isNull();

    script.pong(ping);

    assertThat(taken.fate()).isEqualTo(new Fate.Confirmed());
    assertThat(script.queued()).containsExactly("x2");
  }

  @Test
  void whatWasInFlightIsNotSentAgainBesideANewerOne() {
    script.open();
    Entry first = script.send("x1", X);
    script.take();
    Entry second = script.send("x2", X);
    script.take();
    script.send("x3", X);

    script.lose();

    assertThat(script.ended()).containsExactly(first, second);
    assertThat(first.fate()).isEqualTo(script.inDoubt(InDoubt.Reason.CONFLATED));
    assertThat(second.fate()).isEqualTo(script.inDoubt(InDoubt.Reason.CONFLATED));
    assertThat(script.queued()).containsExactly("x3");
  }

  @Test
  void ofThoseInFlightTheNewestIsSentAgain() {
    script.open();
    Entry first = script.send("x1", X);
    script.send("x2", X);
    script.take();
    Entry third = script.send("x3", X);
    script.take();

    script.lose();
    script.send("other");

    assertThat(first.fate()).isEqualTo(CONFLATED);
    assertThat(script.queued()).containsExactly("x3", "other");
    Entry fourth = script.send("x4", X);
    assertThat(third.fate()).isEqualTo(script.inDoubt(InDoubt.Reason.CONFLATED));
    assertThat(fourth.fate()).isNull();
  }

  @Test
  void anOlderOneIsNotSentAgainAfterANewerOneThatMayNot() {
    script.open();
    Entry first = script.send("x1", X);
    script.take();
    Entry second = script.send("x2", X.withAtMostOnce());
    script.take();

    script.lose();

    assertThat(first.fate()).isEqualTo(script.inDoubt(InDoubt.Reason.CONFLATED));
    assertThat(second.fate()).isEqualTo(script.inDoubt(InDoubt.Reason.RESEND_FORBIDDEN));
    assertThat(script.queued()).isEmpty();
  }

  @Test
  void theOldOneMakesRoomInAFullOutbox() {
    script = new OutboxScript(bound(2, 10, Overflow.REJECT));
    script.send("x1", 6, X);
    script.send("a", 4);

    Entry newer = script.send("x2", 6, X);
    Entry larger = script.send("x3", 7, X);

    assertThat(newer.fate()).isNull();
    assertThat(larger.fate()).isEqualTo(new Fate.Rejected(Fate.Rejected.Reason.QUEUE_FULL));
    assertThat(script.queued()).containsExactly("a", "x2");
  }

  @Test
  void nothingElseIsEvictedWhereThatIsRoomEnough() {
    script = new OutboxScript(bound(2, 10, Overflow.EVICT_OLDEST));
    script.send("a", 4);
    script.send("x1", 6, X);

    script.send("x2", 6, X);

    assertThat(script.queued()).containsExactly("a", "x2");
  }

  @Test
  void anEndedOneIsForgotten() {
    script.cancel(script.send("x1", X));
    Entry mortal = script.send("x2", X.withTimeToLive(Duration.ofSeconds(1)));
    script.passed(Duration.ofSeconds(1));
    script.outbox.expire(script.now);
    script.send("x3", X);

    assertThat(mortal.fate()).isEqualTo(new Fate.Expired());
    assertThat(script.queued()).containsExactly("x3");
  }

  @Test
  void aRejectedOneTakesNobodysPlace() {
    script.send("x1", X);
    script.outbox.refuseAll();

    script.send("x2", X);

    assertThat(script.queued()).containsExactly("x1");
  }

  @Test
  @SuppressWarnings("NullAway") // What the compiler would refuse.
  void aKeyHasOneTo255Bytes() {
    assertThat(SendOptions.DEFAULT.withConflationKey("k".repeat(255)).conflationKey()).hasSize(255);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SendOptions.DEFAULT.withConflationKey(""))
        .withMessage("conflationKey must not be empty");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SendOptions.DEFAULT.withConflationKey("é".repeat(128)))
        .withMessage("conflationKey must be at most 255 bytes but was 256");
    assertThatNullPointerException()
        .isThrownBy(() -> SendOptions.DEFAULT.withConflationKey(null))
        .withMessage("conflationKey");
  }
}
