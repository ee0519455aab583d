package io.holdfast.android;

import static org.assertj.core.api.Assertions.assertThat;

import android.app.Application;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.RuntimeEnvironment;
import org.robolectric.annotation.Config;

@RunWith(RobolectricTestRunner.class)
@Config(sdk = {26, 35})
public final class PreferencesHeartbeatMemoryTest {
  private final Application app = RuntimeEnvironment.getApplication();
  private final PreferencesHeartbeatMemory memory = PreferencesHeartbeatMemory.of(app);

  @Test
  public void knowsNothingOfANewNetwork() {
    assertThat(memory.load("wifi 7")).isNull();
  }

  @Test
  public void givesBackToTheNextProcessWhatWasSavedLast() {
    memory.save("wifi 7", "first");
    memory.save("wifi 7", "second");

    assertThat(PreferencesHeartbeatMemory.of(app).load("wifi 7")).isEqualTo("second");
  }

  @Test
  public void knowsAKindOfNetworkAgainWhateverItsHandle() {
    memory.save("wifi 7", "a");
    memory.save("cellular 8 unvalidated", "b");

    assertThat(memory.load("wifi 123 unvalidated")).isEqualTo("a");
    assertThat(memory.load("cellular 124")).isEqualTo("b");
    assertThat(memory.load("wifi+vpn 125")).isNull();
  }

  @Test
  public void keepsTheLabelsOfOtherMonitorsWhole() {
    memory.save("", "none");
    memory.save("office", "desk");

    assertThat(memory.load("")).isEqualTo("none");
    assertThat(memory.load("office")).isEqualTo("desk");
  }
}
