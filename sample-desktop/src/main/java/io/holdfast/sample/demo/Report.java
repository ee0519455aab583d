package io.holdfast.sample.demo;

import io.holdfast.Fate;
import io.holdfast.QueueSnapshot;
import io.holdfast.sample.terminal.Line;
import io.holdfast.sample.terminal.Line.Tone;
import java.time.Duration;
import java.util.List;

/**
 * What the sender's process tells the show, one line each: a word and its values, parted by tabs.
 * What it has told survives a kill, for the pipe is the kernel's.
 */
sealed interface Report {

  /** Returns the values, the word first. */
  List<String> values();

  /** Returns the line. */
  default String encode() {
    return String.join("\t", values());
  }

  /** A line for the timeline. */
  record Told(Line line) implements Report {
    @Override
    public List<String> values() {
      // A peer may have chosen what is in it.
      String text = line.text().replaceAll("\\p{Cntrl}", "?");
      return List.of("told", line.tone().name(), line.label(), text);
    }
  }

  /** The message with this number is about to be given to {@code send}. */
  record Sending(long number) implements Report {
    @Override
    public List<String> values() {
      return List.of("sending", Long.toString(number));
    }
  }

  /** It is on disk. */
  record Accepted(long number) implements Report {
    @Override
    public List<String> values() {
      return List.of("accepted", Long.toString(number));
    }
  }

  /** It has its fate. */
  record Ended(long number, Ending ending) implements Report {
    @Override
    public List<String> values() {
      return List.of("ended", Long.toString(number), ending.name());
    }
  }

  /** What fates come to in the end. */
  enum Ending {
    DELIVERED,
    REJECTED,
    /** The next life has it. */
    KEPT,
    OTHERWISE;

    static Ending of(Fate fate) {
      if (fate.delivered()) return DELIVERED;
      if (fate instanceof Fate.Kept) return KEPT;
      return fate instanceof Fate.Rejected ? REJECTED : OTHERWISE;
    }
  }

  /** A transport opened. */
  record Opened() implements Report {
    @Override
    public List<String> values() {
      return List.of("opened");
    }
  }

  /** A transport has proved itself. */
  record Proved() implements Report {
    @Override
    public List<String> values() {
      return List.of("proved");
    }
  }

  /** An attempt failed. */
  record Failed() implements Report {
    @Override
    public List<String> values() {
      return List.of("failed");
    }
  }

  /** An open transport was lost. */
  record Lost(int inFlight, String cause) implements Report {
    @Override
    public List<String> values() {
      return List.of("lost", Integer.toString(inFlight), cause.replaceAll("\\p{Cntrl}", "?"));
    }
  }

  /** A ping was answered. */
  record RoundTrip(Duration time) implements Report {
    @Override
    public List<String> values() {
      return List.of("roundtrip", Long.toString(time.toNanos()));
    }
  }

  /** How things stand; several times a second. */
  record Status(Standing standing, QueueSnapshot queue, long received) implements Report {
    @Override
    public List<String> values() {
      return List.of(
          "status",
          standing.name(),
          standing.tone().name(),
          standing.text(),
          Integer.toString(queue.queued()),
          Integer.toString(queue.inFlight()),
          Long.toString(queue.bytes()),
          Long.toString(queue.oldestAge().toNanos()),
          Long.toString(received));
    }
  }

  /** All messages are sent, and each has its fate. */
  record Done() implements Report {
    @Override
    public List<String> values() {
      return List.of("done");
    }
  }

  /**
   * Returns what {@code line} says.
   *
   * @throws IllegalArgumentException if it is no report, such as half of one
   */
  static Report of(String line) {
    String[] values = line.split("\t", -1);
    try {
      return switch (values[0]) {
        case "told" -> new Told(new Line(Tone.valueOf(values[1]), values[2], values[3]));
        case "sending" -> new Sending(Long.parseLong(values[1]));
        case "accepted" -> new Accepted(Long.parseLong(values[1]));
        case "ended" -> new Ended(Long.parseLong(values[1]), Ending.valueOf(values[2]));
        case "opened" -> new Opened();
        case "proved" -> new Proved();
        case "failed" -> new Failed();
        case "lost" -> new Lost(Integer.parseInt(values[1]), values[2]);
        case "roundtrip" -> new RoundTrip(Duration.ofNanos(Long.parseLong(values[1])));
        case "status" -> status(values);
        case "done" -> new Done();
        default -> throw new IllegalArgumentException("report must be known but was " + line);
      };
    } catch (IndexOutOfBoundsException e) {
      throw new IllegalArgumentException("report must be whole but was " + line, e);
    }
  }

  private static Status status(String[] values) {
    return new Status(
        new Standing(values[1], Tone.valueOf(values[2]), values[3]),
        new QueueSnapshot(
            Integer.parseInt(values[4]),
            Integer.parseInt(values[5]),
            Long.parseLong(values[6]),
            Duration.ofNanos(Long.parseLong(values[7]))),
        Long.parseLong(values[8]));
  }
}
