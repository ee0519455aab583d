package io.holdfast.sample.terminal;

/** What is to be done before the JVM ends, whoever ends it: Ctrl-C, or main. */
public final class AtExit {
  private AtExit() {}

  /**
   * Runs {@code body}, and {@code ending} as well if the JVM is told to end before {@code body} has
   * returned. Both may then run at once.
   */
  public static <T, E extends Exception> T alsoRun(Runnable ending, Body<T, E> body) throws E {
    Thread hook = new Thread(ending, "holdfast-demo-ending");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      return body.run();
    } finally {
      remove(hook);
    }
  }

  /** What may be cut short. */
  public interface Body<T, E extends Exception> {
    T run() throws E;
  }

  private static void remove(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is ending, and the hook runs.
    }
  }
}
