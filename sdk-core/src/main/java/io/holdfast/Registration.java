package io.holdfast;

/** What ends a listener's calls. */
public interface Registration extends AutoCloseable {
  /** Ends the calls; one that is under way may still finish. Closing twice does nothing. */
  @Override
  void close();
}
