package io.holdfast.simulation;

import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The kinds of fault. A lasting one is asked about where it takes effect ({@link
 * Conditions#strikes}); a momentary one has its effect beside it.
 */
enum FaultKind {
  // ---- The network. Amounts in milliseconds, bytes or seconds, as told.

  /** What the device sends vanishes. */
  BLACK_HOLE_UP(500, 90_000),
  /** What the server sends vanishes. */
  BLACK_HOLE_DOWN(500, 90_000),
  /** Both. */
  BLACK_HOLE(500, 120_000),
  /** Everything takes longer by so many milliseconds. */
  LATENCY_STEP(1_000, 60_000, 10, 4_000),
  /** Everything takes longer by up to so many milliseconds. */
  JITTER(1_000, 60_000, 10, 2_000),
  /** So many bytes a second. */
  SLOW_BANDWIDTH(1_000, 60_000, 500, 50_000),
  /** Segments of at most so many bytes. */
  TINY_SEGMENTS(1_000, 20_000, 20, 400),
  /** Every flow is reset; what is on its way arrives if the amount is 1. */
  RESET((world, fault) -> world.network.resetAll(fault.amount() == 1), 0, 1),
  /** A translator forgets flows that were idle for so many seconds: segments vanish. */
  NAT_FORGETS(20_000, 200_000, 1, 30),
  /** The same, and the device's segments are answered by a reset. */
  NAT_RESETS(20_000, 200_000, 1, 30),
  /** The device gets another address; its monitor says so if the amount is 1. */
  ADDRESS_CHANGE((world, fault) -> world.network.changeAddress(fault.amount() == 1), 0, 1),
  /** There is no network, and the monitor says so; it comes back with its address if 1. */
  NETWORK_LOST(100, 100_000, 0, 1) {
    @Override
    void begin(World world, Fault fault) {
      world.network.lose();
      world.conditions.hit(this);
      world.agenda.after(
          fault.lastsNanos(),
          () -> {
            if (!world.conditions.holds(this)) world.network.comeBack(fault.amount() == 1);
          });
    }
  },
  /** The name server takes so many milliseconds. */
  SLOW_DNS(5_000, 60_000, 100, 20_000),
  /** The name has no address. */
  DNS_FAILS(1_000, 60_000),
  /** There is no route. */
  UNREACHABLE(1_000, 60_000),
  /** Nobody listens. */
  REFUSED(1_000, 60_000),
  /** The TLS handshake gets no answer. */
  TLS_STALLS(1_000, 60_000),
  /** The TLS handshake fails. */
  TLS_FAILS(1_000, 60_000),
  /** The upgrade gets no answer. */
  UPGRADE_STALLS(1_000, 60_000),
  /** Any handshake is answered with a login page: HTTP 200 if 0, or 302. */
  CAPTIVE_PORTAL(1_000, 60_000, 0, 1),
  /** New flows end at a proxy, which answers pings itself and passes messages on. */
  PROXY_ANSWERS_PINGS(5_000, 120_000),

  // ---- The server

  /** The process is gone, and comes back. */
  CRASH(500, 60_000) {
    @Override
    void begin(World world, Fault fault) {
      world.server.each(this, Session::crash);
      world.server.restarted();
    }
  },
  /** It closes with so much, waits for nobody, and comes back. */
  RESTART(500, 60_000, 1001, 1012) {
    @Override
    long draw(Dice dice) {
      return dice.oneIn(2) ? 1001 : 1012;
    }

    @Override
    void begin(World world, Fault fault) {
      world.server.each(this, session -> session.close((int) fault.amount()));
      world.server.restarted();
    }
  },
  /** It closes with 1013, and answers 503 for a time. */
  SHEDS_LOAD(1_000, 60_000) {
    @Override
    void begin(World world, Fault fault) {
      world.server.each(this, session -> session.close(1013));
    }
  },
  /** 503, to come back after so many seconds. */
  RETRY_AFTER_SECONDS(1_000, 60_000, 0, 120),
  /** 503, to come back at a date so many seconds away. */
  RETRY_AFTER_DATE(1_000, 60_000, 0, 120),
  /** 429, to come back after so many seconds. */
  TOO_MANY_REQUESTS(1_000, 60_000, 1, 60),
  /** 401 to the next attempts, so many. */
  UNAUTHORIZED((world, fault) -> world.server.refuseTokens(fault.amount()), 1, 3),
  /** 404. */
  NOT_FOUND(1_000, 60_000),
  /** 400, which no retry can mend. */
  BAD_REQUEST(100, 5_000),
  /** It accepts, and ends the stream at once. */
  ACCEPT_AND_DROP(1_000, 60_000),
  /** It closes with some code. */
  CLOSE_WITH_CODE(
      (world, fault) ->
          world.server.each(fault.kind(), session -> session.close((int) fault.amount())),
      1000,
      4999) {
    @Override
    long draw(Dice dice) {
      return dice.oneIn(3) ? dice.between(3000, 4999) : dice.between(1000, 1015);
    }
  },
  /** It ends the stream without a Close. */
  FIN((world, fault) -> world.server.each(fault.kind(), Session::finish), 0, 0),
  /** It sends a frame that RFC 6455 forbids. */
  MALFORMED_FRAME(
      (world, fault) ->
          world.server.each(fault.kind(), session -> session.sendMalformed(Frame.Kind.MALFORMED)),
      0,
      0),
  /** It begins a message that is too large. */
  HUGE_MESSAGE(
      (world, fault) ->
          world.server.each(fault.kind(), session -> session.sendMalformed(Frame.Kind.TOO_LARGE)),
      0,
      0),
  /** It answers no pings. */
  NO_PONGS(5_000, 120_000),
  /** It takes its time, and answers only the latest ping, as RFC 6455 lets it. */
  ANSWERS_LATEST_PING(5_000, 120_000, 1, 5_000),
  /** It answers with pongs that nobody awaits, too. */
  STRANGE_PONGS(5_000, 120_000) {
    @Override
    void begin(World world, Fault fault) {
      world.server.forgePongs();
    }
  },
  /** It reads nothing. */
  STOPS_READING(1_000, 120_000),
  /** It sends so many messages at once. */
  FLOOD((world, fault) -> flood(world, fault, 100), 10, 200),
  /** It sends so many large messages at once. */
  LARGE_FLOOD((world, fault) -> flood(world, fault, 128 << 10), 2, 50),
  /** It sends a message each so many milliseconds. */
  CHATTER(5_000, 120_000, 200, 5_000) {
    @Override
    void begin(World world, Fault fault) {
      world.server.chat(TimeUnit.MILLISECONDS.toNanos(fault.amount()));
    }
  },

  // ---- The operating system

  /** The device sleeps for so many seconds, and its clock goes on. */
  SLEEP((world, fault) -> world.sleep(fault, false), 1, 300_000),
  /** The device sleeps for so many seconds, and its clock with it. */
  SLEEP_STOPS_CLOCK((world, fault) -> world.sleep(fault, true), 1, 300_000),
  /** Tasks start up to so many milliseconds late. */
  SLOW_THREADS(1_000, 60_000, 1, 500),
  /** The wall clock, ours and the server's, jumps by so many seconds. */
  WALL_CLOCK_STEP(
      (world, fault) -> {
        world.conditions.hit(fault.kind());
        world.server.stepWallClock(fault.amount() - 100_000);
        world.device.stepWallClock(fault.amount() - 100_000);
      },
      1,
      200_000),

  // ---- The process and its disk, of scenarios that keep messages

  /** The process is killed, and begins anew: the amount is a {@link Death}. */
  KILL(1, 60_000, 0, 2) {
    @Override
    void begin(World world, Fault fault) {
      world.app.die(fault, Death.of(fault.amount()));
    }
  },
  /** The device is off, and with it what the disk was not made to keep. */
  POWER_CUT(1_000, 60_000) {
    @Override
    void begin(World world, Fault fault) {
      world.app.die(fault, Death.SILENT);
    }
  },
  /** Somebody deletes the directory. */
  DIRECTORY_GONE(
      (world, fault) -> {
        world.conditions.hit(fault.kind());
        world.disk.deleteDirectory();
      },
      0,
      0),
  /** So many bytes are free. */
  DISK_FULL(100, 60_000, 1, 20_000),
  /** Nothing can be made to stay. */
  SYNCS_FAIL(10, 30_000),
  /** Writes break off in the middle. */
  WRITES_FAIL(10, 30_000),
  /** The disk takes up to so many milliseconds. */
  SLOW_DISK(1_000, 60_000, 1, 2_000),

  // ---- Of scenarios whose heartbeats give it something to harm

  /** It answers no questions of a heartbeat. */
  ANSWERS_NO_QUESTION(5_000, 120_000),
  /** It says nothing by itself, as it otherwise does. */
  SAYS_NOTHING(5_000, 120_000),
  /** The app has no question, but throws. */
  QUESTION_THROWS(1_000, 60_000),
  /** The heartbeat's memory throws. */
  MEMORY_FAILS(1_000, 120_000),
  /** It takes up to so many milliseconds. */
  MEMORY_SLOW(1_000, 120_000, 1, 20_000),
  /** It tells what nobody has learnt. */
  MEMORY_LIES(1_000, 120_000),

  // ---- The process, together with what it waits for

  /** It is stopped for so many milliseconds, as by a collection of garbage. */
  STOP((world, fault) -> world.stop(fault), 50, 4_000);

  /** What a momentary fault does. */
  interface Effect {
    void strike(World world, Fault fault);
  }

  // What ends the server's only application is of all places.
  private static final Set<FaultKind> OF_PLACE =
      EnumSet.of(
          REFUSED,
          SHEDS_LOAD,
          RETRY_AFTER_SECONDS,
          RETRY_AFTER_DATE,
          TOO_MANY_REQUESTS,
          NOT_FOUND,
          ACCEPT_AND_DROP,
          CLOSE_WITH_CODE,
          FIN);

  private final long shortestMillis;
  private final long longestMillis;
  private final long leastAmount;
  private final long mostAmount;

  @SuppressWarnings("ImmutableEnumChecker") // The effects keep nothing.
  private final Effect effect;

  FaultKind(long shortestMillis, long longestMillis) {
    this(shortestMillis, longestMillis, 0, 0);
  }

  FaultKind(long shortestMillis, long longestMillis, long leastAmount, long mostAmount) {
    this.shortestMillis = shortestMillis;
    this.longestMillis = longestMillis;
    this.leastAmount = leastAmount;
    this.mostAmount = mostAmount;
    this.effect = (world, fault) -> {};
  }

  FaultKind(Effect effect, long leastAmount, long mostAmount) {
    this.shortestMillis = 0;
    this.longestMillis = 0;
    this.leastAmount = leastAmount;
    this.mostAmount = mostAmount;
    this.effect = effect;
  }

  private static void flood(World world, Fault fault, int size) {
    world.server.each(
        fault.kind(),
        session -> {
          for (long i = fault.amount(); i > 0; i--) session.push(size);
        });
  }

  /** Whether it may be of one of several servers. */
  final boolean isOfPlace() {
    return OF_PLACE.contains(this);
  }

  /** Whether it may be drawn in any scenario, together with others. */
  final boolean isCommon() {
    return compareTo(KILL) < 0;
  }

  /** Returns an amount. */
  long draw(Dice dice) {
    if (leastAmount == 0) return dice.between(0, mostAmount);
    return dice.skewed(leastAmount, mostAmount);
  }

  /** Returns a fault of this kind. */
  final Fault at(long atNanos, Dice dice) {
    long millis = longestMillis == 0 ? 0 : dice.skewed(shortestMillis, longestMillis);
    return new Fault(this, atNanos, TimeUnit.MILLISECONDS.toNanos(millis), draw(dice));
  }

  /** What happens as it begins. */
  void begin(World world, Fault fault) {
    effect.strike(world, fault);
  }
}
