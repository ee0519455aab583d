package io.holdfast.sample.android;

import static org.assertj.core.api.Assertions.assertThat;

import android.content.res.Resources;
import io.holdfast.ConnectTimeline;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionState;
import io.holdfast.ConnectionState.Closed;
import io.holdfast.ConnectionState.Closing;
import io.holdfast.ConnectionState.Connecting;
import io.holdfast.ConnectionState.Idle;
import io.holdfast.ConnectionState.Offline;
import io.holdfast.ConnectionState.Open;
import io.holdfast.ConnectionState.Phase;
import io.holdfast.ConnectionState.Waiting;
import java.time.Duration;
import java.util.List;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.RuntimeEnvironment;
import org.robolectric.annotation.Config;

@RunWith(RobolectricTestRunner.class)
@Config(sdk = {26, 35})
public final class StateWordsTest {
  private final ConnectionException cause = new ConnectionException.PeerClosed(1001, "bye");
  private static final ConnectTimeline TOOK_34_MS =
      new ConnectTimeline(-1, -1, -1, -1, 34_000_000, null, null);
  private final List<ConnectionState> all =
      List.of(
          new Idle(),
          new Connecting(3, Phase.HANDSHAKE),
          new Open(2, "", "", TOOK_34_MS),
          new Waiting(4, Duration.ofMillis(2500), cause),
          new Offline(Offline.Reason.NO_NETWORK, null),
          new Offline(Offline.Reason.SUSPENDED, null),
          new Closing(1000, ""),
          new Closed(1000, "", true, null),
          new Closed(1001, "bye", true, cause));

  private final Resources resources = RuntimeEnvironment.getApplication().getResources();

  @Test
  public void everyStateHasWords() {
    assertThat(all)
        .extracting(Object::getClass)
        .contains(ConnectionState.class.getPermittedSubclasses());

    assertThat(all)
        .extracting(state -> words(state).words() + " / " + words(state).detail())
        .containsExactly(
            "Not connected / Connect; from then on messages wait for the connection.",
            "Connecting / Attempt 3",
            "Connected / Transport 2, connected in 34.0 ms",
            "Waiting to reconnect / Attempt 4 in 3 s: peer closed with 1001 bye",
            "No network / Messages wait until there is a network.",
            "Suspended / Messages wait until the app is shown.",
            "Closing / Code 1000",
            "Closed / Code 1000",
            "Closed / Code 1001: peer closed with 1001 bye");
  }

  @Test
  public void aWaitCountsDown() {
    Waiting waiting = new Waiting(4, Duration.ofMillis(2500), cause);

    assertThat(waited(waiting, 1500)).isEqualTo("Attempt 4 in 1 s: peer closed with 1001 bye");
    assertThat(waited(waiting, 1499)).isEqualTo("Attempt 4 in 2 s: peer closed with 1001 bye");
    assertThat(waited(waiting, 2600)).isEqualTo("Attempt 4 in 0 s: peer closed with 1001 bye");
  }

  private String waited(Waiting waiting, long millis) {
    return StateWords.of(waiting, Duration.ofMillis(millis), resources).detail();
  }

  @Test
  public void goodAndBadStatesDifferInColour() {
    assertThat(words(new Open(1, "", "", TOOK_34_MS)).colour()).isEqualTo(R.color.good);
    assertThat(words(new Waiting(1, Duration.ZERO, cause)).colour()).isEqualTo(R.color.pending);
    assertThat(words(new Closed(1001, "", true, cause)).colour()).isEqualTo(R.color.bad);
    assertThat(words(new Closed(1000, "", true, null)).colour()).isEqualTo(R.color.neutral);
  }

  private StateWords words(ConnectionState state) {
    return StateWords.of(state, resources);
  }
}
