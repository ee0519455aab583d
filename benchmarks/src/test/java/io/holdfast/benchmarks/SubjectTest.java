package io.holdfast.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.benchmarks.server.BenchmarkServer;
import io.holdfast.benchmarks.subject.Connection;
import io.holdfast.benchmarks.subject.Subject;
import java.net.URI;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each subject does what its figures say that it did. */
@SuppressWarnings("NullAway.Init")
class SubjectTest {
  private static BenchmarkServer server;

  private final Tally told = new Tally();

  @BeforeAll
  static void start() throws InterruptedException {
    server = BenchmarkServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static URI at(String path) {
    return URI.create("ws://127.0.0.1:" + server.port() + path);
  }

  @ParameterizedTest
  @EnumSource
  void theServerCountsWhatIsSent(Subject subject) throws Exception {
    for (int bytes : new int[] {64, 1024, 65_536}) {
      Tally counted = new Tally();
      Burst burst = new Burst(bytes, 96, 32);
      try (Connection connection = subject.connect(at(burst.path()), counted)) {
        burst.run(connection, counted, new byte[bytes]);

        assertThat(counted.count()).as("%d B", bytes).isEqualTo(48);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aMessageComesBackWhole(Subject subject) throws Exception {
    try (Connection connection =
        subject.connect(
            at("/echo"),
            (message, bytes) -> {
              if (bytes == 64) told.message(message, bytes);
            })) {
      connection.send(new byte[64]);

      told.await(1);

      assertThat(told.last()).isNotNull();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFloodComesToTheLastMessage(Subject subject) throws Exception {
    try (Connection connection = subject.connect(at("/flood?messages=3000"), told)) {
      connection.send(new byte[64]);
      told.await(3000);
      connection.send(new byte[64]);
      told.await(6000);

      assertThat(told.count()).isEqualTo(6000);
    }
  }
}
