package io.holdfast.simulation;

import io.holdfast.ManagedConnection;
import io.holdfast.protocol.ReliableProtocol;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How a connection speaks the reliable protocol, and what the server's half of it is like.
 *
 * @param storing whether messages are kept on disk
 * @param refusing whether the server's application refuses some messages
 * @param forgetting whether a server that restarts may have forgotten its sessions
 * @param repeating whether the server sends what the app has had once more
 * @param mumbling whether some messages cannot be encoded
 * @param resending whether all is sent again once the server has forgotten
 */
record Speech(
    boolean storing,
    boolean refusing,
    boolean forgetting,
    boolean repeating,
    boolean mumbling,
    boolean resending,
    Duration readyTimeout,
    Duration acknowledgeDelay,
    Duration acknowledgeTimeout) {

  /** Returns null for most: they speak no protocol. */
  static @Nullable Speech of(Dice dice) {
    if (!dice.oneIn(6)) return null;
    boolean defaults = dice.oneIn(2);
    return new Speech(
        dice.oneIn(2),
        dice.oneIn(3),
        dice.oneIn(4),
        dice.oneIn(3),
        dice.oneIn(6),
        dice.oneIn(2),
        Duration.ofMillis(defaults ? 10_000 : dice.skewed(2_000, 20_000)),
        Duration.ofMillis(defaults ? 100 : dice.skewed(1, 2_000)),
        Duration.ofMillis(defaults ? 30_000 : dice.skewed(30_000, 90_000)));
  }

  /** Returns the protocol that it speaks. */
  Mumbling configure(ManagedConnection.Builder builder, Dice dice) {
    ReliableProtocol.Builder protocol =
        ReliableProtocol.builder()
            .sessions(() -> new UUID(dice.seed(), dice.seed()))
            .acknowledgeDelay(acknowledgeDelay)
            .acknowledgeTimeout(acknowledgeTimeout)
            .resendAfterLostSession(outgoing -> isResent(outgoing.id()));
    Mumbling spoken = new Mumbling(protocol.build(), this);
    builder.protocol(spoken).readyTimeout(readyTimeout);
    return spoken;
  }

  /** Whether the message with this id is sent again although the server may have done it. */
  boolean isResent(long id) {
    return resending || id % 2 == 0;
  }

  boolean isRefused(long number) {
    return refusing && number % 13 == 5;
  }

  boolean isUnspeakable(long number) {
    return mumbling && number % 17 == 3;
  }
}
