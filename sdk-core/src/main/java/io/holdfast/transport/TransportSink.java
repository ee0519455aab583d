package io.holdfast.transport;

import io.holdfast.ConnectTimeline;
import io.holdfast.ConnectionException;
import io.holdfast.Message;

/**
 * Where a transport tells what happens. First {@link #opened} or {@link #ended}; after {@code
 * ended} nothing more. What is read is told from one thread at a time, and so is what is written;
 * both may happen at once. No call blocks.
 */
public interface TransportSink {

  /**
   * Tells that the handshake is done. Before the first {@link OutboundSource#take}.
   *
   * @return false if the transport must not read before {@link Transport#resumeReading}
   */
  boolean opened(Handshake handshake);

  /** Tells that bytes came from the peer: any number, any kind. This is what proves life. */
  void bytesRead();

  /**
   * Gives a whole message, valid in every way. The sink may keep it to itself until {@link
   * #readEnded}, {@link #pong} or {@link #ended}.
   *
   * @return false if the transport must not give another before {@link Transport#resumeReading}
   */
  boolean message(Message message);

  /**
   * Tells that there is nothing more to tell of the bytes read so far, so that the messages of one
   * read are passed on together: after each read that gave a message.
   */
  void readEnded();

  /** Tells a pong's payload (RFC 6455 section 5.5.3), asked for or not. Not kept by the sink. */
  void pong(byte[] payload);

  /** Tells that a write begins, which may have to wait for the peer. */
  void writeBegun();

  /** Tells that the kernel took another piece of the write under way. */
  void writeProgressed();

  /** Tells that the write under way is done. */
  void writeEnded();

  /**
   * Tells the end, once: the attempt failed, the peer closed or broke the rules, the stream broke.
   * A transport whose peer sent Close tells it at once and answers the Close by itself.
   *
   * @param timeline how far the attempt went, if {@link #opened} was not told
   */
  void ended(ConnectionException cause, ConnectTimeline timeline);
}
