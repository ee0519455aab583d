package io.holdfast;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where a managed connection stands. It is in exactly one state at a time, and {@link Closed} is
 * final.
 */
public sealed interface ConnectionState {

  /** Returns the browser's name for this state. */
  ReadyState readyState();

  /** Built but not opened. Messages are accepted and wait. */
  record Idle() implements ConnectionState {
    @Override
    public ReadyState readyState() {
      return ReadyState.CONNECTING;
    }
  }

  /**
   * An attempt is under way.
   *
   * @param attempt counted from 1 in each outage
   * @param phase how far the attempt got
   */
  record Connecting(int attempt, Phase phase) implements ConnectionState {
    @Override
    public ReadyState readyState() {
      return ReadyState.CONNECTING;
    }
  }

  /** The steps of an attempt, in order. */
  enum Phase {
    /** The request supplier is being asked. */
    REQUEST,
    /** DNS, TCP, TLS and the HTTP upgrade. */
    HANDSHAKE,
    /** The application protocol is making itself ready; the plain protocol has no such phase. */
    READY
  }

  /**
   * Messages flow.
   *
   * @param generation the number of the transport, from 1
   * @param protocol the subprotocol that the server chose, empty if none
   * @param extensions the extensions in force, empty if none
   * @param timeline how the attempt went, step by step
   */
  record Open(long generation, String protocol, String extensions, ConnectTimeline timeline)
      implements ConnectionState {
    @Override
    public ReadyState readyState() {
      return ReadyState.OPEN;
    }
  }

  /**
   * No transport; attempt {@code nextAttempt} starts once {@code delay} has passed.
   *
   * @param nextAttempt counted from 1 in each outage
   * @param delay from the moment this state began
   * @param cause why the transport was lost or the attempt failed
   */
  record Waiting(int nextAttempt, Duration delay, ConnectionException cause)
      implements ConnectionState {
    @Override
    public ReadyState readyState() {
      return ReadyState.CONNECTING;
    }
  }

  /**
   * No transport and no timer: the connection waits for the network or for {@link
   * ManagedConnection#resume}.
   *
   * @param reason what it waits for
   * @param cause what the last transport or attempt died of, null if there was none
   */
  record Offline(Reason reason, @Nullable ConnectionException cause) implements ConnectionState {
    @Override
    public ReadyState readyState() {
      return ReadyState.CONNECTING;
    }

    /** Why there is nothing to try. */
    public enum Reason {
      /** The network monitor says that there is no network. */
      NO_NETWORK,
      /** The app called {@link ManagedConnection#suspend}. */
      SUSPENDED
    }
  }

  /**
   * The closing handshake (RFC 6455 section 7) is under way.
   *
   * @param code the close code that was sent
   * @param reason the close reason that was sent, perhaps empty
   */
  record Closing(int code, String reason) implements ConnectionState {
    @Override
    public ReadyState readyState() {
      return ReadyState.CLOSING;
    }
  }

  /**
   * Final.
   *
   * @param code the close code in the sense of RFC 6455 section 7.1.5; 1006 if there was no closing
   *     handshake
   * @param reason the close reason, perhaps empty
   * @param clean whether the closing handshake completed
   * @param cause the failure that ended the connection; null if the app closed it
   */
  record Closed(int code, String reason, boolean clean, @Nullable ConnectionException cause)
      implements ConnectionState {
    @Override
    public ReadyState readyState() {
      return ReadyState.CLOSED;
    }
  }
}
