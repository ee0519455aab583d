package io.holdfast.websocket;

import io.holdfast.Clock;
import io.holdfast.ConnectTimeline;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.SocketException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.EventListener;
import okhttp3.Handshake;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Watches OkHttp at one attempt: times its steps, turns Nagle's algorithm off, keeps hold of the
 * last answer, and stops a redirect that would carry the request's headers to another origin.
 */
final class AttemptEvents extends EventListener {
  private final Clock clock;
  private final long startedNanos;
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock: with Happy Eyeballs several threads connect at once.
  private final Map<InetSocketAddress, Long> tcpStartedNanos = new HashMap<>();
  private @Nullable InetSocketAddress address;
  private @Nullable Thread tlsThread;
  private boolean connected;
  private long dnsStartedNanos;
  private long tlsStartedNanos;
  private long upgradeStartedNanos;
  private long dnsNanos = -1;
  private long tcpNanos = -1;
  private long tlsNanos = -1;
  private long upgradeNanos = -1;
  private @Nullable String tlsVersion;

  // The attempt's own thread alone.
  private @Nullable Response answer;
  private boolean redirectRefused;
  private boolean upgradeBegun;

  AttemptEvents(Clock clock) {
    this.clock = clock;
    startedNanos = clock.nanoTime();
  }

  ConnectTimeline timeline() {
    long totalNanos = clock.nanoTime() - startedNanos;
    lock.lock();
    try {
      return new ConnectTimeline(
          dnsNanos, tcpNanos, tlsNanos, upgradeNanos, totalNanos, address, tlsVersion);
    } finally {
      lock.unlock();
    }
  }

  /** Returns the last answer, also if an interceptor failed after it; null if none came. */
  @Nullable Response answer() {
    return answer;
  }

  /** Whether there was a stream to a peer, or a proxy, that the request could be sent on. */
  boolean isUpgradeBegun() {
    return upgradeBegun;
  }

  boolean isRedirectRefused() {
    return redirectRefused;
  }

  @Override
  public void dnsStart(Call call, String domainName) {
    locked(now -> dnsStartedNanos = now);
  }

  @Override
  public void dnsEnd(Call call, String domainName, List<InetAddress> addresses) {
    locked(now -> dnsNanos = now - dnsStartedNanos);
  }

  @Override
  public void connectStart(Call call, InetSocketAddress to, Proxy proxy) {
    locked(
        now -> {
          if (tcpStartedNanos.isEmpty()) address = to;
          tcpStartedNanos.put(to, now);
          connected = false;
          tlsThread = null;
        });
  }

  @Override
  public void secureConnectStart(Call call) {
    locked(
        now -> {
          tlsStartedNanos = now;
          tlsThread = Thread.currentThread();
        });
  }

  @Override
  public void secureConnectEnd(Call call, @Nullable Handshake handshake) {
    locked(
        now -> {
          tlsNanos = now - tlsStartedNanos;
          if (handshake != null) tlsVersion = handshake.tlsVersion().javaName();
        });
  }

  @Override
  public void connectEnd(
      Call call, InetSocketAddress to, Proxy proxy, @Nullable Protocol protocol) {
    locked(
        now -> {
          tcpEnded(to, tlsThread == null ? now : tlsStartedNanos);
          connected = true;
        });
  }

  @Override
  public void connectFailed(
      Call call,
      InetSocketAddress to,
      Proxy proxy,
      @Nullable Protocol protocol,
      IOException failure) {
    locked(
        now -> {
          // The losers of a race are told as failed, perhaps after the winner.
          if (connected) return;
          boolean inTls = tlsThread == Thread.currentThread();
          tcpEnded(to, inTls ? tlsStartedNanos : now);
          if (inTls) tlsNanos = now - tlsStartedNanos;
        });
  }

  private void tcpEnded(InetSocketAddress to, long endedNanos) {
    address = to;
    Long started = tcpStartedNanos.get(to);
    if (started != null) tcpNanos = endedNanos - started;
  }

  @Override
  public void connectionAcquired(Call call, Connection connection) {
    try {
      connection.socket().setTcpNoDelay(true);
    } catch (SocketException e) {
      // Closed already, which the next read tells.
    }
  }

  @Override
  public void requestHeadersStart(Call call) {
    upgradeBegun = true;
    locked(
        now -> {
          upgradeStartedNanos = now;
          upgradeNanos = -1;
        });
  }

  @Override
  public void responseHeadersEnd(Call call, Response response) {
    locked(now -> upgradeNanos = now - upgradeStartedNanos);
  }

  @Override
  public void followUpDecision(Call call, Response response, @Nullable Request followUp) {
    answer = response;
    if (followUp == null || isSameOrigin(response.request(), followUp)) return;
    redirectRefused = true;
    // OkHttp looks at this before it sends the next request.
    call.cancel();
  }

  private static boolean isSameOrigin(Request one, Request other) {
    return one.url().host().equals(other.url().host())
        && one.url().port() == other.url().port()
        && one.url().scheme().equals(other.url().scheme());
  }

  /** A step, at a time in nanoseconds. */
  private interface Step {
    void at(long nowNanos);
  }

  private void locked(Step step) {
    long now = clock.nanoTime();
    lock.lock();
    try {
      step.at(now);
    } finally {
      lock.unlock();
    }
  }
}
