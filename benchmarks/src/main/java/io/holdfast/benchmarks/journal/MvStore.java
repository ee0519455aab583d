package io.holdfast.benchmarks.journal;

import java.nio.file.Files;
import java.nio.file.Path;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;

/**
 * A map in H2's MVStore: {@code commit} writes a chunk to the end of the file, and {@code sync},
 * which no commit makes by itself, is {@code FileChannel.force(true)}. It commits at no other time.
 * A commit has as many puts as are in flight.
 */
final class MvStore implements Keeper {

  private static MVStore open(Path directory) throws Exception {
    Files.createDirectories(directory);
    return new MVStore.Builder()
        .fileName(directory.resolve("mvstore").toString())
        .autoCommitDisabled()
        .open();
  }

  private static MVMap<Long, byte[]> records(MVStore store) {
    return store.openMap("records");
  }

  private static void put(MVStore store, MVMap<Long, byte[]> records, long first, int count) {
    for (long number = first; number < first + count; number++) {
      records.put(number, Keeper.record(number));
    }
    store.commit();
    store.sync();
  }

  @Override
  public Appended append(Path directory, int inFlight, long nanos) throws Exception {
    try (MVStore store = open(directory)) {
      MVMap<Long, byte[]> records = records(store);
      return Keeper.appendInTurn(
          inFlight, nanos, (first, count) -> put(store, records, first, count));
    }
  }

  @Override
  public void fill(Path directory, int records) throws Exception {
    try (MVStore store = open(directory)) {
      put(store, records(store), 0, records);
    }
  }

  @Override
  public int readAll(Path directory) throws Exception {
    int records = 0;
    try (MVStore store = open(directory)) {
      for (byte[] record : records(store).values()) {
        if (record.length == RECORD_BYTES) records++;
      }
    }
    return records;
  }
}
