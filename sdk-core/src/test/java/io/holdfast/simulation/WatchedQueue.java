package io.holdfast.simulation;

import io.holdfast.queue.Recovered;
import io.holdfast.queue.SendQueue;
import io.holdfast.queue.StoredMessage;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executor;

/** The send queue of one life, with judges between it and the connection. */
final class WatchedQueue implements SendQueue {
  private final World world;
  // Made after its queue.
  private final List<Life> self;
  private final SendQueue queue;
  private long losses;

  WatchedQueue(World world, List<Life> self, Executor device) {
    this.world = world;
    this.self = self;
    this.queue = world.disk.newQueue(self, device);
  }

  private Life life() {
    return self.get(0);
  }

  @Override
  public Recovered open() throws IOException {
    world.disk.disturb(life());
    try {
      Recovered recovered = queue.open();
      world.judges.recovered(life(), recovered);
      return recovered;
    } catch (IOException e) {
      life().queueFailed = true;
      boolean sound = !life().diskTrouble && !world.disk.isGone();
      if (sound) world.judges.object("a sound disk opens", e.toString());
      throw e;
    }
  }

  @Override
  public long append(StoredMessage message, AppendCallback callback) {
    Sent sent = world.app.sent(message.message());
    long sequence = queue.append(message, new Told(sent, callback));
    world.judges.appended(sent, message, sequence);
    return sequence;
  }

  /** The device runs no task at once, so that an append is always known before what is told. */
  private final class Told implements AppendCallback {
    private final Sent sent;
    private final AppendCallback callback;

    private Told(Sent sent, AppendCallback callback) {
      this.sent = sent;
      this.callback = callback;
    }

    @Override
    public void durable(long sequence) {
      world.judges.durable(sent, sequence);
      callback.durable(sequence);
      world.judges.queued(sent);
    }

    @Override
    public void refused(long sequence, Refusal refusal) {
      world.judges.refused(sent, refusal);
      callback.refused(sequence, refusal);
    }
  }

  @Override
  public void release(long sequence) {
    world.judges.released(life(), sequence);
    queue.release(sequence);
  }

  @Override
  public void handing(HandingCallback ready) {
    long losses = this.losses;
    world.judges.handing(life());
    queue.handing(
        onDisk -> {
          // It may be about a transport that is gone.
          if (losses == this.losses) world.judges.mayHand(life(), onDisk);
          ready.ready(onDisk);
        });
  }

  @Override
  public void handed(long upTo) {
    losses++;
    world.judges.mayNotHand(life(), upTo);
    queue.handed(upTo);
  }

  @Override
  public void saveState(byte[] state) {
    queue.saveState(state);
  }

  @Override
  public Usage usage() {
    return queue.usage();
  }

  @Override
  public void close(Runnable closed) {
    // Then it may have no room for what was released last.
    life().diskTrouble |= world.disk.isNearlyFull(queue.usage().bytes());
    queue.close(
        () -> {
          world.judges.queueClosed(life());
          closed.run();
        });
  }
}
