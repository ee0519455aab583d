package io.holdfast.sample.android;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.ManagedConnection;
import io.holdfast.android.HoldfastAndroid;
import io.holdfast.android.InBackground;
import io.holdfast.queue.JournalSendQueue;
import io.holdfast.rx.RxConnection;
import java.net.URI;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Makes connections as this app wants them. */
final class Connector {
  // A phone's messages are few and short.
  private static final long MOST_JOURNAL_BYTES = 4 << 20;

  private final ExecutorService disk = Executors.newSingleThreadExecutor();
  private final HoldfastAndroid android;

  Connector(HoldfastAndroid android) {
    this.android = android;
  }

  /** A connection that is not open yet. Only one for each address may live at a time. */
  RxConnection connection(URI address) {
    ManagedConnection connection =
        android
            .configure(ManagedConnection.builder(address))
            .sendQueue(journal(address))
            .callbackExecutor(HoldfastAndroid.mainThread())
            .build();
    android.follow(connection, InBackground.SUSPENDED_ONCE_DELIVERED);
    return RxConnection.of(connection);
  }

  // One for each address: what was written to one server is not for another.
  private JournalSendQueue journal(URI address) {
    UUID name = UUID.nameUUIDFromBytes(address.toString().getBytes(UTF_8));
    return JournalSendQueue.builder(android.directory(name.toString()), disk)
        .maxBytes(MOST_JOURNAL_BYTES)
        .build();
  }
}
