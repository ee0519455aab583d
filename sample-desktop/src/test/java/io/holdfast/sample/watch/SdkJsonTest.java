package io.holdfast.sample.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionEvent.HeartbeatIntervalLearned;
import io.holdfast.ConnectionEvent.NetworkChanged;
import io.holdfast.ConnectionEvent.OutageLasts;
import io.holdfast.ConnectionEvent.SuccessorDropped;
import io.holdfast.ConnectionEvent.SuccessorStarted;
import io.holdfast.ConnectionEvent.WokeUp;
import io.holdfast.ConnectionException.EndedWithoutClose;
import io.holdfast.network.NetworkStatus;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SdkJsonTest {
  private final SdkJson sdk = new SdkJson(Secrets.none());

  @Test
  void whatTheDeviceDoesHasItsFacts() {
    assertThat(json(new NetworkChanged(new NetworkStatus(true, "wifi-7", true))))
        .isEqualTo(
            "{\"event\":\"network-changed\",\"available\":true,\"label\":\"wifi-7\",\"metered\":true}");
    assertThat(json(new WokeUp(Duration.ofMillis(4_250))))
        .isEqualTo("{\"event\":\"woke-up\",\"sleptMs\":4250.000}");
    assertThat(json(new OutageLasts(Duration.ofMinutes(2))))
        .isEqualTo("{\"event\":\"outage-lasts\",\"lastedMs\":120000.000}");
    assertThat(json(new HeartbeatIntervalLearned("wifi-7", Duration.ofSeconds(217))))
        .isEqualTo(
            "{\"event\":\"heartbeat-interval-learned\",\"label\":\"wifi-7\",\"intervalMs\":217000.000}");
  }

  @Test
  void aSecondTransportSaysWhyItComesAndGoes() {
    assertThat(json(new SuccessorStarted(2, true)))
        .isEqualTo("{\"event\":\"successor-started\",\"transport\":2,\"drain\":true}");
    assertThat(json(new SuccessorDropped(2, null)))
        .isEqualTo("{\"event\":\"successor-dropped\",\"transport\":2}");
    assertThat(json(new SuccessorDropped(3, new EndedWithoutClose())))
        .startsWith("{\"event\":\"successor-dropped\",\"transport\":3,\"cause\":{")
        .contains("\"kind\":\"ended-without-close\"");
  }

  private String json(ConnectionEvent event) {
    JsonObject json = new JsonObject();
    sdk.put(event, json);
    return json.toString();
  }
}
