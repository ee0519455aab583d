package io.holdfast.simulation;

import static java.util.Objects.requireNonNull;

import io.holdfast.Assurance;
import io.holdfast.ConnectRequest;
import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionListener;
import io.holdfast.ConnectionState;
import io.holdfast.Delivery;
import io.holdfast.Fate;
import io.holdfast.ManagedConnection;
import io.holdfast.Message;
import io.holdfast.MessageDemand;
import io.holdfast.MessageListener;
import io.holdfast.ReconnectHint;
import io.holdfast.Registration;
import io.holdfast.SendOptions;
import io.holdfast.network.NetworkMonitor;
import io.holdfast.queue.Recovered;
import io.holdfast.queue.StoredMessage;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The app: one connection after another, and what it does with them. */
final class App {
  private static final ConnectRequest REQUEST = ConnectRequest.builder(Places.uri(0)).build();
  private static final int MOST_LIVES = 30;
  private static final long MILLI = 1_000_000;
  private static final Fate DIRECTORY_GONE = new Fate.Rejected(Fate.Rejected.Reason.DIRECTORY_GONE);

  private final World world;
  private final Dice dice;
  private final Setup setup;
  private final Supplies supplies;
  private final Pulse pulse;
  // What is drawn for the protocol alone.
  private final Dice speechDice;
  private final List<Life> lives = new ArrayList<>();
  private final IdentityHashMap<Message, Sent> sent = new IdentityHashMap<>();
  // Those with a number, as they stand in the newest life that has them.
  private final Map<Long, Sent> numbered = new HashMap<>();
  // What the disk may have, by its id.
  private final TreeMap<Long, Sent> stored = new TreeMap<>();
  private boolean reopens = true;
  private int mostLives = MOST_LIVES;

  // Moods, in the world's time.
  private long throwsUntilNanos;
  private long sendsUntilNanos;
  private long suppliesNothingUntilNanos;
  private long takesNothingUntilNanos;
  private long takesEachMillis;
  private long numbers;

  App(World world, Dice dice) {
    this.world = world;
    this.dice = dice;
    this.setup = world.scenario.setup();
    this.supplies = new Supplies(world, this::supply);
    this.pulse = new Pulse(world);
    this.speechDice = new Dice(world.scenario.seed(), "speaker");
  }

  // ---- Lives

  void begin() {
    Life life = newLife();
    if (dice.oneIn(2)) sendSome(life, dice, dice.below(40), 300);
    open(life);
  }

  private Life newLife() {
    ManagedConnection.Builder builder = ManagedConnection.builder(REQUEST);
    setup.configure(builder);
    Speech speech = setup.speech();
    Mumbling protocol = speech == null ? null : speech.configure(builder, speechDice);
    List<Life> self = new ArrayList<>(1);
    pulse.configure(builder, self);
    LifeClock lifeClock = new LifeClock(world.device);
    Executor io = task -> world.device.execute(whileAlive(self, task));
    if (setup.asksForLater()) {
      builder.asyncRequests(context -> supplies.ask(self.get(0), context));
    } else {
      builder.requests(context -> supply(self.get(0)));
    }
    if (setup.storing()) builder.sendQueue(new WatchedQueue(world, self, io));
    ManagedConnection connection =
        builder
            .transport((executor, clock) -> newTransport(self.get(0)))
            .clock(lifeClock)
            .ioExecutor(io)
            .callbackExecutor(task -> world.device.executeCallback(whileAlive(self, task)))
            .random(new Random(dice.seed()))
            .network(listener -> listen(self.get(0), listener))
            .build();
    Life life = new Life(lives.size() + 1, connection, lifeClock, protocol, new Pace(setup));
    self.add(life);
    lives.add(life);
    connection.addListener(new Listener(life));
    receive(life);
    if (setup.storing()) {
      CompletableFuture<?> unused =
          connection.recovered().whenComplete((all, e) -> guarded(() -> recovered(life, all)));
    }
    return life;
  }

  private static Runnable whileAlive(List<Life> self, Runnable task) {
    return () -> {
      if (!self.get(0).dead) task.run();
    };
  }

  private Registration listen(Life life, NetworkMonitor.Listener listener) {
    Registration registration = world.network.listen(listener);
    life.monitor = registration;
    return registration;
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

  Pulse pulse() {
    return pulse;
  }

  Life now() {
    return lives.get(lives.size() - 1);
  }

  List<Life> lives() {
    return lives;
  }

  private void reopen() {
    if (now().dead || !(now().state() instanceof ConnectionState.Closed)) return;
    if (!reopens || lives.size() >= mostLives) return;
    live(newLife());
  }

  // What is sent at once comes before the queue has been read.
  private void live(Life life) {
    if (setup.storing() && dice.oneIn(2)) sendSome(life, dice, dice.below(6), 300);
    open(life);
  }

  private void open(Life life) {
    world.judges.opening(life);
    life.connection.open();
  }

  /** The process is killed, and another begins when the fault is over. */
  void die(Fault fault, Death how) {
    Life life = now();
    // Only its own process could have said which it was.
    if (life.dead || world.device.asleep()) return;
    world.conditions.hit(fault.kind());
    life.die(how, fault.kind() == FaultKind.POWER_CUT);
    world.disk.lost(fault.kind() == FaultKind.POWER_CUT);
    world.agenda.after(fault.lastsNanos(), this::beBorn);
  }

  private void beBorn() {
    if (now().dead) live(newLife());
  }

  void close() {
    close(now());
  }

  private static void close(Life life) {
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

  void enterBackground(Act act) {
    Life life = now();
    life.pace.enter(true, world.device.elapsedNanos());
    life.connection.enterBackground();
    world.agenda.after(act.amount() * MILLI, () -> enterForeground(life));
  }

  private void enterForeground(Life life) {
    if (life.dead || !life.pace.isInBackground()) return;
    life.pace.enter(false, world.device.elapsedNanos());
    life.connection.enterForeground();
    world.judges.pingAsked(life);
  }

  /** The peer asks for another transport, after a delay. */
  void askToReconnect(Act act) {
    Life life = now();
    Mumbling protocol = life.protocol;
    if (protocol == null) return;
    Dice of = new Dice(act.seed());
    ReconnectHint hint = ReconnectHint.DEFAULT;
    if (!of.oneIn(4)) hint = hint.withDelay(Duration.ofMillis(act.amount()));
    if (of.oneIn(2)) hint = hint.withSpread(Duration.ofMillis(of.between(0, 10_000)));
    if (!of.oneIn(4)) hint = hint.withDrain();
    ReconnectHint asked = of.oneIn(4) ? hint.withEndpoint(setup.places().drawn(of)) : hint;
    protocol.askToReconnect(asked, () -> world.judges.reconnectAsked(life, asked));
  }

  void suspend(Act act) {
    Life life = now();
    if (!life.suspended) life.suspendedSinceNanos = world.device.elapsedNanos();
    life.suspended = true;
    life.connection.suspend();
    world.agenda.after(act.amount() * MILLI, () -> resume(life));
  }

  private void resume(Life life) {
    if (life.dead) return;
    life.suspended = false;
    life.hurriedAtNanos = world.device.elapsedNanos();
    life.connection.resume();
  }

  // ---- Sending

  NavigableMap<Long, Sent> stored() {
    return stored;
  }

  Sent sent(Message message) {
    return requireNonNull(sent.get(message));
  }

  /** Returns what {@code message} carries; null if it is the protocol's or a heartbeat's own. */
  @Nullable Sent carriedBy(Message message) {
    if (Question.asks(message)) return null;
    return setup.speaks() && !Wire.isData(message) ? null : sent(message);
  }

  /** The protocol has made {@code message} of what has its number. */
  void encoded(Message message) {
    if (!setup.speaks() || !Wire.isData(message)) return;
    sent.put(message, requireNonNull(numbered.get(Wire.firstNumber(message))));
  }

  private void put(Sent one) {
    sent.put(one.message, one);
    if (setup.isNumbered()) numbered.put(one.number(), one);
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
    Message message = setup.isNumbered() ? numbered(size) : Message.wrap(new byte[size]);
    Sent one =
        new Sent(
            life,
            life.sent.size(),
            message,
            options,
            world.device.elapsedNanos(),
            life.connection.queue());
    put(one);
    life.sent.add(one);
    one.accepted(life.connection.send(message, options));
    world.judges.accepted(one);
    listen(one);
    if (dice.oneIn(8)) one.delivery().whenEnded(fate -> world.judges.fateToSecond(one));
    if (dice.oneIn(8)) world.agenda.after(dice.skewed(1, 90_000) * MILLI, () -> listenLater(one));
    return one;
  }

  private static void listenLater(Sent one) {
    if (one.life.dead || one.isUntold()) return;
    one.askedLater++;
    one.delivery().whenEnded(fate -> one.toldLater++);
  }

  // So that it is known again in the next life.
  private Message numbered(int size) {
    byte[] bytes = new byte[Math.max(Long.BYTES, size)];
    ByteBuffer.wrap(bytes).putLong(++numbers);
    return Message.wrap(bytes);
  }

  private void listen(Sent one) {
    if (setup.storing()) one.delivery().whenAccepted(() -> world.judges.toldAccepted(one));
    one.delivery().whenEnded(fate -> ended(one, fate));
  }

  // ---- What an earlier life left

  /** The queue gives what it kept, before the connection has any of it. */
  Sent left(Life life, Recovered.Kept kept) {
    Sent before = requireNonNull(stored.get(kept.sequence()));
    StoredMessage message = kept.message();
    long ageMillis = Math.max(0, world.device.wallMillis() - before.appendedAtMillis);
    long sentAtNanos = world.device.elapsedNanos() - ageMillis * MILLI;
    Sent one =
        new Sent(
            life,
            before,
            message.message(),
            message.options(),
            sentAtNanos,
            kept.mayHaveBeenHanded());
    put(one);
    return one;
  }

  // A future keeps what its listeners throw to itself.
  private void guarded(Runnable listener) {
    try {
      listener.run();
    } catch (RuntimeException e) {
      world.judges.object("nothing throws inside", e.toString());
    }
  }

  private void recovered(Life life, @Nullable List<Delivery> deliveries) {
    if (deliveries == null) {
      // Its disk may be well again the next time.
      close(life);
      return;
    }
    world.judges.toldRecovered(life, deliveries);
    for (Delivery delivery : deliveries) {
      Sent one = sent.get(delivery.message());
      if (one == null || !one.isUntold()) continue;
      one.accepted(delivery);
      listen(one);
    }
  }

  private SendOptions options(Dice of) {
    SendOptions options = assured(drawnOptions(of), of);
    if (!setup.storing() || !of.oneIn(4)) return options;
    return options.withMetadata(Map.of("number", Long.toString(numbers)));
  }

  // Whoever speaks the protocol wants to know, for most messages, that they are done.
  private SendOptions assured(SendOptions options, Dice of) {
    boolean most = setup.speaks() && !options.requireConfirmation() && of.below(10) < 8;
    return most ? options.withAssurance(Assurance.ACKNOWLEDGED) : options;
  }

  private static SendOptions drawnOptions(Dice of) {
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
      if (one.isUntold()) continue;
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
    if (life.dead) return;
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
    if (life.owed == 0 || life.dead) return;
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
    beBorn();
    if (world.disk.isGone()) close(now());
    reopen();
    throwsUntilNanos = 0;
    sendsUntilNanos = 0;
    suppliesNothingUntilNanos = 0;
    supplies.calm();
    takesNothingUntilNanos = 0;
    takesEachMillis = 0;
    world.device.unblockCallbacks();
    Life life = now();
    life.request(MessageDemand.UNBOUNDED);
    resumeSending(life);
    enterForeground(life);
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
    // Nothing is accepted before the queue is opened again.
    if (fate.equals(DIRECTORY_GONE) && !one.life.closed) close(one.life);
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
