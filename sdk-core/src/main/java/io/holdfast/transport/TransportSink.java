package io.holdfast.transport;

import io.holdfast.ConnectTimeline;
import io.holdfast.ConnectionException;
import io.holdfast.Message;

/**
 * Where a transport tells what happens. First {@link #opened} or {@link #ended}; after {@code
 * ended} nothing more. What is read is told from one thread at a time, and so is what is written;
 * both may happen at once. No call blocks, but for {@link #readEnded(Runnable)}.
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
   * Tells that a message has begun of which the bytes read so far are only a part, once a message:
   * a pong may have to wait until it is whole. A transport that cannot know need not tell.
   */
  default void messageBegun() {}

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

  /**
   * Does what {@link #readEnded()} does and may, before it returns, call the app's listeners, which
   * may block: for a transport that does not depend on the thread which reads. It spares each
   * message the way to another thread. Between two reads alone: a frame that has come and was not
   * told would wait.
   *
   * @param relief is run, by any thread, if this call takes long: has another thread read on if the
   *     call has not returned, does not wait for that, and throws if there is no such thread. The
   *     thread that made the call tells nothing more then; the other one may tell before the call
   *     has returned
   */
  default void readEnded(Runnable relief) {
    readEnded();
  }

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
