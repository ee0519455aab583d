package io.holdfast.internal.driver;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.Assurance;
import io.holdfast.ConnectionException.StreamBroken;
import io.holdfast.Delivery;
import io.holdfast.Fate;
import io.holdfast.Message;
import io.holdfast.Overflow;
import io.holdfast.QueueSnapshot;
import io.holdfast.SendOptions;
import io.holdfast.internal.Settings;
import io.holdfast.transport.OutboundBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The outbox between real threads: senders, cancellers, a writer that sleeps whenever it is told
 * to, a peer that answers pings, and transports that are lost. Nobody nudges anybody: a wake-up or
 * a telling that gets lost shows as a message without an end.
 */
class OutboxStressTest {
  private static final int SENDERS = 3;
  private static final int MESSAGES = 4_000;
  private static final int TRANSPORTS = 60;
  private static final Executor INLINE = Runnable::run;

  private final SerialExecutor mailbox = new SerialExecutor(SharedThreads.io());
  private final Semaphore wake = new Semaphore(0);
  private final BlockingQueue<Ping> pings = new LinkedBlockingQueue<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile long generation;

  private static final class Ping {
    private final long generation;
    private final byte[] payload;

    private Ping(long generation, byte[] payload) {
      this.generation = generation;
      this.payload = payload;
    }
  }

  @AfterEach
  void endThreads() throws InterruptedException {
    for (Thread thread : threads) thread.interrupt();
    Parallel.join(threads);
  }

  @Test
  void everyDeliveryIsToldOnceToEachListenerWithCallbacksOnAThreadOfTheirOwn()
      throws InterruptedException {
    everyDeliveryIsToldOnce(SharedThreads.io(), 1);
  }

  @Test
  void everyDeliveryIsToldOnceToEachListenerWithCallbacksOnWhateverThread()
      throws InterruptedException {
    everyDeliveryIsToldOnce(INLINE, 2);
  }

  private void everyDeliveryIsToldOnce(Executor callbacks, long seed) throws InterruptedException {
    OutboxRunner outbox = outbox(callbacks);
    ConcurrentLinkedQueue<Delivery> sent = new ConcurrentLinkedQueue<>();
    ConcurrentLinkedQueue<AtomicInteger> tellings = new ConcurrentLinkedQueue<>();
    // Each delivery has three listeners: its sender's, one more that comes late, and one in the
    // first.
    CountDownLatch told = new CountDownLatch(3 * SENDERS * MESSAGES);
    BlockingQueue<Delivery> late = new LinkedBlockingQueue<>();
    List<Thread> senders = new ArrayList<>();
    for (int i = 0; i < SENDERS; i++) {
      Random random = new Random(seed * 100 + i);
      senders.add(
          Parallel.start(
              () -> {
                for (int j = 0; j < MESSAGES; j++) {
                  Delivery delivery = outbox.send(Message.text("m" + j), options(random));
                  sent.add(delivery);
                  delivery.whenEnded(
                      counting(tellings, told)
                          .andThen(fate -> delivery.whenEnded(counting(tellings, told))));
                  late.add(delivery);
                  if (random.nextInt(50) == 0) Thread.onSpinWait();
                }
              }));
    }
    Random chance = new Random(seed);
    threads.add(
        Parallel.start(
            () -> {
              for (Delivery delivery = late.take(); ; delivery = late.take()) {
                if (chance.nextInt(4) == 0) delivery.cancel();
                delivery.whenEnded(counting(tellings, told));
              }
            }));
    startWriterAndPeer(outbox, seed);
    loseTransports(outbox, seed);
    Parallel.join(senders);

    assertThat(told.await(20, SECONDS)).as("%d tellings are missing", told.getCount()).isTrue();

    assertThat(sent).hasSize(SENDERS * MESSAGES).noneMatch(delivery -> delivery.fate() == null);
    assertThat(tellings).hasSize(3 * SENDERS * MESSAGES).allMatch(count -> count.get() == 1);
    assertThat(outbox.snapshot()).isEqualTo(QueueSnapshot.EMPTY);
    assertThat(outbox.unwrittenBytes()).isZero();
    assertThat(sent).anyMatch(delivery -> delivery.fate() instanceof Fate.Confirmed);
    outbox.endAll();
  }

  @Test
  void fatesAreToldInTheOrderOfSendingThroughManyTransports() throws InterruptedException {
    OutboxRunner outbox = outbox(INLINE);
    List<Integer> told = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch all = new CountDownLatch(MESSAGES);
    List<Integer> sent = new ArrayList<>();
    for (int i = 0; i < MESSAGES; i++) {
      int number = i;
      sent.add(number);
      outbox
          .send(Message.text("m" + i), SendOptions.DEFAULT)
          .whenEnded(
              fate -> {
                told.add(number);
                all.countDown();
              });
    }

    startWriterAndPeer(outbox, 3);
    loseTransports(outbox, 3);

    assertThat(all.await(20, SECONDS)).isTrue();
    assertThat(told).isEqualTo(sent);
    outbox.endAll();
  }

  @Test
  void closingWhileAllSendLeavesNoDeliveryWithoutAnEnd() throws InterruptedException {
    for (int round = 0; round < 30; round++) {
      OutboxRunner outbox = outbox(INLINE);
      int count = 200;
      CountDownLatch told = new CountDownLatch(2 * count);
      List<Thread> senders = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        senders.add(
            Parallel.start(
                () -> {
                  for (int j = 0; j < count; j++) {
                    outbox
                        .send(Message.text("m"), SendOptions.DEFAULT)
                        .whenEnded(fate -> told.countDown());
                  }
                }));
      }
      outbox.endAll();
      Parallel.join(senders);
      assertThat(told.await(10, SECONDS)).isTrue();
    }
  }

  private OutboxRunner outbox(Executor callbacks) {
    Settings.Queue limits =
        new Settings.Queue(
            SENDERS * MESSAGES, 1 << 20, 1 << 20, Overflow.REJECT, 1000, Duration.ofMillis(1));
    return new OutboxRunner(
        limits,
        null,
        false,
        state -> {},
        Runnable::run,
        SystemClock.INSTANCE,
        mailbox,
        new SerialExecutor(callbacks),
        wake::release,
        () -> {},
        () -> {},
        () -> {},
        event -> {});
  }

  private static SendOptions options(Random random) {
    SendOptions options =
        SendOptions.DEFAULT.withAssurance(
            random.nextInt(4) == 0 ? Assurance.WRITTEN : Assurance.CONFIRMED);
    if (random.nextInt(10) == 0) options = options.withAtMostOnce();
    if (random.nextInt(10) == 0) options = options.withTimeToLive(Duration.ofMillis(1));
    return options;
  }

  private static Consumer<Fate> counting(
      ConcurrentLinkedQueue<AtomicInteger> tellings, CountDownLatch told) {
    AtomicInteger count = new AtomicInteger();
    tellings.add(count);
    return fate -> {
      count.incrementAndGet();
      told.countDown();
    };
  }

  private void startWriterAndPeer(OutboxRunner outbox, long seed) {
    Random ofWriter = new Random(seed);
    threads.add(
        Parallel.start(
            () -> {
              OutboundBatch batch = new OutboundBatch();
              while (true) {
                wake.drainPermits();
                long current = generation;
                batch.clear();
                if (!outbox.take(current, batch, 1 + ofWriter.nextInt(2000))) {
                  wake.acquire();
                  continue;
                }
                if (batch.ping() != null) pings.add(new Ping(current, batch.ping()));
                if (ofWriter.nextInt(4) == 0) Thread.onSpinWait();
                outbox.written(current);
              }
            }));
    threads.add(
        Parallel.start(
            () -> {
              while (true) {
                Ping ping = pings.take();
                // It may answer the latest only (RFC 6455 section 5.5.3).
                for (Ping newer = pings.poll(); newer != null; newer = pings.poll()) ping = newer;
                outbox.pong(ping.generation, ping.payload);
              }
            }));
  }

  /** Opens transports and loses them all but the last one. */
  private void loseTransports(OutboxRunner outbox, long seed) throws InterruptedException {
    Random random = new Random(seed);
    for (int i = 1; i <= TRANSPORTS; i++) {
      CountDownLatch opened = new CountDownLatch(1);
      int number = i;
      mailbox.execute(
          () -> {
            if (number > 1) outbox.rewind(new StreamBroken("loss " + number, null));
            generation = number;
            outbox.open(number, random.nextInt());
            opened.countDown();
          });
      assertThat(opened.await(10, SECONDS)).isTrue();
      for (int j = random.nextInt(2000); j > 0; j--) Thread.onSpinWait();
      if (random.nextInt(4) == 0) mailbox.execute(outbox::wantPing);
    }
  }
}
