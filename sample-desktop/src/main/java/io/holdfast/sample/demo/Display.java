package io.holdfast.sample.demo;

import io.holdfast.sample.terminal.Line;
import io.holdfast.sample.terminal.Timeline;
import java.time.Duration;

/** Shows how a show goes. */
interface Display {
  /** How often it wants to show something. */
  Duration interval();

  /** Shows how things stand; one call at a time. */
  void show(Moment now);

  /** The show is over. */
  void end();

  /** A line of the timeline every second, for what is piped or kept. */
  static Display lines(Timeline timeline) {
    return new Display() {
      @Override
      public Duration interval() {
        return Duration.ofSeconds(1);
      }

      @Override
      public void show(Moment now) {
        timeline.add(Line.status(now.sent(), now.delivered(), now.queue(), now.roundTrip()));
      }

      @Override
      public void end() {}
    };
  }

  /** A panel that is drawn again ten times a second, for a person at a terminal. */
  static Display panel(LivePanel panel, Dashboard dashboard) {
    return new Display() {
      @Override
      public Duration interval() {
        return Duration.ofMillis(100);
      }

      @Override
      public void show(Moment now) {
        panel.show(dashboard.lines(now));
      }

      @Override
      public void end() {
        panel.end();
      }
    };
  }
}
