package io.holdfast.simulation;

import io.holdfast.Backoff;
import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionEvent.AttemptFailed;
import io.holdfast.ConnectionEvent.OutageEnded;
import io.holdfast.ConnectionEvent.RetryScheduled;
import io.holdfast.ConnectionEvent.SuccessorDropped;
import io.holdfast.ConnectionEvent.TransportLost;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.ConnectFailed;
import io.holdfast.ConnectionException.HandshakeRejected;
import io.holdfast.ConnectionException.HostUnresolved;
import io.holdfast.ConnectionException.ReconnectAsked;
import io.holdfast.ConnectionException.Refused;
import io.holdfast.ConnectionException.StreamBroken;
import io.holdfast.ConnectionException.TlsFailed;
import io.holdfast.ReconnectHint;
import java.net.URI;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where attempts go: never to whom asked to be left alone, to whom served last rather than to
 * others, in order, at once to another that is free, and to a place that a peer names.
 */
final class PlaceJudge extends Judge {
  private static final String BID = "Retry-After is kept at each place";
  private static final String CHOICE = "the best place is next";
  private static final String AT_ONCE = "another place is tried at once";
  private static final String NAMED = "a place that is named is gone to, once";

  private static final int TELLING_COUNT = 4;
  private static final int SHORT = 4;
  private static final int NONE = -1;
  // Some place has served, and which was told too late.
  private static final int UNKNOWN = -2;

  // Of the newest connection.
  private @Nullable Life newest;
  private Place[] places = {};
  private int lastGood = NONE;
  // Those that a peer has named, and nobody has gone to.
  private final Set<URI> named = new HashSet<>();
  // Those that a peer has named for a drain, which tries again.
  private final Set<URI> namedForDrain = new HashSet<>();
  // The longest delay of a wish.
  private long askedNanos;
  private @Nullable SimulatedTransport lastEnded;
  // The place that the next attempt must go to.
  private @Nullable URI due;
  // Whether the failure that was told last was that of an attempt, with another place free.
  private boolean goesOnAtOnce;
  // Whose it was, until the next attempt.
  private int goesOnFrom = -1;
  private int again;
  private int elsewhere;

  /** What is known of one place. A rest is random, so only its longest is. */
  private static final class Place {
    // In a row.
    int failures;
    long restsAtMostUntilNanos = -1;
    // As it asked for, by whatever means.
    long isLeftAtMostUntilNanos = -1;
    long bidUntilNanos = -1;
  }

  PlaceJudge(World world) {
    super(world);
  }

  private Places setup() {
    return world.scenario.setup().places();
  }

  @Override
  void opening(Life life) {
    if (life == newest) return;
    newest = life;
    places = new Place[Places.ELSEWHERE + 1];
    for (int i = 0; i < places.length; i++) places[i] = new Place();
    lastGood = NONE;
    named.clear();
    namedForDrain.clear();
    askedNanos = 0;
    goesOnFrom = -1;
    lastEnded = null;
    due = null;
  }

  // ---- What becomes of places

  @Override
  void ended(SimulatedTransport transport) {
    if (transport.life != newest) return;
    lastEnded = transport;
    // Credentials that are refused are the client's own doing.
    boolean refused = seen401(transport);
    if (!refused) failed(places[transport.place()]);
  }

  private static boolean seen401(SimulatedTransport transport) {
    ConnectionException endedBy = transport.seen.endedBy;
    return endedBy != null && Policy.isRefusal(endedBy);
  }

  private void failed(Place place) {
    place.failures++;
    Backoff backoff = world.scenario.setup().backoff();
    double doubled =
        (double) backoff.initial().toNanos() * Math.pow(2, Math.min(60, place.failures - 1));
    long nanos = (long) Math.min((double) backoff.max().toNanos(), doubled);
    place.restsAtMostUntilNanos = Math.max(place.restsAtMostUntilNanos, after(nanos));
  }

  private void isLeft(Place place, long nanos) {
    place.isLeftAtMostUntilNanos = Math.max(place.isLeftAtMostUntilNanos, after(nanos));
  }

  private long after(long nanos) {
    return world.device.elapsedNanos() + nanos + slackNanos();
  }

  @Override
  void rejected(SimulatedTransport transport, HandshakeRejected rejected) {
    if (transport.life != newest) return;
    long nanos = Policy.bidMillis(rejected) * 1_000_000;
    // The app gave the attempt up before that was read.
    boolean givenUp = transport.life.suspendedSinceNanos > transport.seen.startedAtNanos;
    if (nanos == 0 || givenUp) return;
    Place place = places[transport.place()];
    place.bidUntilNanos = Math.max(place.bidUntilNanos, world.device.elapsedNanos() + nanos);
    isLeft(place, nanos);
  }

  @Override
  void reconnectAsked(Life life, ReconnectHint hint) {
    if (life != newest) return;
    if (hint.endpoint() != null) (hint.drain() ? namedForDrain : named).add(hint.endpoint());
    askedNanos = Math.max(askedNanos, hint.delay().toNanos());
    wasAsked(life);
  }

  private void wasAsked(Life life) {
    SimulatedTransport asking = life.newest();
    if (asking == null) return;
    failed(places[asking.place()]);
    isLeft(places[asking.place()], askedNanos);
  }

  // It may be over by now: then it has failed since.
  private void served(Life life, long generation) {
    SimulatedTransport good = life.byGeneration(generation);
    if (good == null) lastGood = UNKNOWN;
    if (good == null || good.place() == Places.ELSEWHERE) return;
    lastGood = good.place();
    if (!good.isOver() && tellsAtOnce()) places[lastGood].restsAtMostUntilNanos = -1;
    int failures = 0;
    for (SimulatedTransport each : life.transports) {
      boolean since = each.isOver() && each.seen.endedAtNanos >= good.seen.startedAtNanos;
      since &= !seen401(each);
      if (since && each.place() == good.place()) failures++;
    }
    // What has failed before that was told may have failed after it.
    Place at = places[lastGood];
    at.failures = tellsAtOnce() ? failures : Math.max(failures, at.failures);
  }

  private boolean isFree(int place) {
    Place at = places[place];
    long untilNanos = Math.max(at.restsAtMostUntilNanos, at.isLeftAtMostUntilNanos);
    return world.device.elapsedNanos() > untilNanos;
  }

  // ---- Where an attempt goes

  @Override
  void started(SimulatedTransport transport) {
    if (transport.life != newest) return;
    int place = transport.place();
    URI uri = Places.uri(place);
    require(due == null || due.equals(uri), NAMED, transport.life, "goes to", uri, "not", due);
    due = null;
    goesElsewhere(place);
    boolean wasNamed = named.remove(uri) || namedForDrain.contains(uri);
    require(wasNamed || place != Places.ELSEWHERE, NAMED, transport.life, "goes to", uri);
    long early = places[place].bidUntilNanos - world.device.elapsedNanos();
    require(early <= 0, BID, "an attempt at", uri, "came", early, "ns too early");
    // Who served last is known once it is told.
    if (setup().isList() && !wasNamed && tellsAtOnce()) isBest(place);
  }

  // One that rests for hardly any time may be gone to again, which is seldom.
  private void goesElsewhere(int place) {
    if (goesOnFrom < 0) return;
    long leftNanos = places[goesOnFrom].restsAtMostUntilNanos - world.device.elapsedNanos();
    if (leftNanos < SHORT * slackNanos()) goesOnFrom = -1;
    if (goesOnFrom < 0) return;
    if (place == goesOnFrom) again++;
    else elsewhere++;
    goesOnFrom = -1;
    require(again < TELLING_COUNT || again < elsewhere, AT_ONCE, "the same one again and again");
  }

  private void isBest(int place) {
    if (place == lastGood || lastGood == UNKNOWN) return;
    for (int other = 0; other < setup().listed(); other++) {
      if (other == place || !isFree(other)) continue;
      boolean before = other == lastGood || (!setup().shuffled() && other < place);
      require(!before, CHOICE, Places.uri(other), "is free, and", Places.uri(place), "was chosen");
    }
  }

  // ---- When

  @Override
  void event(Life life, ConnectionEvent event) {
    if (life != newest) return;
    if (event instanceof OutageEnded ended) {
      served(life, ended.generation());
    } else if (event instanceof TransportLost lost) {
      goesOnAtOnce = false;
      // One that was asked for since may have been gone to instead.
      boolean asks = lost.cause() instanceof ReconnectAsked && tellsAtOnce();
      boolean one = named.size() == 1 && namedForDrain.isEmpty();
      due = asks && one ? ((ReconnectAsked) lost.cause()).hint().endpoint() : null;
    } else if (event instanceof SuccessorDropped) {
      // If it was for a drain, the place that asked for it is left alone once more.
      if (life.wasAskedToMove) wasAsked(life);
    } else if (event instanceof AttemptFailed failed) {
      goesOnAtOnce = mayGoOn(failed);
    } else if (event instanceof RetryScheduled retry) {
      boolean late = goesOnAtOnce && !retry.delay().isZero();
      require(!late, AT_ONCE, retry, "although another place is free");
      goesOnFrom = goesOnAtOnce && lastEnded != null ? lastEnded.place() : -1;
      goesOnAtOnce = false;
    }
  }

  private boolean mayGoOn(AttemptFailed failed) {
    boolean ofPlace =
        is(failed.cause(), Refused.class, TlsFailed.class, HostUnresolved.class)
            || is(failed.cause(), ConnectFailed.class, StreamBroken.class)
            || (failed.cause() instanceof HandshakeRejected && !Policy.isRefusal(failed.cause()));
    SimulatedTransport last = lastEnded;
    if (!ofPlace || last == null || !tellsAtOnce()) return false;
    if (!named.isEmpty() || !namedForDrain.isEmpty()) return false;
    if (last.seen.endedAtNanos != world.device.elapsedNanos()) return false;
    for (int other = 0; other < setup().listed(); other++) {
      if (other != last.place() && isFree(other)) return true;
    }
    return false;
  }
}
