package io.holdfast.internal.retry;

import io.holdfast.Endpoints;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Which of several endpoints is next. One that failed rests; of the others the last good one goes
 * first. Pure but for its randomness: it is given the time. Not safe for use by several threads.
 */
final class EndpointChoice {
  private final List<Endpoint> endpoints = new ArrayList<>();
  private final IntToLongFunction restNanos;
  private @Nullable Endpoint lastGood;

  /**
   * Begins with none resting.
   *
   * @param restNanos how long one rests that has failed so often in a row, from 1
   */
  EndpointChoice(Endpoints endpoints, IntToLongFunction restNanos, Random random) {
    for (URI uri : endpoints.uris()) this.endpoints.add(new Endpoint(uri));
    if (endpoints.isShuffled()) Collections.shuffle(this.endpoints, random);
    this.restNanos = restNanos;
  }

  private static final class Endpoint {
    private final URI uri;
    // In a row.
    private int failures;
    private boolean resting;
    private boolean bidding;
    private long restUntilNanos;
    // What it asked for itself, which is within the rest.
    private long bidUntilNanos;

    private Endpoint(URI uri) {
      this.uri = uri;
    }

    // nanoTime has no zero, so whether there is a rest at all is told apart.
    private long restLeftNanos(long nowNanos) {
      if (resting && restUntilNanos - nowNanos <= 0) resting = false;
      return resting ? restUntilNanos - nowNanos : 0;
    }

    private long bidLeftNanos(long nowNanos) {
      if (bidding && bidUntilNanos - nowNanos <= 0) bidding = false;
      return bidding ? bidUntilNanos - nowNanos : 0;
    }

    private void rest(long nanos, long nowNanos) {
      if (nanos <= restLeftNanos(nowNanos)) return;
      resting = true;
      restUntilNanos = nowNanos + nanos;
    }
  }

  /** Returns the endpoint for an attempt that starts now. */
  URI next(long nowNanos) {
    return best(nowNanos).uri;
  }

  private Endpoint best(long nowNanos) {
    Endpoint best = endpoints.get(0);
    for (Endpoint each : endpoints) {
      if (isBetter(each, best, nowNanos)) best = each;
    }
    return best;
  }

  private boolean isBetter(Endpoint one, Endpoint other, long nowNanos) {
    long left = one.restLeftNanos(nowNanos);
    long otherLeft = other.restLeftNanos(nowNanos);
    return left == otherLeft ? left == 0 && one == lastGood : left < otherLeft;
  }

  /** Returns whether an endpoint other than {@code uri} does not rest. */
  boolean isOtherFree(URI uri, long nowNanos) {
    for (Endpoint each : endpoints) {
      if (!each.uri.equals(uri) && each.restLeftNanos(nowNanos) == 0) return true;
    }
    return false;
  }

  /** Returns how long the next endpoint asked to be left alone, from now. */
  long bidLeftNanos(long nowNanos) {
    return best(nowNanos).bidLeftNanos(nowNanos);
  }

  /** {@code uri} has failed, and rests. */
  void failed(URI uri, long nowNanos) {
    Endpoint endpoint = find(uri);
    if (endpoint == null) return;
    if (endpoint.failures < Integer.MAX_VALUE) endpoint.failures++;
    endpoint.rest(restNanos.applyAsLong(endpoint.failures), nowNanos);
  }

  /** {@code uri} asked to be left alone for so long. */
  void bid(URI uri, long bidNanos, long nowNanos) {
    Endpoint endpoint = find(uri);
    if (endpoint == null) return;
    endpoint.bidding = true;
    endpoint.bidUntilNanos = nowNanos + bidNanos;
    endpoint.rest(bidNanos, nowNanos);
  }

  /** {@code uri} has served. */
  void good(URI uri) {
    Endpoint endpoint = find(uri);
    if (endpoint == null) return;
    endpoint.failures = 0;
    endpoint.resting = false;
    endpoint.bidding = false;
    lastGood = endpoint;
  }

  // A hint may lead to a place that is none of them.
  private @Nullable Endpoint find(URI uri) {
    for (Endpoint each : endpoints) {
      if (each.uri.equals(uri)) return each;
    }
    return null;
  }
}
