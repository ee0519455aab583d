package io.holdfast.android;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import android.app.Application;
import android.net.ConnectivityManager;
import android.net.ConnectivityManager.NetworkCallback;
import android.os.Looper;
import io.holdfast.Fate;
import io.holdfast.ManagedConnection;
import io.holdfast.queue.JournalSendQueue;
import io.holdfast.testkit.TestServer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.RuntimeEnvironment;
import org.robolectric.annotation.Config;
import org.robolectric.shadow.api.Shadow;
import org.robolectric.shadows.ShadowConnectivityManager;
import org.robolectric.shadows.ShadowLooper;
import org.robolectric.shadows.ShadowNetwork;

@RunWith(RobolectricTestRunner.class)
@Config(sdk = {26, 35})
public final class HoldfastAndroidTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Application app = RuntimeEnvironment.getApplication();
  private final HoldfastAndroid android = HoldfastAndroid.of(app);
  private final ShadowConnectivityManager connectivity =
      Shadow.extract(app.getSystemService(ConnectivityManager.class));

  @Test
  public void aConnectionFollowsTheNetworkAndCallsBackOnTheMainThread() throws Exception {
    try (TestServer server = TestServer.start();
        ManagedConnection connection =
            android
                .configure(ManagedConnection.builder(named(server.url())))
                .callbackExecutor(HoldfastAndroid.mainThread())
                .build()) {
      connection.open();
      CompletableFuture<Looper> calledOn = new CompletableFuture<>();
      connection.send("hello").whenEnded(fate -> calledOn.complete(Looper.myLooper()));
      await(calledOn::isDone);
      assertThat(calledOn.get()).isEqualTo(Looper.getMainLooper());

      for (NetworkCallback callback : connectivity.getNetworkCallbacks()) {
        callback.onLost(ShadowNetwork.newInstance(7));
      }
      await(() -> connection.state().toString().contains("NO_NETWORK"));
    }
    await(() -> connectivity.getNetworkCallbacks().isEmpty());
  }

  @Test
  public void aJournalIsKeptInADirectoryThatIsNotBackedUp() throws Exception {
    Path directory = android.directory("chat");

    assertThat(directory).isDirectory().isEqualTo(android.directory("chat"));
    assertThat(directory).startsWith(app.getNoBackupFilesDir().toPath());
    assertThat(android.directory("other")).isNotEqualTo(directory);
    ExecutorService disk = Executors.newSingleThreadExecutor();
    try (TestServer server = TestServer.start();
        ManagedConnection connection =
            android
                .configure(ManagedConnection.builder(server.url()))
                .sendQueue(JournalSendQueue.builder(directory, disk).build())
                .build()) {
      connection.open();
      CompletableFuture<Fate> fate = connection.send("hello").toFuture();
      await(fate::isDone);
      assertThat(fate.get()).isEqualTo(new Fate.Confirmed());
      try (var files = Files.list(directory)) {
        assertThat(files).isNotEmpty();
      }
    } finally {
      disk.shutdown();
    }
  }

  @Test
  public void aDirectorysNameIsPlain() {
    for (String name : List.of("", ".", "..", "a/b", "/")) {
      assertThatThrownBy(() -> android.directory(name))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("name must be");
    }
  }

  @Test
  public void theMainThreadRunsTasksInOrderAndLater() {
    StringBuilder ran = new StringBuilder();

    HoldfastAndroid.mainThread().execute(() -> ran.append('a'));
    HoldfastAndroid.mainThread().execute(() -> ran.append('b'));

    assertThat(ran).isEmpty();
    ShadowLooper.idleMainLooper();
    assertThat(ran.toString()).isEqualTo("ab");
  }

  // To localhost a connection does without a network.
  private static URI named(URI loopback) {
    return URI.create(loopback.toString().replace("127.0.0.1", "server.test"));
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - deadline).as("out of patience").isNegative();
      // Sockets have threads of their own, which need a moment; Android's time is ours to pass.
      LockSupport.parkNanos(1_000_000);
      ShadowLooper.shadowMainLooper().idleFor(Duration.ofMillis(10));
    }
  }
}
