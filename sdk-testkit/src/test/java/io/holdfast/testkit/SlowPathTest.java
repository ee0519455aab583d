package io.holdfast.testkit;

import static io.holdfast.testkit.Direction.TO_CLIENT;
import static io.holdfast.testkit.Direction.TO_SERVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a {@link FaultProxy} does with time: it throttles and delays. */
@Timeout(20)
class SlowPathTest extends ProxyFixture {
  private static final Duration LONG = Duration.ofSeconds(60);

  @Test
  void aThrottledPathTakesItsTimeAndLosesNothing() throws Exception {
    Pair pair = pair();
    assertThat(proxy.throttle(TO_SERVER, 100_000)).isEqualTo(1);
    long startedAtNanos = System.nanoTime();

    pair.client().getOutputStream().write(new byte[30_000]);
    assertThat(hear(pair.server(), 30_000)).hasSize(30_000);

    // A burst may go at once; all else takes its time.
    assertThat(System.nanoTime() - startedAtNanos).isBetween(250_000_000L, 2_000_000_000L);
  }

  @Test
  void aThrottleOneWayLeavesTheOtherWayFast() throws Exception {
    proxy.throttle(TO_SERVER, 1);
    Pair pair = pair();

    pair.server().getOutputStream().write(new byte[200_000]);

    assertThat(hear(pair.client(), 200_000)).hasSize(200_000);
  }

  @Test
  void healingAThrottleLetsTheRestGoAtOnce() throws Exception {
    Pair pair = pair();
    proxy.throttle(1);
    say(pair.client(), 1, 2, 3, 4, 5, 6, 7, 8);
    pair.client().shutdownOutput();
    assertSilent(pair.server());

    proxy.pass();

    assertThat(hear(pair.server(), 8)).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
    assertThat(pair.server().getInputStream().read()).isEqualTo(-1);
  }

  @Test
  void aDelayHoldsEachWay() throws Exception {
    Pair pair = pair();
    proxy.delay(Duration.ofMillis(100));
    long startedAtNanos = System.nanoTime();

    say(pair.client(), 1);
    say(pair.server(), hear(pair.server(), 1)[0]);
    assertThat(hear(pair.client(), 1)).containsExactly(1);

    assertThat(System.nanoTime() - startedAtNanos).isGreaterThanOrEqualTo(200_000_000L);
  }

  @Test
  void theEndIsDelayedToo() throws Exception {
    Pair pair = pair();
    proxy.delay(Duration.ofMillis(150));

    pair.client().shutdownOutput();

    assertSilent(pair.server());
    assertThat(pair.server().getInputStream().read()).isEqualTo(-1);
  }

  @Test
  void aWriterIsNotHeldUpByADelay() throws Exception {
    Pair pair = pair();
    proxy.delay(TO_SERVER, LONG, Duration.ZERO, 0);

    pair.client().getOutputStream().write(new byte[512 * 1024]);
    assertSilent(pair.server());
    proxy.pass();

    assertThat(hear(pair.server(), 512 * 1024)).hasSize(512 * 1024);
  }

  @Test
  void jitterKeepsTheOrder() throws Exception {
    Pair pair = pair();
    proxy.delay(Duration.ZERO, Duration.ofMillis(20), 7);

    for (int i = 0; i < 100; i++) say(pair.client(), i);

    byte[] heard = hear(pair.server(), 100);
    for (int i = 0; i < 100; i++) assertThat(heard[i]).isEqualTo((byte) i);
  }

  @Test
  void delayedBytesVanishInABlackHole() throws Exception {
    Pair pair = pair();
    proxy.delay(TO_CLIENT, LONG, Duration.ZERO, 0);
    say(pair.server(), 1, 2, 3);
    assertSilent(pair.client());

    proxy.blackHole(TO_CLIENT);

    assertEventually(p -> p.droppedBytes(TO_CLIENT) == 3);
  }

  @Test
  void aSpeedThatIsNoneAndATimeThatIsNegativeAreRefused() {
    assertThatThrownBy(() -> proxy.throttle(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("throttle must be >= 1 but was 0");
    assertThatThrownBy(() -> proxy.delay(Duration.ofNanos(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("delay must be >= 0 but was -1");
  }
}
