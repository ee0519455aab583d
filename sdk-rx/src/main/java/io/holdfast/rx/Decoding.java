package io.holdfast.rx;

import static java.util.Objects.requireNonNull;

import io.holdfast.Message;
import io.reactivex.rxjava3.exceptions.Exceptions;
import io.reactivex.rxjava3.functions.Function;

/** Runs an app's decoder on what a peer sent, whatever that is. */
final class Decoding {
  private Decoding() {}

  static <T> Decoded<T> decode(Message message, Function<? super Message, ? extends T> decoder) {
    try {
      return new Decoded.Success<>(
          message, requireNonNull(decoder.apply(message), "decoder returned null"));
    } catch (StackOverflowError deeplyNested) {
      // A peer can provoke it in a recursive parser, and it must not end the stream.
      return new Decoded.Failure<>(message, deeplyNested);
    } catch (Throwable thrown) {
      Exceptions.throwIfFatal(thrown);
      return new Decoded.Failure<>(message, thrown);
    }
  }
}
