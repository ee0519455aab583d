package io.holdfast.rx;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.Message;
import io.reactivex.rxjava3.core.FlowableSubscriber;
import io.reactivex.rxjava3.subscribers.TestSubscriber;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.reactivestreams.Subscription;

/**
 * Subscribers on threads of their own join, ask, cancel and throw while messages come. Which way
 * the threads interleave differs from run to run; what each does follows from the seed.
 */
@ExtendWith(NoUndeliverableErrors.class)
class MessageMulticastStressTest {
  private static final long SEED = 20_240_917;
  private static final int ROUNDS = 80;
  private static final int MESSAGES = 2_000;

  private final ExecutorService coreThread = Executors.newSingleThreadExecutor();
  private final ExecutorService appThreads = Executors.newFixedThreadPool(3);
  private final Queue<String> broken = new ConcurrentLinkedQueue<>();

  @AfterEach
  void noThreadIsLeftOver() throws InterruptedException {
    coreThread.shutdownNow();
    appThreads.shutdownNow();
    assertThat(coreThread.awaitTermination(5, SECONDS)).isTrue();
    assertThat(appThreads.awaitTermination(5, SECONDS)).isTrue();
  }

  @Test
  @Timeout(30)
  void everySubscriberGetsItsMessagesInOrderWithoutLossAndNoMoreThanItAskedFor()
      throws InterruptedException {
    Random seeds = new Random(SEED);
    for (int round = 0; round < ROUNDS; round++) playRound(seeds.nextLong());
  }

  @Test
  @Timeout(30)
  void aRequestThatMeetsMessagesOnTheirWayKeepsTheirOrder() throws InterruptedException {
    Random random = new Random(SEED);
    for (int round = 0; round < 1_000; round++) {
      FakeConnection fake = new FakeConnection(coreThread);
      RxConnection connection = RxConnection.of(fake);
      // Its unbounded demand has messages outstanding, which the second one parks until it asks.
      TestSubscriber<Message> first = connection.messages().test();
      TestSubscriber<Message> second = connection.messages().test(0);
      int spins = random.nextInt(2_000);
      appThreads.execute(
          () -> {
            for (int i = 0; i < spins; i++) Thread.onSpinWait();
            while (second.values().size() < MessageMulticast.WINDOW * 2) second.request(1);
          });

      for (int i = 1; i <= MessageMulticast.WINDOW * 2; i++) fake.inbound.read(Integer.toString(i));
      fake.inbound.end();

      assertThat(second.await(10, SECONDS)).isTrue();
      assertThat(first.await(10, SECONDS)).isTrue();
      assertThat(second.values()).isEqualTo(first.values()).hasSize(MessageMulticast.WINDOW * 2);
    }
  }

  private void playRound(long seed) throws InterruptedException {
    Random random = new Random(seed);
    FakeConnection fake = new FakeConnection(coreThread);
    RxConnection connection = RxConnection.of(fake);
    List<Consumer> consumers = new ArrayList<>();
    for (int i = 0; i < 6; i++) consumers.add(new Consumer(random.nextLong(), null));
    consumers.add(new Consumer(random.nextLong(), OnOverflow.dropOldest(1 + random.nextInt(20))));
    consumers.add(new Consumer(random.nextLong(), OnOverflow.dropNewest(1 + random.nextInt(20))));
    // One is there from the start, the others join at any time.
    connection.messages().subscribe(consumers.get(0));
    for (Consumer consumer : consumers.subList(1, consumers.size())) {
      appThreads.execute(() -> consumer.subscribeTo(connection));
    }
    // One that never asks and would rather lose messages holds nobody up.
    TestSubscriber<Message> idle = connection.messages(OnOverflow.keepLatest()).test(0);

    for (int i = 1; i <= MESSAGES; i++) fake.inbound.read(Integer.toString(i));
    fake.inbound.end();
    for (Consumer consumer : consumers) {
      assertThat(consumer.over.await(10, SECONDS)).as("over, seed %d: %s", seed, consumer).isTrue();
    }

    idle.request(1);
    idle.assertValue(Message.text(Integer.toString(MESSAGES)));
    assertThat(broken).as("seed %d", seed).isEmpty();
    fake.inbound.check();
    assertThat(fake.inbound.mostOutstanding()).isLessThanOrEqualTo(MessageMulticast.WINDOW);
    if (!consumers.get(0).leaves()) assertThat(consumers.get(0).taken).isEqualTo(MESSAGES);
  }

  /** Asks for a few messages at a time, from its own thread or from inside onNext. */
  private final class Consumer implements FlowableSubscriber<Message> {
    private final CountDownLatch over = new CountDownLatch(1);
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicLong asked = new AtomicLong();
    private final Random random;
    private final @Nullable OnOverflow onOverflow;
    private final boolean unbounded;
    private final int cancelsAfter;
    private final int throwsAfter;
    private volatile Subscription[] subscription = {};
    private long credit;
    private int first;
    private int last;
    private int taken;

    Consumer(long seed, @Nullable OnOverflow onOverflow) {
      random = new Random(seed);
      this.onOverflow = onOverflow;
      unbounded = random.nextInt(4) == 0;
      cancelsAfter = random.nextInt(3) == 0 ? 1 + random.nextInt(MESSAGES / 2) : Integer.MAX_VALUE;
      throwsAfter = random.nextInt(5) == 0 ? 1 + random.nextInt(MESSAGES / 2) : Integer.MAX_VALUE;
    }

    void subscribeTo(RxConnection connection) {
      if (onOverflow == null) connection.messages().subscribe(this);
      else connection.messages(onOverflow).subscribe(this);
    }

    /** Whether this one may come after the one before, or be the last. */
    private boolean mayCome(int number) {
      return onOverflow == null ? number == last + 1 : number > last;
    }

    boolean leaves() {
      return Math.min(cancelsAfter, throwsAfter) < Integer.MAX_VALUE;
    }

    @Override
    public void onSubscribe(Subscription subscription) {
      this.subscription = new Subscription[] {subscription};
      // Some ask only after they have joined, so that they park.
      if (random.nextBoolean()) {
        ask();
      } else {
        appThreads.execute(this::ask);
      }
    }

    private void ask() {
      long count = unbounded ? Long.MAX_VALUE : 1 + random.nextInt(random.nextBoolean() ? 3 : 100);
      credit = count;
      if (!unbounded) asked.addAndGet(count);
      subscription[0].request(count);
    }

    @Override
    public void onNext(Message message) {
      if (inside.getAndIncrement() != 0) broken.add("two calls at once");
      int number = Integer.parseInt(((Message.Text) message).text());
      if (taken == 0) first = number;
      if (taken > 0 && !mayCome(number)) broken.add(number + " after " + last);
      if (over.getCount() == 0) broken.add(number + " after the end");
      last = number;
      taken++;
      if (!unbounded && taken > asked.get()) broken.add(taken + " taken, asked for " + asked);
      if (taken == cancelsAfter) {
        subscription[0].cancel();
        over.countDown();
      } else if (taken == throwsAfter) {
        over.countDown();
        throw new IllegalStateException("thrown at message " + number);
      } else if (!unbounded && --credit == 0) {
        // Nobody touches `credit` until more is asked for.
        if (random.nextBoolean()) {
          ask();
        } else {
          appThreads.execute(this::ask);
        }
      }
      inside.decrementAndGet();
    }

    @Override
    public void onError(Throwable error) {
      broken.add(error.toString());
    }

    @Override
    public void onComplete() {
      if (taken > 0 && last != MESSAGES && onOverflow == null)
        broken.add("completed after " + last);
      if (over.getCount() == 0) broken.add("completed after the end");
      over.countDown();
    }

    @Override
    public String toString() {
      return taken + " taken from " + first + " to " + last + ", asked for " + asked;
    }
  }
}
