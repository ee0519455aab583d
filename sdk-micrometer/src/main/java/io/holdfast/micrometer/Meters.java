package io.holdfast.micrometer;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.holdfast.ConnectionMetrics;
import io.holdfast.ConnectionMetrics.Deliveries;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * One connection's meters in one registry, which keeps them weakly: they last as long as the
 * connection and its listener do.
 */
final class Meters {
  private final MeterRegistry registry;
  private final Tags tags;
  private final Snapshots snapshots;
  private final ReentrantLock lock = new ReentrantLock();

  // The lock owns the fields below.
  private final List<Meter> registered = new ArrayList<>();
  // With the name of what failed: Micrometer warns of a meter that is registered twice.
  private final Set<String> knownKinds = new HashSet<>();
  private boolean closed;

  Meters(MeterRegistry registry, Iterable<Tag> tags, Snapshots snapshots) {
    this.registry = registry;
    this.tags = Tags.of(tags);
    this.snapshots = snapshots;
  }

  void registerAll() {
    keep(
        Gauge.builder("holdfast.open", snapshots, now -> now.isOpen() ? 1 : 0)
            .tags(tags)
            .description("1 while the connection is open")
            .register(registry));
    registerLife();
    registerQueue();
    registerMessages();
  }

  /** Shows each kind of failure that has occurred. */
  void registerFailures(ConnectionMetrics known) {
    known.attemptsFailed().keySet().forEach(this::registerFailure);
    known.transportsLost().keySet().forEach(this::registerLoss);
  }

  private void registerLife() {
    counter(
        "attempts.started",
        "Attempts to open a transport, a second one included",
        ConnectionMetrics::attempts);
    counter("transports.opened", "Attempts that succeeded", ConnectionMetrics::transportsOpened);
    keep(
        FunctionCounter.builder(
                "holdfast.downtime", snapshots, now -> seconds(now.get().downtime()))
            .tags(tags)
            .description("Time without an open transport")
            .baseUnit("seconds")
            .register(registry));
    time("detection.last", "Silence before a dead peer was found", m -> m.lastDetection());
    time("detection.longest", "The longest of these", m -> m.longestDetection());
    counter("pings.sent", "Pings", ConnectionMetrics::pingsSent);
    roundTrip("0.5", m -> m.roundTrips().p50());
    roundTrip("0.95", m -> m.roundTrips().p95());
    roundTrip("0.99", m -> m.roundTrips().p99());
    time("round.trip.max", "The longest from a ping to its pong", m -> m.roundTrips().max());
  }

  private void registerQueue() {
    gauge("queue.messages", "messages", Tags.of("place", "queued"), m -> m.queue().queued());
    gauge("queue.messages", "messages", Tags.of("place", "in-flight"), m -> m.queue().inFlight());
    gauge("queue.bytes", "bytes", Tags.empty(), m -> m.queue().bytes());
    time("queue.age", "How long the oldest message has waited", m -> m.queue().oldestAge());
    counter("queue.filled", "Times that the queue became full", ConnectionMetrics::queueFilled);
  }

  private void registerMessages() {
    delivery("written", Deliveries::written);
    delivery("confirmed", Deliveries::confirmed);
    delivery("acknowledged", Deliveries::acknowledged);
    delivery("refused", Deliveries::refused);
    delivery("expired", Deliveries::expired);
    delivery("evicted", Deliveries::evicted);
    delivery("conflated", Deliveries::conflated);
    delivery("cancelled", Deliveries::cancelled);
    delivery("kept", Deliveries::kept);
    delivery("rejected", Deliveries::rejected);
    delivery("in-doubt", Deliveries::inDoubt);
    traffic("messages", "sent", m -> m.sent().messages());
    traffic("messages", "received", m -> m.received().messages());
    traffic("bytes", "sent", m -> m.sent().bytes());
    traffic("bytes", "received", m -> m.received().bytes());
    counter("reader.pauses", "Pauses for a slow consumer", ConnectionMetrics::readerPauses);
    counter("consumer.stalls", "Stalls of the consumer", ConnectionMetrics::consumerStalls);
  }

  private void registerFailure(String kind) {
    registerKind(
        "attempts.failed",
        "Attempts that failed",
        kind,
        m -> m.attemptsFailed().getOrDefault(kind, 0L));
  }

  private void registerLoss(String kind) {
    registerKind(
        "transports.lost",
        "Open transports that were lost",
        kind,
        m -> m.transportsLost().getOrDefault(kind, 0L));
  }

  private void registerKind(
      String name, String description, String kind, ToLongFunction<ConnectionMetrics> count) {
    boolean first;
    lock.lock();
    try {
      first = knownKinds.add(name + " " + kind);
    } finally {
      lock.unlock();
    }
    if (first) counter(name, description, Tags.of("cause", kind), count);
  }

  private void delivery(String fate, ToLongFunction<Deliveries> count) {
    counter(
        "deliveries",
        "Deliveries that ended",
        Tags.of("fate", fate),
        m -> count.applyAsLong(m.deliveries()));
  }

  private void traffic(String unit, String direction, ToLongFunction<ConnectionMetrics> count) {
    counter(unit, "Messages' payload", Tags.of("direction", direction), count);
  }

  private void counter(String name, String description, ToLongFunction<ConnectionMetrics> count) {
    counter(name, description, Tags.empty(), count);
  }

  private void counter(
      String name, String description, Tags more, ToLongFunction<ConnectionMetrics> count) {
    keep(
        FunctionCounter.builder("holdfast." + name, snapshots, now -> count.applyAsLong(now.get()))
            .tags(tags.and(more))
            .description(description)
            .register(registry));
  }

  private void gauge(String name, String unit, Tags more, ToLongFunction<ConnectionMetrics> now) {
    keep(
        Gauge.builder("holdfast." + name, snapshots, from -> now.applyAsLong(from.get()))
            .tags(tags.and(more))
            .baseUnit(unit)
            .register(registry));
  }

  private void roundTrip(String quantile, Function<ConnectionMetrics, Duration> time) {
    time("round.trip", "From a ping to its pong", Tags.of("quantile", quantile), time);
  }

  private void time(String name, String description, Function<ConnectionMetrics, Duration> time) {
    time(name, description, Tags.empty(), time);
  }

  private void time(
      String name, String description, Tags more, Function<ConnectionMetrics, Duration> time) {
    keep(
        TimeGauge.builder(
                "holdfast." + name, snapshots, NANOSECONDS, now -> time.apply(now.get()).toNanos())
            .tags(tags.and(more))
            .description(description)
            .register(registry));
  }

  private static double seconds(Duration time) {
    return time.toNanos() / 1e9;
  }

  private void keep(Meter meter) {
    boolean late;
    lock.lock();
    try {
      late = closed;
      if (!late) registered.add(meter);
    } finally {
      lock.unlock();
    }
    if (late) registry.remove(meter);
  }

  void close() {
    List<Meter> all;
    lock.lock();
    try {
      closed = true;
      all = List.copyOf(registered);
      registered.clear();
    } finally {
      lock.unlock();
    }
    all.forEach(registry::remove);
  }
}
