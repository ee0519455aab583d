package io.holdfast.queue;

import io.holdfast.queue.SendQueue.Refusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs callbacks so that one that throws stops nothing else. */
final class Callbacks {
  private static final Logger log = LoggerFactory.getLogger(SendQueue.class);

  private Callbacks() {}

  static void durable(Operation.Append append) {
    run(() -> append.callback().durable(append.sequence()));
  }

  static void refused(Operation.Append append, Refusal refusal) {
    run(() -> append.callback().refused(append.sequence(), refusal));
  }

  static void ready(Operation.Handing handing, boolean onDisk) {
    run(() -> handing.ready().ready(onDisk));
  }

  static void run(Runnable callback) {
    try {
      callback.run();
    } catch (Throwable e) {
      // Kotlin throws checked exceptions where Java may not.
      log.error("A callback of a send queue threw", e);
    }
  }
}
