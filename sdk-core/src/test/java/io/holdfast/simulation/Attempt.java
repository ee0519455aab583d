package io.holdfast.simulation;

import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.ConnectFailed;
import io.holdfast.ConnectionException.HostUnresolved;
import io.holdfast.ConnectionException.Refused;
import io.holdfast.ConnectionException.StreamBroken;
import io.holdfast.ConnectionException.TlsFailed;

/** The steps of an attempt: the name, TCP, TLS, the upgrade. */
final class Attempt {
  private static final long SECOND_NANOS = 1_000_000_000L;

  private final World world;
  private final SimulatedTransport transport;

  Attempt(World world, SimulatedTransport transport) {
    this.world = world;
    this.transport = transport;
  }

  void begin() {
    if (world.conditions.strikes(FaultKind.DNS_FAILS)) {
      step(0, () -> transport.fail(new HostUnresolved("no address", null)));
    } else {
      boolean slow = world.conditions.strikes(FaultKind.SLOW_DNS);
      step(slow ? world.conditions.amount(FaultKind.SLOW_DNS) * 1_000_000L : 0, this::connect);
    }
  }

  /** Runs {@code next} after a round trip, or once there can be one. */
  private void step(long extraNanos, Runnable next) {
    long nanos = 2 * world.network.latencyNanos() + extraNanos;
    world.agenda.after(
        nanos,
        () -> {
          if (transport.isOver()) return;
          if (world.network.passesBothWays()) next.run();
          else world.network.whenBetter(SECOND_NANOS, () -> step(0, next));
        });
  }

  private void connect() {
    if (world.conditions.strikes(FaultKind.UNREACHABLE)) {
      transport.fail(new ConnectFailed("no route", null));
    } else if (world.server.refuses(transport.place())) {
      transport.fail(new Refused("refused", null));
    } else {
      Flow flow = transport.connected();
      step(0, () -> secure(flow));
    }
  }

  private void secure(Flow flow) {
    if (world.conditions.strikes(FaultKind.TLS_STALLS)) {
      world.network.whenBetter(SECOND_NANOS, () -> step(0, () -> secure(flow)));
    } else if (world.conditions.strikes(FaultKind.TLS_FAILS)) {
      transport.fail(new TlsFailed("handshake failed", false, null));
    } else {
      step(0, () -> upgrade(flow));
    }
  }

  private void upgrade(Flow flow) {
    if (world.conditions.strikes(FaultKind.UPGRADE_STALLS)) {
      world.network.whenBetter(SECOND_NANOS, () -> step(0, () -> upgrade(flow)));
      return;
    }
    ConnectionException rejection = world.server.rejection(transport.place());
    if (rejection != null) {
      transport.fail(rejection);
    } else if (flow.session.isGone() || flow.up.isCut()) {
      transport.fail(new StreamBroken("reset", null));
    } else {
      world.server.opened(flow);
      transport.upgraded();
    }
  }
}
