package io.holdfast.internal.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.Registration;
import io.holdfast.fixtures.VirtualClock;
import io.holdfast.internal.network.Attachments.Attachment;
import io.holdfast.network.NetworkMonitor.Listener;
import io.holdfast.network.NetworkStatus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InterfacePollTest {
  private static final Duration PERIOD = Duration.ofSeconds(5);
  private static final NetworkStatus NONE = new NetworkStatus(false, "");

  /** An operating system with one interface at most. */
  private static final class Cable implements Interfaces {
    private String address = "192.168.1.5";
    private boolean broken;
    private boolean unlinked;
    private int looks;

    @Override
    public Attachments look() throws IOException {
      looks++;
      if (unlinked) throw new UnsatisfiedLinkError("no native network");
      if (broken) throw new SocketException("no more descriptors");
      if (address.isEmpty()) return new Attachments(List.of(), null, null);
      InetAddress local = InetAddress.getByName(address);
      return new Attachments(List.of(new Attachment("eth0", local)), local, null);
    }
  }

  /** Keeps what it hears, until it is told to leave. */
  private static final class Heard implements Listener {
    private final List<Object> all = new ArrayList<>();

    @Override
    public void onStatus(NetworkStatus status) {
      all.add(status);
    }

    @Override
    public void onWoke(Duration slept) {
      all.add(slept);
    }
  }

  private final VirtualClock clock = new VirtualClock();
  private final Cable cable = new Cable();
  private final InterfacePoll poll = new InterfacePoll(cable, clock, clock.executor(), PERIOD);
  private final Heard heard = new Heard();
  private final List<Registration> registrations = new ArrayList<>();

  @AfterEach
  void nothingIsLookedAtOnceAllHaveGone() {
    registrations.forEach(Registration::close);
    clock.run();
    int looks = cable.looks;
    clock.advance(Duration.ofHours(1));
    assertThat(cable.looks).isEqualTo(looks);
    assertThat(clock.timers()).isZero();
  }

  private void listen(Listener listener) {
    registrations.add(poll.listen(listener));
    clock.run();
  }

  @Test
  void aListenerIsToldTheStatusAtOnceAndNotAgain() {
    listen(heard);

    clock.advance(Duration.ofMinutes(10));

    assertThat(heard.all).containsExactly(on("192.168.1.5"));
    assertThat(cable.looks).isEqualTo(1 + 120);
  }

  @Test
  void aChangeIsToldASecondAfterTheLookThatFoundIt() {
    listen(heard);
    cable.address = "192.168.1.6";

    clock.advance(PERIOD.plus(Duration.ofSeconds(1)).minusNanos(1));
    assertThat(heard.all).containsExactly(on("192.168.1.5"));
    clock.advance(Duration.ofNanos(1));

    assertThat(heard.all).containsExactly(on("192.168.1.5"), on("192.168.1.6"));
  }

  @Test
  void noAddressAtAllIsNoNetwork() {
    listen(heard);
    cable.address = "";

    clock.advance(Duration.ofSeconds(6));

    assertThat(heard.all).containsExactly(on("192.168.1.5"), NONE);
  }

  @Test
  void manyListenersCostNoMoreLooksThanOne() {
    for (int i = 0; i < 100; i++) listen(new Heard());
    int looks = cable.looks;

    clock.advance(Duration.ofSeconds(50));

    assertThat(cable.looks).isEqualTo(looks + 10);
    assertThat(clock.timers()).isOne();
  }

  @Test
  void aListenerThatComesLaterHearsWhatIsBelievedAndNotWhatIsTried() {
    listen(heard);
    cable.address = "";
    clock.advance(PERIOD);
    Heard later = new Heard();

    listen(later);
    assertThat(later.all).containsExactly(on("192.168.1.5"));
    clock.advance(Duration.ofSeconds(1));

    assertThat(later.all).containsExactly(on("192.168.1.5"), NONE);
    assertThat(heard.all).isEqualTo(later.all);
  }

  @Test
  void whoHasGoneHearsNothing() {
    Registration gone = poll.listen(heard);
    Heard staying = new Heard();
    listen(staying);
    gone.close();

    cable.address = "";
    clock.advance(Duration.ofSeconds(6));

    assertThat(heard.all).containsExactly(on("192.168.1.5"));
    assertThat(staying.all).containsExactly(on("192.168.1.5"), NONE);
  }

  @Test
  void whoComesAfterAllHaveGoneHearsWhatIsThen() {
    Registration gone = poll.listen(heard);
    clock.run();
    gone.close();
    cable.address = "192.168.1.6";
    clock.advance(Duration.ofHours(1));
    Heard later = new Heard();

    listen(later);

    assertThat(later.all).containsExactly(on("192.168.1.6"));
  }

  @Test
  void aSystemThatCannotBeReadChangesNothing() {
    listen(heard);
    cable.broken = true;
    clock.advance(Duration.ofMinutes(1));
    cable.broken = false;
    cable.address = "192.168.1.6";

    clock.advance(Duration.ofSeconds(6));

    assertThat(heard.all).containsExactly(on("192.168.1.5"), on("192.168.1.6"));
  }

  @Test
  void anErrorEndsNoLooking() {
    listen(heard);
    cable.unlinked = true;
    clock.advance(Duration.ofMinutes(1));
    cable.unlinked = false;
    cable.address = "192.168.1.6";

    clock.advance(Duration.ofSeconds(6));

    assertThat(heard.all).containsExactly(on("192.168.1.5"), on("192.168.1.6"));
  }

  @Test
  void aListenerThatThrowsDisturbsNoOther() {
    listen(
        status -> {
          throw new IllegalStateException("app");
        });
    listen(heard);
    cable.address = "";

    clock.advance(Duration.ofSeconds(6));

    assertThat(heard.all).containsExactly(on("192.168.1.5"), NONE);
  }

  @Test
  void aSleepIsToldAtTheFirstLookAfterIt() {
    listen(heard);

    clock.sleep(Duration.ofMinutes(10));

    assertThat(heard.all).containsExactly(on("192.168.1.5"), Duration.ofMinutes(10).minus(PERIOD));
    clock.advance(Duration.ofMinutes(1));
    assertThat(heard.all).hasSize(2);
  }

  @Test
  void aSleepThroughWhichTheClockStoodStillIsToldByTheWallClock() {
    listen(heard);

    clock.stepWall(Duration.ofHours(8));
    clock.advance(PERIOD);

    assertThat(heard.all).containsExactly(on("192.168.1.5"), Duration.ofHours(8));
  }

  private static NetworkStatus on(String address) {
    return new NetworkStatus(true, "eth0 " + address);
  }
}
