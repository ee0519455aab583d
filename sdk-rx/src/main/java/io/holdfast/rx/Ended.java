package io.holdfast.rx;

import io.holdfast.Fate;
import io.holdfast.Message;

/** How the delivery of one message of {@link RxConnection#sendAll} ended. */
public record Ended(Message message, Fate fate) {}
