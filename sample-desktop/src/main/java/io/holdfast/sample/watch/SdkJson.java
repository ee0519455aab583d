package io.holdfast.sample.watch;

import io.holdfast.ConnectTimeline;
import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionEvent.AttemptFailed;
import io.holdfast.ConnectionEvent.AttemptStarted;
import io.holdfast.ConnectionEvent.ConsumerStalled;
import io.holdfast.ConnectionEvent.HeartbeatIntervalLearned;
import io.holdfast.ConnectionEvent.NetworkChanged;
import io.holdfast.ConnectionEvent.NotDelivered;
import io.holdfast.ConnectionEvent.OutageEnded;
import io.holdfast.ConnectionEvent.OutageLasts;
import io.holdfast.ConnectionEvent.PingSent;
import io.holdfast.ConnectionEvent.PongSupportLearned;
import io.holdfast.ConnectionEvent.QueueFilled;
import io.holdfast.ConnectionEvent.QueueHasRoom;
import io.holdfast.ConnectionEvent.ReadyStepReached;
import io.holdfast.ConnectionEvent.RetryScheduled;
import io.holdfast.ConnectionEvent.RoundTripMeasured;
import io.holdfast.ConnectionEvent.SuccessorDropped;
import io.holdfast.ConnectionEvent.SuccessorStarted;
import io.holdfast.ConnectionEvent.TransportLost;
import io.holdfast.ConnectionEvent.TransportOpened;
import io.holdfast.ConnectionEvent.WokeUp;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.HandshakeRejected;
import io.holdfast.ConnectionException.HeartbeatTimedOut;
import io.holdfast.ConnectionException.PeerClosed;
import io.holdfast.ConnectionState;
import io.holdfast.ConnectionState.Closed;
import io.holdfast.ConnectionState.Closing;
import io.holdfast.ConnectionState.Connecting;
import io.holdfast.ConnectionState.Offline;
import io.holdfast.ConnectionState.Open;
import io.holdfast.ConnectionState.Waiting;
import io.holdfast.Fate;
import io.holdfast.QueueSnapshot;
import io.holdfast.network.NetworkStatus;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes the SDK's states, events, failures and fates as fields of JSON. */
final class SdkJson {
  private final Secrets secrets;

  SdkJson(Secrets secrets) {
    this.secrets = secrets;
  }

  void put(ConnectionState state, JsonObject json) {
    json.put("state", Names.of(state.getClass())).put("readyState", state.readyState().code());
    if (state instanceof Connecting connecting) {
      json.put("attempt", connecting.attempt()).put("phase", Names.of(connecting.phase()));
    } else if (state instanceof Open open) {
      json.put("transport", open.generation())
          .put("subprotocol", open.protocol())
          .put("extensions", open.extensions())
          .put("steps", steps(open.timeline()));
    } else if (state instanceof Waiting waiting) {
      json.put("attempt", waiting.nextAttempt()).putMillis("delayMs", waiting.delay());
      putCause(waiting.cause(), json);
    } else if (state instanceof Offline offline) {
      json.put("reason", Names.of(offline.reason()));
      putCause(offline.cause(), json);
    } else if (state instanceof Closing closing) {
      json.put("code", closing.code()).put("reason", closing.reason());
    } else if (state instanceof Closed closed) {
      json.put("code", closed.code()).put("reason", closed.reason()).put("clean", closed.clean());
      putCause(closed.cause(), json);
    }
  }

  void put(ConnectionEvent event, JsonObject json) {
    json.put("event", Names.of(event.getClass()));
    if (event instanceof TransportOpened opened) {
      json.put("transport", opened.generation())
          .put("attempt", opened.attempt())
          .put("steps", steps(opened.timeline()));
    } else if (event instanceof AttemptFailed failed) {
      json.put("attempt", failed.attempt()).put("steps", steps(failed.timeline()));
      putCause(failed.cause(), json);
    } else if (event instanceof TransportLost lost) {
      json.put("transport", lost.generation()).put("inFlight", lost.inFlight());
      putCause(lost.cause(), json);
    } else if (event instanceof RetryScheduled retry) {
      json.put("attempt", retry.attempt()).putMillis("delayMs", retry.delay());
      putCause(retry.cause(), json);
    } else if (event instanceof AttemptStarted started) {
      json.put("transport", started.generation()).put("attempt", started.attempt());
    } else if (event instanceof OutageEnded ended) {
      json.put("transport", ended.generation());
    } else if (event instanceof RoundTripMeasured measured) {
      json.put("transport", measured.generation()).putMillis("roundTripMs", measured.roundTrip());
    } else if (event instanceof ReadyStepReached reached) {
      json.put("transport", reached.generation()).put("step", reached.step());
    } else if (event instanceof SuccessorStarted second) {
      json.put("transport", second.generation()).put("drain", second.drain());
    } else if (event instanceof SuccessorDropped second) {
      json.put("transport", second.generation());
      putCause(second.cause(), json);
    } else if (event instanceof OutageLasts outage) {
      json.putMillis("lastedMs", outage.lasted());
    } else if (event instanceof NetworkChanged changed) {
      putNetwork(changed.status(), json);
    } else if (event instanceof WokeUp woke) {
      json.putMillis("sleptMs", woke.slept());
    } else if (event instanceof HeartbeatIntervalLearned learned) {
      json.put("label", learned.label()).putMillis("intervalMs", learned.interval());
    } else if (event instanceof PongSupportLearned learned) {
      json.put("pongs", Names.of(learned.support()));
    } else if (event instanceof ConsumerStalled stalled) {
      json.put("transport", stalled.generation());
    } else if (event instanceof PingSent ping) {
      json.put("transport", ping.generation()).put("number", ping.number());
    } else if (event instanceof QueueFilled filled) {
      putQueue(filled.queue(), json);
    } else if (event instanceof QueueHasRoom room) {
      putQueue(room.queue(), json);
    } else if (event instanceof NotDelivered ended) {
      json.put("id", ended.id());
      put(ended.fate(), json);
    }
  }

  private static void putNetwork(NetworkStatus network, JsonObject json) {
    json.put("available", network.available())
        .put("label", network.label())
        .put("metered", network.metered());
  }

  private static void putQueue(QueueSnapshot queue, JsonObject json) {
    json.put("queued", queue.queued())
        .put("inFlight", queue.inFlight())
        .put("bytes", queue.bytes());
  }

  /** Puts the fate's name, why it came to that, and whether it counts as delivered. */
  void put(Fate fate, JsonObject json) {
    json.put("fate", Names.of(fate.getClass())).put("delivered", fate.delivered());
    Fates.reason(fate).ifPresent(reason -> json.put("reason", Names.of(reason)));
    if (fate instanceof Fate.InDoubt inDoubt) putCause(inDoubt.cause(), json);
  }

  private void putCause(@Nullable ConnectionException cause, JsonObject json) {
    if (cause == null) return;
    JsonObject facts = new JsonObject();
    facts.put("kind", Names.of(cause.getClass()));
    facts.put("message", secrets.hide(String.valueOf(cause.getMessage())));
    if (cause instanceof HandshakeRejected rejected) {
      facts.put("status", rejected.status());
      if (!rejected.body().isEmpty()) facts.put("body", secrets.hide(rejected.body()));
      retryAfter(rejected).ifPresent(value -> facts.put("retryAfter", value));
    } else if (cause instanceof PeerClosed closed) {
      facts.put("code", closed.code()).put("reason", closed.reason());
    } else if (cause instanceof HeartbeatTimedOut timedOut) {
      facts.putMillis("silenceMs", timedOut.silence());
    }
    json.put("cause", facts);
  }

  private static Optional<String> retryAfter(HandshakeRejected rejected) {
    return rejected.headers().stream()
        .filter(header -> header.name().equalsIgnoreCase("Retry-After"))
        .map(header -> header.value())
        .findFirst();
  }

  private static JsonObject steps(ConnectTimeline timeline) {
    JsonObject steps = new JsonObject();
    putStep("dnsMs", timeline.dnsNanos(), steps);
    putStep("tcpMs", timeline.tcpNanos(), steps);
    putStep("tlsMs", timeline.tlsNanos(), steps);
    putStep("upgradeMs", timeline.upgradeNanos(), steps);
    putStep("totalMs", timeline.totalNanos(), steps);
    if (timeline.address() != null) steps.put("address", Peer.address(timeline.address()));
    if (timeline.tlsVersion() != null) steps.put("tlsVersion", timeline.tlsVersion());
    return steps;
  }

  private static void putStep(String name, long nanos, JsonObject steps) {
    if (nanos >= 0) steps.putMillis(name, Duration.ofNanos(nanos));
  }
}
