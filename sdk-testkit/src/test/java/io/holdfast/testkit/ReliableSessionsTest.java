package io.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import okio.Buffer;
import okio.ByteString;
import org.junit.jupiter.api.Test;

class ReliableSessionsTest {
  private static final UUID SESSION = new UUID(1, 2);

  private final ReliableSessions sessions = new ReliableSessions();

  private static ByteString hello(UUID session, long received) {
    return new Buffer()
        .writeByte('H')
        .writeLong(session.getMostSignificantBits())
        .writeLong(session.getLeastSignificantBits())
        .writeLong(received)
        .readByteString();
  }

  private static ByteString data(long sequence, long id, String text) {
    return ReliableFrame.data(sequence, message(id, text));
  }

  private static ReliableMessage message(long id, String text) {
    return new ReliableMessage(id, true, ByteString.encodeUtf8(text));
  }

  private static ByteString acknowledgement(long sequence) {
    return ReliableFrame.acknowledgement(sequence);
  }

  private void greet(long transport) {
    assertThat(sessions.received(transport, hello(SESSION, 0)).violation()).isNull();
  }

  @Test
  void aNewSessionIsWelcomedAsNewAndAKnownOneAsResumed() {
    assertThat(sessions.received(1, hello(SESSION, 0)).answers())
        .containsExactly(ReliableFrame.welcome(false, 0, 0, 1));
    sessions.received(1, data(1, 5, "a"));
    sessions.ended(1);

    assertThat(sessions.received(2, hello(SESSION, 0)).answers())
        .containsExactly(ReliableFrame.welcome(true, 1, 5, 1));
    assertThat(sessions.count()).isEqualTo(1);
  }

  @Test
  void eachIdIsDoneWithOnceAndEachSequenceAcknowledged() {
    greet(1);

    assertThat(sessions.received(1, data(1, 3, "a")))
        .isEqualTo(
            new ReliableSessions.Step(List.of(acknowledgement(1)), List.of(message(3, "a")), null));
    assertThat(sessions.received(1, data(2, 3, "a")))
        .isEqualTo(new ReliableSessions.Step(List.of(acknowledgement(2)), List.of(), null));
  }

  @Test
  void aGapIsAViolation() {
    greet(1);

    assertThat(sessions.received(1, data(2, 1, "a")).violation())
        .isEqualTo("sequence must be 1 but was 2");
  }

  @Test
  void anOlderTransportOfASessionIsNotHeardAnyMore() {
    greet(1);
    sessions.received(2, hello(SESSION, 0));

    assertThat(sessions.received(1, data(1, 1, "a")).violation())
        .isEqualTo("session is carried elsewhere");
    assertThat(sessions.received(2, data(1, 1, "a")).done()).containsExactly(message(1, "a"));
  }

  @Test
  void whatWasNotAcknowledgedIsSentAgainFromWhereTheOtherEndStands() {
    greet(1);
    assertThat(sessions.push(message(0, "a"))).containsEntry(1L, data(1, 0, "a"));
    sessions.push(message(0, "b"));
    sessions.push(message(0, "c"));
    sessions.received(1, acknowledgement(1));
    sessions.ended(1);
    assertThat(sessions.push(message(0, "d"))).isEmpty();

    assertThat(sessions.received(2, hello(SESSION, 2)).answers())
        .containsExactly(ReliableFrame.welcome(true, 0, 0, 3), data(3, 0, "c"), data(4, 0, "d"));
  }

  @Test
  void aHelloThatWasLongOnItsWayDoesNotTakeTheSessionBack() {
    greet(2);

    assertThat(sessions.received(1, hello(SESSION, 0)).violation())
        .isEqualTo("session is carried elsewhere");
    assertThat(sessions.received(2, data(1, 1, "a")).done()).containsExactly(message(1, "a"));
    sessions.ended(2);
    assertThat(sessions.received(1, hello(SESSION, 0)).violation())
        .isEqualTo("session is carried elsewhere");
  }

  @Test
  void anEndThatHasHadMoreThanWasSentBeginsANewSession() {
    greet(1);

    assertThat(sessions.received(2, hello(SESSION, 7)).answers())
        .containsExactly(ReliableFrame.welcome(false, 0, 0, 1));
  }

  @Test
  void aRefusalIsToldAndTheMessageIsNotDoneWith() {
    sessions.refuse(message -> message.id() == 1 ? "no" : null);
    greet(1);

    assertThat(sessions.received(1, data(1, 1, "a")))
        .isEqualTo(
            new ReliableSessions.Step(
                List.of(ReliableFrame.refusal(1, "no"), acknowledgement(1)), List.of(), null));
  }

  @Test
  void whatIsForgottenIsNew() {
    greet(1);
    sessions.received(1, data(1, 1, "a"));
    sessions.forget();

    assertThat(sessions.received(1, data(2, 2, "b")).violation())
        .isEqualTo("first message must be a hello");
    assertThat(sessions.received(2, hello(SESSION, 0)).answers())
        .containsExactly(ReliableFrame.welcome(false, 0, 0, 1));
  }

  @Test
  void otherMessagesAreViolations() {
    assertThat(sessions.received(1, data(1, 1, "a")).violation())
        .isEqualTo("first message must be a hello");
    greet(2);
    assertThat(sessions.received(2, hello(SESSION, 0)).violation())
        .isEqualTo("hello must come once");
    assertThat(sessions.received(2, ByteString.EMPTY).violation())
        .isEqualTo("message is too short");
    assertThat(sessions.received(2, ByteString.encodeUtf8("A")).violation())
        .isEqualTo("message is too short");
    assertThat(sessions.received(2, ByteString.encodeUtf8("Z")).violation())
        .isEqualTo("message must be H, D or A but was 90");
    assertThat(sessions.received(2, acknowledgement(1)).violation())
        .isEqualTo("acknowledged sequence must be at most 0 but was 1");
    assertThat(sessions.push(7, message(0, "a"))).isNull();
  }
}
