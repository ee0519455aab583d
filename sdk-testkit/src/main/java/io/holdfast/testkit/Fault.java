package io.holdfast.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;

/**
 * One thing that a path or a server does to its clients, as data: a verb of {@link FaultProxy} or
 * {@link TestServer} and its arguments.
 *
 * <p>Arguments are checked when the verb is said. Safe from any thread, as the verbs are.
 */
public sealed interface Fault {
  /**
   * Says the verb; the fault is in effect when this returns.
   *
   * @return how many connections or sessions it met; for a fault of handshakes, how many live
   * @throws IllegalArgumentException if an argument is out of the verb's range
   * @throws IllegalStateException if proxy or server is closed
   */
  int begin(FaultProxy proxy, TestServer server);

  /** Where both directions of a path suffer alike, or only one. */
  enum Way {
    /** Both directions. */
    BOTH,
    /** From the client to the server. */
    TO_SERVER,
    /** From the server to the client. */
    TO_CLIENT;

    private Direction direction() {
      return this == TO_SERVER ? Direction.TO_SERVER : Direction.TO_CLIENT;
    }
  }

  /** See {@link FaultProxy#blackHole()}. */
  record BlackHole(Way way) implements Fault {
    @Override
    public int begin(FaultProxy proxy, TestServer server) {
      return way == Way.BOTH ? proxy.blackHole() : proxy.blackHole(way.direction());
    }
  }

  /** See {@link FaultProxy#stall()}. */
  record Stall(Way way) implements Fault {
    @Override
    public int begin(FaultProxy proxy, TestServer server) {
      return way == Way.BOTH ? proxy.stall() : proxy.stall(way.direction());
    }
  }

  /** See {@link FaultProxy#reset}. */
  record Reset() implements Fault {
    @Override
    public int begin(FaultProxy proxy, TestServer server) {
      return proxy.reset();
    }
  }

  /** See {@link FaultProxy#refuse}. */
  record Refuse() implements Fault {
    @Override
    public int begin(FaultProxy proxy, TestServer server) {
      return proxy.refuse();
    }
  }

  /** See {@link FaultProxy#refuseNext}. */
  record RefuseNext(int connections) implements Fault {
    @Override
    public int begin(FaultProxy proxy, TestServer server) {
      return proxy.refuseNext(connections);
    }
  }

  /** See {@link FaultProxy#acceptAndDrop}. */
  record DropConnections() implements Fault {
    @Override
    public int begin(FaultProxy proxy, TestServer server) {
      return proxy.acceptAndDrop();
    }
  }

  /** See {@link FaultProxy#halfClose}. */
  record HalfClose(Direction direction) implements Fault {
    @Override
    public int begin(FaultProxy proxy, TestServer server) {
      return proxy.halfClose(direction);
    }
  }

  /** See {@link FaultProxy#throttle(long)}. */
  record Throttled(long bytesPerSecond) implements Fault {
    @Override
    public int begin(FaultProxy proxy, TestServer server) {
      return proxy.throttle(bytesPerSecond);
    }
  }

  /** See {@link FaultProxy#delay(Duration, Duration, long)}. */
  record Delayed(Duration delay, Duration jitter, long seed) implements Fault {
    @Override
    public int begin(FaultProxy proxy, TestServer server) {
      return proxy.delay(delay, jitter, seed);
    }
  }

  /** See {@link FaultProxy#cutAfter}. */
  record CutAfter(Direction direction, long bytes) implements Fault {
    @Override
    public int begin(FaultProxy proxy, TestServer server) {
      return proxy.cutAfter(direction, bytes);
    }
  }

  /** See {@link FaultProxy#corruptAfter}. */
  record CorruptAfter(Direction direction, long bytes) implements Fault {
    @Override
    public int begin(FaultProxy proxy, TestServer server) {
      return proxy.corruptAfter(direction, bytes);
    }
  }

  /** The server is down as long as the fault lasts. See {@link TestServer#stop}. */
  record ServerDown() implements Fault {
    @Override
    public int begin(FaultProxy proxy, TestServer server) {
      int met = server.liveSessions();
      server.stop();
      return met;
    }
  }

  /** See {@link TestServer#closeAll}. */
  record CloseAll(int code, String reason) implements Fault {
    @Override
    public int begin(FaultProxy proxy, TestServer server) {
      return server.closeAll(code, reason);
    }
  }

  /**
   * See {@link TestServer#reject}.
   *
   * @param headers of the answer: a name, its value, and so on
   */
  record Reject(int status, List<String> headers) implements Fault {
    /** Takes a copy of the headers. */
    public Reject {
      headers = List.copyOf(headers);
    }

    /** Rejects without headers. */
    public Reject(int status) {
      this(status, List.of());
    }

    @Override
    public int begin(FaultProxy proxy, TestServer server) {
      server.reject(status, headers.toArray(new String[0]));
      return server.liveSessions();
    }
  }

  /** See {@link TestServer#acceptAndDrop}. */
  record DropSessions() implements Fault {
    @Override
    public int begin(FaultProxy proxy, TestServer server) {
      server.acceptAndDrop();
      return server.liveSessions();
    }
  }

  /** See {@link TestServer#slowHandshake}. */
  record SlowHandshake(Duration delay) implements Fault {
    @Override
    public int begin(FaultProxy proxy, TestServer server) {
      server.slowHandshake(delay);
      return server.liveSessions();
    }
  }

  /** See {@link TestServer#neverPong}. */
  record NeverPong() implements Fault {
    @Override
    public int begin(FaultProxy proxy, TestServer server) {
      server.neverPong();
      return server.liveSessions();
    }
  }

  /** See {@link TestServer#neverRead}. */
  record NeverRead() implements Fault {
    @Override
    public int begin(FaultProxy proxy, TestServer server) {
      server.neverRead();
      return server.liveSessions();
    }
  }

  /** See {@link TestServer#flood}. */
  record Flooded(long messages, int bytesEach) implements Fault {
    @Override
    public int begin(FaultProxy proxy, TestServer server) {
      return server.flood(messages, bytesEach);
    }
  }

  /** See {@link TestServer#pushRaw}. */
  record Malformed(MalformedFrame frame) implements Fault {
    @Override
    public int begin(FaultProxy proxy, TestServer server) {
      return server.pushRaw(frame.bytes());
    }
  }

  /**
   * Several at once, begun in this order: a path that is slow and late, or a server that refuses
   * and is gone.
   *
   * @param faults at least one
   */
  record Together(List<Fault> faults) implements Fault {
    /**
     * Takes a copy of the faults.
     *
     * @throws IllegalArgumentException if there is none
     */
    public Together {
      faults = List.copyOf(faults);
      if (faults.isEmpty()) throw new IllegalArgumentException("faults must be >= 1 but was 0");
    }

    /** The same, one by one. */
    public Together(Fault... faults) {
      this(List.of(faults));
    }

    /** Begins all of them, and returns how many connections or sessions the first met. */
    @Override
    public int begin(FaultProxy proxy, TestServer server) {
      int met = faults.get(0).begin(proxy, server);
      for (Fault more : faults.subList(1, faults.size())) more.begin(proxy, server);
      return met;
    }
  }

  /**
   * Heals whatever fault there was: {@link FaultProxy#pass}, {@link TestServer#accept}, {@link
   * TestServer#pongAndRead} and {@link TestServer#startAgain}.
   *
   * @throws UncheckedIOException if a port is still taken by someone else after five seconds
   * @throws IllegalStateException if proxy or server is closed
   */
  static void heal(FaultProxy proxy, TestServer server) {
    server.accept();
    server.pongAndRead();
    try {
      server.startAgain();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    proxy.pass();
  }
}
