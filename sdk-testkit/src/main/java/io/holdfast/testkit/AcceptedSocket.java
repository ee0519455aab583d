package io.holdfast.testkit;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketImpl;
import org.jspecify.annotations.Nullable;

/**
 * A socket on which an end before the first byte is an error: a path that fails cuts upgrades, and
 * MockWebServer would log a warning for each client that "didn't make a request".
 */
final class AcceptedSocket extends Socket {
  AcceptedSocket() throws IOException {
    super(noneYet());
  }

  // What java.net.ServerSocket does too: its implAccept gives the socket its implementation.
  private static @Nullable SocketImpl noneYet() {
    return null;
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return new Input(super.getInputStream());
  }

  private final class Input extends FilterInputStream {
    private boolean begun;

    Input(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      return checked(super.read());
    }

    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
      return checked(super.read(bytes, offset, count));
    }

    private int checked(int result) throws IOException {
      if (result < 0 && !begun) {
        // MockWebServer leaves a connection open that fails.
        AcceptedSocket.this.close();
        throw new EOFException("the client ended before its first byte");
      }
      begun = true;
      return result;
    }
  }
}
