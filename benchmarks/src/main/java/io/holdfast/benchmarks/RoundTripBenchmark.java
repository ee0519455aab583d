package io.holdfast.benchmarks;

import io.holdfast.benchmarks.subject.Connection;
import io.holdfast.benchmarks.subject.Subject;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A thread sends 64 bytes and waits until they are back: how long that takes. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@SuppressWarnings("NullAway.Init")
public class RoundTripBenchmark {
  /** What sends and receives. */
  @Param Subject subject;

  private final Tally echoed = new Tally();
  private final byte[] payload = new byte[64];
  private Connection connection;

  /** Opens the connection. */
  @Setup
  public void open() throws Exception {
    connection = subject.connect(Server.at("/echo"), echoed);
  }

  /** Makes one round trip. */
  @Benchmark
  public void roundTrip() throws Exception {
    long before = echoed.count();
    connection.send(payload);
    echoed.await(before + 1);
  }

  /** Closes it. */
  @TearDown
  public void close() {
    connection.close();
  }
}
