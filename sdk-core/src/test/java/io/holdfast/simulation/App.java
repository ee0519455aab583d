package io.holdfast.simulation;

import static java.util.Objects.requireNonNull;

import io.holdfast.Assurance;
import io.holdfast.ConnectRequest;
import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionListener;
import io.holdfast.ConnectionState;
import io.holdfast.Fate;
import io.holdfast.ManagedConnection;
import io.holdfast.Message;
import io.holdfast.MessageDemand;
import io.holdfast.MessageListener;
import io.holdfast.SendOptions;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;

/** The app: one connection after another, and what it does with them. */
final class App {
  private static final ConnectRequest REQUEST =
      ConnectRequest.builder(URI.create("ws://model/")).build();
  private static final int MOST_LIVES = 30;
  private static final long MILLI = 1_000_000;

  private final World world;
  private final Dice dice;
  private final Setup setup;
  private final List<Life> lives = new ArrayList<>();
  private final IdentityHashMap<Message, Sent> sent = new IdentityHashMap<>();
  private boolean reopens = true;
  private int mostLives = MOST_LIVES;

  // Moods, in the world's time.
  private long throwsUntilNanos;
  private long sendsUntilNanos;
  private long suppliesNothingUntilNanos;
  private long takesNothingUntilNanos;
  private long takesEachMillis;

  App(World world, Dice dice) {
    this.world = world;
    this.dice = dice;
    this.setup = world.scenario.setup();
  }

  // ---- Lives

  void begin() {
    Life life = newLife();
    if (dice.oneIn(2)) sendSome(life, dice, dice.below(40), 300);
    life.connection.open();
  }

  private Life newLife() {
    ManagedConnection.Builder builder = ManagedConnection.builder(REQUEST);
    setup.configure(builder);
    List<Life> self = new ArrayList<>(1);
    LifeClock lifeClock = new LifeClock(world.device);
    ManagedConnection connection =
        builder
            .transport((io, clock) -> newTransport(self.get(0)))
            .requests(attempt -> supply(self.get(0)))
            .clock(lifeClock)
            .ioExecutor(world.device)
            .callbackExecutor(world.device::executeCallback)
            .random(new Random(dice.seed()))
            .network(world.network)
            .build();
    Life life = new Life(lives.size() + 1, connection, lifeClock);
    self.add(life);
    lives.add(life);
    connection.addListener(new Listener(life));
    receive(life);
    return life;
  }

  private SimulatedTransport newTransport(Life life) {
    SimulatedTransport transport = new SimulatedTransport(world, life, new Dice(dice.seed()));
    life.transports.add(transport);
    return transport;
  }

  private ConnectRequest supply(Life life) throws Planted {
    world.judges.attempted(life);
    if (world.agenda.nowNanos() < suppliesNothingUntilNanos) throw new Planted();
    return REQUEST;
  }

  Life now() {
    return lives.get(lives.size() - 1);
  }

  List<Life> lives() {
    return lives;
  }

  private void reopen() {
    if (!(now().state() instanceof ConnectionState.Closed)) return;
    if (!reopens || lives.size() >= mostLives) return;
    newLife().connection.open();
  }

  void close() {
    Life life = now();
    life.refusing = true;
    life.closed = true;
    life.connection.close();
  }

  void drain(Duration deadline) {
    Life life = now();
    life.refusing = true;
    // The first one counts.
    if (life.drainsByNanos == Long.MAX_VALUE) {
      life.drainsByNanos = world.device.elapsedNanos() + deadline.toNanos();
      life.drainDeadline = deadline;
    }
    life.sendingPaused = false;
    life.connection.drain(deadline);
  }

  void reconnect() {
    now().forced = true;
    now().hurriedAtNanos = world.device.elapsedNanos();
    now().connection.reconnectNow();
    world.judges.hurried(now());
  }

  void suspend(Act act) {
    Life life = now();
    if (!life.suspended) life.suspendedSinceNanos = world.device.elapsedNanos();
    life.suspended = true;
    life.connection.suspend();
    world.agenda.after(act.amount() * MILLI, () -> resume(life));
  }

  private void resume(Life life) {
    life.suspended = false;
    life.hurriedAtNanos = world.device.elapsedNanos();
    life.connection.resume();
  }

  // ---- Sending

  Sent sent(Message message) {
    return requireNonNull(sent.get(message));
  }

  int largestMessage() {
    return setup.largestMessage();
  }

  void send(Act act, int largest) {
    sendSome(now(), new Dice(act.seed()), act.amount(), largest);
  }

  private void sendSome(Life life, Dice of, long count, int largest) {
    for (long i = count; i > 0; i--) send(life, of.below(largest + 1), options(of));
  }

  Sent send(Life life, int size, SendOptions options) {
    Message message = Message.wrap(new byte[size]);
    Sent one =
        new Sent(
            life,
            life.sent.size(),
            message,
            options,
            world.device.elapsedNanos(),
            life.connection.queue());
    sent.put(message, one);
    life.sent.add(one);
    one.accepted(life.connection.send(message, options));
    world.judges.accepted(one);
    one.delivery().whenEnded(fate -> ended(one, fate));
    if (dice.oneIn(8)) one.delivery().whenEnded(fate -> world.judges.fateToSecond(one));
    if (dice.oneIn(8)) world.agenda.after(dice.skewed(1, 90_000) * MILLI, () -> listenLater(one));
    return one;
  }

  private static void listenLater(Sent one) {
    one.askedLater++;
    one.delivery().whenEnded(fate -> one.toldLater++);
  }

  private static SendOptions options(Dice of) {
    SendOptions options = SendOptions.DEFAULT;
    switch (of.below(12)) {
      case 0 -> options = options.withAssurance(Assurance.WRITTEN);
      case 1 -> options = options.withAtMostOnce();
      case 2 -> options = options.withRequireConfirmation();
      case 3 -> options = options.withTimeToLive(Duration.ofMillis(of.skewed(1, 60_000)));
      case 5 -> options = options.withConflationKey("key " + of.below(3));
      case 4 ->
          options =
              options
                  .withAssurance(of.oneIn(2) ? Assurance.WRITTEN : Assurance.CONFIRMED)
                  .withTimeToLive(Duration.ofMillis(of.skewed(1, 60_000)))
                  .withAtMostOnce();
      default -> {}
    }
    return options;
  }

  void probe() {
    now().connection.probe();
    world.judges.pingAsked(now());
  }

  void cancel(Act act) {
    List<Sent> all = now().sent;
    for (int i = 0; i < act.amount() && i < all.size(); i++) {
      Sent one = all.get(all.size() - 1 - i);
      one.taken |= one.delivery().cancel();
      listenLater(one);
    }
  }

  void cancelQueued() {
    Life life = now();
    // They may have ended otherwise before.
    for (Sent one : life.sent) one.taken |= one.fate() == null && !one.isInFlight();
    life.connection.cancelQueued();
  }

  void pauseSending(Act act) {
    Life life = now();
    if (life.refusing) return;
    life.connection.pauseSending();
    life.sendingPaused = true;
    world.agenda.after(act.amount() * MILLI, () -> resumeSending(life));
  }

  private void resumeSending(Life life) {
    life.sendingPaused = false;
    life.connection.resumeSending();
  }

  // ---- Receiving

  private void receive(Life life) {
    life.owed = 0;
    life.receiving(life.connection.receive(new Receiver(life)));
    life.request(setup.unboundedDemand() ? MessageDemand.UNBOUNDED : 1 + dice.below(20));
  }

  void receiveAnew() {
    Life life = now();
    life.giveUpReceiving();
    world.judges.receivedAnew(life);
    receive(life);
  }

  void stopConsuming(Act act) {
    takesNothingUntilNanos = in(act);
  }

  void consumeEach(long millis) {
    takesEachMillis = millis;
  }

  private void tookOne(Life life) {
    if (setup.unboundedDemand()) return;
    life.owed++;
    long now = world.agenda.nowNanos();
    long pauseNanos = Math.max(takesNothingUntilNanos - now, takesEachMillis * MILLI);
    if (pauseNanos <= 0) payOne(life);
    else world.agenda.after(pauseNanos, () -> world.device.execute(() -> payOne(life)));
  }

  private void payOne(Life life) {
    if (life.owed == 0) return;
    life.owed--;
    life.request(1);
  }

  // ---- Moods

  private long in(Act act) {
    return world.agenda.nowNanos() + act.amount() * MILLI;
  }

  void throwInCallbacks(Act act) {
    throwsUntilNanos = in(act);
  }

  void sendFromCallbacks(Act act) {
    sendsUntilNanos = in(act);
  }

  void blockCallbacks(Act act) {
    world.device.blockCallbacks(act.amount() * MILLI);
  }

  void supplyNothing(Act act) {
    suppliesNothingUntilNanos = in(act);
  }

  /** The app behaves from now on. */
  void calm() {
    mostLives = Integer.MAX_VALUE;
    reopen();
    throwsUntilNanos = 0;
    sendsUntilNanos = 0;
    suppliesNothingUntilNanos = 0;
    takesNothingUntilNanos = 0;
    takesEachMillis = 0;
    world.device.unblockCallbacks();
    Life life = now();
    life.request(MessageDemand.UNBOUNDED);
    resumeSending(life);
    if (life.suspended) resume(life);
  }

  /** Ends the last connection: in good order, or with messages that still had time to live. */
  void closeForGood() {
    reopens = false;
    if (dice.oneIn(2)) {
      drain(Duration.ofMinutes(1));
    } else {
      SendOptions mortal = SendOptions.DEFAULT.withTimeToLive(Duration.ofMinutes(10));
      for (int i = dice.below(5); i > 0; i--) send(now(), dice.below(100), mortal);
      close();
    }
  }

  private void callback(Life life) {
    if (world.agenda.nowNanos() < sendsUntilNanos && dice.oneIn(4) && life.sent.size() < 2_000) {
      send(life, dice.below(200), options(dice));
    }
    if (world.agenda.nowNanos() < throwsUntilNanos && dice.oneIn(2)) throw new Thrown();
  }

  // ---- Callbacks

  private void ended(Sent one, Fate fate) {
    if (world.trace.isOn()) world.trace.note("app", one + " ends " + fate);
    world.judges.fate(one, fate);
    callback(one.life);
  }

  private final class Listener implements ConnectionListener {
    private final Life life;

    private Listener(Life life) {
      this.life = life;
    }

    @Override
    public void onState(ConnectionState state) {
      if (world.trace.isOn()) world.trace.note("app", life + " is " + state);
      world.judges.state(life, state);
      if (state instanceof ConnectionState.Closed) {
        world.agenda.after(dice.between(0, 1_000) * MILLI, App.this::reopen);
      }
      callback(life);
    }

    @Override
    public void onEvent(ConnectionEvent event) {
      if (world.trace.isOn()) world.trace.note("app", life + " tells " + event);
      world.judges.event(life, event);
      callback(life);
    }
  }

  private final class Receiver implements MessageListener {
    private final Life life;

    private Receiver(Life life) {
      this.life = life;
    }

    @Override
    public void onMessage(Message message) {
      world.judges.received(life, message);
      tookOne(life);
      callback(life);
    }

    @Override
    public void onClosed() {
      world.judges.receivedAll(life);
      callback(life);
    }
  }

  /** What a supplier of the app throws. */
  static final class Planted extends Exception {
    private static final long serialVersionUID = 1;

    Planted() {
      super("no request just now", null, false, false);
    }
  }

  /** What a callback of the app throws. */
  static final class Thrown extends RuntimeException {
    private static final long serialVersionUID = 1;

    Thrown() {
      super("the app throws", null, false, false);
    }
  }
}
