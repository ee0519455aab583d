package io.holdfast.internal.machine;

import io.holdfast.ConnectionException;
import io.holdfast.ConnectionState.Phase;
import io.holdfast.transport.Handshake;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A second transport, opened beside the one in use:
 *
 * <pre>
 *   late pong -----------------> attempt --opened--> takes its place
 *                                   |  '-- the first one answers, or this one fails: dropped
 *   asked to reconnect, drain       |
 *     '-- delay, spread --------> attempt --opened--> the first one's messages have their fates,
 *           ^                        |                 or time is up: takes its place
 *           '------- fails ----------'
 * </pre>
 *
 * If the first one is lost meanwhile, an attempt that has begun becomes the connection's own. Until
 * then nothing is read from it and nothing written to it.
 */
final class Successor {
  /** Zero until its attempt begins. */
  long generation;

  /** How far its attempt got. */
  Phase phase = Phase.REQUEST;

  /** What it settled, once it is open. */
  @Nullable Handshake handshake;

  /** How the peer asked for it; null if the transport in use was late. */
  final @Nullable ConnectionException asked;

  /** How long it waits, whatever the peer says. */
  final Duration atLeast;

  Successor(@Nullable ConnectionException asked, Duration atLeast) {
    this.asked = asked;
    this.atLeast = atLeast;
  }

  /** Whether the transport in use is left in good order. */
  boolean drains() {
    return asked != null;
  }

  boolean hasBegun() {
    return generation != 0;
  }

  boolean isOpen() {
    return handshake != null;
  }
}
