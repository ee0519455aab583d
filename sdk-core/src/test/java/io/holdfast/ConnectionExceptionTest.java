package io.holdfast;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.ConnectionException.HeartbeatTimedOut;
import io.holdfast.ConnectionException.ReconnectAsked;
import java.lang.reflect.Constructor;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConnectionExceptionTest {
  static Stream<Class<?>> kinds() {
    return Stream.of(ConnectionException.class.getPermittedSubclasses());
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void aKindIsTheClasssNameAsItIsNow(Class<?> kind) throws Exception {
    String name = kind.getSimpleName().replaceAll("(?<=.)([A-Z])", "-$1").toLowerCase(Locale.ROOT);

    assertThat(make(kind).kind()).isEqualTo(name);
  }

  @Test
  void aKindIsAWordForMetrics() {
    assertThat(new HeartbeatTimedOut(Duration.ZERO).kind()).isEqualTo("heartbeat-timed-out");
  }

  @Test
  void ofALongMessageTheBeginningIsKept() {
    ReconnectHint hint = ReconnectHint.DEFAULT;

    String message = new ReconnectAsked("a".repeat(1 << 20), hint).getMessage();

    assertThat(message).startsWith("asked to reconnect: aaa").endsWith("a...").hasSize(1_027);
    assertThat(new ReconnectAsked("soon", hint)).hasMessage("asked to reconnect: soon");
  }

  private static ConnectionException make(Class<?> kind) throws ReflectiveOperationException {
    Constructor<?> constructor = kind.getConstructors()[0];
    Object[] arguments =
        Stream.of(constructor.getParameterTypes())
            .map(ConnectionExceptionTest::anArgument)
            .toArray();
    return (ConnectionException) constructor.newInstance(arguments);
  }

  private static @Nullable Object anArgument(Class<?> type) {
    if (type == String.class) return "";
    if (type == boolean.class) return true;
    if (type == int.class) return 1;
    if (type == List.class) return List.of();
    if (type == Duration.class) return Duration.ZERO;
    if (type == ReconnectHint.class) return ReconnectHint.DEFAULT;
    if (Throwable.class.isAssignableFrom(type) || type == URI.class) return null;
    throw new AssertionError(type);
  }
}
