package io.holdfast.simulation;

import java.time.Duration;

/** What an app may do. */
enum ActKind {
  /** Sends so many small messages at once. */
  SEND((app, act) -> app.send(act, 600), 1, 60),
  /** Sends a single message. */
  SEND_ONE((app, act) -> app.send(act, 100), 1, 1),
  /** Sends so many messages, some of them large. */
  SEND_LARGE((app, act) -> app.send(act, app.largestMessage()), 1, 8),
  /** Tries to take so many of the newest messages back. */
  CANCEL(App::cancel, 1, 30),
  /** Takes all back that is queued. */
  CANCEL_QUEUED((app, act) -> app.cancelQueued(), 1, 1),
  /** Hands no messages over for so many milliseconds. */
  PAUSE_SENDING(App::pauseSending, 10, 60_000),
  /** Asks for a sign of life. */
  PROBE((app, act) -> app.probe(), 1, 1),
  /** Opens what is open, or was. */
  OPEN((app, act) -> app.now().connection.open(), 1, 1),
  /** Ends a wait. */
  RECONNECT((app, act) -> app.reconnect(), 1, 1),
  /** Goes to the background for so many milliseconds. */
  SUSPEND(App::suspend, 10, 60_000),
  /** Takes no messages for so many milliseconds. */
  STOP_CONSUMING(App::stopConsuming, 1_000, 200_000),
  /** Takes a message each so many milliseconds from now on. */
  CONSUME_SLOWLY((app, act) -> app.consumeEach(act.amount()), 1, 5_000),
  /** Takes messages as they come from now on. */
  CONSUME_QUICKLY((app, act) -> app.consumeEach(0), 1, 1),
  /** Gives its listener up, and sets another. */
  RECEIVE_ANEW((app, act) -> app.receiveAnew(), 1, 1),
  /** Throws in its callbacks for so many milliseconds. */
  THROW(App::throwInCallbacks, 1_000, 60_000),
  /** Sends from within its callbacks for so many milliseconds. */
  SEND_FROM_CALLBACKS(App::sendFromCallbacks, 1_000, 60_000),
  /** Blocks its callback thread for so many milliseconds. */
  BLOCK_CALLBACKS(App::blockCallbacks, 10, 60_000),
  /** Its request supplier throws for so many milliseconds. */
  SUPPLY_NOTHING(App::supplyNothing, 100, 20_000),
  /** Closes, and opens another connection. */
  CLOSE((app, act) -> app.close(), 1, 1),
  /** Closes once all is delivered or so many milliseconds have passed; then opens another. */
  DRAIN((app, act) -> app.drain(Duration.ofMillis(act.amount())), 1, 60_000),

  // ---- Drawn by themselves

  /** Nobody looks at it for so many milliseconds. */
  ENTER_BACKGROUND(App::enterBackground, 100, 200_000),

  /** Its peer asks it to reconnect, mostly after so many milliseconds, and mostly with a drain. */
  ASKED_TO_RECONNECT(App::askToReconnect, 1, 20_000);

  /** What it does. */
  interface Effect {
    void act(App app, Act act);
  }

  @SuppressWarnings("ImmutableEnumChecker") // The effects keep nothing.
  private final Effect effect;

  private final long leastAmount;
  private final long mostAmount;

  ActKind(Effect effect, long leastAmount, long mostAmount) {
    this.effect = effect;
    this.leastAmount = leastAmount;
    this.mostAmount = mostAmount;
  }

  boolean isUsual() {
    return this == SEND || this == SEND_ONE;
  }

  /** Whether it is drawn together with others. */
  boolean isCommon() {
    return compareTo(ENTER_BACKGROUND) < 0;
  }

  Act at(long atNanos, Dice dice) {
    return new Act(this, atNanos, dice.skewed(leastAmount, mostAmount), dice.seed());
  }

  void act(App app, Act act) {
    effect.act(app, act);
  }
}
