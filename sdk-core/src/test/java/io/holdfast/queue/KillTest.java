package io.holdfast.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.Message;
import io.holdfast.SendOptions;
import io.holdfast.endtoend.ChildProcess;
import io.holdfast.queue.Recovered.Kept;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that fills a journal on a real disk is killed with SIGKILL at a random moment, again
 * and again, in one directory. As often as one asks for, with {@code -Dholdfast.kills=100}:
 *
 * <pre>
 * mvn -q -pl sdk-testkit,sdk-core test -Dtest=KillTest -Dsurefire.failIfNoSpecifiedTests=false \
 *     -Dholdfast.kills=100
 * </pre>
 */
class KillTest {
  private static final int BUILD_KILLS = 3;
  private static final int IN_FLIGHT = 200;

  @TempDir Path temporary;
  private final Random random = new Random(42);
  // Sequences; a message's payload is made from its sequence's place in its life.
  private final TreeSet<Long> durable = new TreeSet<>();
  private final TreeSet<Long> released = new TreeSet<>();
  private long toldDurable;

  @Test
  void whatWasToldDurableSurvivesEveryKill() throws Exception {
    int kills = Integer.getInteger("holdfast.kills", BUILD_KILLS);
    for (int kill = 0; kill < kills; kill++) {
      liveAndDie();
      checkAndReopen();
    }

    System.out.printf("%d kills, %d messages told durable%n", kills, toldDurable);
    assertThat(toldDurable).isGreaterThan(kills);
  }

  private void liveAndDie() throws Exception {
    long most = 1L + random.nextInt(4_000);
    try (ChildProcess child = ChildProcess.start(Child.class, temporary.toString())) {
      long lines = 0;
      for (String line = child.readLine(); line != null; line = child.readLine()) {
        hear(line);
        if (++lines == most) child.kill();
      }
      assertThat(lines).as("what the child told").isGreaterThanOrEqualTo(most);
    }
  }

  private void hear(String line) {
    // The last line may be torn.
    if (!line.endsWith(".")) return;
    long sequence = Long.parseLong(line.substring(1, line.length() - 1));
    if (line.startsWith("+")) {
      toldDurable++;
      durable.add(sequence);
    } else if (line.startsWith("-")) {
      released.add(sequence);
    }
  }

  private void checkAndReopen() throws IOException {
    SendQueue queue = Child.queue(temporary, Runnable::run);
    Recovered recovered = queue.open();
    assertThat(recovered.unreadable()).isEmpty();
    TreeSet<Long> found = new TreeSet<>();
    for (Kept kept : recovered.messages()) {
      assertThat(kept.sequence()).isGreaterThan(found.isEmpty() ? 0 : found.last());
      assertThat(kept.message()).isEqualTo(Child.message(kept.message().acceptedAtMillis()));
      found.add(kept.sequence());
    }
    TreeSet<Long> missing = new TreeSet<>(durable);
    missing.removeAll(released);
    missing.removeAll(found);
    assertThat(missing).isEmpty();
    durable.clear();
    durable.addAll(found);
    released.clear();
    queue.close(() -> {});
  }

  /**
   * Appends as fast as it can, and says what it was told: {@code +7.} or, released, {@code -7.}.
   */
  static final class Child {
    private Child() {}

    static SendQueue queue(Path directory, Executor executor) {
      return JournalSendQueue.builder(directory, executor)
          .segmentBytes(64 * 1_024)
          .maxBytes(4 << 20)
          .build();
    }

    static StoredMessage message(long number) {
      byte[] payload = new byte[(int) (number * 37 % 700)];
      Arrays.fill(payload, (byte) number);
      return new StoredMessage(Message.wrap(payload), SendOptions.DEFAULT, number);
    }

    /** Runs until it is killed. */
    public static void main(String[] args) throws IOException, InterruptedException {
      ExecutorService thread = Executors.newSingleThreadExecutor();
      SendQueue queue = queue(Path.of(args[0]), thread);
      List<Kept> left = queue.open().messages();
      Semaphore inFlight = new Semaphore(IN_FLIGHT);
      Telling telling = new Telling(queue, inFlight);
      // Some stay from life to life, and never so many that the queue is full.
      int most = left.size() - 100;
      for (int i = 0; i < most; i++) telling.release(left.get(i).sequence());
      for (long number = 0; ; number++) {
        inFlight.acquire();
        queue.append(message(number), telling);
      }
    }
  }

  private static final class Telling implements SendQueue.AppendCallback {
    private final SendQueue queue;
    private final Semaphore inFlight;
    private final PrintStream out = System.out;

    Telling(SendQueue queue, Semaphore inFlight) {
      this.queue = queue;
      this.inFlight = inFlight;
    }

    // Told before it is done: what is killed in between counts as released.
    void release(long sequence) {
      out.println("-" + sequence + ".");
      queue.release(sequence);
    }

    @Override
    public void durable(long sequence) {
      out.println("+" + sequence + ".");
      if (sequence % 7 != 0) release(sequence);
      inFlight.release();
    }

    @Override
    public void refused(long sequence, SendQueue.Refusal refusal) {
      out.println("!" + sequence + ".");
      inFlight.release();
    }
  }
}
