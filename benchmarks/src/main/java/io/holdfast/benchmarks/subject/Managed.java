package io.holdfast.benchmarks.subject;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.holdfast.ConnectionListener;
import io.holdfast.ConnectionState;
import io.holdfast.Fate;
import io.holdfast.ManagedConnection;
import io.holdfast.Message;
import io.holdfast.MessageDemand;
import java.net.URI;
import java.util.concurrent.CompletableFuture;

/** Holdfast with its defaults. */
final class Managed implements Connection {
  private final ManagedConnection connection;

  private Managed(ManagedConnection connection) {
    this.connection = connection;
  }

  static Connection connect(URI uri, Arrivals arrivals) throws Exception {
    ManagedConnection connection = ManagedConnection.builder(uri).build();
    connection
        .receive(message -> arrivals.message(message, message.size()))
        .request(MessageDemand.UNBOUNDED);
    CompletableFuture<ConnectionState> opened = new CompletableFuture<>();
    connection.addListener(
        new ConnectionListener() {
          @Override
          public void onState(ConnectionState state) {
            if (state instanceof ConnectionState.Open) opened.complete(state);
          }
        });
    connection.open();
    opened.get(10, SECONDS);
    return new Managed(connection);
  }

  @Override
  public void send(byte[] payload) {
    Fate fate = connection.send(Message.binary(payload)).fate();
    if (fate instanceof Fate.Rejected) throw new IllegalStateException("rejected: " + fate);
  }

  @Override
  public void close() {
    connection.close();
  }
}
