package io.holdfast.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ServerSocketFactory;

/**
 * Gives MockWebServer its listener, and cuts what was accepted as the kernel does for a killed
 * process: TLS says no goodbye, and a peer that does not read cannot hold the cut up.
 */
final class ListeningSockets extends ServerSocketFactory {
  // MockWebServer asks for 50: in a storm the kernel drops the rest, which try again a second
  // later.
  private static final int BACKLOG = 1024;

  private final ReentrantLock lock = new ReentrantLock();

  // The lock guards the fields below.
  private final Set<Socket> accepted = new HashSet<>();
  private final Set<ServerSocket> listeners = new HashSet<>();
  private boolean cut;

  /** Closes the listener first, so that nobody gets in again, then every accepted socket. */
  void cut() throws IOException {
    lock.lock();
    try {
      cut = true;
      for (ServerSocket listener : listeners) listener.close();
      for (Socket socket : accepted) socket.close();
      accepted.clear();
    } finally {
      lock.unlock();
    }
  }

  private void add(Socket socket) throws IOException {
    lock.lock();
    try {
      accepted.removeIf(Socket::isClosed);
      if (cut) socket.close();
      else accepted.add(socket);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public ServerSocket createServerSocket() throws IOException {
    ServerSocket listener = new Listener();
    lock.lock();
    try {
      listeners.add(listener);
    } finally {
      lock.unlock();
    }
    return listener;
  }

  @Override
  public ServerSocket createServerSocket(int port) {
    throw new AssertionError("MockWebServer binds the listener itself");
  }

  @Override
  public ServerSocket createServerSocket(int port, int backlog) {
    return createServerSocket(port);
  }

  @Override
  public ServerSocket createServerSocket(int port, int backlog, InetAddress address) {
    return createServerSocket(port);
  }

  private final class Listener extends ServerSocket {
    Listener() throws IOException {}

    @Override
    public void bind(SocketAddress address, int backlog) throws IOException {
      super.bind(address, BACKLOG);
    }

    @Override
    public Socket accept() throws IOException {
      Socket socket = new AcceptedSocket();
      implAccept(socket);
      add(socket);
      return socket;
    }
  }
}
