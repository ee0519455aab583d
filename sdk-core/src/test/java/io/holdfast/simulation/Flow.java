package io.holdfast.simulation;

import org.jspecify.annotations.Nullable;

/** One TCP connection: two pipes, and what the middle of the network knows of it. */
final class Flow {
  final int number;
  final Pipe up;
  final Pipe down;
  // Which of the device's addresses it began with.
  final int address;
  // A proxy ends it, and passes messages on.
  final boolean proxied;
  final SimulatedTransport transport;
  final Session session;

  private final World world;
  private long lastSegmentAtNanos;
  // The address translator on the way has dropped it.
  private boolean forgotten;
  private boolean reset;

  Flow(World world, int number, SimulatedTransport transport, boolean proxied) {
    this.world = world;
    this.number = number;
    this.transport = transport;
    this.proxied = proxied;
    address = world.network.address();
    lastSegmentAtNanos = world.agenda.nowNanos();
    session = new Session(world, this);
    long buffer = world.scenario.setup().bufferBytes();
    up = new Pipe(world, this, true, buffer, transport::onSpace, this::onReadableUp);
    down = new Pipe(world, this, false, buffer, session::onSpace, transport::onReadable);
  }

  // Nobody is there any more: the kernel answers with a reset.
  private void onReadableUp() {
    if (session.isGone()) resetAtDevice();
    else session.onReadable();
  }

  /**
   * Whether the translator has forgotten it, as {@code idleNanos} have passed without a segment.
   */
  boolean isForgotten(long idleNanos) {
    return forgotten |= world.agenda.nowNanos() - lastSegmentAtNanos > idleNanos;
  }

  boolean wasForgotten() {
    return forgotten;
  }

  void segmentPassed() {
    lastSegmentAtNanos = world.agenda.nowNanos();
  }

  /** Breaks it for both ends. What is on its way may still arrive. */
  void reset(boolean spareSegments) {
    up.cut(spareSegments);
    down.cut(spareSegments);
    world.agenda.after(world.network.latencyNanos(), session::end);
    resetAtDevice();
  }

  /** Sends a reset to the device; it may be lost as any segment. */
  void resetAtDevice() {
    if (reset || world.network.loses(this, false)) return;
    reset = true;
    world.agenda.after(
        world.network.latencyNanos(),
        () -> {
          up.cut(true);
          down.cut(false);
          transport.onReset();
        });
  }

  /** The device has closed it: its kernel resets, or sends on what it has. */
  void abandon(boolean linger) {
    if (linger) {
      up.send(Frame.of(Frame.Kind.FIN));
    } else {
      up.cut(true);
      world.agenda.after(world.network.latencyNanos(), session::end);
    }
    down.cut(false);
  }

  /** The device's end has nobody any more. */
  void orphan(Death how) {
    if (how != Death.SILENT) {
      abandon(how == Death.FINISHED);
      return;
    }
    up.cut(true);
    down.cut(false);
  }

  @Override
  public String toString() {
    return "flow " + number;
  }

  static String name(@Nullable Flow flow) {
    return flow == null ? "no flow" : flow.toString();
  }
}
