package io.holdfast.sample.demo;

import io.holdfast.sample.demo.FaultScript.Scene;
import io.holdfast.sample.terminal.Line.Tone;
import io.holdfast.sample.terminal.Texts;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What the live panel says:
 *
 * <pre>
 *  OPEN         transport 3, for 2.4 s
 *  script       ....xx...|xx......xx....   12.4 s of 40.0 s, black hole in 1.1 s
 *  round trip   __._-___#__.__             0.4 ms
 *  queue        ###.................       34 queued, 3 in flight, oldest 0.8 s
 *  messages     480 sent, 443 delivered, 1500 received
 * </pre>
 */
final class Dashboard {
  private static final int WIDTH = 40;

  private final FaultScript script;
  private final Duration whole;
  private final Glyphs glyphs;
  private final boolean colours;

  // The display's one caller owns it: the queue's bar has room for what the queue ever held.
  private long longestQueue = WIDTH;

  Dashboard(FaultScript script, Duration whole, Glyphs glyphs, boolean colours) {
    this.script = script;
    this.whole = whole;
    this.glyphs = glyphs;
    this.colours = colours;
  }

  List<String> lines(Moment now) {
    return List.of("", state(now), script(now), roundTrip(now), queue(now), messages(now));
  }

  private String state(Moment now) {
    Standing standing = now.standing();
    return standing.tone().apply(line(standing.name(), standing.text()), colours);
  }

  private String script(Moment now) {
    String strip = glyphs.strip(script, now.elapsed(), whole, WIDTH);
    String time = Texts.seconds(now.elapsed()) + " of " + Texts.seconds(whole);
    Scene fault = now.fault();
    if (fault != null) {
      Duration left = notNegative(fault.endsAt().minus(now.elapsed()));
      String text = "%s, %s for %s more".formatted(time, fault.kind().words, Texts.seconds(left));
      return Tone.FAULT.apply(line("script", strip, text), colours);
    }
    Scene next = script.after(now.elapsed());
    if (next == null) return line("script", strip, time);
    String in = Texts.seconds(next.at().minus(now.elapsed()));
    return line("script", strip, "%s, %s in %s".formatted(time, next.kind().words, in));
  }

  private String roundTrip(Moment now) {
    if (now.roundTrips().isEmpty()) return line("round trip", "");
    return line("round trip", glyphs.curve(now.roundTrips()), Texts.millis(now.roundTrip()));
  }

  private String queue(Moment now) {
    int queued = now.queue().queued();
    int inFlight = now.queue().inFlight();
    longestQueue = Math.max(longestQueue, queued + inFlight);
    String text = "%d queued, %d in flight".formatted(queued, inFlight);
    if (queued + inFlight > 0) text += ", oldest " + Texts.seconds(now.queue().oldestAge());
    return line("queue", glyphs.bar(queued + inFlight, longestQueue, WIDTH), text);
  }

  private static String messages(Moment now) {
    return line(
        "messages",
        "%d sent, %d delivered, %d received"
            .formatted(now.sent(), now.delivered(), now.received()));
  }

  private static String line(String name, String picture, String text) {
    return line(name, picture + " ".repeat(Math.max(0, WIDTH - picture.length())) + "  " + text);
  }

  private static String line(String name, String text) {
    return String.format(Locale.ROOT, " %-11s %s", name, text);
  }

  private static Duration notNegative(Duration duration) {
    return duration.isNegative() ? Duration.ZERO : duration;
  }
}
