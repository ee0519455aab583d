package io.holdfast.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What the outbox gives to a transport whose place another is about to take. */
class ShutGateTest {
  private final OutboxScript script = new OutboxScript();

  @Test
  void nothingMoreIsGivenThatIsQueuedAndPingsAre() {
    script.open();
    script.outbox.shutGate();
    script.send("a");
    assertThat(script.take()).isNull();

    script.outbox.wantPing();

    assertThat(script.takeWithPing()).isNotEmpty();
    assertThat(script.queued()).containsExactly("a");
  }

  @Test
  void aGateThatIsOpenedLateStaysShut() {
    script.open();
    script.outbox.shutGate();
    script.send("a");
    script.take();

    script.openGate();
    assertThat(script.woken()).isFalse();
    script.take();
    assertThat(script.queued()).containsExactly("a");
    assertThat(script.outbox.unshutGate()).isTrue();

    script.take();
    assertThat(script.queued()).isEmpty();
  }

  @Test
  void itIsSettledOnceEachMessageThatWasTakenHasItsFate() {
    script.open();
    script.send("a");
    byte[] ping = script.writeWithPing();
    assertThat(script.outbox.isSettled()).isFalse();
    script.outbox.shutGate();
    assertThat(script.outbox.isSettled()).isFalse();

    script.pong(ping);

    assertThat(script.outbox.isSettled()).isTrue();
  }

  @Test
  void theNextTransportFindsTheGateAsAny() {
    script.open();
    script.outbox.shutGate();
    script.lose();
    assertThat(script.outbox.isSettled()).isFalse();
    script.send("a");

    script.open();
    script.take();

    assertThat(script.queued()).isEmpty();
  }
}
