package io.holdfast.simulation;

import com.github.valfirst.slf4jtest.LoggingEvent;
import com.github.valfirst.slf4jtest.TestLoggerFactory;
import org.slf4j.event.Level;

/** Nothing threw inside, where it would only be logged, but what the app itself threw. */
final class LogJudge extends Judge {
  LogJudge(World world) {
    super(world);
    TestLoggerFactory.clear();
  }

  // What a disk has done is for people to know.
  private boolean isOfDisk(LoggingEvent event) {
    String message = event.getMessage();
    return world.scenario.setup().storing()
        && (message.contains("send queue") || message.contains("journal"));
  }

  // A message that cannot be encoded; what a life before has acknowledged and not noted.
  private boolean isOfProtocol(LoggingEvent event) {
    Speech speech = world.scenario.setup().speech();
    if (speech == null) return false;
    String message = event.getMessage();
    return (speech.mumbling() && message.contains("could not encode"))
        || (speech.storing() && message.contains("no longer has messages"));
  }

  // A connection that gave up says so; whether it may is another judge's.
  private static boolean isEnd(LoggingEvent event) {
    return event.getMessage().startsWith("gave up: ");
  }

  @Override
  void finished() {
    for (LoggingEvent event : TestLoggerFactory.getLoggingEvents()) {
      boolean expected = isOfDisk(event) || isOfProtocol(event) || isEnd(event);
      boolean warning = event.getLevel() == Level.WARN && !expected;
      boolean bad = event.getLevel() == Level.ERROR || warning;
      if (!bad) continue;
      Throwable thrown = event.getThrowable().orElse(null);
      require(thrown instanceof App.Thrown, "nothing throws inside", event.getMessage(), thrown);
    }
    TestLoggerFactory.clear();
  }
}
