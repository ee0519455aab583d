package io.holdfast.testkit;

import java.util.concurrent.atomic.AtomicInteger;

/** What the sessions of a {@link TestServer} do by themselves; set from any thread. */
final class Rules {
  volatile boolean echo;
  volatile boolean pong = true;
  volatile boolean read = true;
  volatile boolean reliable;

  /** How often all connections were cut; a session of before a cut is over. */
  final AtomicInteger cuts = new AtomicInteger();
}
