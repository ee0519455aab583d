package io.holdfast.queue;

import java.io.IOException;

/** Another queue, of this process or of another one, keeps its messages in the same place. */
public final class QueueInUseException extends IOException {
  private static final long serialVersionUID = 1;

  /** Makes one that says which place is in use, and by whom. */
  public QueueInUseException(String message) {
    super(message);
  }
}
