package io.holdfast.internal.network;

import java.io.IOException;

/** The operating system's network interfaces. */
interface Interfaces {
  /** Looks at them now; may take some milliseconds, and sends nothing. */
  Attachments look() throws IOException;
}
