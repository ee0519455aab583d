package io.holdfast.internal.telemetry;

import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionEvent.AttemptStarted;
import io.holdfast.ConnectionEvent.NotDelivered;
import io.holdfast.ConnectionEvent.PingSent;
import io.holdfast.ConnectionEvent.RoundTripMeasured;
import io.holdfast.ConnectionEvent.TransportOpened;
import io.holdfast.ConnectionState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The last things that happened, and when. What comes in runs, such as pings on a quiet connection,
 * takes one entry for each run, so that it neither pushes the rest out nor takes memory.
 */
final class History {
  private final int most;
  private final long startedAtNanos;
  // Null until something has happened.
  private @Nullable ArrayDeque<Entry> entries;

  History(int most, long startedAtNanos) {
    this.most = most;
    this.startedAtNanos = startedAtNanos;
  }

  private abstract static class Entry {
    final long atNanos;

    private Entry(long atNanos) {
      this.atNanos = atNanos;
    }

    abstract String words(long startedAtNanos);
  }

  /** Said when it happened: a failure would keep its stack, and perhaps the server's answer. */
  private static final class Said extends Entry {
    private final String words;

    private Said(String words, long atNanos) {
      super(atNanos);
      this.words = words;
    }

    @Override
    String words(long startedAtNanos) {
      return words;
    }
  }

  /** Said when it is asked for: the event is smaller than its words, and holds nothing large. */
  private static final class Happened extends Entry {
    private final ConnectionEvent event;
    private final Secrets secrets;

    private Happened(ConnectionEvent event, Secrets secrets, long atNanos) {
      super(atNanos);
      this.event = event;
      this.secrets = secrets;
    }

    @Override
    String words(long startedAtNanos) {
      return String.valueOf(Words.of(event, secrets));
    }
  }

  /** A run of pings and their pongs. */
  private static final class Pings extends Entry {
    private int sent;
    private int answered;
    private long lastAtNanos;
    private long lastRoundTripNanos;

    private Pings(long atNanos) {
      super(atNanos);
    }

    @Override
    String words(long startedAtNanos) {
      String words = sent + (sent == 1 ? " ping, " : " pings, ") + answered + " answered";
      if (answered > 0) words += ", the last in " + Durations.words(lastRoundTripNanos);
      boolean moment = lastAtNanos - atNanos < 1_000_000;
      return moment
          ? words
          : words + ", until " + Durations.sinceStart(lastAtNanos - startedAtNanos);
    }
  }

  /** A run of deliveries with one fate. */
  private static final class Undelivered extends Entry {
    private final String fate;
    private int count;

    private Undelivered(String fate, long atNanos) {
      super(atNanos);
      this.fate = fate;
    }

    @Override
    String words(long startedAtNanos) {
      return count == 1
          ? "a message was not delivered: " + fate
          : count + " messages were not delivered: " + fate;
    }
  }

  void add(ConnectionState state, Secrets secrets, long nowNanos) {
    if (most == 0) return;
    String words = Words.of(state, secrets);
    if (words != null) add(new Said(words, nowNanos));
  }

  void add(ConnectionEvent event, Secrets secrets, long nowNanos) {
    if (most == 0) return;
    if (event instanceof PingSent) {
      ping(nowNanos).sent++;
    } else if (event instanceof RoundTripMeasured measured) {
      Pings pings = ping(nowNanos);
      pings.answered++;
      pings.lastRoundTripNanos = measured.roundTrip().toNanos();
    } else if (event instanceof NotDelivered ended) {
      undelivered(Words.fate(ended.fate()), nowNanos).count++;
    } else if (event instanceof AttemptStarted || event instanceof TransportOpened) {
      add(new Happened(event, secrets, nowNanos));
    } else {
      String words = Words.of(event, secrets);
      if (words != null) add(new Said(words, nowNanos));
    }
  }

  private Pings ping(long nowNanos) {
    Pings pings = last() instanceof Pings run ? run : new Pings(nowNanos);
    if (pings != last()) add(pings);
    pings.lastAtNanos = nowNanos;
    return pings;
  }

  private Undelivered undelivered(String fate, long nowNanos) {
    if (last() instanceof Undelivered run && run.fate.equals(fate)) return run;
    Undelivered run = new Undelivered(fate, nowNanos);
    add(run);
    return run;
  }

  private @Nullable Entry last() {
    return entries == null ? null : entries.peekLast();
  }

  private void add(Entry entry) {
    ArrayDeque<Entry> all = entries;
    if (all == null) entries = all = new ArrayDeque<>(8);
    if (all.size() == most) all.removeFirst();
    all.addLast(entry);
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    if (entries == null) return lines;
    for (Entry entry : entries) {
      String at = Durations.sinceStart(entry.atNanos - startedAtNanos);
      lines.add(at + "  " + entry.words(startedAtNanos));
    }
    return lines;
  }
}
