package io.holdfast.benchmarks.subject;

/** One open WebSocket of a {@link Subject}. One thread sends. */
public interface Connection extends AutoCloseable {

  /**
   * Sends a binary message as the subject's user would, who has it in an array. Returns as early as
   * the subject lets it: the caller bounds what is under way.
   */
  void send(byte[] payload) throws Exception;

  @Override
  void close();
}
