package io.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.testkit.FaultPlan.Step;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Stream;
import okhttp3.WebSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(20)
class FaultRunTest extends ServerFixture {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final ManualScheduler clock = new ManualScheduler();
  private FaultProxy proxy;

  @BeforeEach
  void startProxy() throws IOException {
    proxy = FaultProxy.to(server.port());
  }

  @AfterEach
  void closeProxy() throws IOException {
    proxy.close();
    assertThat(clock.tasks).isEmpty();
  }

  @Test
  void eachFaultBeginsAtItsTimeAndIsHealedWhenItHasLasted() throws Exception {
    Step refuse = new Step(SECOND, new Fault.Refuse(), SECOND.multipliedBy(2));
    Step down = new Step(SECOND.multipliedBy(5), new Fault.ServerDown(), SECOND);
    connectThroughProxy();
    FaultRun run = FaultRun.start(FaultPlan.of(refuse, down), proxy, server, clock);

    clock.advance(SECOND.minusNanos(1));
    connectThroughProxy();
    assertThat(run.reports()).isEmpty();
    clock.advance(Duration.ofNanos(1));
    assertThat(run.reports()).containsExactly(new FaultReport(refuse, SECOND, 2));
    assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), proxy.port()))
        .isInstanceOf(ConnectException.class);
    clock.advance(SECOND.multipliedBy(2));
    connectThroughProxy();
    clock.advance(SECOND.multipliedBy(2));
    events.assertNext("failed -");
    assertThat(run.isDone()).isFalse();
    clock.advance(SECOND);

    assertThat(run.await(PATIENCE)).isTrue();
    assertThat(run.reports())
        .containsExactly(
            new FaultReport(refuse, SECOND, 2), new FaultReport(down, SECOND.multipliedBy(5), 3));
    for (int i = 0; i < 2; i++) events.assertNext("failed -");
    connectThroughProxy();
  }

  @Test
  void aClosedRunHealsAndBeginsNoMore() throws Exception {
    Step reject = new Step(Duration.ZERO, new Fault.Reject(503), SECOND);
    Step reset = new Step(SECOND, new Fault.Reset(), Duration.ZERO);
    FaultRun run = FaultRun.start(FaultPlan.of(reject, reset), proxy, server, clock);
    clock.advance(Duration.ZERO);
    connect();
    events.assertNext("failed 503");

    run.close();
    run.close();

    assertThat(run.await(PATIENCE)).isTrue();
    connectThroughProxy();
    clock.advance(SECOND.multipliedBy(3));
    assertThat(run.reports()).containsExactly(new FaultReport(reject, Duration.ZERO, 0));
    assertThat(proxy.liveConnections()).isEqualTo(1);
  }

  @Test
  void aStepThatFailsEndsTheRunAndIsTold() throws Exception {
    Step bad = new Step(SECOND, new Fault.Throttled(0), SECOND);
    FaultRun run = FaultRun.start(FaultPlan.of(bad), proxy, server, clock);

    clock.advance(SECOND);

    assertThat(run.isDone()).isTrue();
    assertThatThrownBy(() -> run.await(PATIENCE))
        .isInstanceOf(IllegalStateException.class)
        .hasRootCauseMessage("throttle must be >= 1 but was 0");
  }

  @Test
  void aListenerHearsOfAStepBeforeItBeginsAndBeforeItIsHealed() throws Exception {
    Step down = new Step(SECOND, new Fault.ServerDown(), SECOND);
    Step reset = new Step(SECOND.multipliedBy(3), new Fault.Reset(), SECOND);
    Recorder heard = new Recorder();
    FaultRun run = FaultRun.start(FaultPlan.of(down, reset), proxy, server, clock, heard);

    clock.advance(SECOND.multipliedBy(3));
    assertThat(heard.calls)
        .containsExactly("beginning " + down, "healing " + down, "beginning " + reset);
    run.close();
    clock.advance(SECOND.multipliedBy(3));

    assertThat(heard.calls).hasSize(3);
  }

  @Test
  void aListenerThatThrowsEndsTheRunAndIsTold() {
    Step reset = new Step(SECOND, new Fault.Reset(), SECOND);
    FaultListener thrower =
        new FaultListener() {
          @Override
          public void onBeginning(Step step) {
            throw new IllegalStateException("planted");
          }
        };
    FaultRun run = FaultRun.start(FaultPlan.of(reset), proxy, server, clock, thrower);

    clock.advance(SECOND);

    assertThat(run.reports()).isEmpty();
    assertThatThrownBy(() -> run.await(PATIENCE)).hasRootCauseMessage("planted");
  }

  @Test
  void aRejectionCarriesItsHeaders() throws Exception {
    Step unavailable = new Step(SECOND, new Fault.Reject(503, List.of("Retry-After", "7")), SECOND);
    FaultRun.start(FaultPlan.of(unavailable), proxy, server, clock);
    clock.advance(SECOND);

    http.newWebSocket(request(throughProxy()), events);

    events.assertNext("failed 503 Retry-After: 7");
    clock.advance(SECOND);
  }

  @Test
  void faultsTogetherAreAtLeastOne() {
    assertThatThrownBy(() -> new Fault.Together(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("faults must be >= 1 but was 0");
  }

  @Test
  void aPlanWithoutStepsIsDoneAtOnce() throws Exception {
    assertThat(FaultRun.start(FaultPlan.of(), proxy, server, clock).isDone()).isTrue();
  }

  static Stream<Fault> everyFault() {
    return Stream.of(
        new Fault.BlackHole(Fault.Way.BOTH),
        new Fault.BlackHole(Fault.Way.TO_SERVER),
        new Fault.Stall(Fault.Way.BOTH),
        new Fault.Stall(Fault.Way.TO_CLIENT),
        new Fault.Reset(),
        new Fault.Refuse(),
        new Fault.RefuseNext(3),
        new Fault.DropConnections(),
        new Fault.HalfClose(Direction.TO_CLIENT),
        new Fault.Throttled(1),
        new Fault.Delayed(SECOND, SECOND, 7),
        new Fault.CutAfter(Direction.TO_SERVER, 1),
        new Fault.CorruptAfter(Direction.TO_CLIENT, 0),
        new Fault.ServerDown(),
        new Fault.CloseAll(1012, "restart"),
        new Fault.Reject(503),
        new Fault.DropSessions(),
        new Fault.SlowHandshake(Duration.ofHours(1)),
        new Fault.NeverPong(),
        new Fault.NeverRead(),
        new Fault.Flooded(3, 100),
        new Fault.Malformed(MalformedFrame.RESERVED_BIT),
        new Fault.Together(new Fault.Refuse(), new Fault.ServerDown()));
  }

  @Test
  void everyKindOfFaultIsTried() {
    List<Class<?>> tried = everyFault().<Class<?>>map(Object::getClass).distinct().toList();

    assertThat(tried).containsExactlyInAnyOrder(Fault.class.getPermittedSubclasses());
  }

  @ParameterizedTest
  @MethodSource("everyFault")
  void everyFaultIsHealed(Fault fault) throws Exception {
    server.unruly();
    connectThroughProxy();
    Step step = new Step(SECOND, fault, SECOND);

    FaultRun run = FaultRun.start(FaultPlan.of(step), proxy, server, clock);
    clock.advance(SECOND);
    assertThat(run.reports()).containsExactly(new FaultReport(step, SECOND, 1));
    clock.advance(SECOND);

    assertThat(run.await(PATIENCE)).isTrue();
    assertThatASessionWorks();
  }

  @Test
  void aRealSchedulerCarriesAPlanOut() throws Exception {
    ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    try {
      Duration tick = Duration.ofMillis(30);
      Step reset = new Step(tick, new Fault.Reset(), tick);
      connectThroughProxy();

      FaultRun run =
          FaultRun.start(FaultPlan.of(reset), proxy, server, FaultScheduler.on(executor));

      events.assertNext("failed -");
      assertThat(run.await(PATIENCE)).isTrue();
      assertThat(run.reports()).hasSize(1);
      assertThat(run.reports().get(0).tookEffect()).isGreaterThanOrEqualTo(tick);
      assertThat(run.reports().get(0).met()).isEqualTo(1);
    } finally {
      executor.shutdownNow();
    }
  }

  private WebSocket connectThroughProxy() throws InterruptedException {
    int before = server.liveSessions();
    WebSocket socket = http.newWebSocket(request(throughProxy()), events);
    events.assertNext("open");
    assertEventually(s -> s.liveSessions() > before);
    return socket;
  }

  private void assertThatASessionWorks() throws InterruptedException {
    RecordingWebSocket later = new RecordingWebSocket();
    server.echo();
    WebSocket socket = http.newWebSocket(request(throughProxy()), later);
    later.assertNext("open");
    socket.send("order-7");
    later.assertNext("text order-7");
  }

  private URI throughProxy() {
    return URI.create("ws://127.0.0.1:" + proxy.port() + "/");
  }

  private static final class Recorder implements FaultListener {
    final List<String> calls = new ArrayList<>();

    @Override
    public void onBeginning(Step step) {
      calls.add("beginning " + step);
    }

    @Override
    public void onHealing(Step step) {
      calls.add("healing " + step);
    }
  }

  /** Runs what is due when the test says that time passes. */
  private static final class ManualScheduler implements FaultScheduler {
    private record Task(long atNanos, Runnable action) {}

    private final PriorityQueue<Task> tasks =
        new PriorityQueue<>(Comparator.comparingLong(Task::atNanos));
    private long nowNanos = 1_000;

    @Override
    public long nanoTime() {
      return nowNanos;
    }

    @Override
    public void schedule(Runnable task, Duration delay) {
      tasks.add(new Task(nowNanos + delay.toNanos(), task));
    }

    void advance(Duration time) {
      long untilNanos = nowNanos + time.toNanos();
      while (!tasks.isEmpty() && tasks.element().atNanos() <= untilNanos) {
        Task next = tasks.remove();
        nowNanos = next.atNanos();
        next.action().run();
      }
      nowNanos = untilNanos;
    }
  }
}
