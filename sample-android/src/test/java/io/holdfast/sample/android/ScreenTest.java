package io.holdfast.sample.android;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.Fate;
import io.holdfast.Message;
import org.junit.jupiter.api.Test;

class ScreenTest {
  @Test
  void keepsTheNewest200Lines() {
    Screen screen = Screen.BLANK;
    for (int id = 1; id <= 201; id++) screen = screen.withLine(Line.sent(id, "line " + id));

    assertThat(screen.lines()).hasSize(200);
    assertThat(screen.lines().get(0).text()).isEqualTo("line 2");
    assertThat(screen.lines().get(199).text()).isEqualTo("line 201");
  }

  @Test
  void aFateChangesItsOwnLineAlone() {
    Screen screen = Screen.BLANK.withLine(Line.sent(1, "a")).withLine(Line.sent(2, "b"));

    Screen told = screen.withFate(2, new Fate.Confirmed());

    assertThat(told.lines())
        .containsExactly(Line.sent(1, "a"), Line.sent(2, "b").withFate(new Fate.Confirmed()));
    assertThat(told.withFate(99, new Fate.Expired())).isEqualTo(told);
  }

  @Test
  void aHugeMessageIsCutBetweenCharacters() {
    String pairs = "x" + "\uD83D\uDE00".repeat(1000);

    String shown = Line.received(1, Message.text(pairs)).text();

    assertThat(shown).isEqualTo("x" + "\uD83D\uDE00".repeat(249) + "…");
    assertThat(Line.sent(1, "x".repeat(500)).text()).isEqualTo("x".repeat(500));
  }

  @Test
  void aBinaryMessageShowsItsSize() {
    assertThat(Line.received(1, Message.binary(new byte[3])).text()).isEqualTo("3 B");
  }
}
