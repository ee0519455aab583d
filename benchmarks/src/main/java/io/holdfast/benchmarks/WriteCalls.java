package io.holdfast.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.ScalarResult;

/** Counts the process's write system calls, as Linux tells them; says nothing elsewhere. */
public final class WriteCalls implements InternalProfiler {
  static final String LABEL = "write.calls";
  private static final Path COUNTERS = Path.of("/proc/self/io");
  private static final String COUNTER = "syscw: ";

  private long before;

  /** Called by JMH. */
  public WriteCalls() {}

  @Override
  public String getDescription() {
    return "Write system calls an operation";
  }

  @Override
  public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
    before = calls();
  }

  @Override
  public Collection<ScalarResult> afterIteration(
      BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
    long made = calls() - before;
    long operations = result.getMetadata().getAllOps();
    if (before < 0 || operations == 0) return List.of();
    double perOperation = (double) made / operations;
    return List.of(new ScalarResult(LABEL, perOperation, "calls/op", AggregationPolicy.AVG));
  }

  private static long calls() {
    try {
      return Files.readAllLines(COUNTERS).stream()
          .filter(line -> line.startsWith(COUNTER))
          .mapToLong(line -> Long.parseLong(line.substring(COUNTER.length())))
          .findFirst()
          .orElse(-1);
    } catch (IOException e) {
      return -1;
    }
  }
}
