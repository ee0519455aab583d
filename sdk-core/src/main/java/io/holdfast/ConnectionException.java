package io.holdfast;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why an attempt failed or a transport was lost: a closed family, with the facts in fields. These
 * are told in states, events and fates, and never thrown at an app. Of a longer message the first
 * 1,024 characters are kept, for a peer may have said it.
 */
@SuppressWarnings("serial") // Java serialization is not offered: the facts are for the running app.
public abstract sealed class ConnectionException extends IOException {
  private static final int LONGEST_MESSAGE = 1_024;

  private ConnectionException(@Nullable String message, @Nullable Throwable cause) {
    super(bounded(message), cause);
  }

  // A transport of the app's may give none.
  private static @Nullable String bounded(@Nullable String message) {
    if (message == null || message.length() <= LONGEST_MESSAGE) return message;
    return message.substring(0, LONGEST_MESSAGE) + "...";
  }

  /**
   * Returns the kind in a word that stays the same whatever becomes of class names, for logs and
   * metrics: the class's name in lower case with hyphens, such as {@code heartbeat-timed-out}.
   */
  public abstract String kind();

  /** The request supplier threw, or its stage completed exceptionally or was cancelled. */
  public static final class RequestFailed extends ConnectionException {
    /** Makes one. */
    public RequestFailed(String message, @Nullable Throwable cause) {
      super(message, cause);
    }

    @Override
    public String kind() {
      return "request-failed";
    }
  }

  /** The request supplier gave no request by its deadline. */
  public static final class RequestTimedOut extends ConnectionException {
    private final Duration deadline;

    /** Makes one. */
    public RequestTimedOut(Duration deadline) {
      super("no request from the supplier within " + deadline, null);
      this.deadline = deadline;
    }

    /** Returns how long the supplier had. */
    public Duration deadline() {
      return deadline;
    }

    @Override
    public String kind() {
      return "request-timed-out";
    }
  }

  /**
   * The request can never work: a URL that OkHttp refuses, cleartext that is not permitted, or null
   * from the request supplier.
   */
  public static final class RequestInvalid extends ConnectionException {
    /** Makes one. */
    public RequestInvalid(String message, @Nullable Throwable cause) {
      super(message, cause);
    }

    @Override
    public String kind() {
      return "request-invalid";
    }
  }

  /** DNS gave no address. */
  public static final class HostUnresolved extends ConnectionException {
    /** Makes one. */
    public HostUnresolved(String message, @Nullable Throwable cause) {
      super(message, cause);
    }

    @Override
    public String kind() {
      return "host-unresolved";
    }
  }

  /** The TCP connect was refused. */
  public static final class Refused extends ConnectionException {
    /** Makes one. */
    public Refused(String message, @Nullable Throwable cause) {
      super(message, cause);
    }

    @Override
    public String kind() {
      return "refused";
    }
  }

  /** The TLS handshake failed. */
  public static final class TlsFailed extends ConnectionException {
    private final boolean pinning;

    /** Makes one. */
    public TlsFailed(String message, boolean pinning, @Nullable Throwable cause) {
      super(message, cause);
      this.pinning = pinning;
    }

    /** Returns whether the peer's certificate is none of the pinned ones. */
    public boolean pinning() {
      return pinning;
    }

    @Override
    public String kind() {
      return "tls-failed";
    }
  }

  /**
   * Connecting failed in some other way: no route, a proxy's refusal, an interceptor's exception.
   */
  public static final class ConnectFailed extends ConnectionException {
    /** Makes one. */
    public ConnectFailed(String message, @Nullable Throwable cause) {
      super(message, cause);
    }

    @Override
    public String kind() {
      return "connect-failed";
    }
  }

  /** The server answered the upgrade with something else (RFC 6455 section 4.1). */
  public static final class HandshakeRejected extends ConnectionException {
    private final int status;
    private final List<ConnectRequest.Header> headers;
    private final String body;

    /** Makes one; {@code body} is at most the first 4 KiB. */
    public HandshakeRejected(
        String message, int status, List<ConnectRequest.Header> headers, String body) {
      super(message, null);
      this.status = status;
      this.headers = List.copyOf(headers);
      this.body = body;
    }

    /** Returns the HTTP status; 101 if the upgrade was accepted with headers that are wrong. */
    public int status() {
      return status;
    }

    /**
     * Returns whether the server refused our credentials, or the want of them: 401 or 403 (RFC 9110
     * sections 15.5.2 and 15.5.4).
     */
    public boolean unauthorized() {
      return status == 401 || status == 403;
    }

    /** Returns the answer's headers, those of the WebSocket handshake itself left out. */
    public List<ConnectRequest.Header> headers() {
      return headers;
    }

    /** Returns the beginning of the answer's body, perhaps empty. */
    public String body() {
      return body;
    }

    @Override
    public String kind() {
      return "handshake-rejected";
    }
  }

  /** The attempt did not become ready by its deadline. */
  public static final class AttemptTimedOut extends ConnectionException {
    private final Duration deadline;

    /** Makes one. */
    public AttemptTimedOut(Duration deadline) {
      super("not ready within " + deadline, null);
      this.deadline = deadline;
    }

    /** Returns how long the attempt had. */
    public Duration deadline() {
      return deadline;
    }

    @Override
    public String kind() {
      return "attempt-timed-out";
    }
  }

  /** The peer gave no sign of life in time: the transport was half-open, or as good as. */
  public static final class HeartbeatTimedOut extends ConnectionException {
    private final Duration silence;
    private final Duration unanswered;

    /** Makes one for a peer that was asked nothing. */
    public HeartbeatTimedOut(Duration silence) {
      this(silence, Duration.ZERO);
    }

    /** Makes one. */
    public HeartbeatTimedOut(Duration silence, Duration unanswered) {
      super("no byte from the peer for " + silence, null);
      this.silence = silence;
      this.unanswered = unanswered;
    }

    /**
     * Returns for how long the oldest ping, or question, was unanswered, without the time in which
     * we did not read; zero if the peer was to speak by itself.
     */
    public Duration unanswered() {
      return unanswered;
    }

    /** Returns how long nothing had come. */
    public Duration silence() {
      return silence;
    }

    @Override
    public String kind() {
      return "heartbeat-timed-out";
    }
  }

  /** The peer sent bytes but no pong, although it had answered pings before. */
  public static final class ConfirmationTimedOut extends ConnectionException {
    /** Makes one. */
    public ConfirmationTimedOut(Duration waited) {
      super("no pong for " + waited + " although the peer sends", null);
    }

    @Override
    public String kind() {
      return "confirmation-timed-out";
    }
  }

  /** The peer sent a Close frame (RFC 6455 section 5.5.1). */
  public static final class PeerClosed extends ConnectionException {
    private final int code;
    private final String reason;

    /** Makes one; {@code code} is 1005 if the frame had none. */
    public PeerClosed(int code, String reason) {
      super("peer closed with " + code + (reason.isEmpty() ? "" : " " + reason), null);
      this.code = code;
      this.reason = reason;
    }

    /** Returns the close code (RFC 6455 section 7.4). */
    public int code() {
      return code;
    }

    /** Returns the close reason, perhaps empty. */
    public String reason() {
      return reason;
    }

    @Override
    public String kind() {
      return "peer-closed";
    }
  }

  /** The peer ended the TCP stream without a Close frame. */
  public static final class EndedWithoutClose extends ConnectionException {
    /** Makes one. */
    public EndedWithoutClose() {
      super("stream ended without a Close frame", null);
    }

    @Override
    public String kind() {
      return "ended-without-close";
    }
  }

  /** The stream broke: reset by the peer, or by something on the way. */
  public static final class StreamBroken extends ConnectionException {
    /** Makes one. */
    public StreamBroken(String message, @Nullable Throwable cause) {
      super(message, cause);
    }

    @Override
    public String kind() {
      return "stream-broken";
    }
  }

  /** The peer broke RFC 6455, RFC 7692 or a limit; it was told {@link #closeCode}. */
  public static final class ProtocolViolated extends ConnectionException {
    private final int closeCode;

    /** Makes one. */
    public ProtocolViolated(int closeCode, String rule) {
      super(rule, null);
      this.closeCode = closeCode;
    }

    /**
     * Returns 1002; 1007 for text that is not UTF-8, and for a message that cannot be inflated;
     * 1008 for a flood of control frames.
     */
    public int closeCode() {
      return closeCode;
    }

    @Override
    public String kind() {
      return "protocol-violated";
    }
  }

  /** The peer sent a message above the limit; it was told 1009. */
  public static final class MessageTooLarge extends ConnectionException {
    /** Makes one. */
    public MessageTooLarge(String rule) {
      super(rule, null);
    }

    @Override
    public String kind() {
      return "message-too-large";
    }
  }

  /** A write made no progress in time: the peer does not read. */
  public static final class WriteStalled extends ConnectionException {
    /** Makes one. */
    public WriteStalled(Duration stalled) {
      super("no progress in a write for " + stalled, null);
    }

    @Override
    public String kind() {
      return "write-stalled";
    }
  }

  /** The app's own consumer held the reader up for too long while a confirmation was due. */
  public static final class ConsumerStalled extends ConnectionException {
    /** Makes one. */
    public ConsumerStalled(Duration stalled) {
      super("consumer has taken nothing for " + stalled, null);
    }

    @Override
    public String kind() {
      return "consumer-stalled";
    }
  }

  /** The transport was open, and the {@link io.holdfast.protocol.Protocol} not ready in time. */
  public static final class ProtocolNotReady extends ConnectionException {
    private final String lastStep;

    /** Makes one; {@code lastStep} is empty if there was none. */
    public ProtocolNotReady(String lastStep, Duration deadline) {
      super(
          "protocol not ready within "
              + deadline
              + " of "
              + (lastStep.isEmpty() ? "opening" : lastStep),
          null);
      this.lastStep = lastStep;
    }

    /** Returns the last step that was reached, empty if none was. */
    public String lastStep() {
      return lastStep;
    }

    @Override
    public String kind() {
      return "protocol-not-ready";
    }
  }

  /** The {@link io.holdfast.protocol.Protocol} gave the transport up, or threw. */
  public static final class ProtocolFailed extends ConnectionException {
    private final boolean forGood;

    /** Makes one. */
    public ProtocolFailed(String message, boolean forGood, @Nullable Throwable cause) {
      super(message, cause);
      this.forGood = forGood;
    }

    /** Returns whether to try again would be no use. */
    public boolean forGood() {
      return forGood;
    }

    @Override
    public String kind() {
      return "protocol-failed";
    }
  }

  /**
   * The {@link io.holdfast.protocol.Protocol} was asked by the peer to reconnect: it restarts, or
   * sheds load.
   */
  public static final class ReconnectAsked extends ConnectionException {
    private final ReconnectHint hint;

    /** Makes one. */
    public ReconnectAsked(String reason, ReconnectHint hint) {
      super("asked to reconnect" + (reason.isEmpty() ? "" : ": " + reason), null);
      this.hint = hint;
    }

    /** Returns how. */
    public ReconnectHint hint() {
      return hint;
    }

    @Override
    public String kind() {
      return "reconnect-asked";
    }
  }

  /** The network monitor says that the transport's network is gone. */
  public static final class NetworkLost extends ConnectionException {
    /** Makes one. */
    public NetworkLost() {
      super("network lost", null);
    }

    @Override
    public String kind() {
      return "network-lost";
    }
  }

  /**
   * The network monitor says that another network is in use, so the attempt that was under way on
   * the old one begins anew. An open transport is probed instead.
   */
  public static final class NetworkChanged extends ConnectionException {
    /** Makes one. */
    public NetworkChanged() {
      super("network changed", null);
    }

    @Override
    public String kind() {
      return "network-changed";
    }
  }

  /** The device slept, so the attempt that was under way begins anew. */
  public static final class DeviceSlept extends ConnectionException {
    private final Duration slept;

    /** Makes one. */
    public DeviceSlept(Duration slept) {
      super("the device slept for " + slept, null);
      this.slept = slept;
    }

    /** Returns how long it slept, at least. */
    public Duration slept() {
      return slept;
    }

    @Override
    public String kind() {
      return "device-slept";
    }
  }

  /** Another transport has taken this one's place: it was late, or was to be drained. */
  public static final class Replaced extends ConnectionException {
    /** Makes one. */
    public Replaced(String why) {
      super(why, null);
    }

    @Override
    public String kind() {
      return "replaced";
    }
  }

  /** The outage took longer than {@link ManagedConnection.Builder#giveUpAfter} lets it. */
  public static final class OutageTooLong extends ConnectionException {
    private final Duration limit;

    /** Makes one; {@code last} is what the last attempt or transport died of. */
    public OutageTooLong(Duration limit, @Nullable ConnectionException last) {
      super("no transport has proved itself within " + limit, last);
      this.limit = limit;
    }

    /** Returns how long it was to take at most. */
    public Duration limit() {
      return limit;
    }

    @Override
    public String kind() {
      return "outage-too-long";
    }
  }

  /** The app suspended the connection. */
  public static final class Suspended extends ConnectionException {
    /** Makes one. */
    public Suspended() {
      super("suspended by the app", null);
    }

    @Override
    public String kind() {
      return "suspended";
    }
  }
}
