package io.holdfast.sample.demo;

import static io.holdfast.testkit.Direction.TO_SERVER;

import io.holdfast.testkit.Fault;
import io.holdfast.testkit.Fault.BlackHole;
import io.holdfast.testkit.Fault.CutAfter;
import io.holdfast.testkit.Fault.Delayed;
import io.holdfast.testkit.Fault.DropSessions;
import io.holdfast.testkit.Fault.Flooded;
import io.holdfast.testkit.Fault.Refuse;
import io.holdfast.testkit.Fault.Reject;
import io.holdfast.testkit.Fault.Reset;
import io.holdfast.testkit.Fault.ServerDown;
import io.holdfast.testkit.Fault.Stall;
import io.holdfast.testkit.Fault.Throttled;
import io.holdfast.testkit.Fault.Together;
import io.holdfast.testkit.Fault.Way;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What can go wrong in a show, and how long it lasts. */
enum FaultKind {
  RESTART(
      "server restart",
      "the server is killed, and its port refuses",
      new Together(new Refuse(), new ServerDown()),
      500,
      900),
  // Longer than a heartbeat's interval and timeout together, so that it is always found.
  BLACK_HOLE(
      "black hole",
      "every byte vanishes, and neither side is told",
      new BlackHole(Way.BOTH),
      2_100,
      2_400),
  HOLE_TO_SERVER(
      "black hole to the server",
      "what is sent vanishes",
      new BlackHole(Way.TO_SERVER),
      2_100,
      2_400),
  HOLE_TO_CLIENT(
      "black hole from the server",
      "what arrives is not answered",
      new BlackHole(Way.TO_CLIENT),
      2_100,
      2_400),
  // A message's frame is at least 6 + 9 bytes long.
  MID_FRAME(
      "reset in mid-frame",
      "the path is cut within a message",
      new CutAfter(TO_SERVER, 8),
      200,
      300),
  HTTP_503(
      "HTTP 503",
      "the server sheds its load: come back in a second",
      new Together(new Reset(), new Reject(503, List.of("Retry-After", "1"))),
      1_000,
      1_400),
  REFUSED(
      "refused",
      "the path is cut, and the port refuses",
      new Together(new Reset(), new Refuse()),
      500,
      900),
  SLOW_PATH(
      "slow path",
      "4 KiB a second, each way 100 to 150 ms long",
      new Together(
          new Throttled(4 << 10), new Delayed(Duration.ofMillis(100), Duration.ofMillis(50), 1)),
      1_500,
      2_000),
  ACCEPT_AND_DROP(
      "accept and drop",
      "the server opens each connection and ends it",
      new Together(new Reset(), new DropSessions()),
      1_000,
      1_500),
  FLOOD(
      "flood",
      "1500 messages of 4 KiB come at once, and their consumer is slow",
      new Flooded(1_500, 4 << 10),
      1_500,
      2_000),
  // Before the kill no acknowledgement comes, so that messages are in flight that the server has.
  KILL(
      "kill",
      "the sending process is killed in mid-flight, and started again",
      new Stall(Way.TO_CLIENT),
      1_000,
      1_400);

  final String words;
  final String meaning;

  @SuppressWarnings("ImmutableEnumChecker") // Faults are records of values.
  final Fault fault;

  final int shortestMillis;
  final int longestMillis;

  FaultKind(String words, String meaning, Fault fault, int shortestMillis, int longestMillis) {
    this.words = words;
    this.meaning = meaning;
    this.fault = fault;
    this.shortestMillis = shortestMillis;
    this.longestMillis = longestMillis;
  }

  /** The word for it on the command line, such as {@code black-hole}. */
  String option() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** All words, for a help text. */
  static String options() {
    return Arrays.stream(values()).map(FaultKind::option).collect(Collectors.joining(", "));
  }

  /**
   * Returns the kind that {@code option} names.
   *
   * @throws IllegalArgumentException if it names none
   */
  static FaultKind of(String option) {
    return Arrays.stream(values())
        .filter(kind -> kind.option().equals(option))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "fault must be one of " + options() + " but was " + option));
  }
}
