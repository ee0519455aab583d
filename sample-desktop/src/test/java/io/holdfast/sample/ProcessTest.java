package io.holdfast.sample;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.testkit.TestServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What a process of its own does: told to end by a signal, it ends in order. */
@Timeout(60)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "a process is killed there, not told to end")
class ProcessTest {
  private static final int TERMINATED = 128 + 15;

  private final List<String> lines = new ArrayList<>();

  @Test
  void aWatchThatIsToldToEndClosesAndSumsUp() throws Exception {
    try (TestServer server = TestServer.start()) {
      Process watch = start("watch", server.url().toString());
      try (BufferedReader output = outputOf(watch)) {
        OutputStream keyboard = watch.getOutputStream();
        keyboard.write("7\n".getBytes(UTF_8));
        keyboard.flush();
        readUntil(output, "OPEN  ");
        assertThat(server.ledger().awaitDistinct(1, Duration.ofSeconds(10))).isTrue();

        watch.toHandle().destroy();

        readUntil(output, "lines=1 delivered=1 undelivered=0");
        assertThat(watch.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(watch.exitValue()).isEqualTo(TERMINATED);
        assertThat(lines)
            .anySatisfy(line -> assertThat(line).contains("CLOSED      1000, clean"))
            .contains("Ended because it was interrupted: all is well.");
      } finally {
        watch.destroyForcibly();
      }
    }
  }

  @Test
  void aServerThatIsToldToEndSaysFarewell() throws Exception {
    Process serve = start("serve", "--port=0");
    try (BufferedReader output = outputOf(serve)) {
      readUntil(output, "Serving at");

      serve.toHandle().destroy();

      readUntil(output, "sessions=0 open_at_end=0");
      assertThat(serve.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(serve.exitValue()).isEqualTo(TERMINATED);
    } finally {
      serve.destroyForcibly();
    }
  }

  private static Process start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(Main.class.getName());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static BufferedReader outputOf(Process process) {
    return new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
  }

  private void readUntil(BufferedReader output, String text) throws IOException {
    String line = "";
    while (!line.contains(text)) {
      line = output.readLine();
      assertThat(line).as(() -> String.join("\n", lines)).isNotNull();
      lines.add(line);
    }
  }
}
