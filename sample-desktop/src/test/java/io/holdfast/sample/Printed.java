package io.holdfast.sample;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** What a program under test prints, for a test to wait for. */
public final class Printed extends OutputStream {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition more = lock.newCondition();
  // Guarded by the lock.
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  @Override
  public void write(int one) {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] some, int offset, int length) {
    lock.lock();
    try {
      bytes.write(some, offset, length);
      more.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** A stream that prints here. */
  public PrintStream stream() {
    return new PrintStream(this, true, UTF_8);
  }

  /** All that has been printed. */
  public String text() {
    lock.lock();
    try {
      return bytes.toString(UTF_8);
    } finally {
      lock.unlock();
    }
  }

  /** All lines that have been printed. */
  public List<String> lines() {
    return text().lines().toList();
  }

  /** Waits until {@code text} has been printed. */
  public void await(String text) throws InterruptedException {
    long leftNanos = PATIENCE_NANOS;
    lock.lockInterruptibly();
    try {
      while (leftNanos > 0 && !text().contains(text)) leftNanos = more.awaitNanos(leftNanos);
    } finally {
      lock.unlock();
    }
    assertThat(text()).contains(text);
  }
}
