package io.holdfast.benchmarks;

import io.holdfast.benchmarks.subject.Connection;
import io.holdfast.benchmarks.subject.Subject;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Receives floods of 64-byte messages: the score is floods a second, of {@link #MESSAGES}. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@SuppressWarnings("NullAway.Init")
public class ReceiveBenchmark {
  /** How many a flood has. */
  static final int MESSAGES = 262_144;

  /** What receives. */
  @Param Subject subject;

  private final Tally received = new Tally();
  private final byte[] request = new byte[64];
  private Connection connection;

  /** Opens the connection. */
  @Setup
  public void open() throws Exception {
    connection = subject.connect(Server.at("/flood?messages=" + MESSAGES), received);
  }

  /** Asks for one flood and takes it. */
  @Benchmark
  public void flood() throws Exception {
    long before = received.count();
    connection.send(request);
    received.await(before + MESSAGES);
  }

  /** Closes it. */
  @TearDown
  public void close() {
    connection.close();
  }
}
