package io.holdfast.testkit;

import java.io.IOException;
import java.util.Iterator;
import mockwebserver3.SocketHandler;
import okio.BufferedSink;
import okio.ByteString;
import okio.Okio;
import okio.Socket;

/**
 * A session that may break the protocol. MockWebServer's thread reads; a thread of its own writes,
 * so that a client that does not read holds up nobody else.
 */
final class UnrulySession implements Session, SocketHandler {
  private final Rules rules;
  private final Sessions sessions;
  private final int cutsBefore;
  private final Outgoing outgoing = new Outgoing();
  private final Changes changes = new Changes();
  private volatile boolean writing = true;
  private volatile boolean closeSent;

  /** A session that begins once its 101 is written. */
  UnrulySession(Rules rules, Sessions sessions) {
    this.rules = rules;
    this.sessions = sessions;
    this.cutsBefore = rules.cuts.get();
  }

  @Override
  public boolean send(String text) {
    return outgoing.add(RawFrame.text(text).encode());
  }

  @Override
  public boolean send(ByteString bytes) {
    return outgoing.add(RawFrame.of(RawFrame.BINARY, true, bytes).encode());
  }

  @Override
  public boolean close(int code, String reason) {
    closeSent = true;
    return outgoing.add(RawFrame.close(code, reason).encode());
  }

  @Override
  public boolean sendRaw(ByteString bytes) {
    return outgoing.add(bytes);
  }

  @Override
  public boolean flood(Iterator<ByteString> frames) {
    return outgoing.flood(frames);
  }

  @Override
  public void changed() {
    changes.signal();
  }

  @Override
  public void handle(Socket socket) {
    BufferedSink sink = Okio.buffer(socket.getSink());
    Incoming incoming = new Incoming(Okio.buffer(socket.getSource()));
    Thread writer = new Thread(() -> write(sink), "holdfast-test-server-writer");
    writer.setDaemon(true);
    try {
      sink.flush();
      int number = sessions.opened(this);
      writer.start();
      read(incoming, number);
      sessions.ended(this);
      outgoing.end();
      writer.join();
    } catch (IOException connectionLost) {
      socket.cancel();
    } catch (InterruptedException serverStops) {
      Thread.currentThread().interrupt();
    } finally {
      outgoing.end();
      sessions.ended(this);
    }
  }

  /** Reads until the client's Close. */
  private void read(Incoming incoming, int number) throws IOException, InterruptedException {
    while (mayRead()) {
      RawFrame frame = incoming.readFrame();
      // It may have been told to stop while it waited for the frame.
      if (!mayRead()) return;
      switch (frame.opcode()) {
        case RawFrame.CLOSE -> {
          if (!closeSent) outgoing.add(RawFrame.of(RawFrame.CLOSE, true, frame.payload()).encode());
          closed(frame.payload());
          return;
        }
        case RawFrame.PING -> {
          if (rules.pong) outgoing.add(RawFrame.pong(frame.payload()).encode());
        }
        case RawFrame.PONG -> {}
        default -> {
          incoming.add(frame);
          if (frame.fin()) arrived(incoming.takeMessage(), number);
        }
      }
    }
  }

  private void closed(ByteString payload) {
    boolean hasCode = payload.size() >= 2;
    sessions.ended(
        this,
        hasCode ? payload.asByteBuffer().getShort() & 0xffff : CloseCodes.NO_STATUS_RECEIVED,
        hasCode ? payload.substring(2).utf8() : "");
  }

  private void arrived(RawFrame message, int number) {
    if (message.opcode() == RawFrame.BINARY) {
      if (sessions.arrived(this, number, message.payload())) outgoing.add(message.encode());
    } else {
      sessions.arrived(number, message.text());
      if (rules.echo) outgoing.add(message.encode());
    }
  }

  /** Waits while nothing is to be read; false once there is nothing to wait for. */
  private boolean mayRead() throws InterruptedException {
    changes.await(() -> rules.read || over());
    return !over();
  }

  private boolean over() {
    return !writing || rules.cuts.get() != cutsBefore;
  }

  private void write(BufferedSink sink) {
    try {
      for (ByteString next; (next = outgoing.take()) != null; ) {
        sink.write(next);
        if (outgoing.isEmpty()) sink.flush();
      }
      sink.flush();
    } catch (IOException connectionLost) {
      writing = false;
      outgoing.end();
      changes.signal();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
