package io.holdfast.sample.watch;

import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionState;
import io.holdfast.Message;
import io.holdfast.QueueSnapshot;
import java.time.Duration;

/** Tells people or programs what happens. Safe from any thread; each call is whole in print. */
interface Report {
  /** The watch begins. */
  void begin(Plan plan);

  /** The connection's state has changed. */
  void state(ConnectionState state);

  /** Something has happened, in order with the states. */
  void event(ConnectionEvent event);

  /** The server has sent a message. */
  void message(Message message);

  /** A message to the server has its fate. */
  void ended(Ended ended);

  /** A line cannot be sent. */
  void notSent(long number, InputLine.Fault fault);

  /** The outbox has other numbers than before. */
  void queue(QueueSnapshot queue);

  /** What waits has {@code deadline} to be delivered. */
  void draining(Duration deadline);

  /** Some time has passed: what was held back is to be shown. */
  void tick();

  /** The watch is over. */
  void result(Result result);
}
