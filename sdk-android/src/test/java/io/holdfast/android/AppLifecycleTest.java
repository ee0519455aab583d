package io.holdfast.android;

import static org.assertj.core.api.Assertions.assertThat;

import android.app.Activity;
import android.content.res.Configuration;
import io.holdfast.Registration;
import java.time.Duration;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.Robolectric;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.RuntimeEnvironment;
import org.robolectric.android.controller.ActivityController;
import org.robolectric.annotation.Config;
import org.robolectric.shadows.ShadowLooper;

/**
 * On one SDK: what it asks of Android is as old as Android, and the sample's tests do it on both.
 */
@RunWith(RobolectricTestRunner.class)
@Config(sdk = 26)
public final class AppLifecycleTest {
  private static final Duration PAUSE = Duration.ofMillis(700);

  private final AppLifecycle lifecycle = AppLifecycle.of(RuntimeEnvironment.getApplication());
  private final ConnectionCalls calls = new ConnectionCalls();

  @Test
  public void anAppThatIsShownChangesNothing() {
    show();

    lifecycle.follow(calls.connection, InBackground.QUIET);

    pass(Duration.ofMinutes(1));
    assertThat(calls.orders()).isEmpty();
  }

  @Test
  public void aConnectionGoesQuietWithTheAppAndComesBackWithIt() {
    ActivityController<Activity> screen = show();
    lifecycle.follow(calls.connection, InBackground.QUIET);

    screen.pause().stop();
    pass(PAUSE.minusMillis(1));
    assertThat(calls.orders()).isEmpty();
    pass(Duration.ofMillis(1));
    assertThat(calls.orders()).containsExactly("enterBackground");

    screen.restart().start().resume();
    assertThat(calls.orders()).containsExactly("enterForeground");
  }

  @Test
  public void turningTheDeviceIsNoBackground() {
    ActivityController<Activity> screen = show();
    lifecycle.follow(calls.connection, InBackground.SUSPENDED);
    Configuration turned = new Configuration(screen.get().getResources().getConfiguration());
    turned.orientation = Configuration.ORIENTATION_LANDSCAPE;

    screen.configurationChange(turned);

    pass(Duration.ofMinutes(1));
    assertThat(calls.orders()).isEmpty();
  }

  @Test
  public void theAppIsShownWhileAnyOfItsActivitiesIs() {
    ActivityController<Activity> first = show();
    ActivityController<Activity> second = show();
    lifecycle.follow(calls.connection, InBackground.SUSPENDED);

    first.pause().stop();
    pass(PAUSE);
    assertThat(calls.orders()).isEmpty();

    second.pause().stop();
    pass(PAUSE);
    assertThat(calls.orders()).containsExactly("suspend");
  }

  @Test
  public void aSuspendedConnectionIsResumedWithTheApp() {
    ActivityController<Activity> screen = show();
    lifecycle.follow(calls.connection, InBackground.SUSPENDED);

    screen.pause().stop();
    pass(PAUSE);
    screen.restart().start().resume();

    assertThat(calls.orders()).containsExactly("suspend", "resume");
  }

  @Test
  public void waitsForTheLastFateAndThenSuspends() {
    ActivityController<Activity> screen = show();
    lifecycle.follow(calls.connection, InBackground.SUSPENDED_ONCE_DELIVERED);
    calls.waiting(1, 0);

    screen.pause().stop();
    pass(PAUSE);
    pass(Duration.ofMinutes(1));
    assertThat(calls.orders()).containsExactly("enterBackground");
    calls.waiting(0, 1);
    pass(Duration.ofMinutes(1));
    assertThat(calls.orders()).isEmpty();
    calls.waiting(0, 0);
    pass(Duration.ofSeconds(1));
    assertThat(calls.orders()).containsExactly("suspend");

    screen.restart().start().resume();
    assertThat(calls.orders()).containsExactly("enterForeground", "resume");
  }

  @Test
  public void anAppThatIsShownAgainIsNotSuspendedForAnOldDelivery() {
    ActivityController<Activity> screen = show();
    lifecycle.follow(calls.connection, InBackground.SUSPENDED_ONCE_DELIVERED);
    calls.waiting(1, 0);
    screen.pause().stop();
    pass(PAUSE);

    screen.restart().start().resume();
    calls.waiting(0, 0);
    pass(Duration.ofMinutes(1));

    // No resume: what the app itself may have suspended stays so.
    assertThat(calls.orders()).containsExactly("enterBackground", "enterForeground");
  }

  @Test
  public void aProcessWithoutAnActivityIsInTheBackground() {
    pass(PAUSE);

    lifecycle.follow(calls.connection, InBackground.SUSPENDED);
    assertThat(calls.orders()).containsExactly("suspend");

    show();
    assertThat(calls.orders()).containsExactly("resume");
  }

  @Test
  public void eachConnectionHasItsManner() {
    ConnectionCalls other = new ConnectionCalls();
    ActivityController<Activity> screen = show();
    lifecycle.follow(calls.connection, InBackground.QUIET);
    lifecycle.follow(other.connection, InBackground.SUSPENDED);

    screen.pause().stop();
    pass(PAUSE);

    assertThat(calls.orders()).containsExactly("enterBackground");
    assertThat(other.orders()).containsExactly("suspend");
  }

  @Test
  public void whatEndsItLeavesTheConnectionAsItIs() {
    ActivityController<Activity> screen = show();
    Registration following =
        lifecycle.follow(calls.connection, InBackground.SUSPENDED_ONCE_DELIVERED);
    calls.waiting(1, 0);
    screen.pause().stop();
    pass(PAUSE);
    assertThat(calls.orders()).containsExactly("enterBackground");

    following.close();
    following.close();

    calls.waiting(0, 0);
    pass(Duration.ofMinutes(1));
    screen.restart().start().resume();
    assertThat(calls.orders()).isEmpty();
  }

  @Test
  public void aClosedConnectionIsFollowedNoMore() {
    ActivityController<Activity> screen = show();
    lifecycle.follow(calls.connection, InBackground.QUIET);

    calls.closed();

    screen.pause().stop();
    pass(PAUSE);
    assertThat(calls.orders()).isEmpty();
  }

  @Test
  public void mayBeAskedFromAnyThread() throws InterruptedException {
    pass(PAUSE);
    Thread thread =
        new Thread(() -> lifecycle.follow(calls.connection, InBackground.SUSPENDED), "app");
    thread.start();
    thread.join();

    pass(Duration.ZERO);

    assertThat(calls.orders()).containsExactly("suspend");
  }

  private static ActivityController<Activity> show() {
    return Robolectric.buildActivity(Activity.class).setup();
  }

  private static void pass(Duration time) {
    ShadowLooper.shadowMainLooper().idleFor(time);
  }
}
