package io.holdfast.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.Assurance;
import io.holdfast.Message;
import io.holdfast.SendOptions;
import io.holdfast.queue.Recovered.Kept;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link SendQueue} does, as far as it can be seen without a crash. */
abstract class SendQueueContract {
  static final long MAX_BYTES = 16_384;

  final Answers answers = new Answers();
  private SendQueue queue;

  /** Makes the queue that is tested, with {@link #MAX_BYTES}. */
  abstract SendQueue newQueue() throws IOException;

  /** Returns the queue after its end: what a new life begins with. */
  abstract SendQueue reborn(SendQueue closed) throws IOException;

  @BeforeEach
  void openQueue() throws IOException {
    queue = newQueue();
    assertThat(queue.open().messages()).isEmpty();
  }

  static StoredMessage text(String text) {
    return new StoredMessage(Message.text(text), SendOptions.DEFAULT, 1_000);
  }

  private Recovered nextLife() throws IOException {
    queue.close(() -> {});
    queue = reborn(queue);
    return queue.open();
  }

  private static List<Long> sequences(Recovered recovered) {
    List<Long> sequences = new ArrayList<>();
    for (Kept kept : recovered.messages()) sequences.add(kept.sequence());
    return sequences;
  }

  @Test
  void appendsAreToldInOrderAndFoundInOrder() throws IOException {
    long first = queue.append(text("a"), answers);
    long second = queue.append(text("b"), answers);

    assertThat(second).isGreaterThan(first);
    assertThat(answers.durable).containsExactly(first, second);
    assertThat(queue.usage().messages()).isEqualTo(2);
    assertThat(queue.usage().bytes()).isPositive();
    Recovered recovered = nextLife();
    assertThat(sequences(recovered)).containsExactly(first, second);
    assertThat(recovered.unreadable()).isEmpty();
    assertThat(recovered.state()).isNull();
  }

  @Test
  void everyPartOfAMessageComesBack() throws IOException {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("z", "first");
    metadata.put("a", "");
    metadata.put("", "π");
    SendOptions all =
        new SendOptions(Assurance.WRITTEN, true, true, Duration.ofMillis(12), "slider", metadata);
    StoredMessage binary = new StoredMessage(Message.binary(new byte[] {0, -1, 1}), all, -5);
    StoredMessage empty = new StoredMessage(Message.text(""), SendOptions.DEFAULT, 0);
    queue.append(binary, answers);
    queue.append(empty, answers);

    List<Kept> kept = nextLife().messages();

    assertThat(kept.get(0).message()).isEqualTo(binary);
    assertThat(kept.get(0).message().options().metadata()).containsExactlyEntriesOf(metadata);
    assertThat(kept.get(1).message()).isEqualTo(empty);
  }

  @Test
  void releasedMessagesDoNotComeBackAndFreeTheirPlace() throws IOException {
    long first = queue.append(text("a"), answers);
    long second = queue.append(text("b"), answers);
    long third = queue.append(text("c"), answers);
    queue.release(second);
    queue.release(second);
    queue.release(99);
    queue.release(Long.MAX_VALUE);
    queue.release(-1);

    assertThat(queue.usage().messages()).isEqualTo(2);
    assertThat(sequences(nextLife())).containsExactly(first, third);
    queue.release(first);
    queue.release(third);
    assertThat(sequences(nextLife())).isEmpty();
    assertThat(queue.append(text("d"), answers)).isGreaterThan(third);
  }

  @Test
  void aMessageMayBeReleasedAsSoonAsItIsTold() throws IOException {
    List<Long> told = new ArrayList<>();
    queue.append(
        text("a"),
        new SendQueue.AppendCallback() {
          @Override
          public void durable(long sequence) {
            told.add(sequence);
            queue.release(sequence);
            queue.append(text("answer"), answers);
          }

          @Override
          public void refused(long sequence, SendQueue.Refusal refusal) {
            throw new AssertionError(refusal);
          }
        });

    assertThat(told).hasSize(1);
    assertThat(sequences(nextLife())).isEqualTo(answers.durable).hasSize(1);
  }

  @Test
  void theStateSavedLastComesBack() throws IOException {
    queue.saveState("one".getBytes(StandardCharsets.UTF_8));
    queue.append(text("a"), answers);
    queue.saveState("two".getBytes(StandardCharsets.UTF_8));

    assertThat(nextLife().state()).asString(StandardCharsets.UTF_8).isEqualTo("two");
    assertThat(nextLife().state()).asString(StandardCharsets.UTF_8).isEqualTo("two");
    queue.saveState(new byte[0]);
    assertThat(nextLife().state()).isEmpty();
  }

  @Test
  void whetherATransportMayHaveHadAMessageIsKnown() throws IOException {
    Answers ready = new Answers();
    long first = queue.append(text("a"), answers);
    long second = queue.append(text("b"), answers);
    assertThat(nextLife().messages()).noneMatch(Kept::mayHaveBeenHanded);

    queue.handing(onDisk -> ready.durable(onDisk ? 1 : 0));
    assertThat(ready.durable).containsExactly(1L);
    assertThat(nextLife().messages()).allMatch(Kept::mayHaveBeenHanded);

    queue.handing(onDisk -> ready.durable(onDisk ? 2 : 0));
    queue.handed(first);
    long third = queue.append(text("c"), answers);
    List<Kept> kept = nextLife().messages();
    assertThat(kept).extracting(Kept::sequence).containsExactly(first, second, third);
    assertThat(kept).extracting(Kept::mayHaveBeenHanded).containsExactly(true, false, false);
  }

  @Test
  void whatIsTooLargeOrTooMuchIsRefusedInOrderAndMakesWayLater() throws IOException {
    StoredMessage half = new StoredMessage(Message.binary(new byte[5_000]), SendOptions.DEFAULT, 0);
    StoredMessage huge =
        new StoredMessage(Message.binary(new byte[20_000]), SendOptions.DEFAULT, 0);
    long first = queue.append(half, answers);
    queue.append(huge, answers);
    assertThat(answers.lastRefusal().reason()).isEqualTo(SendQueue.Refusal.Reason.TOO_LARGE);
    queue.append(half, answers);
    int before = answers.refusals.size();
    queue.append(half, answers);
    queue.append(half, answers);

    assertThat(answers.refusals.size()).isGreaterThan(before);
    assertThat(answers.lastRefusal().reason()).isEqualTo(SendQueue.Refusal.Reason.QUEUE_FULL);
    assertThat(answers.lastRefusal().message()).contains(" bytes but ");
    assertThat(queue.usage().bytes()).isLessThanOrEqualTo(MAX_BYTES);
    queue.release(first);
    int durable = answers.durable.size();
    queue.append(half, answers);
    assertThat(answers.durable).hasSize(durable + 1);
    assertThat(sequences(nextLife())).doesNotContain(first).hasSize(durable);
  }

  @Test
  void aClosedQueueRefusesAndMayBeOpenedAgain() throws IOException {
    List<String> closed = new ArrayList<>();
    long kept = queue.append(text("a"), answers);
    queue.close(() -> closed.add("once"));
    queue.close(() -> closed.add("twice"));
    queue.append(text("b"), answers);
    queue.release(kept);
    queue.handing(onDisk -> closed.add("on disk " + onDisk));
    queue.handed(0);
    queue.saveState(new byte[1]);

    assertThat(closed).containsExactly("once", "twice", "on disk false");
    assertThat(answers.lastRefusal().reason()).isEqualTo(SendQueue.Refusal.Reason.CLOSED);
    Recovered recovered = queue.open();
    assertThat(sequences(recovered)).containsExactly(kept);
    assertThat(recovered.state()).isNull();
    queue.append(text("c"), answers);
    assertThat(sequences(nextLife())).hasSize(2);
  }

  @Test
  void whoeverHearsThatItIsClosedMayOpenIt() throws IOException {
    long kept = queue.append(text("a"), answers);
    List<Recovered> next = new ArrayList<>();
    queue.close(
        () -> {
          try {
            next.add(queue.open());
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });

    assertThat(next).hasSize(1);
    assertThat(sequences(next.get(0))).containsExactly(kept);
  }

  @Test
  void aCallbackThatThrowsStopsNothing() throws IOException {
    queue.append(
        text("a"),
        new SendQueue.AppendCallback() {
          @Override
          public void durable(long sequence) {
            throw new LinkageError("thrown by a test");
          }

          @Override
          public void refused(long sequence, SendQueue.Refusal refusal) {
            throw new AssertionError(refusal);
          }
        });
    queue.append(text("b"), answers);

    assertThat(answers.durable).hasSize(1);
    // Nor does it cost a journal its segment.
    assertThat(queue.usage().bytes()).isLessThanOrEqualTo(4_096);
    assertThat(sequences(nextLife())).hasSize(2);
  }

  @Test
  void callbacksAreNotRunInsideOneAnother() {
    List<String> told = new ArrayList<>();
    queue.append(
        text("a"),
        new SendQueue.AppendCallback() {
          @Override
          public void durable(long sequence) {
            told.add("begins " + sequence);
            if (sequence < 3) queue.append(text("next"), this);
            told.add("ends " + sequence);
          }

          @Override
          public void refused(long sequence, SendQueue.Refusal refusal) {
            throw new AssertionError(refusal);
          }
        });

    assertThat(told)
        .containsExactly("begins 1", "ends 1", "begins 2", "ends 2", "begins 3", "ends 3");
  }

  @Test
  void wrongCallsSayWhatIsWrong() throws IOException {
    assertThatThrownBy(queue::open)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("must be closed to be opened but is OPEN");
    SendQueue unopened = newQueue();
    assertThatThrownBy(() -> unopened.append(text("a"), answers))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("must be open but is NEW");
    assertThatThrownBy(() -> queue.saveState(new byte[StoredMessage.MAX_STATE + 1]))
        .hasMessage("state must be at most 65536 bytes but was 65537");
    assertThatThrownBy(() -> queue.handed(-1)).hasMessage("upTo must not be negative but was -1");
  }

  @Test
  void timesToLiveBecomeTimesOfTheWallClock() {
    assertThat(expiry(Duration.ofNanos(1), 50)).isEqualTo(51);
    assertThat(expiry(Duration.ofSeconds(2), 50)).isEqualTo(2_050);
    assertThat(expiry(Duration.ofDays(365 * 250), Long.MAX_VALUE - 5))
        .isEqualTo(StoredMessage.NEVER);
    assertThat(text("a").expiresAtMillis()).isEqualTo(StoredMessage.NEVER);
  }

  private static long expiry(Duration timeToLive, long nowMillis) {
    SendOptions options = SendOptions.DEFAULT.withTimeToLive(timeToLive);
    return new StoredMessage(Message.text("a"), options, nowMillis).expiresAtMillis();
  }

  @Test
  void longMetadataAndKeysAreRefusedByTheirMessage() {
    assertThatThrownBy(
            () ->
                SendOptions.DEFAULT.withMetadata(
                    Map.of("k", "v".repeat(SendOptions.MAX_METADATA_BYTES - 4))))
        .hasMessage("metadata must be at most 1024 bytes but was 1025");
    assertThatThrownBy(() -> SendOptions.DEFAULT.withConflationKey("k".repeat(256)))
        .hasMessage("conflationKey must be at most 255 bytes but was 256");
  }
}
