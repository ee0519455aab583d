package io.holdfast.testkit;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import okhttp3.Headers;
import okio.ByteString;

/**
 * One connection to a {@link RawServer}, in the hands of a test: it reads, writes and ends only
 * when told to. Nothing is answered by itself, no ping and no Close.
 *
 * <p>To stop reading is to call no method that reads: the receive buffer is small, so the peer's
 * writes soon block. One thread may read while another writes. Each call ends within the server's
 * timeout, with a {@link SocketTimeoutException} that says what it waited for.
 */
public final class RawSession implements Closeable {
  private static final String ACCEPT_MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final int HEAD_LIMIT_BYTES = 64 * 1024;
  private static final long PAYLOAD_LIMIT_BYTES = 64L * 1024 * 1024;

  private final TimedSocket socket;
  private final String requestLine;
  private final Headers headers;

  /** How a peer's stream ended. */
  public enum End {
    /** With a FIN: all that the peer wrote has arrived. */
    FIN,
    /** With an RST. */
    RESET
  }

  /** Reads the request head. */
  RawSession(TimedSocket socket) throws IOException {
    this.socket = socket;
    this.requestLine = readLine();
    this.headers = readHeaders();
  }

  private Headers readHeaders() throws IOException {
    Headers.Builder head = new Headers.Builder();
    int size = 0;
    String line = readLine();
    while (!line.isEmpty()) {
      size += line.length();
      if (size > HEAD_LIMIT_BYTES) throw new ProtocolException("request head is over 64 KiB");
      head.add(line);
      line = readLine();
    }
    return head.build();
  }

  private String readLine() throws IOException {
    StringBuilder line = new StringBuilder();
    while (line.length() < 2 || line.charAt(line.length() - 2) != '\r') {
      if (line.length() > HEAD_LIMIT_BYTES) throw new ProtocolException("line is over 64 KiB");
      line.append((char) (socket.read(1, "the request head")[0] & 0xff));
    }
    line.setLength(line.length() - 2);
    return line.toString();
  }

  /** The first line of the request, such as {@code GET / HTTP/1.1}. */
  public String requestLine() {
    return requestLine;
  }

  /** The headers of the request. */
  public Headers headers() {
    return headers;
  }

  /**
   * Answers the request with 101 and the right {@code Sec-WebSocket-Accept}.
   *
   * @param namesAndValues more headers: a name, its value, and so on
   * @throws ProtocolException if the request has no {@code Sec-WebSocket-Key}
   * @throws IOException if the connection fails or the answer cannot be written in time
   */
  public void upgrade(String... namesAndValues) throws IOException {
    String key = headers.get("Sec-WebSocket-Key");
    if (key == null) throw new ProtocolException("no Sec-WebSocket-Key in " + requestLine);
    StringBuilder head = new StringBuilder("HTTP/1.1 101 Switching Protocols\r\n");
    head.append("Upgrade: websocket\r\nConnection: Upgrade\r\n");
    head.append("Sec-WebSocket-Accept: ").append(acceptFor(key)).append("\r\n");
    Headers more = Headers.of(namesAndValues);
    for (int i = 0; i < more.size(); i++) {
      head.append(more.name(i)).append(": ").append(more.value(i)).append("\r\n");
    }
    send(head.append("\r\n").toString());
  }

  /** The {@code Sec-WebSocket-Accept} that belongs to a key (RFC 6455 section 4.2.2). */
  public static String acceptFor(String key) {
    return ByteString.encodeUtf8(key + ACCEPT_MAGIC).sha1().base64();
  }

  /**
   * Writes a frame.
   *
   * @throws IOException if the connection fails or the peer does not read in time
   */
  public void send(RawFrame frame) throws IOException {
    send(frame.encode());
  }

  /**
   * Writes text as UTF-8 and nothing more: an HTTP answer of the test's own, or half of one.
   *
   * @throws IOException if the connection fails or the peer does not read in time
   */
  public void send(String text) throws IOException {
    send(ByteString.encodeUtf8(text));
  }

  /**
   * Writes bytes: half a frame, a wrong length, anything.
   *
   * @throws IOException if the connection fails or the peer does not read in time
   */
  public void send(ByteString bytes) throws IOException {
    socket.write(bytes);
  }

  /**
   * Reads one frame and takes its mask off.
   *
   * @throws EOFException if the stream ends first
   * @throws ProtocolException if the length is not in its shortest form or is over 64 MiB
   * @throws IOException if the connection fails or no whole frame comes in time
   */
  public RawFrame readFrame() throws IOException {
    byte[] start = socket.read(2, "a frame's first two bytes");
    int size = readLength(start[1] & 0x7f);
    boolean masked = (start[1] & 0x80) != 0;
    ByteString key = masked ? readBytes(4) : null;
    ByteString payload = readBytes(size);
    return new RawFrame(
        (start[0] & 0x80) != 0,
        (start[0] & 0x70) >> 4,
        start[0] & 0x0f,
        key == null ? payload : RawFrame.masked(payload, key),
        key);
  }

  private int readLength(int shortLength) throws IOException {
    if (shortLength < RawFrame.SHORT_LENGTH) return shortLength;
    boolean wide = shortLength == RawFrame.LONG_LENGTH;
    ByteBuffer field = ByteBuffer.wrap(socket.read(wide ? 8 : 2, "a frame's length"));
    long length = wide ? field.getLong() : field.getShort() & 0xffff;
    if (length >= 0 && length < (wide ? 0x1_0000 : RawFrame.SHORT_LENGTH)) {
      throw new ProtocolException("length " + length + " must be in its shortest form");
    }
    if (length < 0 || length > PAYLOAD_LIMIT_BYTES) {
      throw new ProtocolException(
          "length must be <= 64 MiB but was " + Long.toUnsignedString(length));
    }
    return (int) length;
  }

  /**
   * Reads exactly {@code count} bytes, as they are on the wire.
   *
   * @throws EOFException if the stream ends first
   * @throws IOException if the connection fails or the bytes do not come in time
   */
  public ByteString readBytes(int count) throws IOException {
    return ByteString.of(socket.read(count, count + " bytes"));
  }

  /**
   * Reads and forgets until the peer ends its stream.
   *
   * @throws IOException if it does not in time
   */
  public End awaitEnd() throws IOException {
    try {
      socket.readToEnd();
      return End.FIN;
    } catch (SocketException reset) {
      return End.RESET;
    }
  }

  /**
   * Sends FIN, and can still read.
   *
   * @throws IOException if the connection has failed
   */
  public void halfClose() throws IOException {
    socket.shutdownOutput();
  }

  /**
   * Ends the connection with RST. Again: no effect.
   *
   * @throws IOException if the socket cannot be closed
   */
  public void reset() throws IOException {
    socket.reset();
  }

  /** Ends the connection: with FIN, or as the kernel does it with RST if the peer's bytes wait. */
  @Override
  public void close() throws IOException {
    socket.close();
  }
}
