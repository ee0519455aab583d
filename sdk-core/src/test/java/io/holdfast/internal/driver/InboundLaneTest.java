package io.holdfast.internal.driver;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.Message;
import io.holdfast.MessageDemand;
import io.holdfast.MessageListener;
import io.holdfast.fixtures.VirtualClock;
import io.holdfast.internal.Settings;
import io.holdfast.internal.inbound.InboundChannel.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class InboundLaneTest {
  private static final int BOUND = 4;

  private final VirtualClock clock = new VirtualClock();
  private final Taker taker = new Taker();
  private final AtomicBoolean awaitingPong = new AtomicBoolean();
  private final AtomicInteger resumed = new AtomicInteger();
  private final InboundLane lane = lane(clock.executor());

  private static final class Taker implements MessageListener {
    private final List<String> told = new ArrayList<>();

    @Override
    public void onMessage(Message message) {
      told.add(((Message.Text) message).text());
    }

    @Override
    public void onClosed() {
      told.add("closed");
    }
  }

  private final List<Duration> pauses = new ArrayList<>();

  private InboundLane lane(Executor threads) {
    return lane(threads, awaitingPong::get);
  }

  private InboundLane lane(Executor threads, BooleanSupplier awaitingPong) {
    return new InboundLane(
        new Settings.Inbound(BOUND, 1000),
        clock,
        new SerialExecutor(threads),
        false,
        awaitingPong,
        (generation, pausedNanos) -> {
          resumed.incrementAndGet();
          pauses.add(Duration.ofNanos(pausedNanos));
        },
        null);
  }

  @Test
  void aFloodOfMessagesLeavesTheThreadToOthersInBetween() {
    Queue<Runnable> thread = new ArrayDeque<>();
    InboundLane busy = lane(thread::add);
    SerialExecutor other = new SerialExecutor(thread::add);
    AtomicInteger given = new AtomicInteger();
    AtomicInteger givenBefore = new AtomicInteger();
    MessageListener flooded =
        message -> {
          if (given.incrementAndGet() < 10_000) offer(busy, 1, message);
        };
    busy.begin(1);
    busy.receive(flooded).request(MessageDemand.UNBOUNDED);
    offer(busy, 1, Message.text("flood"));
    other.execute(() -> givenBefore.set(given.get()));

    while (!thread.isEmpty()) thread.remove().run();

    assertThat(given).hasValue(10_000);
    assertThat(givenBefore).hasValueLessThan(2_000);
  }

  @Test
  void messagesAreGivenAsTheyAreAskedFor() {
    MessageDemand demand = lane.receive(taker);
    lane.begin(1);
    for (String text : List.of("a", "b", "c")) offer(1, text);
    clock.run();
    assertThat(taker.told).isEmpty();

    demand.request(2);
    clock.run();

    assertThat(taker.told).containsExactly("a", "b");
  }

  @Test
  void anOldTransportsMessagesAreDropped() {
    lane.receive(taker).request(MessageDemand.UNBOUNDED);
    lane.begin(2);
    assertThat(lane.begin(1)).isEqualTo(Verdict.READ_ON);

    assertThat(offer(1, "old")).isEqualTo(Verdict.READ_ON);
    offer(2, "new");
    clock.run();

    assertThat(taker.told).containsExactly("new");
  }

  @Test
  void messagesOfTwoTransportsComeInOrder() {
    lane.receive(taker).request(MessageDemand.UNBOUNDED);
    lane.begin(1);
    offer(1, "a");
    lane.begin(2);
    offer(2, "b");
    clock.run();
    assertThat(taker.told).containsExactly("a", "b");
  }

  @Test
  void eachPauseIsToldWithItsLength() {
    MessageDemand demand = lane.receive(taker);
    lane.begin(1);
    for (int seconds : new int[] {3, 5}) {
      fill(BOUND);
      clock.advance(Duration.ofSeconds(seconds));
      demand.request(BOUND);
      clock.run();
      clock.advance(Duration.ofSeconds(60));
    }

    assertThat(pauses).containsExactly(Duration.ofSeconds(3), Duration.ofSeconds(5));
  }

  @Test
  void aPauseThatEndsAsItBeginsTookNoTime() {
    // A pong is awaited the moment after the reader was told to pause.
    AtomicReference<InboundLane> itself = new AtomicReference<>();
    InboundLane hurried = lane(clock.executor(), () -> requireNonNull(itself.get()).readerPaused());
    itself.set(hurried);
    hurried.receive(taker);
    clock.advance(Duration.ofSeconds(60));

    for (int i = 0; i < BOUND; i++) offer(hurried, 0, Message.text("m"));

    assertThat(pauses).containsExactly(Duration.ZERO);
  }

  @Test
  void theReaderIsResumedOncePerPause() {
    MessageDemand demand = lane.receive(taker);
    lane.begin(1);
    fill(BOUND - 1);
    assertThat(offer(1, "last")).isEqualTo(Verdict.PAUSE);
    assertThat(lane.readerPaused()).isTrue();

    demand.request(MessageDemand.UNBOUNDED);
    clock.run();

    assertThat(resumed).hasValue(1);
    assertThat(lane.readerPaused()).isFalse();
  }

  @Test
  void aReaderGoesOnIntoTheOverdraftWhenAPongIsAwaited() {
    lane.receive(taker);
    lane.begin(1);
    fill(BOUND);
    assertThat(lane.readerPaused()).isTrue();

    awaitingPong.set(true);

    assertThat(lane.reconsiderPause()).isFalse();
    assertThat(resumed).hasValue(1);
    assertThat(lane.readerPaused()).isFalse();
    assertThat(offer(1, "more")).isEqualTo(Verdict.READ_ON);
  }

  @Test
  void aReaderThatCannotGoOnForAPongIsAStallToldOnce() {
    lane.receive(taker);
    lane.begin(1);
    Message huge = Message.wrap(new byte[5 << 20]);
    assertThat(offer(lane, 1, huge)).isEqualTo(Verdict.PAUSE);
    assertThat(lane.reconsiderPause()).isFalse();

    awaitingPong.set(true);

    assertThat(lane.reconsiderPause()).isTrue();
    assertThat(lane.reconsiderPause()).isFalse();
    assertThat(resumed).hasValue(0);
  }

  @Test
  void theEndIsToldAfterTheLastMessageAndOnce() {
    MessageDemand demand = lane.receive(taker);
    lane.begin(1);
    fill(2);
    demand.request(1);
    lane.close();
    clock.run();
    assertThat(taker.told).containsExactly("m0");

    demand.request(1);
    clock.run();
    lane.close();
    clock.run();

    assertThat(taker.told).containsExactly("m0", "m1", "closed");
  }

  @Test
  void theEndNeedsNoDemand() {
    lane.receive(taker);
    lane.close();
    clock.run();
    assertThat(taker.told).containsExactly("closed");
  }

  @Test
  void aReceiverThatIsCancelledHearsNothingMoreAndTheReaderGoesOn() {
    MessageDemand demand = lane.receive(taker);
    lane.begin(1);
    fill(BOUND);
    demand.request(1);
    demand.cancel();
    demand.cancel();
    demand.request(5);
    clock.run();

    assertThat(taker.told).isEmpty();
    assertThat(resumed).hasValue(1);
    Taker next = new Taker();
    lane.receive(next).request(1);
    offer(1, "for the next");
    clock.run();
    assertThat(next.told).containsExactly("for the next");
  }

  @Test
  void thereIsOneReceiverAtATime() {
    lane.receive(taker);
    assertThatThrownBy(() -> lane.receive(new Taker()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("one receiver at a time");
  }

  @Test
  void demandMustBePositive() {
    MessageDemand demand = lane.receive(taker);
    assertThatThrownBy(() -> demand.request(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("count must be positive but was 0");
  }

  @Test
  void aReceiverThatThrowsAnythingGetsTheNextMessage() {
    List<Throwable> failures =
        List.of(new RuntimeException("a"), new AssertionError("b"), new IOException("c"));
    List<String> told = new ArrayList<>();
    MessageListener thrower =
        message -> {
          told.add(((Message.Text) message).text());
          if (told.size() <= failures.size()) Sneaky.fail(failures.get(told.size() - 1));
        };
    lane.receive(thrower).request(MessageDemand.UNBOUNDED);
    lane.begin(1);

    for (String text : List.of("1", "2", "3", "4")) offer(1, text);
    clock.run();

    assertThat(told).containsExactly("1", "2", "3", "4");
  }

  @Test
  void aReceiverMayAskForMoreAndCancelWhereItIsCalledOnTheReadersThread() {
    InboundLane inline = lane(Runnable::run);
    List<String> told = new ArrayList<>();
    HeldDemand demand = new HeldDemand();
    demand.set(
        inline.receive(
            message -> {
              told.add(((Message.Text) message).text());
              if (told.size() < 3) demand.get().request(1);
              else demand.get().cancel();
            }));
    inline.begin(1);
    demand.get().request(1);

    for (int i = 0; i < 6; i++) offer(inline, 1, Message.text("m" + i));

    assertThat(told).containsExactly("m0", "m1", "m2");
  }

  @Test
  void whatOneReadBroughtIsHandedOverOnce() {
    Queue<Runnable> thread = new ArrayDeque<>();
    InboundLane batched = lane(thread::add);
    batched.receive(taker).request(MessageDemand.UNBOUNDED);
    batched.begin(1);

    batched.offer(1, batch("a", "b", "c"), null);

    assertThat(thread).hasSize(1);
    while (!thread.isEmpty()) thread.remove().run();
    assertThat(taker.told).containsExactly("a", "b", "c");
  }

  @Test
  void aBatchIsEmptyOnceOfferedWhateverBecameOfIt() {
    lane.receive(taker).request(MessageDemand.UNBOUNDED);
    lane.begin(2);
    for (long generation : new long[] {1, 2}) {
      InboundBatch batch = batch("of " + generation);
      assertThat(lane.offer(generation, batch, null)).isEqualTo(Verdict.READ_ON);
      assertThat(batch.isEmpty()).isTrue();
    }
    clock.run();
    assertThat(taker.told).containsExactly("of 2");
  }

  @Test
  void aBatchLearnsHowMuchRoomIsLeft() {
    lane.receive(taker);
    lane.begin(1);
    InboundBatch batch = batch("1");
    lane.offer(1, batch, null);

    assertThat(batch.add(Message.text("2"))).isFalse();
    assertThat(batch.add(Message.text("3"))).isFalse();
    assertThat(batch.add(Message.text("4"))).isTrue();
    assertThat(lane.offer(1, batch, null)).isEqualTo(Verdict.PAUSE);
    assertThat(batch.add(Message.text("5"))).isTrue();
  }

  @Test
  void whatAConsumerHasNotComeToIsWaitingAndWhatItHasIsNot() {
    // The reader's calls come while the consumer is in the middle of a turn.
    List<Verdict> verdicts = new ArrayList<>();
    lane.receive(
            message -> {
              taker.onMessage(message);
              if (taker.told.size() > 1) return;
              for (String text : List.of("d", "e")) verdicts.add(offer(1, text));
            })
        .request(MessageDemand.UNBOUNDED);
    lane.begin(1);

    lane.offer(1, batch("a", "b", "c"), null);
    clock.run();

    assertThat(verdicts).containsExactly(Verdict.READ_ON, Verdict.PAUSE);
    assertThat(taker.told).containsExactly("a", "b", "c", "d", "e");
  }

  @Test
  void theReaderIsResumedInTheMiddleOfATurnOnceHalfIsLeft() {
    List<Integer> resumedBefore = new ArrayList<>();
    lane.receive(
            message -> {
              resumedBefore.add(resumed.get());
              if (resumedBefore.size() == 1) offer(1, "e");
            })
        .request(MessageDemand.UNBOUNDED);
    lane.begin(1);

    lane.offer(1, batch("a", "b", "c", "d"), null);
    clock.run();

    // Full of four; with "e" there wait four again, three behind "b", two behind "c".
    assertThat(resumedBefore).containsExactly(0, 0, 1, 1, 1);
  }

  @Test
  void aReceiverThatCancelsInTheMiddleOfATurnGetsNoMoreOfIt() {
    HeldDemand demand = new HeldDemand();
    Taker next = new Taker();
    demand.set(
        lane.receive(
            message -> {
              taker.onMessage(message);
              if (taker.told.size() < 2) return;
              demand.get().cancel();
              lane.receive(next).request(MessageDemand.UNBOUNDED);
              lane.offer(1, batch("x", "y", "z"), null);
            }));
    demand.get().request(MessageDemand.UNBOUNDED);
    lane.begin(1);

    lane.offer(1, batch("a", "b", "c"), null);
    clock.run();

    assertThat(taker.told).containsExactly("a", "b");
    assertThat(next.told).containsExactly("x", "y", "z");
  }

  private static final class HeldDemand {
    private @Nullable MessageDemand demand;

    private void set(MessageDemand demand) {
      this.demand = demand;
    }

    private MessageDemand get() {
      return requireNonNull(demand);
    }
  }

  /** A reader that obeys, a consumer that asks for a few at a time, and a pong now and then. */
  @Test
  void betweenRealThreadsEveryMessageComesOnceAndInOrder() throws InterruptedException {
    int messages = 50_000;
    Semaphore mayRead = new Semaphore(0);
    AtomicInteger excess = new AtomicInteger();
    InboundLane busy =
        new InboundLane(
            new Settings.Inbound(16, 1 << 20),
            clock,
            new SerialExecutor(SharedThreads.io()),
            false,
            awaitingPong::get,
            (generation, pausedNanos) -> mayRead.release(),
            null);
    List<Integer> taken = new ArrayList<>();
    CountDownLatch closed = new CountDownLatch(1);
    Semaphore tookSome = new Semaphore(0);
    MessageDemand demand =
        busy.receive(
            new MessageListener() {
              @Override
              public void onMessage(Message message) {
                taken.add(Integer.parseInt(((Message.Text) message).text()));
                tookSome.release();
              }

              @Override
              public void onClosed() {
                closed.countDown();
              }
            });
    Random ofReader = new Random(1);
    Thread reader =
        Parallel.start(
            () -> {
              long generation = 1;
              if (busy.begin(generation) != Verdict.READ_ON) mayRead.acquire();
              for (int i = 0; i < messages; i++) {
                Verdict verdict = offer(busy, generation, Message.text(Integer.toString(i)));
                if (verdict != Verdict.READ_ON) mayRead.acquire();
                if (mayRead.availablePermits() > 0) excess.incrementAndGet();
                if (ofReader.nextInt(1000) == 0 && busy.begin(++generation) != Verdict.READ_ON) {
                  mayRead.acquire();
                }
              }
              busy.close();
            });
    Random ofConsumer = new Random(2);
    Thread consumer =
        Parallel.start(
            () -> {
              for (int asked = 0; asked < messages; ) {
                int count = 1 + ofConsumer.nextInt(40);
                demand.request(count);
                tookSome.acquire(Math.min(count, messages - asked));
                asked += count;
              }
            });
    Thread peer =
        Parallel.start(
            () -> {
              while (closed.getCount() > 0) {
                awaitingPong.set(!awaitingPong.get());
                busy.reconsiderPause();
                Thread.onSpinWait();
              }
            });

    assertThat(closed.await(20, SECONDS)).isTrue();

    Parallel.join(List.of(reader, consumer, peer));
    assertThat(taken).hasSize(messages).isSorted();
    assertThat(excess).as("resumed without a pause").hasValue(0);
  }

  private void fill(int count) {
    for (int i = 0; i < count; i++) offer(1, "m" + i);
  }

  private Verdict offer(long generation, String text) {
    return offer(lane, generation, Message.text(text));
  }

  private static Verdict offer(InboundLane lane, long generation, Message message) {
    InboundBatch batch = new InboundBatch();
    batch.add(message);
    return lane.offer(generation, batch, null);
  }

  private static InboundBatch batch(String... texts) {
    InboundBatch batch = new InboundBatch();
    for (String text : texts) batch.add(Message.text(text));
    return batch;
  }
}
