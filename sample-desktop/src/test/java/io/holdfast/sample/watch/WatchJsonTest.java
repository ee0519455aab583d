package io.holdfast.sample.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import io.holdfast.sample.Running;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The lines that programs read. */
@Timeout(60)
class WatchJsonTest extends WatchFixture {
  @Test
  void everyLineIsAnObjectWithTypeAndTimes() throws Exception {
    Running watch = watch("--json").type("hello\n").endInput().endsWith(0);

    List<JsonObject> objects = objects(watch);
    assertThat(objects).extracting(WatchJsonTest::type).startsWith("start").endsWith("summary");
    double before = 0;
    for (JsonObject object : objects) {
      assertThat(Instant.parse(object.get("time").getAsString())).isBefore(Instant.MAX);
      assertThat(object.get("elapsedMs").getAsDouble()).isGreaterThanOrEqualTo(before);
      before = object.get("elapsedMs").getAsDouble();
    }
  }

  @Test
  void statesAndFatesHaveTheirFacts() throws Exception {
    server.subprotocols("chat");

    Running watch =
        watch("--json", "-H", "Cookie: topsecret", "--subprotocol=chat").type("hello\n");
    // The pong that confirms the last message may come too late to be measured.
    watch.await("round-trip-measured").endInput().endsWith(0);

    JsonObject start = only(watch, "start");
    assertThat(start.get("url").getAsString()).isEqualTo(server.url().toString());
    assertThat(start.get("headers")).hasToString("[\"Cookie\"]");
    assertThat(start.get("subprotocols")).hasToString("[\"chat\"]");
    JsonObject open = state(watch, "open");
    assertThat(open.get("readyState").getAsInt()).isEqualTo(1);
    assertThat(open.get("subprotocol").getAsString()).isEqualTo("chat");
    JsonObject steps = open.get("steps").getAsJsonObject();
    assertThat(steps.get("tcpMs").getAsDouble()).isPositive();
    assertThat(steps.get("upgradeMs").getAsDouble()).isPositive();
    assertThat(steps.get("address").getAsString()).isEqualTo("127.0.0.1:" + server.port());
    assertThat(steps.has("tlsMs")).isFalse();
    JsonObject fate = only(watch, "fate");
    assertThat(fate.get("line").getAsInt()).isEqualTo(1);
    assertThat(fate.get("bytes").getAsInt()).isEqualTo(5);
    assertThat(fate.get("fate").getAsString()).isEqualTo("confirmed");
    assertThat(fate.get("delivered").getAsBoolean()).isTrue();
    JsonObject closed = state(watch, "closed");
    assertThat(closed.get("code").getAsInt()).isEqualTo(1000);
    assertThat(closed.get("clean").getAsBoolean()).isTrue();
    JsonObject summary = only(watch, "summary");
    assertThat(summary.get("ending").getAsString()).isEqualTo("input-ended");
    assertThat(summary.get("outcome").getAsString()).isEqualTo("clean");
    assertThat(summary.get("lines").getAsInt()).isEqualTo(1);
    assertThat(summary.get("delivered").getAsInt()).isEqualTo(1);
    assertThat(summary.get("roundTrips").getAsJsonObject().get("count").getAsInt()).isPositive();
    assertThat(watch.printed().text()).doesNotContain("topsecret");
  }

  @Test
  void messagesAreWholeWhateverIsInThem() throws Exception {
    Running watch = watch("--json");
    awaitSessions(1);
    StringBuilder hostile = new StringBuilder();
    for (char c = 0; c < 0x300; c++) hostile.append(c);
    hostile.append("\ud83d\ude00\u2028\u202e\uffff").append("x".repeat(200_000));
    byte[] bytes = {0, 10, (byte) 0xff, (byte) 0x9b};

    server.push(hostile.toString());
    server.push(bytes);

    watch.await("\"base64\"").endInput().endsWith(0);
    List<JsonObject> messages = ofType(watch, "message");
    assertThat(messages)
        .extracting(message -> message.get("number").getAsInt())
        .containsExactly(1, 2);
    assertThat(messages.get(0).get("kind").getAsString()).isEqualTo("text");
    assertThat(messages.get(0).get("text").getAsString()).isEqualTo(hostile.toString());
    assertThat(messages.get(0).get("bytes").getAsInt())
        .isEqualTo(hostile.toString().getBytes(StandardCharsets.UTF_8).length);
    assertThat(messages.get(1).get("kind").getAsString()).isEqualTo("binary");
    assertThat(Base64.getDecoder().decode(messages.get(1).get("base64").getAsString()))
        .isEqualTo(bytes);
  }

  @Test
  void failuresHaveTheirCause() throws Exception {
    server.reject(503, "Retry-After", "7");

    Running watch = watch("--json", "--attempts=1").endsWith(3);

    JsonObject failed = event(watch, "attempt-failed");
    JsonObject cause = failed.get("cause").getAsJsonObject();
    assertThat(failed.get("attempt").getAsInt()).isEqualTo(1);
    assertThat(cause.get("kind").getAsString()).isEqualTo("handshake-rejected");
    assertThat(cause.get("status").getAsInt()).isEqualTo(503);
    assertThat(cause.get("retryAfter").getAsString()).isEqualTo("7");
    assertThat(event(watch, "retry-scheduled").get("delayMs").getAsDouble())
        .isGreaterThanOrEqualTo(7_000);
    assertThat(only(watch, "summary").get("outcome").getAsString()).isEqualTo("refused");
  }

  @Test
  void lossesAndRoundTripsAreEvents() throws Exception {
    Running watch = watch("--json", "--once");
    awaitSessions(1);
    watch.await("round-trip-measured");

    server.closeAll(1008, "no\n");

    watch.endsWith(4);
    JsonObject lost = event(watch, "transport-lost");
    JsonObject cause = lost.get("cause").getAsJsonObject();
    assertThat(lost.get("transport").getAsInt()).isEqualTo(1);
    assertThat(cause.get("kind").getAsString()).isEqualTo("peer-closed");
    assertThat(cause.get("code").getAsInt()).isEqualTo(1008);
    assertThat(cause.get("reason").getAsString()).isEqualTo("no\n");
    assertThat(event(watch, "round-trip-measured").get("roundTripMs").getAsDouble()).isPositive();
    assertThat(event(watch, "pong-support-learned").get("pongs").getAsString()).isEqualTo("yes");
    assertThat(state(watch, "closed").get("cause").getAsJsonObject()).isEqualTo(cause);
  }

  @Test
  void badFatesSayWhy() throws Exception {
    server.stop();
    Running watch = watch("--json", "--max-queued=1").type("1\n2\n\u00fc\n");
    watch.await("\"line\":3");

    server.startAgain();

    watch.endInput().endsWith(1);

    assertThat(ofType(watch, "fate"))
        .filteredOn(fate -> !fate.get("delivered").getAsBoolean())
        .extracting(
            fate -> fate.get("line").getAsInt() + " " + fate.get("fate") + fate.get("reason"))
        .containsExactly("2 \"rejected\"\"queue-full\"", "3 \"rejected\"\"queue-full\"");
  }

  @Test
  void aLineThatCannotBeSentHasAFateToo() throws Exception {
    Running watch = watch("--json").type(new byte[] {(byte) 0xff, '\n'}).endInput().endsWith(1);

    JsonObject fate = only(watch, "fate");
    assertThat(fate.get("fate").getAsString()).isEqualTo("not-sent");
    assertThat(fate.get("reason").getAsString()).isEqualTo("not-utf8");
  }

  private static List<JsonObject> objects(Running watch) {
    // Not by lines(), which ends lines at a carriage return as well.
    return List.of(watch.printed().text().split("\n", -1)).stream()
        .filter(line -> !line.isEmpty())
        .map(WatchJsonTest::parse)
        .toList();
  }

  private static JsonObject parse(String line) {
    JsonReader reader = new JsonReader(new StringReader(line));
    reader.setStrictness(Strictness.STRICT);
    JsonElement element = JsonParser.parseReader(reader);
    return element.getAsJsonObject();
  }

  private static String type(JsonObject object) {
    return object.get("type").getAsString();
  }

  private static List<JsonObject> ofType(Running watch, String type) {
    return objects(watch).stream().filter(object -> type(object).equals(type)).toList();
  }

  private static JsonObject only(Running watch, String type) {
    assertThat(ofType(watch, type)).hasSize(1);
    return ofType(watch, type).get(0);
  }

  private static JsonObject state(Running watch, String state) {
    return first(watch, "state", state);
  }

  private static JsonObject event(Running watch, String event) {
    return first(watch, "event", event);
  }

  private static JsonObject first(Running watch, String type, String name) {
    return ofType(watch, type).stream()
        .filter(object -> object.get(type).getAsString().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(watch.printed().text()));
  }
}
