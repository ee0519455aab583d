package io.holdfast.benchmarks;

import java.net.URI;

/** Where JMH's processes find the server that {@link Benchmarks} started. */
final class Server {
  private static final String PORT = "holdfast.benchmarks.port";

  private Server() {}

  static String jvmArgument(int port) {
    return "-D" + PORT + "=" + port;
  }

  static URI at(String path) {
    return URI.create("ws://127.0.0.1:" + Integer.getInteger(PORT) + path);
  }
}
