package io.holdfast.storm;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A server, or instances behind one TCP load balancer, that makes so many handshakes a second.
 *
 * <pre>
 *   connect --latency--> door --- OPEN ---------> listen backlog --one at a time--> 101, --latency--> open
 *                         |   '-- backlog full, or SILENT: no answer; SYN again after 1, 2, 4 ... s
 *                         |------ REFUSING: RST
 *                         '------ REJECTING, or shedding at half the backlog: 503, Retry-After
 * </pre>
 *
 * It behaves as Linux does by default: an attempt is accepted by the kernel while the listen
 * backlog ({@code net.core.somaxconn}, 4096) has room, and its SYN is dropped otherwise ({@code
 * tcp_abort_on_overflow} 0), to be sent again by the member's kernel after 1 s, 2 s, 4 s and so on
 * (RFC 6298). An attempt whose member has given up is found out only by its handshake, so it costs
 * as much as any other. Refusals and 503 come from a kernel or a load balancer, and cost the server
 * nothing.
 */
final class StormServer {
  /** What an attempt meets. */
  enum Door {
    /** The server is up. */
    OPEN,
    /** The host is up, the server is not. */
    REFUSING,
    /** Nothing is there. */
    SILENT,
    /** A load balancer stands before a server that is down. */
    REJECTING
  }

  static final long SECOND = 1_000_000_000L;
  private static final long LEAST_LATENCY_NANOS = 10_000_000;
  private static final int LATENCY_RANGE_NANOS = 50_000_000;

  private final StormClock clock;
  private final Random random;
  private final Tally tally;
  private final int backlog;
  private final boolean sheds;
  private final int hintSeconds;
  private final List<List<Attempt>> instances = new ArrayList<>();
  private final ArrayDeque<Attempt> queue = new ArrayDeque<>();
  private double acceptRate;
  private Door door = Door.OPEN;
  private int instanceOut = -1;
  private boolean busy;
  private boolean warmingUp = true;

  /** Makes one without bounds, until {@link #warmedUp}. */
  StormServer(StormClock clock, Random random, Tally tally, Storm.Setting setting) {
    this.clock = clock;
    this.random = random;
    this.tally = tally;
    acceptRate = setting.acceptRate();
    backlog = setting.backlog();
    sheds = setting.hint();
    hintSeconds = (int) Math.ceil(setting.fleet() / setting.acceptRate());
    for (int i = 0; i < setting.scenario().instances; i++) instances.add(new ArrayList<>());
  }

  // ---- What happens to it

  /** From now on attempts count, and the accept rate holds. */
  void warmedUp() {
    warmingUp = false;
  }

  void door(Door door) {
    this.door = door;
  }

  /** Takes an instance out: it closes what it has, and the others do its work. */
  void drain(int instance) {
    int others = instances.size() - 1;
    acceptRate = acceptRate * others / instances.size();
    instanceOut = instance;
    cut(instance);
  }

  /** Brings the instance that is out back. */
  void restore() {
    acceptRate = acceptRate * instances.size() / (instances.size() - 1);
    instanceOut = -1;
  }

  /** All instances die. */
  void cutAll() {
    for (int i = 0; i < instances.size(); i++) cut(i);
  }

  private void cut(int instance) {
    for (Attempt open : instances.get(instance)) {
      open.end(() -> tally.cut(open.member, clock.nanoTime()));
    }
    instances.get(instance).clear();
  }

  // ---- Attempts

  /** Begins an attempt of a member of the fleet. */
  Attempt connect(int member, Attempt.Listener listener) {
    long latencyNanos = LEAST_LATENCY_NANOS + random.nextInt(LATENCY_RANGE_NANOS);
    Attempt attempt = new Attempt(member, latencyNanos, clock, listener);
    if (!warmingUp) tally.attempted(member, clock.nanoTime() + latencyNanos);
    clock.schedule(() -> knock(attempt, SECOND), latencyNanos);
    return attempt;
  }

  private void knock(Attempt attempt, long resendInNanos) {
    if (attempt.isOver()) return;
    if (warmingUp) accept(attempt);
    else if (door == Door.REFUSING) attempt.answerRefused();
    else if (door == Door.REJECTING || shedsNow()) attempt.answerRejected(drawHintSeconds());
    else if (door == Door.SILENT || queue.size() >= backlog) dropSyn(attempt, resendInNanos);
    else enqueue(attempt);
  }

  private void dropSyn(Attempt attempt, long resendInNanos) {
    clock.schedule(() -> knock(attempt, 2 * resendInNanos), resendInNanos);
  }

  private boolean shedsNow() {
    return sheds && queue.size() >= backlog / 2;
  }

  // Nobody comes again before the whole fleet could have been served once, and the returns are
  // spread over as long.
  private int drawHintSeconds() {
    return hintSeconds + random.nextInt(hintSeconds + 1);
  }

  private void enqueue(Attempt attempt) {
    queue.add(attempt);
    attempt.answerEstablished();
    serveNext();
  }

  private void serveNext() {
    if (busy || queue.isEmpty()) return;
    busy = true;
    Attempt next = queue.remove();
    clock.schedule(
        () -> {
          busy = false;
          if (!next.isOver()) accept(next);
          serveNext();
        },
        (long) (SECOND / acceptRate));
  }

  private void accept(Attempt attempt) {
    int instance = random.nextInt(instances.size());
    if (instance == instanceOut) instance = (instance + 1) % instances.size();
    instances.get(instance).add(attempt);
    attempt.answerOpened(() -> tally.opened(attempt.member, clock.nanoTime()));
  }
}
