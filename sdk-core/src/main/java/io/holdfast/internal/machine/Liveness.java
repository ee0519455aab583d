package io.holdfast.internal.machine;

import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.ConfirmationTimedOut;
import io.holdfast.ConnectionException.HeartbeatTimedOut;
import io.holdfast.Heartbeat;
import io.holdfast.LifeSign;
import io.holdfast.PongSupport;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Whether the peer of one transport is alive.
 *
 * <pre>
 *             interval of silence            flushed
 *   SILENCE ----------------------> FLUSH ------------> PONG --- silence for the timeout: dead
 *      ^   ^                                            |  |
 *      |   '------------------ pong --------------------'  '--- bytes but no pong: ping again,
 *      |                                                        until confirmTimeout
 *      '-- (any) - - check finds the reader paused - -> PAUSED -- resumed: ping
 * </pre>
 *
 * <p>Where the heartbeat asks by a message, its ANSWER is any byte, of which nobody tells; where it
 * listens to the peer's traffic, SILENCE lasts for interval and timeout, and then it is dead.
 *
 * <p>A prompt ping has less than the timeout: one that confirms messages, or that follows a change.
 * Where a second transport may be opened beside this one, each ping has less until it is late, and
 * the timeout until the peer counts as dead.
 */
final class Liveness {
  private enum Watch {
    /** No ping is out: the peer may be silent for the interval. */
    SILENCE,
    /** A ping or message was asked for; its deadline starts when the kernel has it. */
    FLUSH,
    /** A ping is out. */
    PONG,
    /** The heartbeat's message is out: a byte must come. */
    ANSWER,
    /** The app's own consumer holds the reader up, so silence says nothing. */
    PAUSED
  }

  private static final long NONE = Long.MIN_VALUE;
  // 73 years: far from where adding to it would overflow.
  private static final long LONGEST_NANOS = Long.MAX_VALUE >> 2;

  private final boolean tellsLate;
  private final RoundTrips roundTrips = new RoundTrips();
  private final Question question = new Question();
  private final Unanswered unanswered;
  private long intervalNanos;
  private long timeoutNanos;
  private long promptNanos;
  private LifeSign sign = LifeSign.PONG;

  private Watch watch = Watch.SILENCE;
  private boolean ponged;
  private long flushedNumber;
  private long answeredNumber;
  // The next ping is prompt, and which was the newest.
  private boolean promptWanted;
  private long promptNumber;
  // From when, and for how long, the awaited pong may be silent.
  private long waitFromNanos;
  private long waitForNanos;
  // What that leads to: it is late, or the peer is dead.
  private boolean lateNext;
  // From when the timeout of one that is late runs: a later ping does not put it off.
  private long deadFromNanos;
  // How much of that is for what lies before the ping on a slow uplink.
  private long allowanceNanos;
  // When the newest ping was flushed.
  private long askedAtNanos;
  // Since when it has been read, after a pause.
  private long listensFromNanos = NONE;

  /**
   * Makes one for a new transport.
   *
   * @param tellsLate whether a pong that is late is told before the peer counts as dead
   */
  Liveness(Heartbeat heartbeat, Duration confirmTimeout, boolean tellsLate) {
    unanswered = new Unanswered(bounded(confirmTimeout));
    this.tellsLate = tellsLate;
    keep(heartbeat);
  }

  /** Keeps to it from the next silence on. */
  void keep(Heartbeat heartbeat) {
    intervalNanos = bounded(heartbeat.interval());
    timeoutNanos = bounded(heartbeat.timeout());
    promptNanos = bounded(heartbeat.promptTimeout());
    sign = heartbeat.sign();
  }

  private static long bounded(Duration duration) {
    return Math.min(LONGEST_NANOS, duration.toNanos());
  }

  /**
   * What is to be done.
   *
   * @param checkInNanos when to call {@link #check}; {@link #LEAVE} to leave the timer as it is
   * @param loss why the transport is dead, or null
   * @param late whether the pong is late, and the peer not dead yet
   * @param question the heartbeat whose message is to be sent, or null
   */
  record Step(
      boolean ping,
      long checkInNanos,
      @Nullable ConnectionException loss,
      boolean answersNoPings,
      boolean late,
      LifeSign.@Nullable Answer question) {
    static final long LEAVE = -1;
    private static final Step NOTHING = new Step(false, LEAVE, null, false, false, null);
    private static final Step PING = new Step(true, LEAVE, null, false, false, null);

    private static Step checkIn(long nanos) {
      return new Step(false, Math.max(0, nanos), null, false, false, null);
    }

    private static Step pingAndCheckIn(long nanos) {
      return new Step(true, Math.max(0, nanos), null, false, false, null);
    }

    private static Step lose(ConnectionException cause) {
      return new Step(false, LEAVE, cause, false, false, null);
    }

    private static Step giveUpOnPongs(long nanos) {
      return new Step(false, nanos, null, true, false, null);
    }

    private Step noLaterThan(long nanos) {
      return new Step(ping, Math.min(nanos, checkInNanos), loss, answersNoPings, late, question);
    }

    private Step andIsLate() {
      return new Step(ping, checkInNanos, loss, answersNoPings, true, question);
    }

    private static Step ask(LifeSign.Answer question) {
      return new Step(false, LEAVE, null, false, false, question);
    }
  }

  /** Whether no ping is out, and none is about to be. */
  boolean isSilent() {
    return watch == Watch.SILENCE;
  }

  /** Whether the next look may be the end, rather than the time for a ping. */
  boolean mayLose() {
    return watch == Watch.PONG || watch == Watch.ANSWER || sign instanceof LifeSign.PeerTraffic;
  }

  /** Whether this transport ever answered a ping. */
  boolean ponged() {
    return ponged;
  }

  /** Keeps to another heartbeat from now on. */
  Step use(Heartbeat heartbeat, Snapshot snapshot) {
    keep(heartbeat);
    boolean silent = watch == Watch.SILENCE || watch == Watch.ANSWER;
    return silent ? check(snapshot, PongSupport.UNKNOWN) : Step.NOTHING;
  }

  /** Asks the peer now, and gives it no longer than the round trip lets it hope for. */
  Step probePromptly(Snapshot snapshot) {
    promptWanted = true;
    return probe(snapshot);
  }

  /**
   * The device has slept, and deadlines have passed meanwhile: they begin anew, as what came is
   * read only now.
   */
  void overslept(long sleptNanos, Snapshot snapshot) {
    long now = snapshot.nowNanos();
    unanswered.resumed(sleptNanos, now);
    question.resumed(snapshot);
    waitFromNanos = now;
    deadFromNanos = now;
    // Who must speak by itself has had the interval for it.
    listensFromNanos = now - intervalNanos;
  }

  /** Asks the peer now. */
  Step probe(Snapshot snapshot) {
    if (snapshot.readerPaused()) {
      // Asked once it goes on: without a pong the transport could not prove itself.
      watch = Watch.PAUSED;
      return Step.NOTHING;
    }
    if (sign instanceof LifeSign.Answer answer) return ask(answer, snapshot);
    if (watch != Watch.PONG) watch = Watch.FLUSH;
    return Step.PING;
  }

  private Step ask(LifeSign.Answer answer, Snapshot snapshot) {
    // The deadline of an older one stands, and that of a ping.
    boolean awaited = watch == Watch.PONG || (watch == Watch.ANSWER && question.isOut(snapshot));
    if (!awaited) watch = Watch.FLUSH;
    return Step.ask(answer);
  }

  /** The heartbeat's message has been flushed. */
  Step flushed(Event.QuestionFlushed flushed) {
    Snapshot snapshot = flushed.snapshot();
    if (snapshot.readerPaused()) {
      watch = Watch.PAUSED;
      return Step.NOTHING;
    }
    // The reader may be quicker to read the answer than the writer to tell of the question; and the
    // heartbeat that asked may be out of use.
    boolean answered = snapshot.lastByteAtNanos() - flushed.takenAtNanos() > 0;
    if (answered || !(sign instanceof LifeSign.Answer)) {
      return watch == Watch.FLUSH ? listen(snapshot) : Step.NOTHING;
    }
    question.sent(snapshot);
    if (watch == Watch.PONG) return Step.checkIn(silentInNanos(snapshot));
    watch = Watch.ANSWER;
    return checkAnswer(snapshot);
  }

  private long answerInNanos(Snapshot snapshot) {
    return question.isOut(snapshot) ? question.leftNanos(timeoutNanos, snapshot) : LONGEST_NANOS;
  }

  /** A ping has been flushed, one of ours or a barrier. */
  Step flushed(Event.PingFlushed flushed) {
    Snapshot snapshot = flushed.snapshot();
    flushedNumber = flushed.number();
    askedAtNanos = snapshot.nowNanos();
    // One that follows a prompt ping, after a pause of ours, is answered no later.
    boolean prompt = promptWanted || flushed.confirms() || promptNumber > answeredNumber;
    promptWanted = false;
    if (prompt) promptNumber = flushed.number();
    // The reader may be quicker to tell of the pong than the writer of the ping.
    if (flushed.number() <= answeredNumber) return Step.NOTHING;
    if (snapshot.readerPaused()) {
      watch = Watch.PAUSED;
      return Step.NOTHING;
    }
    unanswered.ping(snapshot.nowNanos());
    // The deadline of an older one stands, unless this one's is earlier.
    if (watch == Watch.PONG && !endsEarlier(prompt, flushed.allowanceNanos(), snapshot)) {
      if (prompt) shorten(patienceNanos(true) + flushed.allowanceNanos(), snapshot);
      return Step.NOTHING;
    }
    if (watch != Watch.PONG) deadFromNanos = snapshot.nowNanos();
    return awaitPong(snapshot, flushed.allowanceNanos(), prompt);
  }

  private boolean endsEarlier(boolean prompt, long allowanceNanos, Snapshot snapshot) {
    return prompt && patienceNanos(true) + allowanceNanos < pongInNanos(snapshot);
  }

  private long pongInNanos(Snapshot snapshot) {
    long fromNanos = later(snapshot.lastByteAtNanos(), waitFromNanos);
    return fromNanos + waitForNanos - snapshot.nowNanos();
  }

  // A ping does not put the deadline of a question off.
  private long silentInNanos(Snapshot snapshot) {
    return Math.min(pongInNanos(snapshot), answerInNanos(snapshot));
  }

  // From the next byte on: until then the older deadline stands.
  private void shorten(long nanos, Snapshot snapshot) {
    if (tellsLate || nanos >= waitForNanos) return;
    waitFromNanos = snapshot.nowNanos() + pongInNanos(snapshot) - nanos;
    waitForNanos = nanos;
  }

  private Step awaitPong(Snapshot snapshot, long allowanceNanos, boolean prompt) {
    watch = Watch.PONG;
    waitFromNanos = snapshot.nowNanos();
    this.allowanceNanos = allowanceNanos;
    waitForNanos = patienceNanos(prompt) + allowanceNanos;
    lateNext = tellsLate;
    return inTime(Step.checkIn(silentInNanos(snapshot)), snapshot);
  }

  private long patienceNanos(boolean prompt) {
    if (!prompt && !tellsLate) return timeoutNanos;
    return roundTrips.lateAfterNanos(promptNanos, timeoutNanos);
  }

  private long fullNanos() {
    return timeoutNanos + allowanceNanos;
  }

  /** A pong came. */
  Step ponged(Event.PongReceived pong) {
    ponged = true;
    answeredNumber = pong.number();
    // Its flush may never be told, and the next ping is another one.
    if (pong.number() > flushedNumber) promptWanted = false;
    roundTrips.add(pong.roundTripNanos());
    // One that is still being written has no deadline yet: its flush will be told.
    boolean awaitsMore = pong.awaitsMore() && flushedNumber > pong.number();
    if (!awaitsMore) return backToSilence(intervalNanos);
    deadFromNanos = pong.snapshot().nowNanos();
    unanswered.begin(deadFromNanos);
    return awaitPong(pong.snapshot(), pong.allowanceNanos(), promptNumber > pong.number());
  }

  /** The reader goes on: what the kernel held is read now. */
  Step resumed(Event.ReaderResumed resumed, PongSupport pongs) {
    long now = resumed.snapshot().nowNanos();
    unanswered.resumed(resumed.pausedNanos(), now);
    listensFromNanos = now;
    if (watch == Watch.PAUSED) return askAfterPause(resumed.snapshot(), pongs);
    question.resumed(resumed.snapshot());
    if (watch == Watch.ANSWER) return checkAnswer(resumed.snapshot());
    if (watch != Watch.PONG) return Step.NOTHING;
    waitFromNanos = now;
    deadFromNanos = now;
    // A consumer that pauses often must not put the next ping off for ever.
    return inTime(goOn(resumed.snapshot()), resumed.snapshot());
  }

  private Step goOn(Snapshot snapshot) {
    long confirmInNanos = unanswered.leftNanos(allowanceNanos, snapshot.nowNanos());
    return askAgainInTime(Math.min(silentInNanos(snapshot), confirmInNanos), snapshot);
  }

  // However soon its silence tells, it is not asked more often.
  private Step askAgainInTime(long checkInNanos, Snapshot snapshot) {
    long askInNanos = askedAtNanos + fullNanos() - snapshot.nowNanos();
    return askInNanos <= 0
        ? Step.pingAndCheckIn(checkInNanos)
        : Step.checkIn(Math.min(checkInNanos, askInNanos));
  }

  private Step askAfterPause(Snapshot snapshot, PongSupport pongs) {
    question.forget();
    // A ping is asked again, whatever the sign: messages may wait for its pong.
    boolean pingOut = pongs != PongSupport.NO && flushedNumber > answeredNumber;
    if (pingOut || sign instanceof LifeSign.Pong) {
      watch = Watch.FLUSH;
      return Step.PING;
    }
    if (sign instanceof LifeSign.Answer answer) return ask(answer, snapshot);
    return backToSilence(intervalNanos + timeoutNanos);
  }

  /** The time has come to look. */
  Step check(Snapshot snapshot, PongSupport pongs) {
    if (snapshot.readerPaused()) {
      watch = Watch.PAUSED;
      return Step.NOTHING;
    }
    if (watch == Watch.SILENCE) return checkSilence(snapshot);
    if (watch == Watch.PONG) return inTime(checkPong(snapshot, pongs), snapshot);
    if (watch == Watch.ANSWER) return checkAnswer(snapshot);
    if (watch == Watch.PAUSED) return askAfterPause(snapshot, pongs);
    return Step.NOTHING;
  }

  private Step checkAnswer(Snapshot snapshot) {
    if (!question.isOut(snapshot)) return listen(snapshot);
    long leftNanos = answerInNanos(snapshot);
    if (leftNanos <= 0) return loseForSilence(snapshot);
    // An answer that came at once is followed by a silence that may be over before the deadline.
    return Step.checkIn(Math.min(leftNanos, intervalNanos));
  }

  private Step loseForSilence(Snapshot snapshot) {
    long now = snapshot.nowNanos();
    Duration silence = Duration.ofNanos(now - snapshot.lastByteAtNanos());
    boolean asked = watch == Watch.ANSWER;
    long unansweredNanos = asked ? now - question.askedAtNanos() : unanswered.lastsNanos(now);
    return Step.lose(new HeartbeatTimedOut(silence, Duration.ofNanos(unansweredNanos)));
  }

  private long trafficLeftNanos(Snapshot snapshot) {
    long sinceNanos = snapshot.lastByteAtNanos();
    if (listensFromNanos != NONE) sinceNanos = later(sinceNanos, listensFromNanos);
    return sinceNanos + intervalNanos + timeoutNanos - snapshot.nowNanos();
  }

  // Whoever must speak by itself has no longer for it because a ping is out.
  private Step inTime(Step step, Snapshot snapshot) {
    boolean waits = watch == Watch.PONG && step.loss() == null;
    if (!waits || !(sign instanceof LifeSign.PeerTraffic)) return step;
    long leftNanos = trafficLeftNanos(snapshot);
    return leftNanos > 0 ? step.noLaterThan(leftNanos) : loseForSilence(snapshot);
  }

  private Step checkTraffic(Snapshot snapshot) {
    long leftNanos = trafficLeftNanos(snapshot);
    return leftNanos > 0 ? Step.checkIn(leftNanos) : loseForSilence(snapshot);
  }

  private Step checkSilence(Snapshot snapshot) {
    if (sign instanceof LifeSign.PeerTraffic) return checkTraffic(snapshot);
    long dueInNanos = snapshot.lastByteAtNanos() + intervalNanos - snapshot.nowNanos();
    return dueInNanos > 0 ? Step.checkIn(dueInNanos) : probe(snapshot);
  }

  private Step checkPong(Snapshot snapshot, PongSupport pongs) {
    long now = snapshot.nowNanos();
    if (answerInNanos(snapshot) <= 0) return loseForSilence(snapshot);
    if (pongInNanos(snapshot) <= 0) {
      if (pongs == PongSupport.NO) return doWithoutPong(snapshot);
      boolean late = lateNext && waitForNanos < fullNanos();
      return late ? late(snapshot) : loseForSilence(snapshot);
    }
    // It sends, but does not answer.
    if (pongs == PongSupport.NO) {
      return sign instanceof LifeSign.Pong ? listen(snapshot) : doWithoutPong(snapshot);
    }
    unanswered.allowForMessage(timeoutNanos, allowanceNanos, snapshot);
    if (unanswered.leftNanos(allowanceNanos, now) > 0) return goOn(snapshot);
    if (pongs == PongSupport.YES) {
      return Step.lose(new ConfirmationTimedOut(Duration.ofNanos(unanswered.lastsNanos(now))));
    }
    watch = Watch.SILENCE;
    unanswered.end();
    return Step.giveUpOnPongs(intervalNanos);
  }

  // Its silence says nothing, unless it must give another sign.
  private Step doWithoutPong(Snapshot snapshot) {
    if (sign instanceof LifeSign.Pong) return backToSilence(intervalNanos);
    unanswered.end();
    watch = question.isOut(snapshot) ? Watch.ANSWER : Watch.SILENCE;
    return watch == Watch.ANSWER ? checkAnswer(snapshot) : checkSilence(snapshot);
  }

  private Step late(Snapshot snapshot) {
    lateNext = false;
    waitFromNanos = deadFromNanos;
    waitForNanos = fullNanos();
    return askAgainInTime(silentInNanos(snapshot), snapshot).andIsLate();
  }

  private Step backToSilence(long checkInNanos) {
    watch = Watch.SILENCE;
    unanswered.end();
    return Step.checkIn(checkInNanos);
  }

  private Step listen(Snapshot snapshot) {
    return backToSilence(snapshot.lastByteAtNanos() + intervalNanos - snapshot.nowNanos());
  }

  private static long later(long a, long b) {
    return a - b > 0 ? a : b;
  }
}
