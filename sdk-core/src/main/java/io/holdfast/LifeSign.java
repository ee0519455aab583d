package io.holdfast;

import static java.util.Objects.requireNonNull;

import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * How a {@link Heartbeat} finds out whether a peer that has been silent for its interval is alive.
 * Any byte from the peer is a sign of life in each case.
 *
 * <p>With another than {@link #PONG} the peer is taken for one that answers no pings until it
 * answers one: {@link Assurance#CONFIRMED} messages end as written.
 */
public sealed interface LifeSign {

  /** It is sent a ping (RFC 6455 section 5.5.2), which it must answer. The default. */
  LifeSign PONG = new Pong();

  /**
   * It sends something by itself, such as pings, at least once in the heartbeat's interval, and
   * counts as dead after interval and timeout without a byte. It is sent pings only when a
   * transport opens, and when the network or the device's sleep gives a reason.
   */
  LifeSign PEER_TRAFFIC = new PeerTraffic();

  /**
   * It is sent a message, which it must answer: for peers that answer no pings.
   *
   * @param question gives the message to send; called by the writer, outside any lock. What it
   *     throws is logged, and nothing is sent
   * @param isAnswer whether a message is an answer, which is then given to nobody. Called by the
   *     reader for each message, before the connection's protocol; what it throws counts as no
   */
  static LifeSign answer(Supplier<? extends Message> question, Predicate<Message> isAnswer) {
    return new Answer(question, isAnswer);
  }

  /** See {@link #PONG}. */
  record Pong() implements LifeSign {}

  /** See {@link #PEER_TRAFFIC}. */
  record PeerTraffic() implements LifeSign {}

  /** See {@link #answer}. */
  record Answer(Supplier<? extends Message> question, Predicate<Message> isAnswer)
      implements LifeSign {
    /** Checks that both are there. */
    public Answer {
      requireNonNull(question, "question");
      requireNonNull(isAnswer, "isAnswer");
    }
  }
}
