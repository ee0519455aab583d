package io.holdfast.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whether a sync of the real directory reaches the operating system, which no test sees without a
 * power cut: the JDK's flight recorder tells. It is a module that ours does not require.
 */
class DirectorySyncTest {
  @TempDir Path temporary;

  @Test
  void segmentsAndTheirNamesAreSynced() throws IOException, ReflectiveOperationException {
    assumeTrue(ModuleLayer.boot().findModule("jdk.jfr").isPresent());
    Path directory = temporary.resolve("queue");
    SendQueue queue = JournalSendQueue.builder(directory, Runnable::run).build();
    queue.open();
    Class<?> type = Class.forName("jdk.jfr.Recording");
    Object recording = type.getConstructor().newInstance();
    Object settings = type.getMethod("enable", String.class).invoke(recording, "jdk.FileForce");
    Class.forName("jdk.jfr.EventSettings").getMethod("withoutThreshold").invoke(settings);
    type.getMethod("start").invoke(recording);

    queue.append(SendQueueContract.text("a"), new Answers());

    type.getMethod("stop").invoke(recording);
    Path file = temporary.resolve("syncs.jfr");
    type.getMethod("dump", Path.class).invoke(recording, file);
    type.getMethod("close").invoke(recording);
    queue.close(() -> {});
    String segment = directory.resolve(Segment.name(1) + Segment.NEW).toString();
    // Its zeros, its name, the message.
    assertThat(syncedPaths(file)).containsExactly(segment, directory.toString(), segment);
  }

  private List<String> syncedPaths(Path file) throws ReflectiveOperationException {
    Class<?> reader = Class.forName("jdk.jfr.consumer.RecordingFile");
    Class<?> event = Class.forName("jdk.jfr.consumer.RecordedObject");
    List<String> paths = new ArrayList<>();
    for (Object one : (List<?>) reader.getMethod("readAllEvents", Path.class).invoke(null, file)) {
      Object path = event.getMethod("getValue", String.class).invoke(one, "path");
      // Other tests of this process may sync something, too.
      if (String.valueOf(path).startsWith(temporary.toString())) paths.add(String.valueOf(path));
    }
    return paths;
  }
}
