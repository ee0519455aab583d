package io.holdfast.testkit;

import static io.holdfast.testkit.Direction.TO_CLIENT;
import static io.holdfast.testkit.Direction.TO_SERVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a {@link FaultProxy} does at one place of a stream, and to connections as they come. */
@Timeout(20)
class StrikingPathTest extends ProxyFixture {
  @Test
  void aHalfCloseEndsOneWayAndTheOtherLivesOn() throws Exception {
    Pair pair = pair();

    assertThat(proxy.halfClose(TO_CLIENT)).isEqualTo(1);

    assertThat(pair.client().getInputStream().read()).isEqualTo(-1);
    say(pair.client(), 1);
    assertThat(hear(pair.server(), 1)).containsExactly(1);
    say(pair.server(), 2, 3);
    assertEventually(p -> p.droppedBytes(TO_CLIENT) == 2);
    assertThat(proxy.liveConnections()).isEqualTo(1);
    pair.client().close();
    assertEventually(p -> p.liveConnections() == 0);
  }

  @Test
  void aHalfCloseComesAfterWhatAStallHolds() throws Exception {
    Pair pair = pair();
    proxy.stall(TO_SERVER);
    proxy.halfClose(TO_SERVER);
    assertSilent(pair.server());

    proxy.pass();

    assertThat(pair.server().getInputStream().read()).isEqualTo(-1);
  }

  @Test
  void aCutLetsJustItsBytesPassAndResetsBothSides() throws Exception {
    Pair pair = pair();
    say(pair.client(), 9);
    assertThat(hear(pair.server(), 1)).containsExactly(9);

    assertThat(proxy.cutAfter(TO_SERVER, 3)).isEqualTo(1);
    say(pair.client(), 1, 2);
    assertThat(hear(pair.server(), 2)).containsExactly(1, 2);
    assertThat(proxy.struck()).isZero();
    say(pair.client(), 3, 4);

    assertThat(hear(pair.server(), 1)).containsExactly(3);
    assertReset(pair.server());
    assertReset(pair.client());
    assertEventually(p -> p.struck() == 1);
    assertThat(proxy.passedBytes(TO_SERVER)).isEqualTo(4);
  }

  @Test
  void aCutOneWayDoesNotCountTheOther() throws Exception {
    Pair pair = pair();
    proxy.cutAfter(TO_CLIENT, 2);

    say(pair.client(), 1, 2, 3);
    assertThat(hear(pair.server(), 3)).containsExactly(1, 2, 3);
    say(pair.server(), 1, 2, 3);

    assertThat(hear(pair.client(), 2)).containsExactly(1, 2);
    assertReset(pair.client());
  }

  @Test
  void aCutMeetsEachLaterConnectionUntilItIsHealed() throws Exception {
    proxy.cutAfter(TO_SERVER, 1);
    for (int i = 0; i < 2; i++) {
      Pair cut = pair();
      say(cut.client(), 1);
      assertReset(cut.client());
    }
    Pair spared = pair();

    proxy.pass();
    say(spared.client(), 1, 2);

    assertThat(hear(spared.server(), 2)).containsExactly(1, 2);
    assertThat(proxy.struck()).isEqualTo(2);
  }

  @Test
  void corruptionInvertsOneByteAndNoOther() throws Exception {
    Pair pair = pair();
    proxy.corruptAfter(TO_SERVER, 3);

    say(pair.client(), 1, 2);
    assertThat(hear(pair.server(), 2)).containsExactly(1, 2);
    say(pair.client(), 3, 4, 5);

    assertThat(hear(pair.server(), 3)).containsExactly(3, ~4, 5);
    assertThat(proxy.struck()).isEqualTo(1);
  }

  @Test
  void theNextConnectionsAreTurnedAwayAndThoseAfterThemNot() throws Exception {
    Pair before = pair();
    proxy.refuseNext(2);

    assertTurnedAway();
    assertTurnedAway();
    Pair after = pair();

    say(before.client(), 1);
    say(after.client(), 2);
    assertThat(hear(before.server(), 1)).containsExactly(1);
    assertThat(hear(after.server(), 1)).containsExactly(2);
    assertThat(proxy.struck()).isEqualTo(2);
  }

  @Test
  void acceptedConnectionsAreDroppedUntilHealed() throws Exception {
    proxy.acceptAndDrop();

    for (int i = 0; i < 3; i++) {
      assertThat(connect(proxy.port()).getInputStream().read()).isEqualTo(-1);
    }
    assertEventually(p -> p.struck() == 3 && p.liveConnections() == 0);
    proxy.pass();

    Pair pair = pair();
    say(pair.client(), 1);
    assertThat(hear(pair.server(), 1)).containsExactly(1);
  }

  @Test
  void aCutNeedsAByte() {
    assertThatThrownBy(() -> proxy.cutAfter(TO_CLIENT, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("bytes before the cut must be >= 1 but was 0");
  }

  // The RST may come before connect() has returned.
  private void assertTurnedAway() {
    assertThatThrownBy(this::connectAndRead).isInstanceOf(SocketException.class);
  }

  private void connectAndRead() throws IOException {
    Socket socket = connect(proxy.port());
    socket.getInputStream().read();
  }
}
