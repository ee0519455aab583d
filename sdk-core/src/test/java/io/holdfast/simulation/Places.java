package io.holdfast.simulation;

import io.holdfast.Endpoints;
import io.holdfast.ManagedConnection;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the model server is met: at one place, or at several that are as good as each other, and
 * then most faults of a server are of some places only.
 *
 * @param listed how many are given to the connection; zero if it has only its request's
 * @param shuffled whether the connection draws an order of its own
 */
record Places(int listed, boolean shuffled) {
  /** One that is in no list: a peer may name it. */
  static final int ELSEWHERE = 7;

  private static final int EVERYWHERE = -1;
  private static final String NAME = "place-";

  static Places of(Dice dice) {
    boolean list = dice.oneIn(3);
    return new Places(list ? (int) dice.between(2, 4) : 0, list && dice.oneIn(2));
  }

  boolean isList() {
    return listed > 0;
  }

  static URI uri(int place) {
    return URI.create("ws://" + NAME + place + "/");
  }

  static int at(URI uri) {
    return Integer.parseInt(uri.getHost().substring(NAME.length()));
  }

  /** Returns a place that a peer may name. */
  URI drawn(Dice dice) {
    return uri(!isList() || dice.oneIn(3) ? ELSEWHERE : dice.below(listed));
  }

  void configure(ManagedConnection.Builder builder) {
    if (!isList()) return;
    List<URI> uris = new ArrayList<>();
    for (int place = 0; place < listed; place++) uris.add(uri(place));
    builder.endpoints(shuffled ? Endpoints.shuffled(uris) : Endpoints.ordered(uris));
  }

  /** Returns the places that {@code fault} is of, a bit for each. */
  int struckBy(Fault fault) {
    if (!isList() || !fault.kind().isOfPlace()) return EVERYWHERE;
    long drawn = Dice.mixed(fault.atNanos() ^ fault.kind().name().hashCode());
    boolean everywhere = drawn % 3 == 0;
    return everywhere ? EVERYWHERE : (int) (drawn >>> 8);
  }
}
