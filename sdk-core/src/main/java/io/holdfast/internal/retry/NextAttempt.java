package io.holdfast.internal.retry;

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
  // What a server asked for that an attempt beside the transport in use went to: it holds for the
  // attempt after the loss of that transport, too.
  private final Rest bid = new Rest();
  private @Nullable URI bidder;

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
    return placed(retries.ask(cause), cause, failed, wasOpen, nowNanos);
  }

  /** Says when to open a transport beside the one to {@code from}, whose peer asks for that. */
  public Answer asked(ConnectionException asked, @Nullable URI from, long nowNanos) {
    return placed(retries.askDelay(asked), asked, from, true, nowNanos);
  }

  /**
   * Learns from an attempt that failed beside the transport in use, and counts as none.
   *
   * @return how long the server of the next attempt has asked us to stay away, from now
   */
  public long failedBeside(ConnectionException cause, @Nullable URI failed, long nowNanos) {
    Answer answer = retries.askDelay(cause);
    placed(answer, cause, failed, false, nowNanos);
    hint = null;
    if (answer.bidNanos() > 0) {
      bidder = failed;
      bid.atLeast(answer.bidNanos(), nowNanos);
    }
    return bidLeftNanos(nowNanos);
  }

  private Answer placed(
      Answer answer,
      ConnectionException cause,
      @Nullable URI failed,
      boolean wasOpen,
      long nowNanos) {
    if (answer.isStop()) return answer;
    // One that no request has been supplied for is still to come.
    if (answer.endpoint() != null) hint = answer.endpoint();
    refreshCredentials |= answer.refreshCredentials();
    if (choice != null && failed != null && rests(choice, answer, cause, failed, nowNanos)) {
      // What one server asked for is not for the others to wait. Whoever names a place means the
      // wait for it.
      if (hint == null && choice.isOtherFree(failed, nowNanos)) {
        Answer elsewhere = answer.withBid(0);
        return wasOpen ? elsewhere : elsewhere.withWait(0);
      }
    }
    long leftNanos = bidLeftNanos(nowNanos);
    boolean ofNext = choice != null && hint == null;
    return answer.withBid(ofNext ? leftNanos : Math.max(leftNanos, answer.bidNanos()));
  }

  private static boolean rests(
      EndpointChoice choice, Answer answer, ConnectionException cause, URI failed, long nowNanos) {
    boolean ofEndpoint = Failures.isOfEndpoint(cause);
    if (ofEndpoint) choice.failed(failed, nowNanos);
    boolean bids = answer.bidNanos() > 0;
    if (bids) choice.bid(failed, answer.bidNanos(), nowNanos);
    return ofEndpoint || bids;
  }

  private long bidLeftNanos(long nowNanos) {
    URI named = hint;
    if (choice != null && named == null) return choice.bidLeftNanos(nowNanos);
    boolean ofBidder = named == null || named.equals(bidder);
    long leftNanos = ofBidder ? bid.leftNanos(nowNanos) : 0;
    if (choice == null || named == null) return leftNanos;
    return Math.max(leftNanos, choice.bidLeftNanos(named, nowNanos));
  }

  /** Returns whether the server refused the last credentials. */
  public boolean refreshCredentials() {
    return refreshCredentials;
  }

  /** Returns {@code request} to where this attempt goes. */
  public ConnectRequest direct(ConnectRequest request, long nowNanos) {
    URI endpoint = hint;
    if (endpoint == null && choice != null) endpoint = choice.next(nowNanos);
    hint = null;
    refreshCredentials = false;
    return endpoint == null ? request : request.withUri(endpoint);
  }

  /** The transport to {@code endpoint} has proved itself. */
  public void proved(URI endpoint) {
    retries.endOutage();
    hint = null;
    if (choice != null) choice.good(endpoint);
  }
}
