package io.holdfast.rx;

import io.holdfast.Message;
import java.util.Optional;

/**
 * What a decoder made of one message: a value, or a failure that is this message's own and leaves
 * the stream alone. For the values only, {@code decoded(decoder).mapOptional(Decoded::toOptional)}.
 */
public sealed interface Decoded<T> {

  /** Returns the message as it came. */
  Message message();

  /** Returns the value; empty if there is none. */
  Optional<T> toOptional();

  /** The decoder returned {@code value}. */
  record Success<T>(Message message, T value) implements Decoded<T> {
    @Override
    public Optional<T> toOptional() {
      return Optional.of(value);
    }
  }

  /**
   * The decoder could not read the message.
   *
   * @param cause what it threw; a {@link NullPointerException} if it returned null
   */
  record Failure<T>(Message message, Throwable cause) implements Decoded<T> {
    @Override
    public Optional<T> toOptional() {
      return Optional.empty();
    }
  }
}
