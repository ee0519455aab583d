package io.holdfast.benchmarks.journal;

import java.nio.file.Path;
import java.util.Arrays;

/** A way to keep records of {@link #RECORD_BYTES} in a directory that is its own. */
interface Keeper {
  int RECORD_BYTES = 256;

  /**
   * Appends for as long as it is told to. A record counts once it is durable.
   *
   * @param inFlight how many are on their way at most: in one transaction, where it has such
   */
  Appended append(Path directory, int inFlight, long nanos) throws Exception;

  /** Fills the directory, as fast as it likes, and closes it. */
  void fill(Path directory, int records) throws Exception;

  /** Opens the directory and reads all records into memory. Returns how many. */
  int readAll(Path directory) throws Exception;

  /**
   * What came of appending.
   *
   * @param syncs how many calls synced something; NaN if nobody counted
   */
  record Appended(long records, long nanos, double syncs) {
    double aSecond() {
      return records * 1e9 / nanos;
    }

    double syncsARecord() {
      return syncs / records;
    }
  }

  /** Returns a record, not the same each time. */
  static byte[] record(long number) {
    byte[] record = new byte[RECORD_BYTES];
    Arrays.fill(record, (byte) number);
    return record;
  }

  /** Carries out {@code appends} of so many records each until the time is up. */
  static Appended appendInTurn(int each, long nanos, GroupOfAppends appends) throws Exception {
    long records = 0;
    long begun = System.nanoTime();
    long spent = 0;
    while (spent < nanos) {
      appends.append(records, each);
      records += each;
      spent = System.nanoTime() - begun;
    }
    return new Appended(records, spent, Double.NaN);
  }

  /** Makes records durable together, if it can. */
  interface GroupOfAppends {
    void append(long first, int count) throws Exception;
  }
}
