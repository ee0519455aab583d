package io.holdfast.internal.network;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.network.NetworkStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SteadyStatusTest {
  private static final long PERIOD = Duration.ofSeconds(5).toNanos();
  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final NetworkStatus WIFI = new NetworkStatus(true, "wifi");
  private static final NetworkStatus CABLE = new NetworkStatus(true, "cable");
  private static final NetworkStatus NONE = new NetworkStatus(false, "");

  private final SteadyStatus steady = new SteadyStatus(PERIOD);
  private long nowNanos = Long.MAX_VALUE - 10 * SECOND;

  @Test
  void theFirstIsBelievedAtOnce() {
    assertThat(steady.current()).isNull();

    assertThat(steady.saw(WIFI, nowNanos)).isEqualTo(PERIOD);

    assertThat(steady.current()).isEqualTo(WIFI);
  }

  @Test
  void aChangeIsBelievedOnceItHasLastedASecond() {
    steady.saw(WIFI, nowNanos);

    assertThat(steady.saw(CABLE, nowNanos)).isEqualTo(SECOND);
    assertThat(steady.current()).isEqualTo(WIFI);
    assertThat(steady.saw(CABLE, nowNanos + SECOND)).isEqualTo(PERIOD);

    assertThat(steady.current()).isEqualTo(CABLE);
  }

  @Test
  void whatHasGoneBackWasNoChange() {
    steady.saw(WIFI, nowNanos);
    steady.saw(NONE, nowNanos);

    assertThat(steady.saw(WIFI, nowNanos + SECOND)).isEqualTo(PERIOD);
    assertThat(steady.saw(NONE, nowNanos + 6 * SECOND)).isEqualTo(SECOND);

    assertThat(steady.current()).isEqualTo(WIFI);
  }

  @Test
  void aThirdThatFollowsTheSecondHasToLastItself() {
    steady.saw(WIFI, nowNanos);
    steady.saw(NONE, nowNanos);

    steady.saw(CABLE, nowNanos + SECOND);
    assertThat(steady.current()).isEqualTo(WIFI);
    steady.saw(CABLE, nowNanos + 2 * SECOND);

    assertThat(steady.current()).isEqualTo(CABLE);
  }

  @Test
  void anInterfaceThatFlapsForAnHourIsBelievedNowAndThenAndLookedAtOnceASecond() {
    Random random = new Random(7);
    long until = nowNanos + Duration.ofHours(1).toNanos();
    long turnAt = nowNanos;
    NetworkStatus real = WIFI;
    List<NetworkStatus> believed = new ArrayList<>();
    int looks = 0;

    while (nowNanos - until < 0) {
      if (nowNanos - turnAt >= 0) {
        real = real.equals(WIFI) ? NONE : WIFI;
        turnAt = nowNanos + SECOND * (1 + random.nextInt(8));
      }
      nowNanos += steady.saw(real, nowNanos);
      looks++;
      NetworkStatus current = requireNonNull(steady.current());
      if (believed.isEmpty() || !current.equals(believed.get(believed.size() - 1))) {
        believed.add(current);
      }
    }

    // About four a minute, of some thirteen that are.
    assertThat(believed).hasSizeBetween(2, 60 * 4);
    assertThat(looks).isLessThanOrEqualTo(3_600);
  }

  @Test
  void anHourLaterASecondIsEnoughAgain() {
    NetworkStatus[] turns = {WIFI, CABLE, WIFI, CABLE, WIFI, CABLE, WIFI};
    for (NetworkStatus turn : turns) {
      for (int i = 0; i < 40; i++) nowNanos += Math.min(SECOND, steady.saw(turn, nowNanos));
      assertThat(steady.current()).isEqualTo(turn);
    }
    nowNanos += Duration.ofHours(1).toNanos();

    steady.saw(NONE, nowNanos);
    steady.saw(NONE, nowNanos + SECOND);

    assertThat(steady.current()).isEqualTo(NONE);
  }
}
