package io.holdfast.internal.retry;

import static java.util.Objects.requireNonNull;

import io.holdfast.Backoff;
import io.holdfast.ConnectRequest;
import io.holdfast.ConnectionException;
import io.holdfast.Endpoints;
import io.holdfast.internal.retry.Retries.Answer;
import java.net.URI;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * When the next attempt is made, where it goes, and with which credentials. Not safe for use by
 * several threads: the driver's mailbox owns it.
 */
public final class NextAttempt {
  private final Retries retries;
  // Null if the request alone says where to.
  private final @Nullable EndpointChoice choice;
  // What a failure named, for one attempt.
  private @Nullable URI hint;
  private boolean refreshCredentials;
  // What servers asked for that are in no list: the request's own, and the last that was named.
  private Rest ownBid = Rest.NONE;
  private @Nullable URI named;
  private Rest namedBid = Rest.NONE;

  /** Makes one for a connection that has not failed yet. */
  public NextAttempt(
      Retries retries, @Nullable Endpoints endpoints, Backoff backoff, Random random) {
    this.retries = retries;
    this.choice =
        endpoints == null
            ? null
            : new EndpointChoice(endpoints, new BackoffPolicy(backoff, random)::restNanos, random);
  }

  /**
   * Says whether and when to try again after {@code cause}.
   *
   * @param failed where the attempt or transport went; null if it had no request
   * @param wasOpen whether it was an open transport that was lost, not an attempt that failed
   */
  public Answer failed(
      ConnectionException cause, @Nullable URI failed, boolean wasOpen, long nowNanos) {
    Answer answer = retries.ask(cause);
    if (!answer.isStop()) bid(failed, answer, nowNanos);
    return placed(answer, cause, failed, wasOpen, nowNanos);
  }

  /** Says when to open a transport beside the one to {@code from}, whose peer asks for that. */
  public Answer asked(ConnectionException asked, @Nullable URI from, long nowNanos) {
    Answer answer = retries.askDelay(asked);
    Answer placed = placed(answer, asked, from, true, nowNanos);
    // The wait that it means is not for whoever loses its transport first.
    boolean waits = choice == null && !answer.isStop();
    return waits ? placed.withBid(Math.max(placed.bidNanos(), answer.bidNanos())) : placed;
  }

  /**
   * Learns from an attempt that failed beside the transport in use, and counts as none.
   *
   * @return how long the server of the next attempt has asked us to stay away, from now
   */
  public long failedBeside(ConnectionException cause, @Nullable URI failed, long nowNanos) {
    Answer answer = retries.askDelay(cause);
    if (!answer.isStop()) bid(failed, answer, nowNanos);
    placed(answer, cause, failed, false, nowNanos);
    hint = null;
    return bidLeftNanos(null, nowNanos);
  }

  private Answer placed(
      Answer answer,
      ConnectionException cause,
      @Nullable URI failed,
      boolean wasOpen,
      long nowNanos) {
    if (answer.isStop()) return answer;
    // One that no request has been supplied for is still to come.
    if (answer.endpoint() != null) name(answer.endpoint());
    refreshCredentials |= answer.refreshCredentials();
    boolean rests = failed != null && rests(answer, cause, failed, nowNanos);
    long leftNanos = bidLeftNanos(hint, nowNanos);
    // Whoever names a place means the wait for it; what no server asked for is for all.
    if (answer.endpoint() != null || failed == null) {
      return answer.withBid(Math.max(leftNanos, answer.bidNanos()));
    }
    // What one server asked for is not for the others to wait.
    Answer next = answer.withBid(leftNanos);
    if (!rests || hint != null || choice == null) return next;
    if (!choice.isOtherFree(requireNonNull(failed), nowNanos)) return next;
    return wasOpen ? next : next.withWait(0);
  }

  private void name(URI place) {
    hint = place;
    if (place.equals(named)) return;
    named = place;
    namedBid = Rest.NONE;
  }

  private boolean rests(Answer answer, ConnectionException cause, URI failed, long nowNanos) {
    if (choice == null) return false;
    boolean ofEndpoint = Failures.isOfEndpoint(cause);
    if (ofEndpoint) choice.failed(failed, nowNanos);
    boolean bids = answer.bidNanos() > 0;
    if (bids) choice.bid(failed, answer.bidNanos(), nowNanos);
    return ofEndpoint || bids;
  }

  private void bid(@Nullable URI bidder, Answer answer, long nowNanos) {
    // The wait for the place that it names is no wish of its own.
    if (answer.endpoint() != null) return;
    boolean ofNamed = bidder != null && bidder.equals(named);
    if (ofNamed) namedBid = namedBid.atLeast(answer.bidNanos(), nowNanos);
    else if (choice == null) ownBid = ownBid.atLeast(answer.bidNanos(), nowNanos);
  }

  // Null for the place that an attempt goes to unless another is named.
  private long bidLeftNanos(@Nullable URI place, long nowNanos) {
    if (place == null) {
      return choice == null ? ownBid.leftNanos(nowNanos) : choice.bidLeftNanos(nowNanos);
    }
    long ofNamed = place.equals(named) ? namedBid.leftNanos(nowNanos) : 0;
    return choice == null ? ofNamed : Math.max(ofNamed, choice.bidLeftNanos(place, nowNanos));
  }

  /** Returns whether the server refused the last credentials. */
  public boolean refreshCredentials() {
    return refreshCredentials;
  }

  /** Returns {@code request} to where this attempt goes. */
  public ConnectRequest direct(ConnectRequest request, long nowNanos) {
    URI endpoint = hint;
    hint = null;
    // It may not wait for one that has turned others away meanwhile.
    if (endpoint != null && bidLeftNanos(endpoint, nowNanos) > 0) endpoint = null;
    if (endpoint == null && choice != null) endpoint = choice.next(nowNanos);
    refreshCredentials = false;
    return endpoint == null ? request : request.withUri(endpoint);
  }

  /** The transport to {@code endpoint} has proved itself. */
  public void proved(URI endpoint) {
    retries.endOutage();
    if (choice != null) choice.good(endpoint);
  }
}
