package io.holdfast;

import io.holdfast.internal.Redaction;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Several servers that are as good as each other. Immutable.
 *
 * <p>Each attempt goes to one of them. One that failed rests for a time of its own: random, up to a
 * bound that doubles with each of its failures in a row, from {@link Backoff#initial} to {@link
 * Backoff#max}, and at least for what it asked for itself ({@code Retry-After}). Of those that do
 * not rest, the one that served last goes first, then the order here. If an attempt fails and
 * another endpoint does not rest, the next attempt goes there at once; after the loss of an open
 * transport it waits as it would with one server. If all rest, the next attempt waits as with one
 * server, too, and goes to the one whose rest ends first.
 *
 * <p>What is the client's own doing is not held against an endpoint: a lost network, a request that
 * was not supplied, credentials that were refused, a consumer that stalls. What is fatal ends the
 * connection, whichever endpoint it came from.
 */
public final class Endpoints {
  private final List<URI> uris;
  private final boolean shuffled;

  private Endpoints(List<URI> uris, boolean shuffled) {
    this.uris = List.copyOf(uris);
    this.shuffled = shuffled;
    if (uris.isEmpty()) throw new IllegalArgumentException("endpoints must not be empty");
    Set<URI> known = new HashSet<>();
    for (URI uri : uris) {
      ConnectRequest.builder(uri);
      if (!known.add(uri)) {
        throw new IllegalArgumentException(
            "endpoints must differ but had twice " + Redaction.of(uri));
      }
    }
  }

  /**
   * Returns endpoints that are tried in this order: a first choice and others for its absence.
   *
   * @throws IllegalArgumentException if there are none, two are equal, or one is none that {@link
   *     ConnectRequest#builder} takes
   */
  public static Endpoints ordered(List<URI> uris) {
    return new Endpoints(uris, false);
  }

  /**
   * Returns endpoints in an order that each connection draws once, so that many connections share
   * them evenly.
   *
   * @throws IllegalArgumentException as {@link #ordered} says
   */
  public static Endpoints shuffled(List<URI> uris) {
    return new Endpoints(uris, true);
  }

  /** Returns the endpoints as they were given. */
  public List<URI> uris() {
    return uris;
  }

  /** Returns whether each connection draws an order of its own. */
  public boolean isShuffled() {
    return shuffled;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(shuffled ? "Endpoints[shuffled" : "Endpoints[ordered");
    for (URI uri : uris) text.append(", ").append(Redaction.of(uri));
    return text.append(']').toString();
  }
}
