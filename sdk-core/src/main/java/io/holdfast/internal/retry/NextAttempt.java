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

  /** Learns from an attempt that failed beside the transport in use, and counts as none. */
  public void failedBeside(ConnectionException cause, @Nullable URI failed, long nowNanos) {
    placed(retries.askDelay(cause), cause, failed, false, nowNanos);
    hint = null;
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
    if (choice == null || failed == null) return answer;
    boolean ofEndpoint = Failures.isOfEndpoint(cause);
    if (ofEndpoint) choice.failed(failed, nowNanos);
    if (answer.bidNanos() > 0) choice.bid(failed, answer.bidNanos(), nowNanos);
    boolean rests = ofEndpoint || answer.bidNanos() > 0;
    // Whoever names a place means the wait for it.
    if (!rests || hint != null) return answer;
    if (!choice.isOtherFree(failed, nowNanos)) {
      return answer.withBid(choice.bidLeftNanos(nowNanos));
    }
    // What one server asked for is not for the others to wait.
    Answer elsewhere = answer.withBid(0);
    return wasOpen ? elsewhere : elsewhere.withWait(0);
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
