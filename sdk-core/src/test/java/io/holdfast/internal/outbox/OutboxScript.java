package io.holdfast.internal.outbox;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.ConnectionException.StreamBroken;
import io.holdfast.Fate;
import io.holdfast.Overflow;
import io.holdfast.QueueSnapshot;
import io.holdfast.SendOptions;
import io.holdfast.internal.Settings;
import io.holdfast.internal.outbox.Entry.Place;
import io.holdfast.transport.OutboundBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One outbox with its app, writer and peer, all played by a test. After each step the numbers are
 * compared with a count of the messages, one by one.
 */
final class OutboxScript {
  static final Duration SPACING = Duration.ofSeconds(1);
  static final Settings.Queue ROOMY = bound(1000, 1 << 20, Overflow.REJECT);

  final Outbox outbox;
  final StreamBroken loss = new StreamBroken("reset", null);
  long now = 1_000_000_000L;
  private final List<TestEntry> entries = new ArrayList<>();
  private final OutboundBatch batch = new OutboundBatch();
  private List<Entry> ended = new ArrayList<>();
  private long generation;
  private boolean woken;

  OutboxScript() {
    this(ROOMY);
  }

  OutboxScript(Settings.Queue limits) {
    outbox = new Outbox(limits);
  }

  static Settings.Queue bound(int maxMessages, long maxBytes, Overflow overflow) {
    return new Settings.Queue(maxMessages, maxBytes, 1 << 20, overflow, 5, SPACING);
  }

  // ---- The app

  TestEntry send(String name) {
    return send(name, 1, SendOptions.DEFAULT);
  }

  TestEntry send(String name, SendOptions options) {
    return send(name, 1, options);
  }

  TestEntry send(String name, int size) {
    return send(name, size, SendOptions.DEFAULT);
  }

  TestEntry send(String name, int size, SendOptions options) {
    TestEntry entry = new TestEntry(name, size, options);
    entries.add(entry);
    woken = outbox.accept(entry, now);
    check();
    return entry;
  }

  int cancelQueued() {
    int cancelled = outbox.cancelQueued();
    check();
    return cancelled;
  }

  void pause() {
    outbox.pause();
    check();
  }

  void resume() {
    woken = outbox.resume();
    check();
  }

  QueueSnapshot snapshot() {
    return outbox.snapshot(now);
  }

  boolean cancel(Entry entry) {
    boolean cancelled = outbox.cancel(entry);
    check();
    return cancelled;
  }

  /** Whether the last step said that the writer must be woken. */
  boolean woken() {
    return woken;
  }

  // ---- The transport

  /** A new transport with an open gate. */
  void open() {
    attach();
    openGate();
  }

  void attach() {
    outbox.attach(++generation, nonce(generation));
    check();
  }

  void openGate() {
    woken = outbox.openGate();
    check();
  }

  long generation() {
    return generation;
  }

  static int nonce(long generation) {
    return 0x5EED0000 + (int) generation;
  }

  /** The writer takes a batch. Returns the ping that is in it. */
  byte @Nullable [] take() {
    return take(generation, Long.MAX_VALUE);
  }

  /** The same, where a ping is expected. */
  byte[] takeWithPing() {
    return requireNonNull(take(), "a ping was expected");
  }

  byte @Nullable [] take(long generation, long maxBytes) {
    batch.clear();
    boolean something = outbox.take(generation, batch, maxBytes, now);
    assertThat(something).isEqualTo(!batch.messages().isEmpty() || batch.ping() != null);
    check();
    return batch.ping();
  }

  /** The names of the messages in flight, in order of sending. */
  List<String> inFlight() {
    return named(Place.TAKEN, Place.WRITTEN);
  }

  List<String> queued() {
    return named(Place.QUEUED);
  }

  int batchSize() {
    return batch.messages().size();
  }

  Outbox.@Nullable PingFlushed written() {
    return written(generation);
  }

  Outbox.@Nullable PingFlushed written(long generation) {
    Outbox.PingFlushed flushed = outbox.written(generation, now);
    check();
    return flushed;
  }

  /** A batch is taken and written, ping and all. Returns the ping, which is expected. */
  byte[] writeWithPing() {
    byte[] ping = takeWithPing();
    written();
    return ping;
  }

  /** A batch is taken and written, in which no ping is expected. */
  void writeWithoutPing() {
    assertThat(take()).isNull();
    written();
  }

  Outbox.@Nullable Answer pong(byte[] payload) {
    return pong(generation, payload);
  }

  Outbox.@Nullable Answer pong(long generation, byte[] payload) {
    Outbox.Answer answer = outbox.pong(generation, payload, now);
    check();
    return answer;
  }

  void lose() {
    outbox.rewind(loss);
    check();
  }

  /** The transport is lost, and another one opens. */
  void reopen() {
    lose();
    open();
  }

  void passed(Duration time) {
    now += time.toNanos();
  }

  // ---- What a test looks at

  /** Returns what has ended since the last call, in order. */
  List<Entry> ended() {
    List<Entry> result = ended;
    ended = new ArrayList<>();
    return result;
  }

  /** The fate for {@code reason} of a message that the last transport had when it was lost. */
  Fate inDoubt(Fate.InDoubt.Reason reason) {
    return new Fate.InDoubt(reason, loss);
  }

  /** Adds up, one by one, what the outbox counts. */
  void check() {
    ended.addAll(TestEntry.allEnded(outbox));
    assertThat(outbox.hasEnded()).isFalse();
    int queued = 0;
    int inFlight = 0;
    long bytes = 0;
    long unwrittenBytes = 0;
    long nextExpiry = -1;
    for (TestEntry entry : entries) {
      assertThat(entry.fate() == null).isEqualTo(entry.place != Place.OUTSIDE);
      if (entry.place == Place.OUTSIDE) {
        assertThat(entry.previous == null && entry.next == null).isTrue();
        continue;
      }
      bytes += entry.size;
      if (entry.place != Place.WRITTEN) unwrittenBytes += entry.size;
      if (entry.place != Place.QUEUED) {
        inFlight++;
        continue;
      }
      queued++;
      if (!entry.expires()) continue;
      long inNanos = Math.max(0, entry.expiresAtNanos() - now);
      if (nextExpiry < 0 || inNanos < nextExpiry) nextExpiry = inNanos;
    }
    assertThat(snapshot().queued()).isEqualTo(queued);
    assertThat(snapshot().inFlight()).isEqualTo(inFlight);
    assertThat(snapshot().bytes()).isEqualTo(bytes);
    assertThat(outbox.inFlight()).isEqualTo(inFlight);
    assertThat(outbox.unwrittenBytes()).isEqualTo(unwrittenBytes);
    assertThat(outbox.isEmpty()).isEqualTo(queued + inFlight == 0);
    assertThat(outbox.nanosToExpiry(now)).isEqualTo(nextExpiry);
  }

  private List<String> named(Place... places) {
    List<Place> wanted = List.of(places);
    return entries.stream().filter(e -> wanted.contains(e.place)).map(Entry::toString).toList();
  }
}
