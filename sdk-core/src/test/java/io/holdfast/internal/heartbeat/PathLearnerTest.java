package io.holdfast.internal.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.internal.heartbeat.PathLearner.Lesson;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PathLearnerTest {
  private static final Duration MIN = Duration.ofSeconds(20);
  private static final Duration MAX = Duration.ofSeconds(30);

  private final PathLearner learner = new PathLearner(MIN, MAX);
  private long nowNanos = Long.MAX_VALUE - Duration.ofSeconds(5).toNanos();

  @Test
  void aPongAfterASilenceLetsTheNextOneBeLonger() {
    assertThat(interval()).isEqualTo(MIN);

    ask(MIN);
    Lesson lesson = learner.answered();

    assertThat(lesson).isEqualTo(new Lesson("", "1;20000;;0;0", null));
    assertThat(interval()).isEqualTo(MAX);
  }

  @Test
  void theLongestThatIsAllowedIsToldOnceItIsSurvivedAndNotAgain() {
    succeed(MIN);

    ask(MAX);
    assertThat(learner.answered()).isEqualTo(new Lesson("", "1;30000;;0;0", MAX));
    ask(MAX);
    assertThat(learner.answered()).isNull();

    assertThat(interval()).isEqualTo(MAX);
  }

  @Test
  void aLossAfterASilenceCountsOnceTheNextTransportOpensSoon() {
    succeed(MIN);

    ask(MAX);
    learner.lost(true);
    assertThat(interval()).isEqualTo(MAX);
    pass(Duration.ofSeconds(90));
    Lesson lesson = learner.opened(nowNanos);

    assertThat(lesson).isEqualTo(new Lesson("", "1;20000;30000,;0;0", null));
    assertThat(interval()).isBetween(MIN, Duration.ofSeconds(25));
  }

  @Test
  void aNetworkThatWasGoneForLongerWasTheReasonItself() {
    succeed(MIN);
    ask(MAX);
    learner.lost(true);

    pass(Duration.ofSeconds(91));

    assertThat(learner.opened(nowNanos)).isNull();
    assertThat(interval()).isEqualTo(MAX);
  }

  @Test
  void aCloseIsNotTheSilencesFault() {
    succeed(MIN);
    ask(MAX);

    learner.lost(false);

    assertThat(learner.opened(nowNanos)).isNull();
  }

  @Test
  void aLossWithoutAPingAfterASilenceSaysNothing() {
    succeed(MIN);

    learner.lost(true);

    assertThat(learner.opened(nowNanos)).isNull();
  }

  @Test
  void aPathThatWasNotSilentForAboutTheIntervalWasNotTried() {
    succeed(MIN);

    ask(Duration.ofSeconds(26));
    assertThat(learner.answered()).isNull();
    ask(Duration.ofSeconds(26));
    learner.lost(true);

    assertThat(learner.opened(nowNanos)).isNull();
  }

  @Test
  void sleepBetweenPingAndLossOrBetweenLossAndTheNextTransportExcusesIt() {
    succeed(MIN);
    ask(MAX);
    learner.disturbed();
    learner.lost(true);
    assertThat(learner.opened(nowNanos)).isNull();

    ask(MAX);
    learner.lost(true);
    learner.disturbed();

    assertThat(learner.opened(nowNanos)).isNull();
  }

  @Test
  void anotherNetworkIsAnotherMatter() {
    succeed(MIN);
    ask(MAX);
    learner.lost(true);

    learner.moved("wifi");

    assertThat(learner.opened(nowNanos)).isNull();
    assertThat(interval()).isEqualTo(MIN);
    ask(MIN);
    assertThat(learner.answered()).isEqualTo(new Lesson("wifi", "1;20000;;0;0", null));
  }

  @Test
  void whatIsRememberedOfANetworkIsGoneOnWith() {
    learner.moved("wifi");

    learner.recall("wifi", "1;30000;;0;0");

    assertThat(interval()).isEqualTo(MAX);
    // It was told in another life, and is nothing new.
    ask(MAX);
    assertThat(learner.answered()).isNull();
  }

  @Test
  void whatIsRememberedOfAnotherNetworkOrTooLateIsLeftAlone() {
    learner.moved("wifi");
    learner.recall("cell", "1;30000;;0;0");
    assertThat(interval()).isEqualTo(MIN);
    succeed(MIN);

    learner.recall("wifi", null);

    assertThat(interval()).isEqualTo(MAX);
  }

  private void succeed(Duration silence) {
    ask(silence);
    assertThat(learner.answered()).isNotNull();
  }

  private void ask(Duration silence) {
    pass(silence);
    learner.asked(silence, nowNanos);
  }

  private Duration interval() {
    return learner.interval();
  }

  private void pass(Duration duration) {
    nowNanos += duration.toNanos();
  }
}
