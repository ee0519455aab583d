package io.holdfast.simulation;

import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionEvent.OutageEnded;
import io.holdfast.ConnectionEvent.OutageLasts;
import io.holdfast.ConnectionEvent.TransportLost;
import io.holdfast.ConnectionException.OutageTooLong;
import io.holdfast.ConnectionException.Replaced;
import io.holdfast.ConnectionState;
import io.holdfast.ConnectionState.Closed;
import io.holdfast.ConnectionState.Closing;
import io.holdfast.ConnectionState.Open;
import org.jspecify.annotations.Nullable;

/**
 * An outage that lasts is told when it has lasted for so long, and ended when it has lasted for too
 * long: from the opening, or the loss of a transport that had proved itself, whatever came between;
 * once, and never otherwise.
 */
final class OutageJudge extends Judge {
  private static final String NOTICE = "an outage that lasts is told";
  private static final String LIMIT = "an outage that is too long ends it";
  private static final long NONE = -1;

  // Of the newest connection.
  private @Nullable Life newest;
  // When it began at the earliest, and at the latest; none if there is no outage.
  private long beganAtNanos = NONE;
  private long runsSinceNanos = NONE;
  private boolean noticed;
  // When a transport was last open that might have proved itself.
  private long openUntilNanos;

  OutageJudge(World world) {
    super(world);
  }

  @Override
  void opening(Life life) {
    newest = life;
    begin(world.device.elapsedNanos());
  }

  private void begin(long sinceNanos) {
    beganAtNanos = sinceNanos;
    runsSinceNanos = world.device.elapsedNanos();
    noticed = false;
  }

  @Override
  void event(Life life, ConnectionEvent event) {
    if (life != newest) return;
    if (event instanceof TransportLost lost && lost.cause() instanceof Replaced) handedOver();
    if (event instanceof OutageEnded) {
      runsSinceNanos = NONE;
    } else if (event instanceof TransportLost lost && runsSinceNanos == NONE) {
      SimulatedTransport transport = life.byGeneration(lost.generation());
      begin(transport == null ? 0 : transport.seen.endedAtNanos);
    } else if (event instanceof OutageLasts) {
      require(runsSinceNanos != NONE && !noticed, NOTICE, "although there is none, or again");
      long lasted = world.device.elapsedNanos() - beganAtNanos;
      require(lasted >= noticeNanos(), NOTICE, "after", lasted, "ns of", noticeNanos());
      noticed = true;
    }
  }

  // The second one is as good as open until its protocol is ready, or fails to be.
  private void handedOver() {
    Speech speech = world.scenario.setup().speech();
    if (speech == null) return;
    openUntilNanos = world.device.elapsedNanos() + speech.readyTimeout().toNanos();
  }

  @Override
  void state(Life life, ConnectionState state) {
    boolean ended = state instanceof Closed closed && closed.cause() instanceof OutageTooLong;
    if (life != newest || !ended) return;
    require(runsSinceNanos != NONE, LIMIT, "although there is none");
    long lasted = world.device.elapsedNanos() - beganAtNanos;
    boolean due = limitNanos() > 0 && lasted >= limitNanos();
    require(due, LIMIT, "after", lasted, "ns of", limitNanos());
  }

  @Override
  void stepped(Life life) {
    ConnectionState state = life.state();
    boolean undecided = state instanceof Open || state instanceof Closing;
    if (undecided) openUntilNanos = world.device.elapsedNanos();
    if (life != newest || runsSinceNanos == NONE || state instanceof Closed) return;
    // What the app was not told may have ended it.
    if (world.device.asleep() || !tellsAtOnce() || state instanceof Closing) return;
    if (noticeNanos() > 0 && !noticed) {
      long late = sinceWoken(runsSinceNanos) - noticeNanos();
      require(late <= slackNanos(), NOTICE, "is", late, "ns late");
    }
    if (limitNanos() == 0 || undecided) return;
    long late = sinceWoken(runsSinceNanos) - limitNanos();
    late = Math.min(late, sinceWoken(openUntilNanos));
    require(late <= slackNanos(), LIMIT, life, "is", state, "and it is", late, "ns late");
  }

  private long noticeNanos() {
    return world.scenario.setup().outageNotice().toNanos();
  }

  private long limitNanos() {
    return world.scenario.setup().outageLimit().toNanos();
  }
}
