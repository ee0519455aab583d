package io.holdfast.testkit;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import javax.net.ssl.SSLSocketFactory;
import mockwebserver3.MockWebServer;
import okhttp3.Headers;
import okhttp3.Protocol;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket server on loopback that writes a {@link Ledger} of what arrives and can be restarted
 * on the same port.
 *
 * <p>As it starts, it accepts every upgrade, chooses no subprotocol and no extension, and says
 * nothing but what RFC 6455 asks for: pongs, and an answer to a Close. Its behaviour may be changed
 * at any time from any thread, and holds across restarts.
 *
 * <p>A session that breaks the protocol has to be {@link #unruly} from its start; what it breaks
 * can then be said at any time.
 *
 * <p>Each session takes one thread, an unruly one two; hundreds are no trouble. An upgrade
 * request's {@code Connection} header must be exactly {@code Upgrade}; any other request is
 * answered with 426.
 */
public final class TestServer implements Closeable {
  private final @Nullable SSLSocketFactory tls;
  private final Ledger ledger;
  private final Changes changes = new Changes();
  private final Sessions sessions;
  private final Upgrades upgrades;
  private final LoopbackPort port;
  private final ReentrantLock lifecycle = new ReentrantLock();

  // The lifecycle lock guards the fields below, and the port.
  private @Nullable MockWebServer running;
  private ListeningSockets sockets = new ListeningSockets();
  private boolean closed;

  private TestServer(Builder builder) throws IOException {
    this.tls = builder.tls;
    this.ledger = builder.ledger;
    SessionListener listener = builder.listener;
    this.sessions = new Sessions(ledger, listener, changes::signal);
    this.upgrades =
        new Upgrades(
            sessions,
            builder.nanoClock,
            request -> {
              listener.onUpgradeRequest(request);
              changes.signal();
            });
    this.port = LoopbackPort.held(builder.port);
  }

  /**
   * Starts a server on any free port.
   *
   * @throws IOException if no port can be opened
   */
  public static TestServer start() throws IOException {
    return builder().start();
  }

  /**
   * Starts a server on {@code port}, or on any free one for 0.
   *
   * @throws IOException if the port is taken
   */
  public static TestServer start(int port) throws IOException {
    return builder().port(port).start();
  }

  /** For a server with TLS, or with a ledger of one's own. */
  public static Builder builder() {
    return new Builder();
  }

  /** The port, the same across restarts. */
  public int port() {
    return port.number();
  }

  /** The server's address with the path {@code /}. */
  public URI url() {
    return url("/");
  }

  /**
   * The server's address: {@code ws} and {@code 127.0.0.1}, or with TLS {@code wss} and {@code
   * localhost}, a name that certificates for tests carry.
   *
   * @param target path and query; begins with a slash
   */
  public URI url(String target) {
    String origin = tls == null ? "ws://127.0.0.1:" : "wss://localhost:";
    return URI.create(origin + port() + target);
  }

  /** What has arrived, since the first start. */
  public Ledger ledger() {
    return ledger;
  }

  /**
   * Sends every message back from now on, on the session that it came on, after entering it in the
   * ledger. An echo to a session that has ended is lost.
   */
  public void echo() {
    sessions.rules.echo = true;
  }

  /** Sends nothing back from now on, as at the start. */
  public void silent() {
    sessions.rules.echo = false;
  }

  /**
   * Answers upgrade requests with {@code status} and no body, until {@link #accept}.
   *
   * @param status an HTTP status
   * @param namesAndValues headers of the answer: a name, its value, and so on
   */
  public void reject(int status, String... namesAndValues) {
    rejectNext(Integer.MAX_VALUE, status, namesAndValues);
  }

  /** Rejects, as {@link #reject} does, the next {@code attempts} upgrade requests and no more. */
  public void rejectNext(int attempts, int status, String... namesAndValues) {
    upgrades.reject(attempts, status, Headers.of(namesAndValues));
  }

  /** Rejects every upgrade request with 403, which says that asking again is no use. */
  public void deny() {
    reject(403);
  }

  /**
   * Wants a token in each upgrade request, the value of its {@code Authorization} header, and lets
   * each open {@code upgrades} sessions. A request with a token that is used up, or with none, is
   * answered with 401 and {@code WWW-Authenticate: Bearer}, until a new token is shown. Sessions
   * that are open stay open. Lasts until {@link #accept}; replaces {@link #expireTokens(Duration)}.
   *
   * @param upgrades at least 1
   */
  public void expireTokens(int upgrades) {
    checkPositive("upgrades with a token", upgrades);
    this.upgrades.tokens(new Tokens(upgrades, Long.MAX_VALUE));
  }

  /**
   * Wants a token, as {@link #expireTokens(int)} does, that is good until {@code lifetime} after it
   * was first shown.
   *
   * @param lifetime on the {@link Builder#nanoClock}; at least 1 ns
   */
  public void expireTokens(Duration lifetime) {
    checkPositive("nanoseconds of a token's life", lifetime.toNanos());
    upgrades.tokens(new Tokens(Integer.MAX_VALUE, lifetime.toNanos()));
  }

  /**
   * Answers each upgrade request, accepted or not, only after {@code delay}, until {@link #accept}.
   *
   * @param delay not negative; with TLS, at most 4 s if the server is to stop while it waits
   */
  public void slowHandshake(Duration delay) {
    if (delay.isNegative()) {
      throw new IllegalArgumentException("delay must be >= PT0S but was " + delay);
    }
    upgrades.delay(delay.toNanos());
  }

  /**
   * Adds headers to each 101, until {@link #accept}, in place of those of the same name: a session
   * cookie, or an extension that nobody offered.
   *
   * @param namesAndValues a name, its value, and so on; {@code Sec-WebSocket-Accept} is replaced in
   *     {@link #unruly} sessions alone
   */
  public void upgradeHeaders(String... namesAndValues) {
    upgrades.extraHeaders(Headers.of(namesAndValues));
  }

  /** Answers upgrade requests with 101 and ends the connection at once, until {@link #accept}. */
  public void acceptAndDrop() {
    upgrades.drop();
  }

  /**
   * Accepts upgrade requests again, as at the start: at once, without a token, with no header of
   * its own, and to stay.
   */
  public void accept() {
    upgrades.accept();
  }

  /**
   * Opens sessions, from now on, that can break the protocol: {@link #neverPong}, {@link
   * #neverRead}, {@link #flood}, {@link #pushRaw}, and {@link #closeAll} with any code. Apart from
   * that they keep to it, like others, but know no {@link #deflate}. Live sessions stay what they
   * are.
   */
  public void unruly() {
    upgrades.kind(Upgrades.Kind.UNRULY);
  }

  /** Opens sessions, from now on, that keep the rules, as at the start, and keeps them in all. */
  public void orderly() {
    upgrades.kind(Upgrades.Kind.ORDERLY);
    pongAndRead();
  }

  /** Answers pings and reads again, what waits first; new sessions stay {@link #unruly}. */
  public void pongAndRead() {
    sessions.rules.pong = true;
    sessions.rules.read = true;
    sessions.changed();
  }

  /**
   * Answers no ping, in live unruly sessions and in all that open from now on, until {@link
   * #pongAndRead}; implies {@link #unruly}.
   */
  public void neverPong() {
    unruly();
    sessions.rules.pong = false;
  }

  /**
   * Reads nothing, in live unruly sessions and in all that open from now on, until {@link
   * #pongAndRead}; implies {@link #unruly}. What a client sends stays in the kernel's buffers, and
   * then in its own. Such a session does not notice that its client has gone.
   */
  public void neverRead() {
    unruly();
    sessions.rules.read = false;
  }

  /**
   * Chooses, for sessions that open from now on, the first subprotocol that the client offers out
   * of these; none if it offers none of them.
   */
  public void subprotocols(String... supported) {
    upgrades.subprotocols(List.of(supported));
  }

  /**
   * Accepts permessage-deflate (RFC 7692), without parameters, in sessions that open from now on
   * and offer it; every message to the client is then compressed.
   */
  public void deflate() {
    upgrades.deflate(true);
  }

  /**
   * Speaks the reliable protocol in every session from now on, and chooses its subprotocol: a
   * binary message is one of {@link ReliableSessions}, and only what the application has for the
   * first time is told to the listener, entered in the ledger and echoed. Sessions are kept across
   * restarts, as in a database.
   */
  public void reliable() {
    subprotocols(ReliableSessions.SUBPROTOCOL);
    sessions.rules.reliable = true;
  }

  /** Has each message that {@code refusal} has a reason for refused; {@link #reliable} alone. */
  public void refuse(Function<ReliableMessage, @Nullable String> refusal) {
    sessions.reliable.refuse(refusal);
  }

  /** Forgets all sessions of the reliable protocol; live ones are cut off at their next message. */
  public void forgetSessions() {
    sessions.reliable.forget();
  }

  /**
   * Sends a message in every session of the reliable protocol, now or once its client is back.
   *
   * @return in how many
   */
  public int pushReliably(String text) {
    return sessions.reliable.push(new ReliableMessage(0, true, ByteString.encodeUtf8(text)));
  }

  /**
   * Sends {@code text} to every live session.
   *
   * <p>A session is live a moment after its client knows that it is open; wait for {@link
   * #liveSessions} before the first push.
   *
   * @return to how many it was queued; a session whose client does not read is closed with 1001
   *     once 16 MiB are queued
   */
  public int push(String text) {
    return sessions.each(session -> session.send(text));
  }

  /** Sends {@code bytes} as one binary message, as {@link #push(String)} does with text. */
  public int push(byte[] bytes) {
    ByteString message = ByteString.of(bytes);
    return sessions.each(session -> session.send(message));
  }

  /**
   * Sends bytes to every live {@link #unruly} session as they are, after what was pushed to it: a
   * {@link MalformedFrame}, half a frame, anything.
   *
   * @return to how many sessions it was queued
   */
  public int pushRaw(ByteString bytes) {
    return sessions.each(session -> session.sendRaw(bytes));
  }

  /** Sends a frame, legal or not, as {@link #pushRaw} sends bytes. */
  public int push(RawFrame frame) {
    return pushRaw(frame.encode());
  }

  /**
   * Sends {@code messages} texts to every live {@link #unruly} session, as fast as its client reads
   * them, and what is pushed meanwhile goes between them. They are {@code flood-1 }, {@code flood-2
   * } and so on, each filled up with dots. A second flood ends the first.
   *
   * @param messages for each session; not negative; 0 ends a flood
   * @param bytesEach at least 32
   * @return to how many sessions it goes
   */
  public int flood(long messages, int bytesEach) {
    if (messages < 0) {
      throw new IllegalArgumentException("messages must be >= 0 but was " + messages);
    }
    if (bytesEach < Flood.LEAST_BYTES) {
      throw new IllegalArgumentException(
          "bytes of a message must be >= " + Flood.LEAST_BYTES + " but was " + bytesEach);
    }
    return sessions.each(session -> session.flood(new Flood(messages, bytesEach)));
  }

  /**
   * Sends a Close to every live session, after what was pushed to it. The session lives until its
   * client answers.
   *
   * @param code 1000 to 1003, 1007 to 1014, or 3000 to 4999; in {@link #unruly} sessions 0 to 65535
   * @param reason at most 123 bytes of UTF-8; in unruly sessions any
   * @return to how many sessions
   * @throws IllegalArgumentException if a session that is not unruly is live and code or reason may
   *     not be sent
   */
  public int closeAll(int code, String reason) {
    return sessions.each(session -> session.close(code, reason));
  }

  /** How many sessions have opened since the first start; the newest has this number. */
  public int sessions() {
    return sessions.opened();
  }

  /** How many sessions are open: neither Close nor loss of the connection has been seen. */
  public int liveSessions() {
    return sessions.live();
  }

  /** The upgrade requests since the first start, rejected ones included, oldest first. */
  public List<UpgradeRequest> upgradeRequests() {
    return upgrades.requests();
  }

  /**
   * Waits until {@code condition}, made of sessions and upgrade requests, holds. For messages there
   * is {@link Ledger#await}.
   *
   * @return false if it did not within {@code timeout}
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  public boolean await(Predicate<TestServer> condition, Duration timeout)
      throws InterruptedException {
    return changes.await(() -> condition.test(this), timeout);
  }

  /**
   * Goes down as a killed process does: the port refuses, and live connections are cut, without a
   * Close. Returns when every session has ended. The port stays reserved. When down: no effect.
   */
  public void stop() {
    lifecycle.lock();
    try {
      MockWebServer stopped = running;
      if (stopped == null) return;
      running = null;
      sockets.cut();
      sessions.cut();
      stopped.close();
      port.hold();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      lifecycle.unlock();
    }
  }

  /**
   * Comes back on the same port after {@link #stop}. When up: no effect.
   *
   * @throws IOException if the port is still taken after five seconds
   * @throws IllegalStateException if the server is closed
   */
  public void startAgain() throws IOException {
    lifecycle.lock();
    try {
      if (closed) throw new IllegalStateException("test server must be open but was closed");
      if (running != null) return;
      sockets = new ListeningSockets();
      running = port.listen(this::listen);
    } finally {
      lifecycle.unlock();
    }
  }

  /**
   * Goes down and comes back at once: {@link #stop}, then {@link #startAgain}.
   *
   * @throws IOException if the port is still taken after five seconds
   */
  public void restart() throws IOException {
    stop();
    startAgain();
  }

  /**
   * Stops for good and frees the port. MockWebServer's threads have no work left when this returns,
   * but may take a moment to end.
   */
  @Override
  public void close() throws IOException {
    lifecycle.lock();
    try {
      closed = true;
      stop();
      port.release();
    } finally {
      lifecycle.unlock();
    }
  }

  private static void checkPositive(String what, long value) {
    if (value < 1) throw new IllegalArgumentException(what + " must be >= 1 but was " + value);
  }

  private MockWebServer listen(InetSocketAddress address) throws IOException {
    MockWebServer server = new MockWebServer();
    server.setServerSocketFactory(sockets);
    server.setDispatcher(upgrades);
    server.setProtocols(List.of(Protocol.HTTP_1_1));
    if (tls != null) server.useHttps(tls);
    try {
      server.start(address.getAddress(), address.getPort());
      return server;
    } catch (IOException e) {
      server.close();
      throw e;
    }
  }

  /** What has to be known before a {@link TestServer} starts. */
  public static final class Builder {
    private int port;
    private @Nullable SSLSocketFactory tls;
    private Ledger ledger = new Ledger();
    private SessionListener listener = SessionListener.NONE;
    private LongSupplier nanoClock = System::nanoTime;

    private Builder() {}

    /** The port to listen on; any free one for 0, the default. */
    public Builder port(int port) {
      this.port = port;
      return this;
    }

    /**
     * Serves {@code wss}, with the certificate that {@code sockets} carries; without it, the
     * default, {@code ws}.
     */
    public Builder tls(SSLSocketFactory sockets) {
      tls = sockets;
      return this;
    }

    /** The ledger to write; a {@link Ledger#Ledger() plain one} by default. */
    public Builder ledger(Ledger ledger) {
      this.ledger = ledger;
      return this;
    }

    /** Who is told of requests, sessions and messages; {@link SessionListener#NONE} by default. */
    public Builder listener(SessionListener listener) {
      this.listener = listener;
      return this;
    }

    /** What time it is for tokens, in nanoseconds; {@link System#nanoTime} by default. */
    public Builder nanoClock(LongSupplier nanoClock) {
      this.nanoClock = nanoClock;
      return this;
    }

    /**
     * Starts the server.
     *
     * @throws IOException if the port is taken
     */
    public TestServer start() throws IOException {
      TestServer server = new TestServer(this);
      server.startAgain();
      return server;
    }
  }
}
