package io.holdfast.android;

import static org.assertj.core.api.Assertions.assertThat;

import android.app.AlarmManager;
import android.app.Application;
import android.content.Intent;
import android.os.Handler;
import android.os.Looper;
import android.os.SystemClock;
import io.holdfast.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.RuntimeEnvironment;
import org.robolectric.annotation.Config;
import org.robolectric.shadow.api.Shadow;
import org.robolectric.shadows.ShadowAlarmManager;
import org.robolectric.shadows.ShadowAlarmManager.ScheduledAlarm;
import org.robolectric.shadows.ShadowLooper;
import org.robolectric.shadows.ShadowSystemClock;

/** Their tasks run on the main thread here, where the tests hold time. */
@RunWith(RobolectricTestRunner.class)
@Config(sdk = {26, 35})
public final class WakeUpsTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final Application app = RuntimeEnvironment.getApplication();
  private final Handler handler = new Handler(Looper.getMainLooper());
  private final ShadowAlarmManager alarms =
      Shadow.extract(app.getSystemService(AlarmManager.class));
  private final List<String> ran = new ArrayList<>();

  @Test
  public void aTaskRunsWhenItIsDueAndNotBefore() {
    for (WakeUps wakeUps : both()) {
      Clock clock = ElapsedRealtimeClock.with(wakeUps);
      long scheduledAt = clock.nanoTime();
      ran.clear();

      clock.schedule(() -> ran.add("task"), SECOND.toNanos() - 999_999);

      pass(SECOND.minusMillis(1));
      assertThat(ran).isEmpty();
      pass(Duration.ofMillis(1));
      assertThat(ran).containsExactly("task");
      assertThat(clock.nanoTime() - scheduledAt).isEqualTo(SECOND.toNanos());
      pass(Duration.ofHours(1));
      assertThat(ran).hasSize(1);
    }
  }

  @Test
  public void aTaskThatIsDueAtOnceRunsAfterTheCaller() {
    for (WakeUps wakeUps : both()) {
      ran.clear();

      wakeUps.schedule(() -> ran.add("task"), -1);

      assertThat(ran).isEmpty();
      pass(Duration.ZERO);
      assertThat(ran).containsExactly("task");
    }
  }

  @Test
  public void aTaskThatIsStoppedDoesNotRunAndItsTwinDoes() {
    for (WakeUps wakeUps : both()) {
      ran.clear();
      Runnable task = () -> ran.add("task");
      Clock.Timer timer = wakeUps.schedule(task, SECOND.toNanos());
      wakeUps.schedule(task, SECOND.toNanos());

      timer.stop();
      timer.stop();

      pass(SECOND);
      assertThat(ran).containsExactly("task");
    }
  }

  @Test
  public void handlersHaveAThreadOfTheirOwn() throws Exception {
    CompletableFuture<String> thread = new CompletableFuture<>();

    HandlerWakeUps.create().schedule(() -> thread.complete(Thread.currentThread().getName()), 0);

    assertThat(thread.get(10, TimeUnit.SECONDS)).isEqualTo("holdfast-timer");
  }

  @Test
  public void theAlarmIsForTheTaskThatIsDueFirst() {
    WakeUps wakeUps = new AlarmWakeUps(app, handler);
    long now = SystemClock.elapsedRealtime();

    wakeUps.schedule(() -> ran.add("late"), SECOND.toNanos() * 60);
    pass(Duration.ZERO);
    assertThat(alarm().getTriggerAtMs()).isEqualTo(now + 60_000);
    Clock.Timer early = wakeUps.schedule(() -> ran.add("early"), SECOND.toNanos() * 30);
    pass(Duration.ZERO);
    assertThat(alarm().getTriggerAtMs()).isEqualTo(now + 30_000);
    assertThat(alarm().getType()).isEqualTo(AlarmManager.ELAPSED_REALTIME_WAKEUP);
    assertThat(alarm().isAllowWhileIdle()).isTrue();

    early.stop();
    pass(Duration.ZERO);
    assertThat(alarm().getTriggerAtMs()).isEqualTo(now + 60_000);
    pass(SECOND.multipliedBy(60));
    assertThat(ran).containsExactly("late");
    assertThat(alarms.getScheduledAlarms()).isEmpty();
  }

  @Test
  public void theAlarmRunsWhatFellDueInDeepSleep() {
    WakeUps wakeUps = new AlarmWakeUps(app, handler);
    wakeUps.schedule(() -> ran.add("first"), SECOND.toNanos());
    wakeUps.schedule(() -> ran.add("second"), SECOND.toNanos() * 2);
    wakeUps.schedule(() -> ran.add("third"), SECOND.toNanos() * 60);
    pass(Duration.ZERO);

    ShadowSystemClock.simulateDeepSleep(SECOND.multipliedBy(30));
    pass(Duration.ZERO);
    assertThat(ran).isEmpty();
    app.sendBroadcast(new Intent("io.holdfast.android.WAKE_UP").setPackage(app.getPackageName()));
    pass(Duration.ZERO);

    assertThat(ran).containsExactly("first", "second");
  }

  private List<WakeUps> both() {
    return List.of(new HandlerWakeUps(handler), new AlarmWakeUps(app, handler));
  }

  private ScheduledAlarm alarm() {
    assertThat(alarms.getScheduledAlarms()).hasSize(1);
    return alarms.getScheduledAlarms().get(0);
  }

  private static void pass(Duration time) {
    ShadowLooper.shadowMainLooper().idleFor(time);
  }
}
