package io.holdfast.simulation;

import static java.util.Objects.requireNonNull;

import io.holdfast.ConnectionState;
import io.holdfast.ConnectionState.Closed;
import io.holdfast.Delivery;
import io.holdfast.Fate;
import io.holdfast.Message;
import io.holdfast.queue.Recovered;
import io.holdfast.queue.Recovered.Kept;
import io.holdfast.queue.SendQueue;
import io.holdfast.queue.StoredMessage;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What was told durable is there in the next life, once, in order and unchanged, until its fate is
 * known; what transports may have had is known; and nobody hears of the end before the queue is
 * closed.
 */
final class StoreJudge extends Judge {
  private static final String KEPT = "what is durable is recovered";
  private static final String ONCE = "recovered once, in order, unchanged";
  private static final String GONE = "what is released is not recovered";
  private static final String RELEASED = "released once its fate is known";
  private static final String ID = "an id is one message's";
  private static final String DURABLE = "only what is durable is accepted";
  private static final String HANDED = "what transports may have had is known";
  private static final String CLOSED = "Closed is told once the queue is closed";
  private static final String AT_MOST_ONCE = "at most once, in all lives";

  // The order of appends and releases, across lives.
  private int calls;
  // Whatever was called up to then is durable.
  private int durableCalls;
  private long highestDurable;
  private final Map<Long, Message> accepted = new HashMap<>();
  // Ids begin anew in a new directory, and what was told of an old one may be told late.
  private int directory;
  // Whether the newest queue was closed, and its disk had let it write all.
  private boolean clean = true;

  // Accepted ones, in their order.
  private final ArrayDeque<Untold> untold = new ArrayDeque<>();

  private record Untold(Sent sent, long sinceNanos) {}

  // Of the newest queue.
  private long lastAppended;
  private boolean mayHand;
  // What it says itself; as a killed one left it, until the next life says otherwise.
  private boolean saysHanding;
  private boolean notedOnDisk;
  private long highestHanded;
  // Since when it says that transports may have messages although there is none.
  private long needlessSinceNanos = -1;

  StoreJudge(World world) {
    super(world);
  }

  // ---- A life begins

  @Override
  void recovered(Life life, Recovered recovered) {
    check(recovered);
    boolean whole = recovered.unreadable().isEmpty() || world.disk.wasDisturbed();
    require(whole, ONCE, "some cannot be read:", recovered.unreadable());
    for (Kept kept : recovered.messages()) {
      if (kept.mayHaveBeenHanded()) highestHanded = Math.max(highestHanded, kept.sequence());
      highestDurable = Math.max(highestDurable, kept.sequence());
    }
    durableCalls = calls;
    clean = false;
    lastAppended = 0;
    mayHand = false;
  }

  @Override
  void directoryLost() {
    highestDurable = 0;
    highestHanded = 0;
    accepted.clear();
    directory++;
  }

  private void check(Recovered recovered) {
    Set<Long> found = new HashSet<>();
    long last = 0;
    int lastCall = 0;
    for (Kept kept : recovered.messages()) {
      require(kept.sequence() > last, ONCE, kept.sequence(), "after", last);
      last = kept.sequence();
      found.add(last);
      Sent one = world.app.stored().get(last);
      if (one == null) {
        object(ONCE, last, "was never sent");
        continue;
      }
      isUnchanged(one, kept.message());
      mayBeFound(one);
      wasHanded(one, kept, recovered);
      lastCall = Math.max(lastCall, one.appendCall);
    }
    for (Sent one : world.app.stored().values()) {
      if (!found.contains(one.sequence)) mayBeMissing(one, lastCall);
    }
  }

  private void isUnchanged(Sent one, StoredMessage found) {
    require(one.message.equals(found.message()), ONCE, one, "is another message");
    require(one.options.equals(found.options()), ONCE, one, "had", one.options);
    boolean sameTime = one.appendedAtMillis == found.acceptedAtMillis();
    require(sameTime, ONCE, one, "was accepted at", one.appendedAtMillis);
  }

  private void mayBeFound(Sent one) {
    SendQueue.Refusal refusal = one.refusal;
    boolean doubtful =
        refusal != null
            && refusal.reason() == SendQueue.Refusal.Reason.DISK_FAILED
            && one.appendCall > durableCalls;
    require(refusal == null || doubtful, ONCE, one, "was refused");
    require(one.releaseCall > durableCalls, GONE, one, "has a release that is durable");
    require(!clean || !one.isReleased(), GONE, one, "was released before the queue was closed");
    require(!clean || !one.isSettled(), GONE, one, "has ended", one.fate());
  }

  private void wasHanded(Sent one, Kept kept, Recovered recovered) {
    require(kept.mayHaveBeenHanded() || !one.noted, HANDED, one, "was handed");
    boolean certain = clean && recovered.unreadable().isEmpty();
    boolean never = certain && one.sequence > highestHanded;
    require(!never || !kept.mayHaveBeenHanded(), HANDED, one, "was not");
  }

  // What comes before something that is found is found as well.
  private void mayBeMissing(Sent one, int lastCall) {
    if (one.isReleased() || one.refusal != null) return;
    require(!one.durable, KEPT, one);
    require(one.appendCall > lastCall, KEPT, one, "was appended before what is");
    require(!clean, KEPT, one, "was appended before the queue was closed");
  }

  @Override
  void toldRecovered(Life life, List<Delivery> deliveries) {
    int left = life.recovered;
    require(deliveries.size() == left, ONCE, deliveries.size(), "deliveries of", left);
    for (int i = 0; i < Math.min(left, deliveries.size()); i++) {
      Sent one = life.sent.get(i);
      Delivery delivery = deliveries.get(i);
      require(delivery.message() == one.message, ONCE, "another delivery in the place of", one);
      require(delivery.id() == one.sequence, ID, one, "is told as", delivery.id());
      require(delivery.options().equals(one.options), ONCE, one, "has", delivery.options());
      require(delivery.accepted(), DURABLE, one, "is not accepted any more");
    }
  }

  // ---- Into the queue

  @Override
  void appended(Sent sent, StoredMessage stored) {
    sent.appendCall = ++calls;
    sent.directory = directory;
    require(sent.sequence > lastAppended, ID, sent, "gets", sent.sequence, "after", lastAppended);
    require(sent.sequence > highestDurable, ID, sent, "gets", sent.sequence, "again");
    lastAppended = sent.sequence;
    require(stored.options().equals(sent.options), ONCE, sent, "is kept as", stored.options());
    boolean now = stored.acceptedAtMillis() == world.device.wallMillis();
    require(now, ONCE, sent, "is kept as of", stored.acceptedAtMillis());
  }

  @Override
  void durable(Sent sent) {
    durableCalls = sent.appendCall;
    highestDurable = sent.sequence;
  }

  @Override
  void queued(Sent sent) {
    boolean known = sent.delivery().accepted() || sent.fate() != null;
    require(known, DURABLE, sent, "is durable and not accepted");
    if (sent.fate() == null) untold.add(new Untold(sent, world.device.elapsedNanos()));
  }

  @Override
  void toldAccepted(Sent sent) {
    require(sent.durable, DURABLE, sent);
    require(++sent.toldAccepted == 1, DURABLE, sent, "was told accepted twice");
    Delivery delivery = sent.delivery();
    require(delivery.accepted(), DURABLE, sent, "was told accepted and is not");
    require(delivery.id() == sent.sequence, ID, sent, "is told as", delivery.id());
    if (sent.directory != directory) return;
    Message other = accepted.put(delivery.id(), sent.message);
    require(other == null || other.equals(sent.message), ID, sent, "has another's");
  }

  // ---- To a transport

  // Or a kill would leave all in doubt that was accepted without one.
  @Override
  void stepped(Life life) {
    SimulatedTransport newest = life.newest();
    boolean needless = saysHanding && life.queueOpen && (newest == null || newest.isOver());
    if (!needless) needlessSinceNanos = -1;
    else if (needlessSinceNanos < 0) needlessSinceNanos = world.device.elapsedNanos();
    boolean late = needless && sinceWoken(needlessSinceNanos) > slackNanos();
    require(!late || !isAwakeFor(slackNanos()), HANDED, "there is no transport any more");
    isToldSoon();
  }

  private void isToldSoon() {
    Untold next = untold.peek();
    while (next != null && (next.sent.toldAccepted > 0 || next.sent.life.dead)) {
      untold.remove();
      next = untold.peek();
    }
    if (next == null || world.device.callbacksBehind() || !isAwakeFor(slackNanos())) return;
    boolean late = sinceWoken(next.sinceNanos) > slackNanos();
    require(!late, DURABLE, next.sent, "is, and the app was not told");
  }

  @Override
  void handing(Life life) {
    saysHanding = true;
  }

  @Override
  void mayHand(Life life, boolean onDisk) {
    mayHand = true;
    notedOnDisk = onDisk;
  }

  @Override
  void mayNotHand(Life life, long upTo) {
    mayHand = false;
    saysHanding = false;
    // It was taken, and then could not be encoded.
    if (isUnspeakable(upTo)) highestHanded = Math.max(highestHanded, upTo);
    require(upTo <= highestHanded, HANDED, "told up to", upTo, "not", highestHanded);
    for (Sent one : world.app.stored().tailMap(upTo, false).values()) {
      require(!one.noted || one.isReleased(), HANDED, one, "beyond", upTo);
    }
  }

  private boolean isUnspeakable(long sequence) {
    Speech speech = world.scenario.setup().speech();
    Sent sent = world.app.stored().get(sequence);
    return speech != null && sent != null && speech.isUnspeakable(sent.number());
  }

  @Override
  void handed(SimulatedTransport transport, Sent sent) {
    if (!world.scenario.setup().storing()) return;
    require(sent.durable, DURABLE, sent, "goes out");
    require(mayHand, HANDED, sent, "goes out before that is noted");
    sent.noted |= notedOnDisk;
    highestHanded = Math.max(highestHanded, sent.sequence);
  }

  @Override
  void readByPeer(Sent sent, Flow flow) {
    if (!sent.options.atMostOnce() || !sent.noted) return;
    for (Sent before = sent.before; before != null; before = before.before) {
      boolean read = before.readByPeer > 0 && before.noted;
      require(!read, AT_MOST_ONCE, sent, "was read before as", before);
    }
  }

  // ---- Out of the queue

  @Override
  void released(Life life, Sent sent) {
    boolean known = sent.isUntold() || sent.isSettled();
    require(known, RELEASED, sent, "is released with", sent.fate());
    if (!sent.isReleased()) sent.releaseCall = ++calls;
  }

  @Override
  void queueClosed(Life life) {
    clean = !life.diskTrouble;
    for (Sent sent : life.sent) {
      boolean due = sent.durable && sent.isSettled();
      require(!due || sent.isReleased(), RELEASED, sent, "has ended", sent.fate());
    }
  }

  @Override
  void fate(Sent sent, Fate fate) {
    if (!(fate instanceof Fate.Kept)) return;
    require(sent.durable && !sent.isReleased(), KEPT, sent, fate, "but the queue has it not");
  }

  @Override
  void state(Life life, ConnectionState state) {
    if (!(state instanceof Closed) || !world.scenario.setup().storing()) return;
    require(life.queueClosed || life.queueFailed, CLOSED, life);
  }

  @Override
  void finished() {
    if (!world.scenario.setup().storing()) return;
    for (Life life : world.app.lives()) {
      if (!life.dead) allToldAccepted(life);
    }
    try {
      // Whoever finds the directory gone has nothing to find.
      if (world.disk.isGone()) return;
      check(requireNonNull(world.disk.newQueue().open()));
    } catch (IOException e) {
      object(CLOSED, "it cannot be opened again:", e);
    }
  }

  private void allToldAccepted(Life life) {
    for (Sent sent : life.sent) {
      if (sent.isUntold()) object(ONCE, sent, "was never told");
      else if (sent.delivery().accepted()) {
        require(sent.toldAccepted == 1, DURABLE, sent, "was never told accepted");
      }
    }
  }
}
