package io.holdfast.rx;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.Fate;
import io.holdfast.Message;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Answers come on one thread while timeouts run out on others. */
@ExtendWith(NoUndeliverableErrors.class)
class RequestsStressTest {
  private static final int REQUESTS = 20_000;

  private final ExecutorService coreThread = Executors.newSingleThreadExecutor();
  private final FakeConnection fake = new FakeConnection(coreThread);
  private final Requests<Integer> requests =
      RxConnection.of(fake).requests(message -> Integer.valueOf(((Message.Text) message).text()));
  private final CompositeDisposable running = new CompositeDisposable();

  @AfterEach
  void noThreadIsLeftOver() throws InterruptedException {
    running.dispose();
    coreThread.shutdownNow();
    assertThat(coreThread.awaitTermination(5, SECONDS)).isTrue();
  }

  @Test
  @Timeout(30)
  void everyRequestEndsOnceAndEveryAnswerIsEitherTakenOrAStray() throws InterruptedException {
    Random random = new Random(20_240_917);
    AtomicInteger answered = new AtomicInteger();
    AtomicInteger timedOut = new AtomicInteger();
    AtomicInteger strays = new AtomicInteger();
    CountDownLatch ends = new CountDownLatch(REQUESTS);
    CountDownLatch answers = new CountDownLatch(REQUESTS);
    fake.endAtOnceWith(new Fate.Confirmed());
    running.add(
        requests
            .strays()
            .subscribe(
                stray -> {
                  strays.incrementAndGet();
                  answers.countDown();
                }));

    for (int key = 0; key < REQUESTS; key++) {
      Message message = Message.text(Integer.toString(key));
      running.add(
          requests
              .request(key, message, Duration.ofNanos(1 + random.nextInt(200_000)))
              .subscribe(
                  answer -> {
                    answered.incrementAndGet();
                    answers.countDown();
                    ends.countDown();
                  },
                  failure -> {
                    timedOut.incrementAndGet();
                    ends.countDown();
                  }));
      fake.inbound.read(message);
    }

    assertThat(ends.await(10, SECONDS)).isTrue();
    assertThat(answers.await(10, SECONDS)).isTrue();
    assertThat(answered.get() + timedOut.get()).isEqualTo(REQUESTS);
    assertThat(strays.get()).isEqualTo(timedOut.get());
    assertThat(requests.waiting()).isZero();
  }
}
