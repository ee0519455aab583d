package io.holdfast.storm;

import static io.holdfast.storm.StormServer.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.storm.Storm.Scenario;
import io.holdfast.storm.Storm.Setting;
import io.holdfast.storm.StormServer.Door;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The model of a server that accepts 10 a second and has a listen backlog of 81. */
class StormServerTest {
  private static final int FLEET = 200;
  private static final int BACKLOG = 81;

  private final StormClock clock = new StormClock();
  private final List<Visit> visits = new ArrayList<>();
  private StormServer server = server(false);

  private StormServer server(boolean hint) {
    Setting setting = new Setting(Scenario.COLD, FLEET, 10, hint, 1);
    StormServer made = new StormServer(clock, new Random(1), new Tally(FLEET), setting);
    made.warmedUp();
    return made;
  }

  /** Remembers what an attempt was told. */
  private final class Visit implements Attempt.Listener {
    private final List<String> told = new ArrayList<>();
    private final Attempt attempt = server.connect(visits.size(), this);

    @Override
    public void established() {
      told.add("established");
    }

    @Override
    public void opened() {
      told.add("opened");
    }

    @Override
    public void refused() {
      told.add("refused");
    }

    @Override
    public void rejected(int retryAfterSeconds) {
      told.add("rejected " + (retryAfterSeconds >= 20 && retryAfterSeconds <= 40));
    }

    @Override
    public void lost() {
      told.add("lost");
    }
  }

  private void visit(int count) {
    for (int i = 0; i < count; i++) visits.add(new Visit());
  }

  private void advance(double seconds) {
    clock.runUntil(clock.nanoTime() + (long) (seconds * SECOND));
  }

  private long told(String what) {
    return visits.stream().filter(visit -> visit.told.contains(what)).count();
  }

  @Test
  void itOpensSoManyASecondAndNoMore() {
    visit(50);

    advance(2);
    assertThat(told("established")).isEqualTo(50);
    assertThat(told("opened")).isBetween(18L, 20L);

    advance(3.2);
    assertThat(told("opened")).isEqualTo(50);
  }

  @Test
  void aSynThatFindsTheBacklogFullComesAgainAfterASecondThenTwoThenFour() {
    visit(BACKLOG + 1 + 60);

    advance(0.9);
    // One is being served.
    assertThat(told("established")).isBetween(BACKLOG + 1L, BACKLOG + 10L);
    advance(0.3);
    assertThat(told("established")).isBetween(BACKLOG + 8L, BACKLOG + 12L);
    advance(1.5);
    assertThat(told("established")).isBetween(BACKLOG + 8L, BACKLOG + 12L);
    advance(0.5);
    assertThat(told("established")).isBetween(BACKLOG + 28L, BACKLOG + 32L);
    advance(20);
    assertThat(told("opened")).isEqualTo(BACKLOG + 61L);
  }

  @Test
  void oneThatGaveUpWhileItWaitedCostsAsMuchAsAnother() {
    visit(20);
    advance(0.1);
    for (Visit visit : visits) visit.attempt.cancel();
    visit(1);

    advance(1.7);
    assertThat(told("opened")).isZero();
    advance(0.5);
    assertThat(told("opened")).isEqualTo(1);
  }

  @Test
  void oneThatGaveUpBeforeTheConnectCostsNothing() {
    server.door(Door.SILENT);
    visit(20);
    advance(0.5);
    for (Visit visit : visits) visit.attempt.cancel();
    server.door(Door.OPEN);
    visit(1);

    advance(0.3);
    assertThat(told("opened")).isEqualTo(1);
  }

  @Test
  void whileItIsDownItRefusesOrRejectsOrSaysNothing() {
    server.door(Door.REFUSING);
    visit(1);
    advance(0.2);
    server.door(Door.REJECTING);
    visit(1);
    advance(0.2);
    server.door(Door.SILENT);
    visit(1);
    advance(10);

    assertThat(visits)
        .extracting(visit -> visit.told)
        .containsExactly(List.of("refused"), List.of("rejected true"), List.of());
  }

  @Test
  void withAHintItShedsFromHalfTheBacklogOn() {
    server = server(true);
    visit(100);

    advance(0.2);
    assertThat(told("rejected true")).isBetween(57L, 60L);
    assertThat(told("established")).isEqualTo(100 - told("rejected true"));
  }

  @Test
  void aCutReachesAllThatAreOpenAndNobodyElse() {
    visit(10);
    advance(2);
    visits.get(0).attempt.cancel();
    server.cutAll();
    server.cutAll();

    advance(1);
    assertThat(told("lost")).isEqualTo(9);
    assertThat(visits.get(1).told).containsExactly("established", "opened", "lost");
  }
}
