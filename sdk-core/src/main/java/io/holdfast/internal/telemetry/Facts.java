package io.holdfast.internal.telemetry;

import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionEvent.AttemptFailed;
import io.holdfast.ConnectionEvent.AttemptStarted;
import io.holdfast.ConnectionEvent.NotDelivered;
import io.holdfast.ConnectionEvent.OutageEnded;
import io.holdfast.ConnectionEvent.PingSent;
import io.holdfast.ConnectionEvent.QueueFilled;
import io.holdfast.ConnectionEvent.RoundTripMeasured;
import io.holdfast.ConnectionEvent.TransportLost;
import io.holdfast.ConnectionEvent.TransportOpened;
import io.holdfast.ConnectionState;
import io.holdfast.ConnectionState.Closed;
import io.holdfast.ConnectionState.Open;
import io.holdfast.ConnectionState.Waiting;
import java.util.LinkedHashMap;
import java.util.Map;

/** The fields of a log line, for machines: numbers and stable words, nothing that others said. */
public final class Facts {
  private Facts() {}

  /** Returns the fields of a state, in order. */
  public static Map<String, Object> of(ConnectionState state) {
    Map<String, Object> facts = new LinkedHashMap<>();
    if (state instanceof Open open) {
      facts.put("transport", open.generation());
    } else if (state instanceof Waiting waiting) {
      facts.put("attempt", waiting.nextAttempt());
      facts.put("delayMs", waiting.delay().toMillis());
      facts.put("cause", waiting.cause().kind());
    } else if (state instanceof Closed closed) {
      facts.put("code", closed.code());
      if (closed.cause() != null) facts.put("cause", closed.cause().kind());
    }
    return facts;
  }

  /** Returns the fields of an event, in order. */
  public static Map<String, Object> of(ConnectionEvent event) {
    Map<String, Object> facts = new LinkedHashMap<>();
    if (event instanceof AttemptStarted started) {
      facts.put("attempt", started.attempt());
    } else if (event instanceof TransportOpened opened) {
      facts.put("transport", opened.generation());
      facts.put("attempt", opened.attempt());
    } else if (event instanceof AttemptFailed failed) {
      facts.put("attempt", failed.attempt());
      facts.put("cause", failed.cause().kind());
    } else if (event instanceof TransportLost lost) {
      facts.put("transport", lost.generation());
      facts.put("inFlight", lost.inFlight());
      facts.put("cause", lost.cause().kind());
    } else if (event instanceof OutageEnded ended) {
      facts.put("transport", ended.generation());
    } else if (event instanceof PingSent ping) {
      facts.put("transport", ping.generation());
      facts.put("ping", ping.number());
    } else if (event instanceof RoundTripMeasured measured) {
      facts.put("transport", measured.generation());
      facts.put("roundTripMicros", measured.roundTrip().toNanos() / 1_000);
    } else if (event instanceof QueueFilled filled) {
      facts.put("queued", filled.queue().queued());
      facts.put("inFlight", filled.queue().inFlight());
    } else if (event instanceof NotDelivered ended) {
      facts.put("message", ended.id());
      facts.put("fate", Words.kind(ended.fate()));
    }
    return facts;
  }
}
