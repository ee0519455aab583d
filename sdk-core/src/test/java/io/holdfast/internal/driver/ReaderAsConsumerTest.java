package io.holdfast.internal.driver;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.Clock;
import io.holdfast.Message;
import io.holdfast.MessageDemand;
import io.holdfast.MessageListener;
import io.holdfast.fixtures.VirtualClock;
import io.holdfast.internal.Settings;
import io.holdfast.internal.inbound.InboundChannel.Verdict;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A reader that runs the consumer itself, and what becomes of it if that takes long. */
class ReaderAsConsumerTest {
  private static final Duration BOUND = Duration.ofNanos(2 * ReaderWatch.LOOK_NANOS);

  private final VirtualClock clock = new VirtualClock();
  private final Queue<Runnable> threads = new ArrayDeque<>();
  private final List<String> told = new ArrayList<>();
  private final List<String> reliefs = new ArrayList<>();
  private final Runnable relief = this::relieve;

  @AfterEach
  void leavesNothing() {
    clock.advance(BOUND);
    assertThat(clock.timers()).isZero();
    assertThat(threads).isEmpty();
  }

  @Test
  void whatAReadBroughtIsToldWithinTheReadersCall() {
    InboundLane lane = lane(true, this::tell);

    for (int i = 0; i < 100; i++) {
      assertThat(lane.offer(1, batch("a" + i, "b" + i), relief)).isEqualTo(Verdict.READ_ON);
      assertThat(told).hasSize(2 * (i + 1)).endsWith("a" + i, "b" + i);
      assertThat(clock.timers()).isEqualTo(1);
      clock.advance(Duration.ofMillis(1));
    }

    assertThat(threads).isEmpty();
    assertThat(reliefs).isEmpty();
  }

  @Test
  void moreThanATurnIsToldWithinTheReadersCall() {
    InboundLane lane = lane(true, this::tell);
    InboundBatch batch = new InboundBatch();
    for (int i = 0; i < 3 * InboundTurn.MOST_MESSAGES; i++) batch.add(Message.text("m" + i));

    lane.offer(1, batch, relief);

    assertThat(told).hasSize(3 * InboundTurn.MOST_MESSAGES);
  }

  @Test
  void anAppsOwnThreadsAreUsedIfItGaveAny() {
    InboundLane lane = lane(false, this::tell);

    lane.offer(1, batch("a", "b"), relief);

    assertThat(told).isEmpty();
    runThreads();
    assertThat(told).containsExactly("a", "b");
    assertThat(clock.timers()).isZero();
  }

  @Test
  void aReaderWithMoreToReadHandsOver() {
    InboundLane lane = lane(true, this::tell);

    lane.offer(1, batch("a"), null);
    lane.offer(1, batch("b"), relief);

    assertThat(told).isEmpty();
    runThreads();
    assertThat(told).containsExactly("a", "b");
  }

  @Test
  void aReaderWhoseListenerTakesLongIsRelievedAndTellsItsTurn() {
    List<InboundLane> lane = new ArrayList<>();
    List<String> tookLong = new ArrayList<>();
    lane.add(
        lane(
            true,
            message -> {
              tell(message);
              if (!text(message).equals("b")) return;
              clock.advance(BOUND);
              tookLong.addAll(reliefs);
              // Another thread reads on.
              lane.get(0).offer(1, batch("d"), relief);
              lane.get(0).offer(1, batch("e"), relief);
            }));

    lane.get(0).offer(1, batch("a", "b", "c"), relief);

    assertThat(tookLong).containsExactly("relieved after [a, b]");
    assertThat(told).containsExactly("a", "b", "c");
    runThreads();
    assertThat(told).containsExactly("a", "b", "c", "d", "e");
    assertThat(reliefs).hasSize(1);
    lane.get(0).offer(1, batch("f"), relief);
    assertThat(told).endsWith("f");
  }

  @Test
  void aReaderWhoseListenerIsQuickEnoughIsNotRelieved() {
    InboundLane lane =
        lane(
            true,
            message -> {
              clock.advanceNanos(ReaderWatch.LOOK_NANOS);
              tell(message);
            });

    for (int i = 0; i < 20; i++) lane.offer(1, batch("m" + i), relief);

    assertThat(told).hasSize(20);
    assertThat(reliefs).isEmpty();
  }

  @Test
  void manyMessagesThatAreQuickEnoughEachTakeLongTogether() {
    InboundLane lane =
        lane(
            true,
            message -> {
              tell(message);
              clock.advance(Duration.ofMillis(1));
            });
    InboundBatch batch = new InboundBatch();
    for (int i = 0; i < 100; i++) batch.add(Message.text("m" + i));

    lane.offer(1, batch, relief);

    assertThat(reliefs).hasSize(1);
    assertThat(told).hasSize(InboundTurn.MOST_MESSAGES);
    runThreads();
    assertThat(told).hasSize(100);
  }

  @Test
  void aReaderThatNobodyCanRelieveTellsItsTurnAndReadsOn() {
    InboundLane lane =
        lane(
            true,
            message -> {
              tell(message);
              clock.advance(BOUND);
            });

    lane.offer(
        1,
        batch("a", "b"),
        () -> {
          throw new RejectedExecutionException("full");
        });

    assertThat(told).containsExactly("a", "b");
    runThreads();
    lane.offer(1, batch("c"), relief);
    assertThat(told).containsExactly("a", "b", "c");
    runThreads();
  }

  @Test
  void aClockThatThrowsHasMessagesHandedOver() {
    Clock broken =
        new Clock() {
          @Override
          public long nanoTime() {
            return 0;
          }

          @Override
          public long wallMillis() {
            return 0;
          }

          @Override
          public Timer schedule(Runnable task, long delayNanos) {
            throw new IllegalStateException("no timer");
          }
        };
    InboundLane lane = lane(broken, true, this::tell);

    for (String text : List.of("a", "b")) {
      lane.offer(1, batch(text), relief);
      assertThat(told).doesNotContain(text);
      runThreads();
      assertThat(told).endsWith(text);
    }
  }

  @Test
  void anInterruptThatAListenerLeavesIsNotTheReaders() {
    InboundLane lane =
        lane(
            true,
            message -> {
              tell(message);
              Thread.currentThread().interrupt();
            });

    lane.offer(1, batch("a"), relief);

    assertThat(Thread.interrupted()).isFalse();
    assertThat(told).containsExactly("a");
  }

  @Test
  void aListenerMayAskForMoreCancelAndBeFollowedWithinTheCall() {
    AtomicReference<@Nullable MessageDemand> demand = new AtomicReference<>();
    AtomicReference<@Nullable InboundLane> lane = new AtomicReference<>();
    MessageListener first =
        message -> {
          tell(message);
          if (told.size() < 3) {
            requireNonNull(demand.get()).request(1);
            return;
          }
          requireNonNull(demand.get()).cancel();
          MessageListener next = later -> told.add("next " + text(later));
          requireNonNull(lane.get()).receive(next).request(MessageDemand.UNBOUNDED);
        };
    lane.set(emptyLane(clock, true));
    demand.set(requireNonNull(lane.get()).receive(first));
    requireNonNull(lane.get()).begin(1);
    requireNonNull(demand.get()).request(1);
    runThreads();

    requireNonNull(lane.get()).offer(1, batch("a", "b", "c", "d"), relief);
    requireNonNull(lane.get()).offer(1, batch("e"), relief);

    assertThat(told).containsExactly("a", "b", "c", "next e");
  }

  @Test
  void theEndThatAListenerBringsAboutIsToldInTheSameCall() {
    AtomicReference<@Nullable InboundLane> lane = new AtomicReference<>();
    lane.set(
        lane(
            true,
            new MessageListener() {
              @Override
              public void onMessage(Message message) {
                tell(message);
                requireNonNull(lane.get()).close();
              }

              @Override
              public void onClosed() {
                told.add("closed");
              }
            }));

    requireNonNull(lane.get()).offer(1, batch("a", "b"), relief);

    assertThat(told).containsExactly("a", "b", "closed");
  }

  @Test
  void theNextTransportsReaderCallsNoListenerThatIsInACallOfTheLasts() {
    AtomicReference<@Nullable InboundLane> lane = new AtomicReference<>();
    lane.set(
        lane(
            true,
            message -> {
              told.add("begin " + text(message));
              if (text(message).equals("old")) {
                requireNonNull(lane.get()).begin(2);
                requireNonNull(lane.get()).offer(2, batch("new"), relief);
              }
              told.add("end " + text(message));
            }));

    requireNonNull(lane.get()).offer(1, batch("old"), relief);

    assertThat(told).containsExactly("begin old", "end old", "begin new", "end new");
  }

  private InboundLane lane(boolean mayRunOnReader, MessageListener listener) {
    return lane(clock, mayRunOnReader, listener);
  }

  private InboundLane lane(Clock time, boolean mayRunOnReader, MessageListener listener) {
    InboundLane lane = emptyLane(time, mayRunOnReader);
    lane.begin(1);
    lane.receive(listener).request(MessageDemand.UNBOUNDED);
    // Learns how much room there is.
    lane.offer(1, new InboundBatch(), null);
    return lane;
  }

  private InboundLane emptyLane(Clock time, boolean mayRunOnReader) {
    return new InboundLane(
        new Settings.Inbound(1000, 100_000),
        time,
        new SerialExecutor(threads::add),
        mayRunOnReader,
        () -> false,
        (generation, pausedNanos) -> {},
        null);
  }

  private void relieve() {
    reliefs.add("relieved after " + told);
  }

  private void runThreads() {
    while (!threads.isEmpty()) threads.remove().run();
  }

  private void tell(Message message) {
    told.add(text(message));
  }

  private static String text(Message message) {
    return ((Message.Text) message).text();
  }

  private static InboundBatch batch(String... texts) {
    InboundBatch batch = new InboundBatch();
    for (String text : texts) batch.add(Message.text(text));
    return batch;
  }
}
