package io.holdfast.transport;

import io.holdfast.ConnectRequest;

/**
 * One WebSocket, from handshake to close, never reopened. It pulls what it writes from an {@link
 * OutboundSource}, so that nothing is buffered twice, and pushes what it reads into a {@link
 * TransportSink}.
 *
 * <p>No method blocks or does I/O on the caller's thread, but for {@link #cancel}, which may close
 * a raw socket. The contract says nothing of threads: a simulation runs on one.
 */
public interface Transport {

  /** Begins the attempt. Called once, before any other method. */
  void start(ConnectRequest request, OutboundSource source, TransportSink sink);

  /**
   * Says that {@link OutboundSource#take} has something again, after it had nothing. Any thread; a
   * call before the handshake is done, or after the end, does nothing.
   */
  void wake();

  /**
   * Resumes reading after {@link TransportSink#message} or {@link TransportSink#opened} said to
   * pause: called exactly once for each such answer, perhaps before the transport has got it. Any
   * thread.
   */
  void resumeReading();

  /**
   * Sends a Close frame (RFC 6455 section 5.5.1) next, takes nothing more from the source, and ends
   * with {@link io.holdfast.ConnectionException.PeerClosed} once the peer has answered. Reading
   * goes on until then. The caller keeps the deadline, and cancels.
   */
  void close(int code, String reason);

  /**
   * Gives the attempt or the open WebSocket up at once, without a Close frame. Nothing more is told
   * to the sink, not even the end. Any thread, any time, any number of times.
   */
  void cancel();
}
