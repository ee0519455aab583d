package io.holdfast.benchmarks;

import io.holdfast.benchmarks.subject.Subject;
import io.holdfast.websocket.MaskingBenchmark;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Lets JMH measure one thing of one subject, in a process of its own, and keeps the figures. */
final class Measurement {
  private static final String ALLOCATED = "gc.alloc.rate.norm";

  private final Settings settings;
  private final int port;
  private final Figures figures;

  Measurement(Settings settings, int port, Figures figures) {
    this.settings = settings;
    this.port = port;
    this.figures = figures;
  }

  void send(Subject subject, int bytes) throws RunnerException {
    RunResult result =
        run(
            options(SendBenchmark.class, "burst")
                .param("subject", subject.name())
                .param("bytes", String.valueOf(bytes)));
    int messages = Burst.of(bytes).messages();
    figures.add(sent(bytes), subject, score(result) * messages);
    if (bytes != 64) return;
    figures.add(Metric.ALLOCATED_SENT, subject, secondary(result, ALLOCATED) / messages);
    figures.add(Metric.WRITES, subject, secondary(result, WriteCalls.LABEL) / messages);
  }

  private static Metric sent(int bytes) {
    if (bytes == 64) return Metric.SENT_64;
    return bytes == 1024 ? Metric.SENT_1K : Metric.SENT_64K;
  }

  void roundTrip(Subject subject) throws RunnerException {
    RunResult result =
        run(options(RoundTripBenchmark.class, "roundTrip").param("subject", subject.name()));
    Result<?> times = result.getPrimaryResult();
    figures.add(Metric.ROUND_TRIP_P50, subject, times.getStatistics().getPercentile(50));
    figures.add(Metric.ROUND_TRIP_P99, subject, times.getStatistics().getPercentile(99));
  }

  void receive(Subject subject) throws RunnerException {
    RunResult result =
        run(options(ReceiveBenchmark.class, "flood").param("subject", subject.name()));
    int messages = ReceiveBenchmark.MESSAGES;
    figures.add(Metric.RECEIVED_64, subject, score(result) * messages);
    figures.add(Metric.ALLOCATED_RECEIVED, subject, secondary(result, ALLOCATED) / messages);
  }

  double maskingGigabytes(String whose) throws RunnerException {
    return score(run(options(MaskingBenchmark.class, whose))) * MaskingBenchmark.BYTES / 1e9;
  }

  private ChainedOptionsBuilder options(Class<?> benchmark, String method) {
    TimeValue iteration = TimeValue.milliseconds(settings.iterationMillis());
    return new OptionsBuilder()
        .include("^" + benchmark.getName() + "\\." + method + "$")
        .forks(1)
        .warmupIterations(settings.warmups())
        .warmupTime(iteration)
        .measurementIterations(settings.measurements())
        .measurementTime(iteration)
        .addProfiler(GCProfiler.class)
        .addProfiler(WriteCalls.class)
        .jvmArgsAppend(
            "-Xms1g",
            "-Xmx1g",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
            Server.jvmArgument(port))
        .shouldFailOnError(true)
        .verbosity(VerboseMode.SILENT);
  }

  private static RunResult run(ChainedOptionsBuilder options) throws RunnerException {
    return new Runner(options.build()).runSingle();
  }

  private static double score(RunResult result) {
    return result.getPrimaryResult().getScore();
  }

  private static double secondary(RunResult result, String label) {
    Result<?> found = result.getSecondaryResults().get(label);
    return found == null ? Double.NaN : found.getScore();
  }
}
