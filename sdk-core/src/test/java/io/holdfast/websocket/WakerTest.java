package io.holdfast.websocket;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InterruptedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class WakerTest {
  private final Waker waker = new Waker();

  @Test
  void noWakeUpIsLost() throws Exception {
    ConcurrentLinkedQueue<Integer> work = new ConcurrentLinkedQueue<>();
    int count = 200_000;
    CompletableFuture<Integer> worker =
        CompletableFuture.supplyAsync(
            () -> {
              int done = 0;
              while (done < count) {
                waker.clear();
                if (work.poll() == null) awaitOrFail();
                else done++;
              }
              return done;
            });

    for (int i = 0; i < count; i++) {
      work.add(i);
      waker.wake();
      // Let it run dry often, for that is where one could be lost.
      if (i % 64 == 0) LockSupport.parkNanos(1);
    }

    assertThat(worker.get(10, SECONDS)).isEqualTo(count);
  }

  @Test
  void interruptEndsTheWaitWithAnException() {
    Thread.currentThread().interrupt();

    assertThatThrownBy(waker::await).isInstanceOf(InterruptedIOException.class);

    assertThat(Thread.interrupted()).isTrue();
  }

  private void awaitOrFail() {
    try {
      waker.await();
    } catch (InterruptedIOException e) {
      throw new AssertionError(e);
    }
  }
}
