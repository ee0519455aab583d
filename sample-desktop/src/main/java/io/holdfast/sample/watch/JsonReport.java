package io.holdfast.sample.watch;

import io.holdfast.ConnectRequest;
import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionState;
import io.holdfast.Message;
import io.holdfast.QueueSnapshot;
import io.holdfast.sample.terminal.Texts;
import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * A report for programs: JSON lines, one object each. Names stay as they are; more may be added.
 *
 * <pre>
 * every object  type, time (ISO 8601), elapsedMs; what does not apply is left out
 * start         url, headers (their names), subprotocols (offered)
 * state         state, readyState (0 to 3), and by state
 *   connecting  attempt, phase (request, handshake, ready)
 *   open        transport, subprotocol, extensions, steps
 *   waiting     attempt, delayMs, cause
 *   offline     reason, cause
 *   closing     code, reason
 *   closed      code, reason, clean, cause
 * event         event, and by event
 *   attempt-started             transport, attempt
 *   transport-opened            transport, attempt, steps
 *   ready-step-reached          transport, step
 *   attempt-failed              attempt, steps, cause
 *   transport-lost              transport, inFlight, cause
 *   retry-scheduled             attempt, delayMs, cause
 *   outage-ended                transport
 *   outage-lasts                lastedMs
 *   successor-started           transport, drain (the server asked for it)
 *   successor-dropped           transport, cause (none: the first one answers)
 *   network-changed             available, label, metered
 *   woke-up                     sleptMs
 *   ping-sent                   transport, number
 *   round-trip-measured         transport, roundTripMs
 *   heartbeat-interval-learned  label (the network's), intervalMs
 *   pong-support-learned        pongs (yes, no)
 *   consumer-stalled            transport
 *   queue-filled                queued, inFlight, bytes
 *   queue-has-room              queued, inFlight, bytes
 *   not-delivered               id, fate, delivered, reason, cause
 * message       number (from 1), kind (text, binary), bytes, and text or base64
 * fate          line (from 1), bytes, fate, delivered, reason, cause, tookMs; fate is written,
 *               confirmed, expired, evicted, cancelled, rejected, in-doubt, or not-sent
 * queue         queued, inFlight, bytes
 * draining      deadlineMs
 * summary       ending, outcome, lines, delivered, undelivered, received, reconnects, roundTrips
 *
 * steps         dnsMs, tcpMs, tlsMs, upgradeMs, totalMs, address, tlsVersion
 * cause         kind, message; status, body, retryAfter of handshake-rejected; code, reason of
 *               peer-closed; silenceMs of heartbeat-timed-out
 * roundTrips    count, leastMs, meanMs, mostMs
 * ending        input-ended, duration-passed, interrupted, closed, gave-up, output-closed
 * outcome       clean, never-opened, lost, undelivered, refused, closed-by-server, protocol-broken
 * </pre>
 */
final class JsonReport implements Report {
  private final PrintStream out;
  private final SdkJson sdk;
  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private final ReentrantLock lock = new ReentrantLock();

  // The lock guards the fields below, and the order of what is printed.
  private boolean started;
  private long startedAtNanos;
  private long messages;

  JsonReport(PrintStream out, Secrets secrets, InstantSource clock, LongSupplier nanoTime) {
    this.out = out;
    this.sdk = new SdkJson(secrets);
    this.clock = clock;
    this.nanoTime = nanoTime;
  }

  @Override
  public void begin(Plan plan) {
    ConnectRequest request = plan.request();
    print(
        "start",
        json ->
            json.put("url", Texts.address(request.uri()))
                .put("headers", request.headers().stream().map(header -> header.name()).toList())
                .put("subprotocols", request.protocols()));
  }

  @Override
  public void state(ConnectionState state) {
    print("state", json -> sdk.put(state, json));
  }

  @Override
  public void event(ConnectionEvent event) {
    print("event", json -> sdk.put(event, json));
  }

  @Override
  public void message(Message message) {
    print(
        "message",
        json -> {
          json.put("number", ++messages);
          boolean text = message instanceof Message.Text;
          json.put("kind", text ? "text" : "binary").put("bytes", message.size());
          if (message instanceof Message.Text whole) json.put("text", whole.text());
          if (message instanceof Message.Binary whole) json.put("base64", base64(whole));
        });
  }

  private static String base64(Message.Binary message) {
    return Base64.getEncoder().encodeToString(message.toByteArray());
  }

  @Override
  public void ended(Ended ended) {
    print(
        "fate",
        json -> {
          json.put("line", ended.number()).put("bytes", ended.bytes());
          sdk.put(ended.fate(), json);
          json.putMillis("tookMs", ended.took());
        });
  }

  @Override
  public void notSent(long number, InputLine.Fault fault) {
    print(
        "fate",
        json ->
            json.put("line", number)
                .put("fate", "not-sent")
                .put("delivered", false)
                .put("reason", Names.of(fault)));
  }

  @Override
  public void queue(QueueSnapshot queue) {
    print(
        "queue",
        json ->
            json.put("queued", queue.queued())
                .put("inFlight", queue.inFlight())
                .put("bytes", queue.bytes()));
  }

  @Override
  public void draining(Duration deadline) {
    print("draining", json -> json.putMillis("deadlineMs", deadline));
  }

  @Override
  public void tick() {}

  @Override
  public void result(Result result) {
    RoundTrips trips = result.roundTrips();
    JsonObject roundTrips = new JsonObject().put("count", trips.count());
    if (trips.count() > 0) {
      roundTrips
          .putMillis("leastMs", trips.least())
          .putMillis("meanMs", trips.mean())
          .putMillis("mostMs", trips.most());
    }
    print(
        "summary",
        json ->
            json.put("ending", Names.of(result.ending()))
                .put("outcome", Names.of(result.outcome()))
                .put("lines", result.lines())
                .put("delivered", result.delivered())
                .put("undelivered", result.undelivered())
                .put("received", result.received())
                .put("reconnects", result.reconnects())
                .put("roundTrips", roundTrips));
  }

  /** Fills an object. */
  private interface Fields {
    void put(JsonObject json);
  }

  private void print(String type, Fields fields) {
    lock.lock();
    try {
      long now = nanoTime.getAsLong();
      if (!started) startedAtNanos = now;
      started = true;
      JsonObject json = new JsonObject().put("type", type).put("time", clock.instant().toString());
      json.putMillis("elapsedMs", Duration.ofNanos(now - startedAtNanos));
      fields.put(json);
      // One write, whatever the platform's line end.
      out.print(json + "\n");
      out.flush();
    } finally {
      lock.unlock();
    }
  }
}
