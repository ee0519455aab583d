package io.holdfast;

import static java.util.Objects.requireNonNull;

import io.holdfast.internal.Redaction;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a failure means for the next attempt. The README has the table of what is proposed for
 * which; a {@link FailureClassifier} may change each line of it.
 *
 * <p>An app's own resilience4j configuration, if there is one, is asked after this and takes the
 * place of the delays; it is not asked about what is fatal, and {@code atLeast} holds against it.
 *
 * @param fatal whether the connection ends: to try again would be no use
 * @param first the delay if this failure begins an outage
 * @param later the delay otherwise
 * @param atLeast the least delay, which nothing cuts short: neither a network that returns nor
 *     {@link ManagedConnection#reconnectNow}; zero for none. Proposed is what the server asked for.
 *     With several {@link Endpoints} it holds for the one that failed or asked, and the next
 *     attempt may go to another before
 * @param spread instead of that of {@link Backoff}; null for that one
 * @param endpoint where the next attempt goes, and only that, instead of where its request says;
 *     null for there. It gets the request's headers, too
 * @param refreshCredentials what the next request's {@link RequestContext} says
 */
public record Classification(
    boolean fatal,
    Delay first,
    Delay later,
    Duration atLeast,
    @Nullable Duration spread,
    @Nullable URI endpoint,
    boolean refreshCredentials) {

  /** How a delay is drawn, out of the durations of {@link Backoff}. */
  public enum Delay {
    /** At once: only we lost it, or a fresh request is all that is needed. */
    NONE,
    /** Up to the spread: the peer may have dealt it to all its clients at once. */
    SPREAD,
    /** Up to a bound that begins at {@code initial} and doubles up to {@code max}. */
    BACKOFF,
    /** Up to {@code max}: there is nothing to connect to. */
    LONGEST,
    /** The spread, and {@link #BACKOFF} on top: others were turned away at the same moment. */
    SPREAD_AND_BACKOFF,
    /** The same, but for the time that the attempt took, which is a part of the spread. */
    REST_OF_SPREAD_AND_BACKOFF,
    /** The spread, or {@code initial} if that is more, and {@link #LONGEST} on top. */
    SPREAD_AND_LONGEST
  }

  /**
   * Checks the durations and the endpoint.
   *
   * @throws IllegalArgumentException if a duration is negative, or the endpoint is none that {@link
   *     ConnectRequest#builder} takes
   */
  public Classification {
    requireNonNull(first, "first");
    requireNonNull(later, "later");
    Checks.notNegative("atLeast", atLeast);
    if (spread != null) Checks.notNegative("spread", spread);
    if (endpoint != null) ConnectRequest.builder(endpoint);
  }

  /** Returns one that is retried after these delays, and asks for nothing else. */
  public static Classification retried(Delay first, Delay later) {
    return new Classification(false, first, later, Duration.ZERO, null, null, false);
  }

  /** Returns the same, but fatal. */
  public Classification asFatal() {
    return new Classification(true, first, later, atLeast, spread, endpoint, refreshCredentials);
  }

  /** Returns the same, but retried: with {@link Delay#BACKOFF} if nobody says otherwise. */
  public Classification asRetried() {
    return new Classification(false, first, later, atLeast, spread, endpoint, refreshCredentials);
  }

  /** Returns the same with other delays. */
  public Classification withDelays(Delay first, Delay later) {
    return new Classification(fatal, first, later, atLeast, spread, endpoint, refreshCredentials);
  }

  /**
   * Returns the same with another least delay.
   *
   * @throws IllegalArgumentException if {@code atLeast} is negative
   */
  public Classification withAtLeast(Duration atLeast) {
    return new Classification(fatal, first, later, atLeast, spread, endpoint, refreshCredentials);
  }

  /**
   * Returns the same with another spread; null for that of {@link Backoff}.
   *
   * @throws IllegalArgumentException if {@code spread} is negative
   */
  public Classification withSpread(@Nullable Duration spread) {
    return new Classification(fatal, first, later, atLeast, spread, endpoint, refreshCredentials);
  }

  /**
   * Returns the same with another endpoint; null for where the request says.
   *
   * @throws IllegalArgumentException as {@link ConnectRequest#builder} says
   */
  public Classification withEndpoint(@Nullable URI endpoint) {
    return new Classification(fatal, first, later, atLeast, spread, endpoint, refreshCredentials);
  }

  /** Returns the same, with fresh credentials for the next attempt. */
  public Classification withRefreshedCredentials() {
    return new Classification(fatal, first, later, atLeast, spread, endpoint, true);
  }

  // The endpoint's query may be secret.
  @Override
  public String toString() {
    return "Classification["
        + (fatal ? "fatal" : "retried")
        + ", first="
        + first
        + ", later="
        + later
        + ", atLeast="
        + atLeast
        + ", spread="
        + spread
        + ", endpoint="
        + Redaction.of(endpoint)
        + ", refreshCredentials="
        + refreshCredentials
        + "]";
  }
}
