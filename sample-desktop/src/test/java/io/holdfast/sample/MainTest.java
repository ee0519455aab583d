package io.holdfast.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void helpNamesEveryOption() {
    assertThat(execute("--help")).isZero();
    assertThat(out.toString())
        .contains("--duration", "--seed", "--rate", "--faults", "--help", "watch", "serve");
    assertThat(err.toString()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "--duration=5s       | duration must be 6s to 1h but was 5.0s",
        "--duration=2h       | duration must be 6s to 1h but was 7200.0s",
        "--duration=soon     | such as 15s or 2m, but was soon",
        "--rate=0            | rate must be 1 to 5000 messages a second but was 0",
        "--rate=5001         | rate must be 1 to 5000 messages a second but was 5001",
        "--rate=many         | 'many' is not an int",
        "--faults=fire       | fault must be one of restart, black-hole, hole-to-server,",
        "--faults=           | but was",
        "--seed=x            | 'x' is not a long",
        "--url=ws://h/?a=secret | --url is now a subcommand: watch URL",
        "--verbose           | Unknown option: '--verbose'",
        "word                | Unmatched argument at index 0: 'word'",
      })
  void wrongArgumentsGetASentenceAndStatus2(String argument, String sentence) {
    assertThat(execute(argument)).isEqualTo(2);
    assertThat(err.toString()).contains(sentence).contains("Try --help.");
    assertThat(out.toString()).isEmpty();
  }

  private int execute(String... arguments) {
    CommandLine command = Main.commandLine();
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    return command.execute(arguments);
  }
}
