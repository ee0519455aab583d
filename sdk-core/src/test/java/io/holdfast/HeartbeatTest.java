package io.holdfast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class HeartbeatTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void anotherIntervalLeavesTheRestAsItWas() {
    Heartbeat patient = Heartbeat.DEFAULT.withPromptTimeout(SECOND);

    assertThat(patient.withInterval(Duration.ofSeconds(50)))
        .isEqualTo(new Heartbeat(Duration.ofSeconds(50), Duration.ofSeconds(10), SECOND));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> patient.withInterval(Duration.ZERO))
        .withMessage("heartbeat interval must be positive but was PT0S");
  }

  @Test
  void aFixedIntervalTakesThePlaceOfOneThatIsLearnt() {
    Heartbeat learning = Heartbeat.DEFAULT.withInterval(AdaptiveInterval.DEFAULT);

    assertThat(learning.withInterval(Duration.ofSeconds(25))).isEqualTo(Heartbeat.DEFAULT);
  }

  @Test
  void aShorterTimeoutShortensThePromptOneToo() {
    assertThat(Heartbeat.DEFAULT.withTimeout(SECOND))
        .isEqualTo(new Heartbeat(Duration.ofSeconds(25), SECOND, SECOND));
    assertThat(Heartbeat.DEFAULT.withTimeout(Duration.ofSeconds(30)))
        .isEqualTo(
            new Heartbeat(Duration.ofSeconds(25), Duration.ofSeconds(30), Duration.ofSeconds(2)));
  }
}
