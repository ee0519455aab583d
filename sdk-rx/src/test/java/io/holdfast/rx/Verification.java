package io.holdfast.rx;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Comparator;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.opentest4j.TestAbortedException;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.testng.SkipException;
import org.testng.annotations.Test;

/** The Reactive Streams TCK for one publisher: its TestNG tests as dynamic ones of Jupiter. */
final class Verification<T> extends PublisherVerification<T> {
  private static final int TIMEOUT_MILLIS = 300;
  private static final int NO_SIGNAL_MILLIS = 20;

  private final LongFunction<Publisher<T>> publishers;
  private final @Nullable Publisher<T> failed;

  private Verification(LongFunction<Publisher<T>> publishers, @Nullable Publisher<T> failed) {
    super(new TestEnvironment(TIMEOUT_MILLIS, NO_SIGNAL_MILLIS));
    this.publishers = publishers;
    this.failed = failed;
  }

  /** Returns a test for each rule, over publishers of as many items as the rule asks for. */
  static <T> Stream<DynamicTest> of(LongFunction<Publisher<T>> publishers) {
    return of(publishers, null);
  }

  static <T> Stream<DynamicTest> of(
      LongFunction<Publisher<T>> publishers, @Nullable Publisher<T> failed) {
    return Stream.of(PublisherVerification.class.getMethods())
        .filter(method -> method.isAnnotationPresent(Test.class))
        .filter(method -> !method.getName().startsWith("untested_"))
        .sorted(Comparator.comparing(Method::getName))
        .map(
            rule ->
                DynamicTest.dynamicTest(
                    rule.getName(), () -> run(rule, new Verification<>(publishers, failed))));
  }

  private static void run(Method rule, Verification<?> verification) throws Throwable {
    verification.setUp();
    try {
      rule.invoke(verification);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof SkipException skipped) {
        throw new TestAbortedException(skipped.getMessage(), skipped);
      }
      throw e.getCause();
    }
  }

  @Override
  public Publisher<T> createPublisher(long elements) {
    return publishers.apply(elements);
  }

  @Override
  @SuppressWarnings("NullAway") // Null is how the TCK is told that there is none.
  public Publisher<T> createFailedPublisher() {
    return failed;
  }
}
