package io.holdfast.internal.driver;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.valfirst.slf4jtest.LoggingEvent;
import com.github.valfirst.slf4jtest.TestLogger;
import com.github.valfirst.slf4jtest.TestLoggerFactory;
import io.holdfast.ConnectRequest;
import io.holdfast.ConnectionException.PeerClosed;
import io.holdfast.ConnectionException.Refused;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

class FlightLogTest {
  private final TestLogger log = TestLoggerFactory.getTestLogger("io.holdfast.connection");
  private final Level captureLevel = TestLoggerFactory.getInstance().getCaptureLevel();
  private final ConnectRequest request =
      ConnectRequest.builder(URI.create("ws://ann:passw0rd@localhost/feed?token=t0ken"))
          .addHeader("Authorization", "Bearer h3ader")
          .build();
  private final VirtualConnection world =
      new VirtualConnection(builder -> builder.requests(attempt -> request));

  @BeforeEach
  void captureAll() {
    TestLoggerFactory.getInstance().setCaptureLevel(Level.DEBUG);
    log.clear();
  }

  @AfterEach
  void leavesNothing() {
    world.close();
    log.clear();
    TestLoggerFactory.getInstance().setCaptureLevel(captureLevel);
  }

  @Test
  void atInfoALifeIsOpenOpenAgainAndTheEnd() {
    world.open();
    world.fail(world.reset);
    world.advance(Duration.ofSeconds(20));
    world.failAndReconnect(new Refused("no", null));
    world.accept();
    world.advance(Duration.ofSeconds(20));
    world.close();

    assertThat(lines(Level.INFO))
        .satisfiesExactly(
            first -> assertThat(first).isEqualTo("open after 0.0 ms"),
            again -> assertThat(again).startsWith("open again after an outage of "));
    assertThat(lines(Level.WARN)).isEmpty();
  }

  @Test
  void theOutagesLengthIsAFieldToo() {
    world.open();
    world.fail(world.reset);
    world.awaitAttempt();
    world.advance(Duration.ofSeconds(3));
    world.accept();

    LoggingEvent again = last(Level.INFO);
    long millis = (Long) field("outageMs", again);
    assertThat(millis).isGreaterThanOrEqualTo(3_000);
    assertThat(again.getMessage())
        .isEqualTo("open again after an outage of %d.%d s", millis / 1000, millis % 1000 / 100);
    assertThat(field("transport", again)).isEqualTo(2L);
  }

  @Test
  void whoGivesUpLogsItsHistoryOnceAtWarn() {
    world.open();

    world.fail(new PeerClosed(1008, "not you"));

    assertThat(lines(Level.WARN))
        .singleElement()
        .isEqualTo(
            "gave up: peer closed: peer closed with 1008 not you\n"
                + String.join("\n", world.connection.history()));
    assertThat(field("cause", last(Level.WARN))).isEqualTo("peer-closed");
  }

  @Test
  void atDebugEachEventHasTheWordsOfTheHistoryAndFields() {
    world.connection.open();
    world.clock.run();
    world.fail(new Refused("no", null));

    assertThat(lines(Level.DEBUG))
        .containsExactly(
            "attempt 1",
            "request supplied, connecting",
            "attempt 1 failed: refused: no",
            "waiting 5.0 s before attempt 2: refused: no");
    LoggingEvent waiting = last(Level.DEBUG);
    assertThat(field("connection", waiting)).isEqualTo("ws://localhost/feed");
    assertThat(field("attempt", waiting)).isEqualTo(2);
    assertThat(field("delayMs", waiting)).isEqualTo(5_000L);
    assertThat(field("cause", waiting)).isEqualTo("refused");
  }

  @Test
  void noSecretIsLogged() {
    world.connection.open();
    world.clock.run();
    String all = request.uri() + " Authorization: Bearer h3ader";
    world.failAndReconnect(new Refused(all, null));
    world.fail(new PeerClosed(1008, all));

    assertThat(log.getLoggingEvents())
        .hasSizeGreaterThan(5)
        .extracting(event -> event.getMessage() + event.getKeyValuePairs() + event.getThrowable())
        .noneMatch(line -> line.contains("passw0rd"))
        .noneMatch(line -> line.contains("t0ken"))
        .noneMatch(line -> line.contains("h3ader"));
  }

  private List<String> lines(Level level) {
    return events(level).stream().map(LoggingEvent::getMessage).toList();
  }

  private LoggingEvent last(Level level) {
    List<LoggingEvent> events = events(level);
    return events.get(events.size() - 1);
  }

  private List<LoggingEvent> events(Level level) {
    return log.getLoggingEvents().stream().filter(event -> event.getLevel() == level).toList();
  }

  private static Object field(String name, LoggingEvent event) {
    return event.getKeyValuePairs().stream()
        .filter(pair -> pair.key.equals(name))
        .findFirst()
        .orElseThrow()
        .value;
  }
}
