package io.holdfast.internal.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.resilience4j.retry.RetryConfig;
import io.holdfast.Backoff;
import io.holdfast.ConnectRequest;
import io.holdfast.Heartbeat;
import io.holdfast.ManagedConnection;
import io.holdfast.SendOptions;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What an app sets wrong is told at once, with rule and value. */
class BuilderTest {
  private static final Duration TOO_LONG = Duration.ofSeconds(Long.MAX_VALUE);

  @Test
  void countsMustBePositive() {
    Map<String, Consumer<Integer>> setters = new LinkedHashMap<>();
    setters.put("maxQueuedMessages", value -> builder().maxQueuedMessages(value));
    setters.put("maxQueuedBytes", value -> builder().maxQueuedBytes(value));
    setters.put("maxMessageBytes", value -> builder().maxMessageBytes(value));
    setters.put("resendLimit", value -> builder().resendLimit(value));
    setters.put("maxInboundMessages", value -> builder().maxInboundMessages(value));
    setters.put("maxInboundBytes", value -> builder().maxInboundBytes(value));

    setters.forEach(
        (name, setter) -> {
          assertRefused(() -> setter.accept(0), name + " must be positive but was 0");
          assertRefused(() -> setter.accept(-7), name + " must be positive but was -7");
          setter.accept(1);
        });
  }

  @Test
  void timesMustBePositive() {
    Map<String, Consumer<Duration>> setters = new LinkedHashMap<>();
    setters.put("barrierSpacing", value -> builder().barrierSpacing(value));
    setters.put("requestTimeout", value -> builder().requestTimeout(value));
    setters.put("attemptTimeout", value -> builder().attemptTimeout(value));
    setters.put("confirmTimeout", value -> builder().confirmTimeout(value));
    setters.put("writeStall", value -> builder().writeStall(value));
    setters.put("closeTimeout", value -> builder().closeTimeout(value));
    setters.put("heartbeat interval", value -> new Heartbeat(value, Duration.ofSeconds(1)));
    setters.put("heartbeat timeout", value -> new Heartbeat(Duration.ofSeconds(1), value));
    setters.put("backoff initial", value -> backoff(value, Duration.ofSeconds(1), Duration.ZERO));
    setters.put("backoff max", value -> backoff(Duration.ofNanos(1), value, Duration.ZERO));
    setters.put("timeToLive", value -> SendOptions.DEFAULT.withTimeToLive(value));

    setters.forEach(
        (name, setter) -> {
          assertRefused(
              () -> setter.accept(Duration.ZERO), name + " must be positive but was PT0S");
          assertRefused(
              () -> setter.accept(Duration.ofSeconds(-7)),
              name + " must be positive but was PT-7S");
          assertThatIllegalArgumentException()
              .isThrownBy(() -> setter.accept(TOO_LONG))
              .withMessageStartingWith(name + " must be <= ");
          setter.accept(Duration.ofNanos(1));
        });
  }

  @Test
  void timesThatMayBeZeroMustNotBeNegative() {
    Map<String, Consumer<Duration>> setters = new LinkedHashMap<>();
    setters.put("provenAfter", value -> builder().provenAfter(value));
    setters.put("stallLimit", value -> builder().stallLimit(value));
    setters.put(
        "backoff spread", value -> backoff(Duration.ofSeconds(1), Duration.ofSeconds(1), value));

    setters.forEach(
        (name, setter) -> {
          assertRefused(
              () -> setter.accept(Duration.ofSeconds(-7)),
              name + " must not be negative but was PT-7S");
          setter.accept(Duration.ZERO);
        });
  }

  @Test
  void aBackoffMayNotBeginAboveItsEnd() {
    assertRefused(
        () -> backoff(Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ZERO),
        "backoff initial must be <= max but was PT2S > PT1S");
  }

  @Test
  @SuppressWarnings("NullAway") // What the compiler would refuse.
  void nothingMayBeNull() {
    assertThatNullPointerException().isThrownBy(() -> ManagedConnection.builder((URI) null));
    assertThatNullPointerException()
        .isThrownBy(() -> ManagedConnection.builder((ConnectRequest) null));
    assertThatNullPointerException().isThrownBy(() -> builder().requests(null));
    assertThatNullPointerException().isThrownBy(() -> builder().asyncRequests(null));
    assertThatNullPointerException().isThrownBy(() -> builder().endpoints(null));
    assertThatNullPointerException().isThrownBy(() -> builder().classifier(null));
    assertThatNullPointerException().isThrownBy(() -> builder().transport(null));
    assertThatNullPointerException().isThrownBy(() -> builder().network(null));
    assertThatNullPointerException().isThrownBy(() -> builder().heartbeat(null));
    assertThatNullPointerException().isThrownBy(() -> builder().backoff(null));
    assertThatNullPointerException().isThrownBy(() -> builder().retry((RetryConfig) null));
    assertThatNullPointerException().isThrownBy(() -> builder().overflow(null));
    assertThatNullPointerException().isThrownBy(() -> builder().clock(null));
    assertThatNullPointerException().isThrownBy(() -> builder().random(null));
    assertThatNullPointerException().isThrownBy(() -> builder().ioExecutor(null));
    assertThatNullPointerException().isThrownBy(() -> builder().callbackExecutor(null));
  }

  @Test
  void theLongestTimesAreAllowedAndNeverPass() {
    Duration longest = Duration.ofNanos(Long.MAX_VALUE);
    VirtualConnection world =
        new VirtualConnection(
            builder ->
                builder
                    .heartbeat(new Heartbeat(longest, longest))
                    .requestTimeout(longest)
                    .attemptTimeout(longest)
                    .provenAfter(longest)
                    .confirmTimeout(longest)
                    .writeStall(longest)
                    .stallLimit(longest)
                    .barrierSpacing(longest)
                    .backoff(new Backoff(longest, longest, longest)));
    world.open();
    world.transport().answerPings(false);
    world.transport().blockWrites();

    world.advance(Duration.ofDays(1000));

    assertThat(world.network.attempts()).isEqualTo(1);
    assertThat(world.transport().cancelled()).isFalse();
    world.close();
  }

  private static Backoff backoff(Duration initial, Duration max, Duration spread) {
    return new Backoff(initial, max, spread);
  }

  private static ManagedConnection.Builder builder() {
    return ManagedConnection.builder(VirtualConnection.SERVER);
  }

  private static void assertRefused(Runnable call, String message) {
    assertThatIllegalArgumentException().isThrownBy(call::run).withMessage(message);
  }
}
