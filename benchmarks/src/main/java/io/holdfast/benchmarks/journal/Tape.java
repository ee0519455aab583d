package io.holdfast.benchmarks.journal;

import com.squareup.tape2.QueueFile;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Tape's queue in a file, with its defaults: it opens the file with {@code O_DSYNC}, so that each
 * of the three writes of an add, the record's bytes, its length, and the file's header, waits for
 * the disk. It has no transaction: many adds are one after another.
 */
final class Tape implements Keeper {
  private static final String FILE = "tape";

  @Override
  public Appended append(Path directory, int inFlight, long nanos) throws Exception {
    try (QueueFile queue = open(directory)) {
      return Keeper.appendInTurn(1, nanos, (first, count) -> queue.add(Keeper.record(first)));
    }
  }

  private static QueueFile open(Path directory) throws Exception {
    Files.createDirectories(directory);
    return new QueueFile.Builder(directory.resolve(FILE).toFile()).build();
  }

  /** In a file system in memory, if there is one: adds to a disk would take a minute. */
  @Override
  public void fill(Path directory, int records) throws Exception {
    Path memory = Path.of("/dev/shm");
    Path place = Files.isWritable(memory) ? Files.createTempDirectory(memory, "tape") : directory;
    try (QueueFile queue = open(place)) {
      for (int i = 0; i < records; i++) queue.add(Keeper.record(i));
    }
    if (place.equals(directory)) return;
    Files.createDirectories(directory);
    Files.move(place.resolve(FILE), directory.resolve(FILE));
    Files.delete(place);
  }

  @Override
  public int readAll(Path directory) throws Exception {
    int records = 0;
    try (QueueFile queue = open(directory)) {
      for (byte[] record : queue) {
        if (record.length == RECORD_BYTES) records++;
      }
    }
    return records;
  }
}
