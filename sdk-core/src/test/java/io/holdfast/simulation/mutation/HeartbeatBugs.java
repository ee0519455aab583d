package io.holdfast.simulation.mutation;

import java.util.List;

/** Intervals that are learnt, and signs of life other than pongs. */
final class HeartbeatBugs {
  private static final SourceFile LEARNER =
      SourceFile.internal("heartbeat", "heartbeat/IntervalLearner");
  private static final SourceFile PATH = SourceFile.internal("heartbeat", "heartbeat/PathLearner");
  private static final SourceFile RHYTHM = SourceFile.internal("heartbeat", "machine/Rhythm");
  private static final SourceFile LIVENESS = SourceFile.internal("heartbeat", "machine/Liveness");
  private static final SourceFile QUESTION = SourceFile.internal("heartbeat", "machine/Question");
  private static final SourceFile MACHINE = SourceFile.internal("heartbeat", "machine/Machine");
  private static final SourceFile TIMERS = SourceFile.internal("heartbeat", "machine/Timers");
  private static final SourceFile DRIVER =
      SourceFile.internal("heartbeat", "driver/ConnectionDriver");
  private static final SourceFile LINK = SourceFile.internal("heartbeat", "driver/TransportLink");

  private HeartbeatBugs() {}

  static List<PlantedBug> all() {
    return List.of(
        LEARNER.bug(
            "interval beyond its bounds",
            "Nothing keeps the interval below its longest.",
            "Math.min(maxMillis, Math.max(minMillis, millis))",
            "Math.max(minMillis, millis)"),
        LEARNER.bug(
            "interval quadruples",
            "A silence that was survived is followed by one of four times its length.",
            "private static final double STEP = 2;",
            "private static final double STEP = 4;"),
        LEARNER.bug(
            "interval stays",
            "What was survived is never tried longer.",
            "if (losses.isEmpty()) return survivedMillis * STEP;",
            "if (losses.isEmpty()) return survivedMillis;"),
        LEARNER.bug(
            "loss teaches nothing",
            "A silence that was lost is tried again, and a longer one as well.",
            "losses.add(millis);",
            ""),
        LEARNER.bug(
            "interval grows after a loss",
            "What was lost counts as survived.",
            "public void lost(Duration silence) { long millis = silence.toMillis();",
            "public void lost(Duration silence) { long millis = silence.toMillis(); if (millis > survivedMillis) { survivedMillis = millis; return; }"),
        LEARNER.bug(
            "state forgets the losses",
            "The next process tries again what was lost.",
            "for (long loss : losses) all.append(loss).append(',');",
            ""),
        PATH.bug(
            "more is told than was learnt",
            "The app is told twice the interval that is kept to.",
            "boolean news = settledOn != null && !settledOn.equals(was); return new Lesson(label, state, news ? settledOn : null);",
            "boolean news = settledOn != null && !settledOn.equals(was); return new Lesson(label, state, news ? settledOn.multipliedBy(2) : null);"),
        PATH.bug(
            "what is remembered is ignored",
            "A memory's answer is dropped.",
            "network.recall(state); settledOn",
            "settledOn"),
        PATH.bug(
            "another network's interval is kept",
            "What was learnt goes from one network to the next.",
            "network = new IntervalLearner(min, max); recalled = false;",
            "recalled = false;"),
        PATH.bug(
            "loss long before the next transport teaches",
            "A transport that was lost an outage ago counts as lost by its silence.",
            "if (silence == null || nowNanos - askedAtNanos > SOON_NANOS) return null;",
            "if (silence == null) return null;"),
        PATH.bug(
            "reset after traffic teaches",
            "A loss counts although the transport was not silent.",
            "trial = silent ? silence : null;",
            "trial = interval();"),
        MACHINE.bug(
            "overslept deadlines stand",
            "What a sleep interrupted is overdue as soon as the device wakes.",
            "if (woke.overran()) {",
            "if (false) {"),
        MACHINE.bug(
            "each sleep begins deadlines anew",
            "A dead peer gets its time again, although the clock stood still.",
            "if (woke.overran()) {",
            "if (true) {"),
        TIMERS.bug(
            "stopped process gives up at once",
            "What came while the process was stopped is not read first.",
            "return !isDeadline || !isPutOff(fired);",
            "return true;"),
        MACHINE.bug(
            "sleep teaches",
            "A transport that was lost in the device's sleep counts as lost by its silence.",
            "tell(new ConnectionEvent.WokeUp(slept)); disturbTrials();",
            "tell(new ConnectionEvent.WokeUp(slept));"),
        MACHINE.bug(
            "new interval waits for the next transport",
            "What a pong has taught is not kept to.",
            "if (rhythm().isLearnt()) liveness.keep(rhythm().heartbeat());",
            ""),
        MACHINE.bug(
            "network is not asked about",
            "Another network's intervals are not looked for in the memory.",
            "if (!(state instanceof Idle)) recallIntervals();",
            ""),
        MACHINE.bug(
            "any loss teaches",
            "A loss counts against the silence before it, whatever its cause.",
            "rhythm().lost(!drained && leavesUnanswered(cause));",
            "rhythm().lost(true);"),
        RHYTHM.bug(
            "lesson kept for the other heartbeat",
            "What the background has learnt is kept as the foreground's.",
            "return new Effect.RememberInterval(background, lesson.label(), lesson.state());",
            "return new Effect.RememberInterval(false, lesson.label(), lesson.state());"),
        DRIVER.bug(
            "one key for both heartbeats",
            "What the foreground has learnt takes the place of what the background knows.",
            "return background ? \"background:\" + label : label;",
            "return label;"),
        DRIVER.bug(
            "lessons are not kept",
            "The memory is asked, and given nothing.",
            "memoryOf(remember.background()).save(key, remember.state());",
            ""),
        DRIVER.bug(
            "memory called by many",
            "A slow memory is called again before it has answered.",
            "memory.execute(() -> remember(remember));",
            "settings.io().execute(() -> remember(remember));"),
        DRIVER.bug(
            "answers are the app's",
            "What answers a heartbeat's question is given to the app.",
            "if (isAnswer(each, message)) return true;",
            "if (isAnswer(each, message)) return false;"),
        DRIVER.bug(
            "matcher that throws swallows",
            "A message at which the app's matcher throws is given to nobody.",
            "log.warn(\"The heartbeat's matcher threw\", e); return false;",
            "log.warn(\"The heartbeat's matcher threw\", e); return true;"),
        LINK.bug(
            "question put off for good",
            "A question waits for the next message of the app's.",
            "question.set(heartbeat); wake();",
            "question.set(heartbeat);"),
        LINK.bug(
            "question asked again and again",
            "Each batch has the question that was asked for once.",
            "question.getAndSet(null)",
            "question.get()"),
        LINK.bug(
            "missing question is not told",
            "An app that gives no question keeps its peer from being judged.",
            "log.warn(\"The heartbeat gave no message\", e); asked();",
            "log.warn(\"The heartbeat gave no message\", e);"),
        LIVENESS.bug(
            "question's deadline before its flush",
            "A question that is still being written has its deadline already.",
            "if (!awaited) watch = Watch.FLUSH; return Step.ask(answer);",
            "if (!awaited) { watch = Watch.ANSWER; question.sent(snapshot); return new Step(false, timeoutNanos, null, false, false, answer); } return Step.ask(answer);"),
        QUESTION.bug(
            "each question puts the deadline off",
            "Who is asked all the time is never found dead.",
            "if (!isOut(snapshot)) askedAtNanos = snapshot.nowNanos();",
            "askedAtNanos = snapshot.nowNanos();"),
        LIVENESS.bug(
            "answer that was quicker than its question",
            "An answer that is read before the writer tells of the question does not count.",
            "if (answered || !(sign instanceof LifeSign.Answer)) {",
            "if (!(sign instanceof LifeSign.Answer)) {"),
        LIVENESS.bug(
            "answered question watched on",
            "The silence after an answer is noticed only when the question's time is over.",
            "return Step.checkIn(Math.min(leftNanos, intervalNanos));",
            "return Step.checkIn(leftNanos);"),
        LIVENESS.bug(
            "silent traffic is no death",
            "Whoever is only listened to is never found dead.",
            "return leftNanos > 0 ? Step.checkIn(leftNanos) : loseForSilence(snapshot); } private Step checkSilence",
            "return Step.checkIn(leftNanos > 0 ? leftNanos : intervalNanos); } private Step checkSilence"),
        LIVENESS.bug(
            "listener pings",
            "Whoever is only listened to is asked after each interval.",
            "if (sign instanceof LifeSign.PeerTraffic) return checkTraffic(snapshot);",
            ""),
        LIVENESS.bug(
            "ping gives silent traffic longer",
            "A ping that is out puts the time off by which a peer must have said something.",
            "return leftNanos > 0 ? step.noLaterThan(leftNanos) : loseForSilence(snapshot);",
            "return step;"));
  }
}
