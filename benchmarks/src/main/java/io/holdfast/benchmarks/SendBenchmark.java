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

/**
 * Sends bursts: the score is bursts a second, of {@link Burst#messages} that the server counted.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@SuppressWarnings("NullAway.Init")
public class SendBenchmark {
  /** What sends. */
  @Param Subject subject;

  /** The size of a message. */
  @Param({"64", "1024", "65536"})
  int bytes;

  private final Tally told = new Tally();
  private Burst burst;
  private byte[] payload;
  private Connection connection;

  /** Opens the connection. */
  @Setup
  public void open() throws Exception {
    burst = Burst.of(bytes);
    payload = new byte[bytes];
    connection = subject.connect(Server.at(burst.path()), told);
  }

  /** Sends one burst. */
  @Benchmark
  public void burst() throws Exception {
    burst.run(connection, told, payload);
  }

  /** Closes it. */
  @TearDown
  public void close() {
    connection.close();
  }
}
