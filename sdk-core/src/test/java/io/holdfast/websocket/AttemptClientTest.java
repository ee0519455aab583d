package io.holdfast.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.ConnectRequest;
import io.holdfast.testkit.RawServer;
import io.holdfast.testkit.RawSession;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import okhttp3.Cache;
import okhttp3.EventListener;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is taken of the app's client, and what is not. */
class AttemptClientTest {

  @Test
  void attemptsKeepTheAppsSettingsButNotItsPoolCacheAndNetworkInterceptors(
      @TempDir Path directory) {
    EventListener.Factory events = call -> EventListener.NONE;
    File cache = directory.toFile();
    OkHttpClient apps =
        new OkHttpClient.Builder()
            .cache(new Cache(cache, 1 << 20))
            .addNetworkInterceptor(chain -> chain.proceed(chain.request()))
            .addInterceptor(chain -> chain.proceed(chain.request()))
            .eventListenerFactory(events)
            .build();

    OkHttpClient attempts = WebSocketTransportFactory.forAttempts(apps);

    assertThat(attempts.protocols()).containsExactly(Protocol.HTTP_1_1);
    assertThat(attempts.connectionPool()).isNotSameAs(apps.connectionPool());
    assertThat(attempts.cache()).isNull();
    assertThat(attempts.followSslRedirects()).isFalse();
    assertThat(attempts.networkInterceptors()).isEmpty();
    assertThat(attempts.interceptors()).isEqualTo(apps.interceptors());
    assertThat(attempts.eventListenerFactory()).isSameAs(events);
    assertThat(apps.networkInterceptors()).hasSize(1);
  }

  @Test
  void limitsArePositive() {
    WebSocketTransportFactory.Builder builder =
        WebSocketTransportFactory.builder(TransportRig.CLIENT);

    assertThatThrownBy(() -> builder.maxMessageBytes(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("maxMessageBytes must be positive but was 0");
    assertThatThrownBy(() -> builder.maxFragments(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("maxFragments must be positive but was -1");
    assertThatThrownBy(() -> builder.maxControlFramesPerSecond(0))
        .hasMessage("maxControlFramesPerSecond must be positive but was 0");
    assertThatThrownBy(() -> builder.maxHandshakeHeaderBytes(0))
        .hasMessage("maxHandshakeHeaderBytes must be positive but was 0");
    assertThatThrownBy(() -> builder.fragmentBytes(0))
        .hasMessage("fragmentBytes must be >= 128 but was 0");
    assertThat(builder.maxFragments(1).maxMessageBytes(1).build()).isNotNull();
  }

  @Test
  void factoryWithoutAClientSharesOne() throws IOException {
    try (RawServer server = RawServer.start();
        TransportRig rig =
            TransportRig.start(
                WebSocketTransportFactory.create(), ConnectRequest.builder(server.url()).build())) {
      RawSession session = server.accept();
      session.upgrade();

      rig.awaitOpen();
    }
  }
}
