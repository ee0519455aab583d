package io.holdfast.internal.machine;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.ConnectTimeline;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.StreamBroken;
import io.holdfast.ConnectionState;
import io.holdfast.ConnectionState.Closed;
import io.holdfast.ConnectionState.Connecting;
import io.holdfast.ConnectionState.Offline;
import io.holdfast.network.NetworkStatus;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The whole table of what each event does in each state. A new state or event fails here until
 * someone writes its column or row.
 */
class EveryEventInEveryStateTest {
  // Where each event leads; "." where the state stays, "!" where it cannot happen.
  private static final String TABLE =
      """
                         idle    request   handshake ready   open    waiting no_network suspended closing closed
      OpenRequested      request .         .         .       .       .       .          .         .       .
      CloseRequested     closed  closed    closed    closed  closing closed  closed     closed    .       .
      DrainRequested     .       .         .         .       .       .       .          .         .       .
      OutboxDrained      .       .         .         .       .       .       .          .         .       .
      ReconnectRequested .       .         .         .       .       request request    .         .       .
      ProbeRequested     .       .         .         .       .       .       .          .         .       .
      SuspendRequested   .       suspended suspended suspended suspended suspended suspended . .       .
      ResumeRequested    .       .         .         .       .       .       .          request   .       .
      NetworkUp          .       .         .         .       .       .       request    .         .       .
      NetworkChanged     .       .         .         .       .       request request    .         .       .
      Woke               .       request   request   request .       request .          .         .       .
      Background         .       .         .         .       .       .       .          .         .       .
      IntervalRecalled   .       .         .         .       .       .       .          .         .       .
      NetworkDown        .       no_network no_network no_network no_network no_network . .      .       .
      RetryAnswered      !       !         !         !       !       !       !          !         !       .
      BidLearned         .       .         .         .       .       .       .          .         .       .
      TimerFired         .       .         .         .       .       .       .          .         .       .
      RequestSupplied    .       handshake .         .       .       .       .          .         .       .
      TransportOpened    .       .         ready     .       .       .       .          .         .       .
      ProtocolReady      .       .         .         open    .       .       .          .         .       .
      ProtocolStepped    .       .         .         .       .       .       .          .         .       .
      ProtocolFailed     .       waiting   waiting   waiting waiting .       .          .         .       .
      TransportEnded     .       waiting   waiting   waiting waiting .       .          .         closed  .
      PingFlushed        .       .         .         .       .       .       .          .         .       .
      QuestionFlushed    .       .         .         .       .       .       .          .         .       .
      PongReceived       .       .         .         .       .       .       .          .         .       .
      Settled            .       .         .         .       .       .       .          .         .       .
      WriteBegun         .       .         .         .       .       .       .          .         .       .
      ReaderStalled      .       .         .         .       .       .       .          .         .       .
      ReaderResumed      .       .         .         .       .       .       .          .         .       .
      """;

  private static final Map<String, Supplier<MachineRig>> SITUATIONS = new LinkedHashMap<>();
  private static final Map<String, Function<MachineRig, Event>> EVENTS = new LinkedHashMap<>();

  static {
    SITUATIONS.put("idle", () -> new MachineRig(true));
    SITUATIONS.put("request", EveryEventInEveryStateTest::requesting);
    SITUATIONS.put("handshake", () -> after(requesting(), MachineRig::supplied));
    SITUATIONS.put(
        "ready",
        () -> after(after(requesting(), MachineRig::supplied), MachineRig::transportOpened));
    SITUATIONS.put("open", () -> new MachineRig(true).open());
    SITUATIONS.put("waiting", () -> after(new MachineRig(true).open(), rig -> rig.ended(broken())));
    SITUATIONS.put(
        "no_network", () -> after(new MachineRig(true).open(), rig -> rig.network(false, "")));
    SITUATIONS.put(
        "suspended",
        () -> after(new MachineRig(true).open(), rig -> rig.give(new Event.SuspendRequested())));
    SITUATIONS.put("closing", () -> after(new MachineRig(true).open(), rig -> rig.give(close())));
    SITUATIONS.put("closed", () -> after(new MachineRig(true), rig -> rig.give(close())));

    EVENTS.put("OpenRequested", rig -> new Event.OpenRequested());
    EVENTS.put("CloseRequested", rig -> close());
    EVENTS.put("DrainRequested", rig -> new Event.DrainRequested(1));
    EVENTS.put("OutboxDrained", rig -> new Event.OutboxDrained());
    EVENTS.put("ReconnectRequested", rig -> new Event.ReconnectRequested(rig.snapshot()));
    EVENTS.put("ProbeRequested", rig -> new Event.ProbeRequested(rig.snapshot()));
    EVENTS.put("SuspendRequested", rig -> new Event.SuspendRequested());
    EVENTS.put("ResumeRequested", rig -> new Event.ResumeRequested(rig.snapshot()));
    EVENTS.put("NetworkUp", rig -> network(true, "", rig));
    EVENTS.put("NetworkChanged", rig -> network(true, "wifi-7", rig));
    EVENTS.put("NetworkDown", rig -> network(false, "", rig));
    EVENTS.put("Woke", rig -> new Event.Woke(1, true, rig.snapshot()));
    EVENTS.put("Background", rig -> new Event.BackgroundRequested(true, rig.snapshot()));
    EVENTS.put(
        "IntervalRecalled", rig -> new Event.IntervalRecalled(false, "", null, rig.snapshot()));
    EVENTS.put("RetryAnswered", rig -> MachineRig.AFTER_A_SECOND);
    EVENTS.put("BidLearned", rig -> new Event.BidLearned(1, rig.snapshot()));
    EVENTS.put("TimerFired", rig -> new Event.TimerFired(Timer.ATTEMPT, 0, 0, rig.snapshot()));
    for (Class<?> kind : leaves(Event.OfTransport.class)) {
      EVENTS.put(kind.getSimpleName(), rig -> ofTransport(kind, rig, rig.generation));
    }
  }

  private static Event network(boolean available, String label, MachineRig rig) {
    return new Event.NetworkReported(new NetworkStatus(available, label), rig.snapshot());
  }

  private static MachineRig requesting() {
    return after(new MachineRig(true), MachineRig::openRequested);
  }

  private static MachineRig after(MachineRig rig, java.util.function.Consumer<MachineRig> step) {
    step.accept(rig);
    return rig;
  }

  private static ConnectionException broken() {
    return new StreamBroken("reset", null);
  }

  private static MachineRig in(String situation) {
    return requireNonNull(SITUATIONS.get(situation)).get();
  }

  private static Event close() {
    return new Event.CloseRequested(1000, "");
  }

  private static Event ofTransport(Class<?> kind, MachineRig rig, long generation) {
    Snapshot snapshot = rig.snapshot();
    List<Event> examples =
        List.of(
            new Event.RequestSupplied(generation),
            new Event.TransportOpened(generation, MachineRig.HANDSHAKE, snapshot),
            new Event.ProtocolReady(generation, snapshot),
            new Event.ProtocolStepped(generation, "authenticated"),
            new Event.ProtocolFailed(generation, broken()),
            new Event.TransportEnded(generation, broken(), ConnectTimeline.EMPTY),
            new Event.PingFlushed(generation, 1, false, 0, snapshot),
            new Event.QuestionFlushed(generation, 0, snapshot),
            new Event.PongReceived(generation, 1, 1, false, 0, snapshot),
            new Event.Settled(generation, snapshot),
            new Event.WriteBegun(generation),
            new Event.ReaderStalled(generation, snapshot),
            new Event.ReaderResumed(generation, 0, snapshot));
    return examples.stream()
        .filter(kind::isInstance)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no example of " + kind));
  }

  @Test
  void thereIsASituationForEachState() {
    Set<Class<?>> reached =
        SITUATIONS.values().stream().map(rig -> rig.get().state().getClass()).collect(toSet());

    assertThat(reached).containsExactlyInAnyOrder(ConnectionState.class.getPermittedSubclasses());
    SITUATIONS.forEach((name, rig) -> assertThat(name(rig.get().state())).isEqualTo(name));
  }

  @Test
  void thereIsAnExampleOfEachEvent() {
    MachineRig rig = new MachineRig();
    Set<Class<?>> given =
        EVENTS.values().stream().map(event -> event.apply(rig).getClass()).collect(toSet());

    assertThat(given).containsExactlyInAnyOrderElementsOf(leaves(Event.class));
  }

  @TestFactory
  Stream<DynamicTest> eachEventDoesWhatTheTableSays() {
    List<String> lines = TABLE.lines().toList();
    List<String> columns = List.of(lines.get(0).trim().split(" +"));
    assertThat(columns).containsExactlyElementsOf(SITUATIONS.keySet());
    Map<String, List<String>> rows = new LinkedHashMap<>();
    for (String line : lines.subList(1, lines.size())) {
      List<String> cells = List.of(line.trim().split(" +"));
      rows.put(cells.get(0), cells.subList(1, cells.size()));
    }
    assertThat(rows.keySet()).containsExactlyInAnyOrderElementsOf(EVENTS.keySet());

    List<DynamicTest> tests = new ArrayList<>();
    rows.forEach(
        (event, cells) -> {
          assertThat(cells).as(event).hasSameSizeAs(columns);
          for (int i = 0; i < columns.size(); i++) {
            String from = columns.get(i);
            String to = cells.get(i);
            tests.add(
                DynamicTest.dynamicTest(
                    event + " in " + from + ": " + to, () -> assertLeads(event, from, to)));
          }
        });
    return tests.stream();
  }

  private static void assertLeads(String eventName, String from, String to) {
    MachineRig rig = in(from);
    Event event = requireNonNull(EVENTS.get(eventName)).apply(rig);

    if (to.equals("!")) {
      assertThatThrownBy(() -> rig.give(event)).isInstanceOf(AssertionError.class);
      return;
    }
    rig.give(event);
    assertThat(name(rig.state())).isEqualTo(to.equals(".") ? from : to);
  }

  @TestFactory
  Stream<DynamicTest> whatAnOldOrUnknownTransportSaysIsIgnoredInEachState() {
    return SITUATIONS.keySet().stream()
        .flatMap(
            situation ->
                leaves(Event.OfTransport.class).stream()
                    .map(
                        kind ->
                            DynamicTest.dynamicTest(
                                kind.getSimpleName() + " in " + situation,
                                () -> assertIgnored(situation, kind))));
  }

  private static void assertIgnored(String situation, Class<?> kind) {
    MachineRig rig = in(situation);

    for (long strange : new long[] {-1, rig.generation - 1, rig.generation + 1}) {
      assertThat(rig.give(ofTransport(kind, rig, strange))).isEmpty();
    }
  }

  @TestFactory
  Stream<DynamicTest> whatALostTransportSaysIsIgnoredUntilAndAfterTheNextStarts() {
    return leaves(Event.OfTransport.class).stream()
        .map(
            kind ->
                DynamicTest.dynamicTest(
                    kind.getSimpleName(),
                    () -> {
                      MachineRig rig = new MachineRig(true).open();
                      rig.ended(broken());
                      long lost = rig.generation;

                      assertThat(rig.give(ofTransport(kind, rig, lost))).isEmpty();
                      rig.advanceSeconds(1);
                      assertThat(rig.generation).isEqualTo(lost + 1);
                      assertThat(rig.give(ofTransport(kind, rig, lost))).isEmpty();
                      rig.connect();
                      assertThat(rig.give(ofTransport(kind, rig, lost))).isEmpty();
                    }));
  }

  @TestFactory
  Stream<DynamicTest> aTimerThatWasStoppedOrStartedAgainDoesNothingInAnyState() {
    return SITUATIONS.keySet().stream()
        .flatMap(
            situation ->
                Arrays.stream(Timer.values())
                    .map(
                        timer ->
                            DynamicTest.dynamicTest(
                                timer + " in " + situation,
                                () -> {
                                  MachineRig rig = in(situation);
                                  MachineRig.Running running = rig.timers.get(timer);
                                  for (long token = 0; token < 20; token++) {
                                    if (running != null && token == running.token()) continue;
                                    Event stale =
                                        new Event.TimerFired(timer, token, 0, rig.snapshot());
                                    assertThat(rig.give(stale)).isEmpty();
                                  }
                                })));
  }

  @TestFactory
  Stream<DynamicTest> eachTimerThatRunsMayFireInItsState() {
    return SITUATIONS.entrySet().stream()
        .map(
            situation ->
                DynamicTest.dynamicTest(
                    situation.getKey(),
                    () -> {
                      for (Timer timer : situation.getValue().get().timers.keySet()) {
                        MachineRig rig = situation.getValue().get();
                        rig.fire(timer);
                        assertThat(rig.state()).isNotNull();
                      }
                    }));
  }

  @Test
  void nothingIsOrderedOnceClosed() {
    for (Function<MachineRig, Event> event : EVENTS.values()) {
      MachineRig rig = in("closed");

      assertThat(rig.give(event.apply(rig))).isEmpty();
      assertThat(rig.state()).isInstanceOf(Closed.class);
      assertThat(rig.timers).isEmpty();
    }
  }

  @Test
  void theRetrysAnswerMustBeTheVeryNextEvent() {
    Machine machine = new MachineRig().open().machine;
    machine.on(new Event.TransportEnded(1, broken(), ConnectTimeline.EMPTY));

    assertThatThrownBy(() -> machine.on(new Event.SuspendRequested()))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("must come before");
  }

  private static String name(ConnectionState state) {
    if (state instanceof Connecting connecting) return lower(connecting.phase().name());
    if (state instanceof Offline offline) return lower(offline.reason().name());
    return lower(state.getClass().getSimpleName());
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private static List<Class<?>> leaves(Class<?> sealed) {
    if (!sealed.isSealed()) return List.of(sealed);
    return Arrays.stream(sealed.getPermittedSubclasses())
        .flatMap(kind -> leaves(kind).stream())
        .toList();
  }
}
