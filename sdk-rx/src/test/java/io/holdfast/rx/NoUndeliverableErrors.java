package io.holdfast.rx;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.rxjava3.plugins.RxJavaPlugins;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails a test in which an error went to {@code RxJavaPlugins.onError}. */
final class NoUndeliverableErrors implements BeforeEachCallback, AfterEachCallback {
  private final List<Throwable> errors = new CopyOnWriteArrayList<>();

  @Override
  public void beforeEach(ExtensionContext context) {
    errors.clear();
    RxJavaPlugins.setErrorHandler(errors::add);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    RxJavaPlugins.reset();
    assertThat(errors).isEmpty();
  }
}
