package io.holdfast.simulation;

import io.holdfast.ConnectRequest.Header;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.HandshakeRejected;
import io.holdfast.Message;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The model server: whom it lets in, and what it does to those that are in. */
final class Server {
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);
  private static final long SECONDS_IN_2020 = 1_577_836_800L;

  private final World world;
  private final Conditions conditions;
  private final Dice dice;
  private final Heart heart;
  private final Dice chatDice;
  private long wallClockStepSeconds;
  private long tokensRefused;
  // Null if it speaks no protocol.
  private final @Nullable Application application;

  Server(World world, Dice dice) {
    this.world = world;
    this.conditions = world.conditions;
    this.dice = dice;
    heart = world.scenario.setup().heart();
    chatDice = new Dice(world.scenario.seed(), "chat");
    Speech speech = world.scenario.setup().speech();
    application =
        speech == null
            ? null
            : new Application(world, speech, new Dice(world.scenario.seed(), "application"));
  }

  @Nullable Application application() {
    return application;
  }

  /** Whether it leaves a ping unanswered, as RFC 6455 forbids. */
  boolean ignoresPing() {
    return heart.ignoresPings() || conditions.strikes(FaultKind.NO_PONGS);
  }

  long thinkingNanos() {
    return dice.between(0, 1_000_000);
  }

  byte[] strangePayload() {
    byte[] payload = new byte[dice.below(20)];
    dice.random().nextBytes(payload);
    return payload;
  }

  /** What is no message of the app's is the protocol's own. */
  void got(Flow flow, Message message, @Nullable Sent sent) {
    if (sent != null) sent.arrivals++;
    if (sent != null && world.trace.isOn()) world.trace.note("server", "got " + sent);
    if (Question.asks(message)) answer(flow, message);
    else if (application != null) application.received(flow, message);
  }

  private void answer(Flow flow, Message question) {
    if (conditions.strikes(FaultKind.ANSWERS_NO_QUESTION)) return;
    flow.session.answer(Question.answer(Question.number(question)));
  }

  /** Its process was ended. */
  void restarted() {
    if (application != null) application.restarted();
  }

  // ---- Letting in

  /** Whether nobody listens. */
  boolean refuses(int place) {
    return conditions.strikesAt(place, FaultKind.REFUSED)
        || conditions.strikesAt(place, FaultKind.CRASH)
        || conditions.strikesAt(place, FaultKind.RESTART);
  }

  /** Returns why an upgrade is refused, or null. */
  @Nullable ConnectionException rejection(int place) {
    if (conditions.strikes(FaultKind.CAPTIVE_PORTAL)) {
      return rejected(conditions.amount(FaultKind.CAPTIVE_PORTAL) == 0 ? 200 : 302, List.of());
    }
    if (conditions.strikesAt(place, FaultKind.SHEDS_LOAD)) return rejected(503, List.of());
    if (conditions.strikesAt(place, FaultKind.RETRY_AFTER_SECONDS)) {
      return rejected(503, retryAfter(FaultKind.RETRY_AFTER_SECONDS));
    }
    if (conditions.strikesAt(place, FaultKind.RETRY_AFTER_DATE))
      return rejected(503, retryAfterDate());
    if (conditions.strikesAt(place, FaultKind.TOO_MANY_REQUESTS)) {
      return rejected(429, retryAfter(FaultKind.TOO_MANY_REQUESTS));
    }
    if (tokensRefused > 0) {
      tokensRefused--;
      conditions.hit(FaultKind.UNAUTHORIZED);
      return rejected(401, List.of());
    }
    if (conditions.strikesAt(place, FaultKind.NOT_FOUND)) return rejected(404, List.of());
    if (conditions.strikes(FaultKind.BAD_REQUEST)) return rejected(400, List.of());
    return null;
  }

  private List<Header> retryAfter(FaultKind kind) {
    return List.of(new Header("retry-after", Long.toString(conditions.amount(kind))));
  }

  private List<Header> retryAfterDate() {
    long now = SECONDS_IN_2020 + wallClockStepSeconds + world.agenda.nowNanos() / 1_000_000_000L;
    long then = now + conditions.amount(FaultKind.RETRY_AFTER_DATE);
    return List.of(new Header("Date", httpDate(now)), new Header("Retry-After", httpDate(then)));
  }

  private static String httpDate(long epochSeconds) {
    return HTTP_DATE.format(Instant.ofEpochSecond(epochSeconds));
  }

  private static HandshakeRejected rejected(int status, List<Header> headers) {
    return new HandshakeRejected("HTTP " + status, status, headers, "");
  }

  /** A flow is open for both ends. */
  void opened(Flow flow) {
    flow.session.open();
    if (heart.has(Heart.Kind.LISTENS)) speakUp(flow);
    if (conditions.strikesAt(flow.transport.place(), FaultKind.ACCEPT_AND_DROP)) {
      world.agenda.after(dice.between(0, 300_000_000), flow.session::finish);
    }
  }

  // Whoever is listened to says something in time, be it a message or no more than a byte.
  private void speakUp(Flow flow) {
    world.agenda.after(
        world.scenario.setup().chatNanos(),
        () -> {
          if (!flow.session.isOpen()) return;
          if (!conditions.strikes(FaultKind.SAYS_NOTHING)) flow.session.sayAnything(chatDice);
          speakUp(flow);
        });
  }

  // ---- Faults

  /** Does something to each session, and counts it where the device can notice. */
  void each(FaultKind kind, Consumer<Session> effect) {
    for (Session session : sessions()) {
      if (!conditions.isOf(kind, session.place())) continue;
      if (session.isHeard()) conditions.hit(kind);
      effect.accept(session);
    }
  }

  private List<Session> sessions() {
    List<Session> open = new ArrayList<>();
    for (Flow flow : world.network.flows()) if (flow.session.isOpen()) open.add(flow.session);
    return open;
  }

  void refuseTokens(long attempts) {
    tokensRefused = attempts;
  }

  void acceptTokens() {
    tokensRefused = 0;
  }

  void stepWallClock(long seconds) {
    wallClockStepSeconds += seconds;
  }

  /** Some message each {@code periodNanos}, as long as the fault holds. */
  void chat(long periodNanos) {
    if (!conditions.holds(FaultKind.CHATTER)) return;
    each(FaultKind.CHATTER, session -> session.push(20));
    world.agenda.after(periodNanos, () -> chat(periodNanos));
  }

  /** Some pongs each second, as long as the fault holds. */
  void forgePongs() {
    if (!conditions.holds(FaultKind.STRANGE_PONGS)) return;
    for (Session session : sessions()) session.sendForgedPongs();
    world.agenda.after(1_000_000_000L, this::forgePongs);
  }

  /** Conditions may have changed: whoever did not read may read. */
  void changed() {
    for (Flow flow : world.network.flows()) {
      if (!flow.session.isGone() && flow.up.isReadable()) flow.session.onReadable();
    }
  }
}
