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
    // After its failures.
    private Rest rest = Rest.NONE;
    // What it asked for itself.
    private Rest bid = Rest.NONE;
    // In a row.
    private int failures;

    private Endpoint(URI uri) {
      this.uri = uri;
    }

    private long restLeftNanos(long nowNanos) {
      return Math.max(rest.leftNanos(nowNanos), bid.leftNanos(nowNanos));
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
    return best(nowNanos).bid.leftNanos(nowNanos);
  }

  /** Returns how long {@code uri} asked to be left alone, from now. */
  long bidLeftNanos(URI uri, long nowNanos) {
    Endpoint endpoint = find(uri);
    return endpoint == null ? 0 : endpoint.bid.leftNanos(nowNanos);
  }

  /** {@code uri} has failed, and rests. */
  void failed(URI uri, long nowNanos) {
    Endpoint endpoint = find(uri);
    if (endpoint == null) return;
    if (endpoint.failures < Integer.MAX_VALUE) endpoint.failures++;
    long nanos = restNanos.applyAsLong(endpoint.failures);
    endpoint.rest = endpoint.rest.atLeast(nanos, nowNanos);
  }

  /** {@code uri} asked to be left alone for so long. */
  void bid(URI uri, long bidNanos, long nowNanos) {
    Endpoint endpoint = find(uri);
    if (endpoint != null) endpoint.bid = endpoint.bid.atLeast(bidNanos, nowNanos);
  }

  /** {@code uri} has served. What it asked for while it did holds. */
  void good(URI uri) {
    Endpoint endpoint = find(uri);
    if (endpoint == null) return;
    endpoint.failures = 0;
    endpoint.rest = Rest.NONE;
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
