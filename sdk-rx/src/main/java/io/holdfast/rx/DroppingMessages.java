package io.holdfast.rx;

import io.holdfast.Message;
import io.reactivex.rxjava3.core.Flowable;
import org.reactivestreams.Subscriber;

/** The inbound messages, for subscribers who would rather lose some than hold others up. */
final class DroppingMessages extends Flowable<Message> {
  private final MessageMulticast messages;
  private final OnOverflow onOverflow;

  DroppingMessages(MessageMulticast messages, OnOverflow onOverflow) {
    this.messages = messages;
    this.onOverflow = onOverflow;
  }

  @Override
  protected void subscribeActual(Subscriber<? super Message> subscriber) {
    messages.subscribe(subscriber, onOverflow);
  }
}
