package io.holdfast.simulation;

import static java.util.Objects.requireNonNull;

import io.holdfast.Assurance;
import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionState;
import io.holdfast.Fate;
import io.holdfast.Overflow;
import io.holdfast.PongSupport;
import io.holdfast.queue.SendQueue.Refusal.Reason;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** Each message has exactly one fate, it is told once, and it is true. */
final class FateJudge extends Judge {
  private static final String TRUE = "fate is true";

  // Told Written although they wanted more; that the peer answers no pings must be told soon.
  private final Set<Life> toBeExplained = new HashSet<>();
  // Those of which it was told, if only for a while.
  private final Set<Life> explained = new HashSet<>();

  FateJudge(World world) {
    super(world);
  }

  @Override
  void accepted(Sent sent) {
    if (sent.fate() instanceof Fate.Rejected) return;
    require(!sent.refused, TRUE, sent, "was accepted after close or drain");
    if (!setup().storing()) isNewestOfKey(sent);
  }

  // Before, what the store may refuse must cost no other its place.
  @Override
  void queued(Sent sent) {
    if (sent.fate() == null) isNewestOfKey(sent);
  }

  private void isNewestOfKey(Sent sent) {
    if (sent.options.conflationKey() == null) return;
    for (Sent older : sent.olderOfKey()) {
      boolean waits = older.fate() == null && !older.isUntold() && isQueued(older);
      require(!waits, "only the newest of a key waits", older, "beside", sent);
    }
  }

  // The connection may not have heard yet that a transport is over.
  private boolean isQueued(Sent sent) {
    if (sent.handedOn.isEmpty()) return true;
    SimulatedTransport last = sent.handedOn.get(sent.handedOn.size() - 1);
    return last.isOver() && world.device.elapsedNanos() - last.seen.endedAtNanos > slackNanos();
  }

  // At once, before whatever is on its way can arrive after all.
  @Override
  void ponged(SimulatedTransport transport, int covered) {
    for (Sent sent : transport.inFlight()) {
      boolean confirmed =
          sent.fate() != null
              || sent.isUntold()
              || sent.index > covered
              || sent.options.assurance() != Assurance.CONFIRMED;
      require(confirmed, "a pong confirms all before its ping", sent);
      if (!(sent.fate() instanceof Fate.Confirmed)) continue;
      require(sent.readByPeer > 0, TRUE, sent, "is Confirmed and no peer has read it");
    }
  }

  @Override
  void event(Life life, ConnectionEvent event) {
    if (!(event instanceof ConnectionEvent.PongSupportLearned learned)) return;
    life.pingsUnanswered = learned.support() == PongSupport.NO;
    if (!life.pingsUnanswered) return;
    toBeExplained.remove(life);
    explained.add(life);
    if (tellsAtOnce()) knownToBeWritten(life);
  }

  private void knownToBeWritten(Life life) {
    SimulatedTransport transport = life.newest();
    if (transport == null || !transport.isOpen()) return;
    for (Sent sent : transport.inFlight()) {
      boolean acknowledged = sent.options.assurance() == Assurance.ACKNOWLEDGED;
      boolean ended = !sent.written || sent.fate() != null || sent.isUntold() || acknowledged;
      require(ended, "what no pong can confirm ends as written", sent);
    }
  }

  @Override
  void fateToSecond(Sent sent) {
    require(sent.told == 1, "listeners are told in order", sent);
  }

  @Override
  void fate(Sent sent, Fate fate) {
    require(sent.told == 1, "one fate", sent, "was told", sent.told, "times");
    require(fate.equals(sent.fate()), "one fate", sent, fate, "then", sent.fate());
    if (fate.delivered()) delivered(sent, fate);
    else if (fate instanceof Fate.Rejected rejected) rejected(sent, rejected);
    else if (fate instanceof Fate.InDoubt doubt) inDoubt(sent, doubt);
    else if (fate instanceof Fate.Kept) kept(sent);
    else if (fate instanceof Fate.Refused) require(setup().speaks(), TRUE, sent, fate);
    else neverHanded(sent, fate);
  }

  private void delivered(Sent sent, Fate fate) {
    if (fate instanceof Fate.Acknowledged) {
      require(setup().speaks(), TRUE, sent, fate);
      return;
    }
    boolean enough = sent.options.assurance() != Assurance.ACKNOWLEDGED;
    require(enough, TRUE, sent, fate, "but must be acknowledged");
    boolean confirmable = sent.options.assurance() == Assurance.CONFIRMED;
    if (fate instanceof Fate.Confirmed) {
      require(confirmable, TRUE, sent, "did not ask to be confirmed");
      require(sent.readByPeer > 0, TRUE, sent, "is Confirmed and no peer has read it");
      return;
    }
    require(sent.written, TRUE, sent, "is Written and no kernel has it");
    if (!confirmable) return;
    require(!sent.options.requireConfirmation(), TRUE, sent, "is Written but must be more");
    mustBeExplained(sent.life);
  }

  private void mustBeExplained(Life life) {
    // Of fates that are told late nobody knows what was known when they were decided.
    boolean known = life.pingsUnanswered || (explained.contains(life) && !tellsAtOnce());
    if (!known) toBeExplained.add(life);
  }

  private void kept(Sent sent) {
    require(setup().storing() && isOver(sent), TRUE, sent, "is Kept");
    boolean doubtful = sent.options.atMostOnce() && sent.mayBeInDoubt();
    require(!doubtful, TRUE, sent, "is Kept but may not be sent again");
  }

  private void rejected(Sent sent, Fate.Rejected rejected) {
    require(sent.handedOn.isEmpty(), TRUE, sent, rejected, "but was handed over");
    boolean holds =
        switch (rejected.reason()) {
          case QUEUE_FULL -> wasFull(sent) || isRefused(sent, Reason.QUEUE_FULL);
          case TOO_LARGE ->
              sent.message.size() > setup().maxMessageBytes()
                  || sent.message.size() > setup().maxQueuedBytes()
                  || isRefused(sent, Reason.TOO_LARGE);
          case CONNECTION_CLOSED ->
              sent.refused
                  || sent.life.state() instanceof ConnectionState.Closed
                  || (setup().storing() && isOver(sent));
          case DISK_FULL -> isRefused(sent, Reason.DISK_FULL);
          case DISK_FAILED -> isRefused(sent, Reason.DISK_FAILED);
          case QUEUE_NOT_OPEN -> sent.life.queueFailed;
          case DIRECTORY_GONE -> isRefused(sent, Reason.DIRECTORY_GONE);
          case NOT_ENCODED -> isUnspeakable(sent);
        };
    require(holds, TRUE, sent, rejected, "outbox was", sent.queueBefore);
  }

  private static boolean isRefused(Sent sent, Reason reason) {
    return sent.refusal != null && sent.refusal.reason() == reason;
  }

  private boolean wasFull(Sent sent) {
    boolean evicts = setup().overflow() == Overflow.EVICT_OLDEST;
    // What is not durable yet may not be evicted.
    boolean all = !evicts || setup().storing();
    int messages = sent.queueBefore.inFlight() + (all ? sent.queueBefore.queued() : 0);
    boolean tooMany = messages >= setup().maxQueuedMessages();
    // Of what may be evicted, or conflated, we know no bytes.
    return tooMany || sent.queueBefore.bytes() + sent.message.size() > setup().maxQueuedBytes();
  }

  private void neverHanded(Sent sent, Fate fate) {
    require(!sent.mayBeInDoubt(), TRUE, sent, fate, "but was handed over");
    if (fate instanceof Fate.Expired) {
      expired(sent);
    } else if (fate instanceof Fate.Evicted) {
      require(setup().overflow() == Overflow.EVICT_OLDEST, TRUE, sent, fate);
    } else if (fate instanceof Fate.Conflated) {
      require(sent.hasNewerOfKey(setup().storing()), TRUE, sent, fate);
    } else if (fate instanceof Fate.Cancelled cancelled) {
      boolean byApp = cancelled.reason() == Fate.Cancelled.Reason.BY_APP;
      require(byApp ? sent.taken : isOver(sent), TRUE, sent, fate);
      require(byApp || !sent.delivery().accepted() || !setup().storing(), TRUE, sent, fate);
    } else {
      object(TRUE, sent, fate);
    }
  }

  private void inDoubt(Sent sent, Fate.InDoubt doubt) {
    require(sent.mayBeInDoubt(), TRUE, sent, doubt, "but was never handed over");
    boolean holds =
        switch (doubt.reason()) {
          case RESEND_FORBIDDEN -> sent.options.atMostOnce();
          case RESEND_LIMIT -> sent.losses >= setup().resendLimit();
          case EXPIRED -> sent.options.timeToLive() != null;
          case EVICTED -> setup().overflow() == Overflow.EVICT_OLDEST;
          case CONFLATED -> sent.hasNewerOfKey(setup().storing());
          case CANCELLED -> sent.taken;
          case CONNECTION_CLOSED -> isOver(sent);
          case UNCONFIRMABLE -> sent.options.requireConfirmation();
          case NOT_ENCODED -> isUnspeakable(sent);
          case SESSION_LOST -> isLostWithSession(sent);
        };
    require(holds, TRUE, sent, doubt, "losses", sent.losses);
    boolean mustWait =
        switch (doubt.reason()) {
          case EXPIRED, EVICTED, CONFLATED, CANCELLED -> true;
          default -> false;
        };
    boolean lost = doubt.cause() != null || (sent.handedOn.isEmpty() && sent.mayHaveBeenHanded);
    require(!mustWait || lost, TRUE, sent, doubt, "but was in flight");
    if (doubt.reason() == Fate.InDoubt.Reason.EXPIRED) expired(sent);
    if (doubt.reason() == Fate.InDoubt.Reason.UNCONFIRMABLE) mustBeExplained(sent.life);
  }

  private boolean isUnspeakable(Sent sent) {
    Speech speech = setup().speech();
    return speech != null && speech.isUnspeakable(sent.number());
  }

  private boolean isLostWithSession(Sent sent) {
    Application application = world.server.application();
    // A power cut may leave it unknown whether there ever was one.
    boolean ofEarlierLife = sent.handedOn.isEmpty() && sent.mayHaveBeenHanded;
    return application != null && (application.forgotten() > 0 || ofEarlierLife);
  }

  private void expired(Sent sent) {
    Duration timeToLive = requireNonNull(sent.options.timeToLive());
    long ageNanos = world.device.elapsedNanos() - sent.sentAtNanos;
    require(ageNanos >= timeToLive.toNanos(), TRUE, sent, "expired after", ageNanos, "ns");
  }

  // A drain alone is no reason before its time.
  private boolean isOver(Sent sent) {
    Life life = sent.life;
    if (isEndedByApp(life)) return true;
    if (life.state() instanceof ConnectionState.Closed closed) return closed.cause() != null;
    // Fates come first, and then its queue is closed.
    if (!setup().storing()) return false;
    if (life.overSinceNanos < 0) life.overSinceNanos = world.device.elapsedNanos();
    return true;
  }

  private boolean isEndedByApp(Life life) {
    return life.closed || life.drainsByNanos <= world.device.elapsedNanos();
  }

  @Override
  void state(Life life, ConnectionState state) {
    if (life.overSinceNanos < 0 || !(state instanceof ConnectionState.Closed closed)) return;
    require(isEndedByApp(life) || closed.cause() != null, TRUE, life, "ends for no reason");
  }

  @Override
  void stepped(Life life) {
    if (life.overSinceNanos < 0 || life.state() instanceof ConnectionState.Closed) return;
    boolean goesOn = isAwakeFor(slackNanos()) && sinceWoken(life.overSinceNanos) > slackNanos();
    require(!goesOn, TRUE, life, "goes on after the end of its messages");
  }

  private Setup setup() {
    return world.scenario.setup();
  }

  @Override
  void finished() {
    // One that was killed may not have had the time to tell.
    toBeExplained.removeIf(life -> life.dead);
    require(toBeExplained.isEmpty(), TRUE, "Written although pings are answered", toBeExplained);
    for (Life life : world.app.lives()) {
      // What became of its messages is for the next one to say.
      if (life.dead) continue;
      for (Sent sent : life.sent) {
        require(sent.fate() != null, "nothing is lost", sent, "has no fate");
        require(sent.told == 1, "nothing is lost", sent, "was told a fate", sent.told, "times");
        require(sent.toldLater == sent.askedLater, "late listeners are told", sent);
      }
    }
  }
}
