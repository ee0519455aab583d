package io.holdfast.benchmarks.subject;

/** Told of each binary message that comes, by one thread at a time. */
@FunctionalInterface
public interface Arrivals {
  /** A message of {@code bytes} has come; {@code message} is what the subject's user gets. */
  void message(Object message, int bytes);
}
