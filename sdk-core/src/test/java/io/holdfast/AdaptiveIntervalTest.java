package io.holdfast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class AdaptiveIntervalTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  void theDefaultsAreTheDocumentedOnes() {
    assertThat(AdaptiveInterval.DEFAULT.min()).isEqualTo(Duration.ofSeconds(20));
    assertThat(AdaptiveInterval.DEFAULT.max()).isEqualTo(Duration.ofMinutes(30));
    assertThat(AdaptiveInterval.DEFAULT.memory()).isSameAs(HeartbeatMemory.ofProcess());
    assertThat(Heartbeat.DEFAULT.adaptive()).isNull();
  }

  @Test
  void aHeartbeatThatLearnsBeginsWithTheShortestAndKeepsItsTimeouts() {
    Heartbeat learning =
        Heartbeat.DEFAULT.withInterval(AdaptiveInterval.DEFAULT.withBounds(MINUTE, MINUTE));

    assertThat(learning.interval()).isEqualTo(MINUTE);
    assertThat(learning.timeout()).isEqualTo(Heartbeat.DEFAULT.timeout());
    assertThat(learning.withPromptTimeout(Duration.ofSeconds(1)).adaptive())
        .isEqualTo(learning.adaptive());
  }

  @Test
  void boundsThatContradictEachOtherAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AdaptiveInterval.DEFAULT.withBounds(MINUTE, Duration.ofSeconds(59)))
        .withMessage("adaptive interval min must be <= max but was PT1M > PT59S");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AdaptiveInterval.DEFAULT.withBounds(Duration.ofMillis(999), MINUTE))
        .withMessage("adaptive interval min must be >= PT1S but was PT0.999S");
  }

  @Test
  void theProcessRemembersForEachNetwork() {
    HeartbeatMemory memory = HeartbeatMemory.ofProcess();

    memory.save("AdaptiveIntervalTest", "1;20000;;0;0");

    assertThat(memory.load("AdaptiveIntervalTest")).isEqualTo("1;20000;;0;0");
    assertThat(memory.load("AdaptiveIntervalTest, another")).isNull();
  }
}
