package io.holdfast.internal.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.Message;
import io.holdfast.MessageDemand;
import io.holdfast.internal.Settings;
import io.holdfast.internal.inbound.InboundChannel.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class InboundChannelTest {
  private static final int BOUND = 10;
  private static final int OVERDRAFT = 4096;
  private static final int OVERDRAFT_BYTES = 4 << 20;

  private InboundChannel channel = new InboundChannel(new Settings.Inbound(BOUND, 1 << 20));

  @BeforeEach
  void receive() {
    channel.receiving(true);
  }

  @Nested
  class TheBound {
    @Test
    void theReaderPausesWithTheMessageThatReachesIt() {
      for (int i = 1; i < BOUND; i++) assertThat(offer()).isEqualTo(Verdict.READ_ON);
      assertThat(channel.isPaused()).isFalse();

      assertThat(offer()).isEqualTo(Verdict.PAUSE);

      assertThat(channel.isPaused()).isTrue();
    }

    @Test
    void bytesReachItAsWell() {
      bound(1000, 100);
      assertThat(offer(99)).isEqualTo(Verdict.READ_ON);
      assertThat(offer(0)).isEqualTo(Verdict.READ_ON);
      assertThat(offer(1)).isEqualTo(Verdict.PAUSE);
    }

    @Test
    void theReaderIsResumedAtHalfTheBoundAndOnce() {
      fill(BOUND);
      channel.request(MessageDemand.UNBOUNDED);
      for (int taken = 1; taken < BOUND / 2; taken++) {
        poll();
        assertThat(channel.takeResume(false)).isFalse();
      }
      poll();

      assertThat(channel.takeResume(false)).isTrue();
      assertThat(channel.takeResume(false)).isFalse();
      assertThat(channel.isPaused()).isFalse();
    }

    @Test
    void halfTheBytesCountAsWell() {
      bound(1000, 100);
      offer(40);
      offer(60);
      channel.request(2);
      poll();
      assertThat(channel.takeResume(false)).isFalse();
      poll();
      assertThat(channel.takeResume(false)).isTrue();
    }

    @Test
    void aBoundOfOneResumesWhenItIsEmpty() {
      bound(1, 1);
      assertThat(offer(1)).isEqualTo(Verdict.PAUSE);
      assertThat(channel.takeResume(false)).isFalse();
      channel.request(1);
      poll();
      assertThat(channel.takeResume(false)).isTrue();
    }

    @Test
    void thereIsNothingToResumeBeforeAPause() {
      assertThat(channel.takeResume(false)).isFalse();
      assertThat(channel.takeResume(true)).isFalse();
    }
  }

  @Nested
  class TheOverdraft {
    @Test
    void itIsOpenOnlyWhileAPongIsAwaited() {
      fill(BOUND - 1);
      assertThat(offerAwaiting()).isEqualTo(Verdict.READ_ON);
      assertThat(offerAwaiting()).isEqualTo(Verdict.READ_ON);

      assertThat(offer()).isEqualTo(Verdict.PAUSE);
    }

    @Test
    void itHasAnEndToo() {
      fillAwaiting(BOUND + OVERDRAFT - 1);
      assertThat(offerAwaiting()).isEqualTo(Verdict.STALL);
    }

    @Test
    void bytesEndItAsWell() {
      bound(1000, 100);
      assertThat(channel.offer(message(99 + OVERDRAFT_BYTES), true)).isEqualTo(Verdict.READ_ON);
      assertThat(channel.offer(message(1), true)).isEqualTo(Verdict.STALL);
    }

    @Test
    void aPausedReaderIsResumedIntoItWhenAPongBeginsToBeAwaited() {
      fill(BOUND);
      assertThat(channel.takeResume(false)).isFalse();

      assertThat(channel.takeStall(true)).isFalse();
      assertThat(channel.takeResume(true)).isTrue();

      assertThat(channel.takeResume(true)).isFalse();
      assertThat(offerAwaiting()).isEqualTo(Verdict.READ_ON);
    }

    @Test
    void aStallIsToldOnceAndLastsUntilHalfTheBound() {
      fillAwaiting(BOUND + OVERDRAFT);
      assertThat(offerAwaiting()).isEqualTo(Verdict.PAUSE);
      assertThat(channel.takeStall(true)).isFalse();
      channel.request(MessageDemand.UNBOUNDED);
      for (int left = BOUND + OVERDRAFT; left > BOUND / 2; left--) {
        poll();
        assertThat(channel.takeResume(true)).isFalse();
      }
      poll();
      assertThat(channel.takeResume(true)).isTrue();

      fillAwaiting(BOUND / 2 + OVERDRAFT - 1);
      assertThat(offerAwaiting()).isEqualTo(Verdict.STALL);
    }

    @Test
    void aPauseThatOneLargeMessagePutBeyondItBecomesAStallWhenAPongIsAwaited() {
      bound(10, 100);
      assertThat(offer(200 + OVERDRAFT_BYTES)).isEqualTo(Verdict.PAUSE);
      assertThat(channel.takeStall(false)).isFalse();

      assertThat(channel.takeStall(true)).isTrue();

      assertThat(channel.takeStall(true)).isFalse();
      assertThat(channel.takeResume(true)).isFalse();
    }

    @Test
    void aBoundOfAnyNumberOfMessagesHasOne() {
      bound(Integer.MAX_VALUE, 100);
      assertThat(channel.offer(message(100), true)).isEqualTo(Verdict.READ_ON);
      assertThat(channel.offer(message(1), false)).isEqualTo(Verdict.PAUSE);
      assertThat(channel.takeResume(true)).isTrue();
    }

    @Test
    void aBoundOfAnyNumberOfBytesHasOne() {
      bound(2, Long.MAX_VALUE);
      channel.offer(message(1), true);
      assertThat(channel.offer(message(1), true)).isEqualTo(Verdict.READ_ON);
      assertThat(offer()).isEqualTo(Verdict.PAUSE);
      assertThat(channel.takeResume(true)).isTrue();
    }
  }

  @Nested
  class Demand {
    @Test
    void messagesComeInOrderAndNoFasterThanAskedFor() {
      List<Message> sent = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Message message = Message.text("m" + i);
        sent.add(message);
        channel.offer(message, false);
      }
      assertThat(poll()).isNull();
      assertThat(channel.hasDeliverable()).isFalse();
      channel.request(1);
      channel.request(2);

      List<Message> taken = new ArrayList<>();
      while (channel.hasDeliverable()) taken.add(poll());

      assertThat(taken).isEqualTo(sent.subList(0, 3));
      assertThat(poll()).isNull();
      assertThat(channel.isEmpty()).isFalse();
    }

    @Test
    void sumsSaturate() {
      channel.request(Long.MAX_VALUE - 1);
      channel.request(2);
      channel.request(Long.MAX_VALUE);
      for (int i = 0; i < 3; i++) {
        offer();
        assertThat(poll()).isNotNull();
      }
      assertThat(channel.hasDeliverable()).isFalse();
      offer();
      assertThat(channel.hasDeliverable()).isTrue();
    }

    @Test
    void askingBeforeAnythingCameIsNotForgotten() {
      channel.request(1);
      assertThat(poll()).isNull();
      offer();
      assertThat(poll()).isNotNull();
      offer();
      assertThat(poll()).isNull();
    }
  }

  @Nested
  class Receivers {
    @Test
    void withoutOneMessagesAreDropped() {
      channel.receiving(false);
      for (int i = 0; i < 2 * BOUND; i++) assertThat(offer()).isEqualTo(Verdict.READ_ON);
      assertThat(channel.isEmpty()).isTrue();
    }

    @Test
    void theEndOfOneDropsWhatItDidNotTakeAndResumesTheReader() {
      fill(BOUND);

      channel.receiving(false);

      assertThat(channel.isEmpty()).isTrue();
      assertThat(channel.takeResume(false)).isTrue();
    }

    @Test
    void aNewOneBeginsWithNoDemandAndNoBytes() {
      bound(1000, 100);
      channel.request(MessageDemand.UNBOUNDED);
      offer(100);
      channel.receiving(false);
      channel.takeResume(false);

      channel.receiving(true);

      assertThat(offer(99)).isEqualTo(Verdict.READ_ON);
      assertThat(poll()).isNull();
    }
  }

  @Nested
  class ANewTransport {
    @Test
    void readsAtOnceIfThereIsRoom() {
      fill(BOUND - 1);
      assertThat(channel.judge(false)).isEqualTo(Verdict.READ_ON);
    }

    @Test
    void startsPausedIfThereIsNone() {
      fill(BOUND);

      assertThat(channel.judge(false)).isEqualTo(Verdict.PAUSE);

      channel.receiving(false);
      assertThat(channel.takeResume(false)).isTrue();
      assertThat(channel.takeResume(false)).isFalse();
    }

    @Test
    void doesNotInheritAPauseThatItsOwnMessagesWouldNotBring() {
      fill(BOUND);
      channel.request(1);
      poll();
      assertThat(channel.takeResume(false)).isFalse();

      assertThat(channel.judge(false)).isEqualTo(Verdict.READ_ON);

      assertThat(channel.takeResume(false)).isFalse();
    }
  }

  @Test
  void aStallIsToldOfEachTransportThatItHoldsUp() {
    fillAwaiting(BOUND + OVERDRAFT);

    assertThat(channel.judge(false)).isEqualTo(Verdict.PAUSE);
    assertThat(channel.takeResume(true)).isFalse();
    assertThat(channel.takeStall(true)).isTrue();

    channel.request(MessageDemand.UNBOUNDED);
    for (int left = BOUND + OVERDRAFT; left >= BOUND; left--) poll();
    assertThat(channel.judge(false)).isEqualTo(Verdict.READ_ON);
    fillAwaiting(OVERDRAFT);
    assertThat(offerAwaiting()).isEqualTo(Verdict.STALL);
  }

  /** The reader does as it is told, and everything else is chance. */
  @Test
  void eachPauseIsResumedOnceAndTheBufferStaysInItsBounds() {
    for (int seed = 1; seed <= 500; seed++) {
      Random random = new Random(seed);
      bound(1 + random.nextInt(20), 1 + random.nextInt(200));
      boolean mayRead = true;
      boolean awaiting = false;
      for (int step = 0; step < 200; step++) {
        switch (random.nextInt(4)) {
          case 0 -> poll();
          case 1 -> channel.request(1 + random.nextInt(10));
          case 2 -> awaiting = random.nextBoolean();
          default -> {
            if (mayRead) mayRead = offer(random.nextInt(40), awaiting) == Verdict.READ_ON;
          }
        }
        if (channel.takeResume(awaiting)) {
          assertThat(mayRead).as("seed %d: resumed though not paused", seed).isFalse();
          mayRead = true;
        }
        assertThat(channel.isPaused()).as("seed %d", seed).isEqualTo(!mayRead);
      }
      channel.request(MessageDemand.UNBOUNDED);
      while (poll() != null) mayRead |= channel.takeResume(awaiting);
      assertThat(mayRead).as("seed %d: left paused over nothing", seed).isTrue();
    }
  }

  private void bound(int maxMessages, long maxBytes) {
    channel = new InboundChannel(new Settings.Inbound(maxMessages, maxBytes));
    channel.receiving(true);
  }

  private void fill(int count) {
    for (int i = 0; i < count; i++) offer();
  }

  private void fillAwaiting(int count) {
    for (int i = 0; i < count; i++) offerAwaiting();
  }

  private Verdict offer() {
    return offer(1);
  }

  private Verdict offerAwaiting() {
    return offer(1, true);
  }

  private Verdict offer(int size) {
    return offer(size, false);
  }

  private Verdict offer(int size, boolean awaitingPong) {
    return channel.offer(message(size), awaitingPong);
  }

  private static Message message(int size) {
    return Message.wrap(new byte[size]);
  }

  private @Nullable Message poll() {
    Message message = channel.take();
    if (message != null) channel.release(message.size());
    return message;
  }
}
