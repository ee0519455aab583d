package io.holdfast.network;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.holdfast.Registration;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.junit.jupiter.api.Test;

class DesktopNetworkMonitorTest {
  @Test
  void theMachineItRunsOnIsSeenAsItIs() throws Exception {
    BlockingQueue<NetworkStatus> told = new ArrayBlockingQueue<>(10);

    NetworkStatus status;
    try (Registration listening = DesktopNetworkMonitor.create().listen(told::add)) {
      status = told.poll(10, SECONDS);
      assertThat(listening).isNotNull();
    }

    assertThat(status).isNotNull();
    System.out.println("network: " + status);
    assertThat(status.available()).isEqualTo(hasAddress());
    assertThat(status.metered()).isFalse();
    if (status.available()) {
      assertThat(Collections.list(NetworkInterface.getNetworkInterfaces()))
          .anyMatch(each -> status.label().startsWith(each.getName()));
    }
  }

  @Test
  void allThatCreateReturnsShareOnePoll() {
    assertThat(DesktopNetworkMonitor.create()).isSameAs(DesktopNetworkMonitor.create());
  }

  @Test
  void aPeriodThatWouldBurnTheMachineIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DesktopNetworkMonitor.create(Duration.ofMillis(99)))
        .withMessage("period must be >= PT0.1S but was PT0.099S");
  }

  @Test
  void aPeriodThatNoClockCountsIsRefused() {
    Duration longest = Duration.ofNanos(Long.MAX_VALUE);

    assertThat(DesktopNetworkMonitor.create(longest)).isNotNull();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DesktopNetworkMonitor.create(longest.plusNanos(1)))
        .withMessage("period must be <= " + longest + " but was " + longest.plusNanos(1));
  }

  private static boolean hasAddress() throws SocketException {
    for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
      if (each.isUp() && !each.isLoopback() && each.getInetAddresses().hasMoreElements()) {
        return true;
      }
    }
    return false;
  }
}
