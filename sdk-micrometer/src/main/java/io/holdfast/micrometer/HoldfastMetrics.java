package io.holdfast.micrometer;

import static java.util.Objects.requireNonNull;

import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionListener;
import io.holdfast.ConnectionState;
import io.holdfast.ManagedConnection;
import io.holdfast.Registration;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.StreamSupport;

/**
 * Shows a connection's {@link ManagedConnection#metrics} in a Micrometer registry.
 *
 * <pre>{@code
 * HoldfastMetrics metrics = new HoldfastMetrics(connection, Tags.of("connection", "feed"));
 * metrics.bindTo(registry);
 * }</pre>
 *
 * <p>All names begin with {@code holdfast.}; the README lists them. Tags have few values: fates,
 * kinds of failure, places, directions and quantiles. A registry with several connections needs a
 * tag of the app's that tells them apart, for Micrometer keeps one meter for a name and its tags.
 *
 * <p>Numbers are taken from the connection when they are read, at most once in 100 ms, and not at
 * all while nobody reads. Meters of a kind of failure appear once it has occurred. Safe from any
 * thread. Not for Android, where micrometer-core does not run.
 */
public final class HoldfastMetrics implements MeterBinder, AutoCloseable {
  private final ManagedConnection connection;
  private final List<Tag> tags;
  private final List<Binding> bindings = new CopyOnWriteArrayList<>();

  /** Makes one without tags of its own. */
  public HoldfastMetrics(ManagedConnection connection) {
    this(connection, List.of());
  }

  /** Makes one whose meters all have {@code tags}. */
  public HoldfastMetrics(ManagedConnection connection, Iterable<Tag> tags) {
    this.connection = requireNonNull(connection, "connection");
    this.tags = StreamSupport.stream(tags.spliterator(), false).toList();
  }

  /** Registers the meters. */
  @Override
  public void bindTo(MeterRegistry registry) {
    Meters meters =
        new Meters(registry, tags, new Snapshots(connection, registry.config().clock()));
    meters.registerAll();
    bindings.add(new Binding(meters, connection.addListener(new FailureWatch(connection, meters))));
  }

  /** Takes the meters out of each registry again; the connection goes on. */
  @Override
  public void close() {
    for (Binding binding : bindings) {
      binding.registration().close();
      binding.meters().close();
    }
    bindings.clear();
  }

  private record Binding(Meters meters, Registration registration) {}

  /**
   * Each failure changes the state, but that of a second transport; then its kind is looked for.
   */
  private record FailureWatch(ManagedConnection connection, Meters meters)
      implements ConnectionListener {
    @Override
    public void onState(ConnectionState state) {
      meters.registerFailures(connection.metrics());
    }

    @Override
    public void onEvent(ConnectionEvent event) {
      if (event instanceof ConnectionEvent.SuccessorDropped) {
        meters.registerFailures(connection.metrics());
      }
    }
  }
}
