package io.holdfast.internal.retry;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.Backoff;
import io.holdfast.ConnectRequest;
import io.holdfast.ConnectRequest.Header;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.HandshakeRejected;
import io.holdfast.ConnectionException.ReconnectAsked;
import io.holdfast.ConnectionException.Refused;
import io.holdfast.Endpoints;
import io.holdfast.ReconnectHint;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a transport beside the one in use does to where the next attempt goes. */
class NextAttemptTest {
  private static final URI A = URI.create("ws://a/");
  private static final URI B = URI.create("ws://b/");
  private static final URI C = URI.create("ws://c/");
  private static final ConnectRequest REQUEST = ConnectRequest.builder(A).build();
  private static final long SECOND = 1_000_000_000L;
  private static final long START = -20 * SECOND; // As System.nanoTime may be.
  private final ConnectionException refused = new Refused("refused", null);

  private final NextAttempt next =
      new NextAttempt(
          new Retries(Backoff.DEFAULT, null, null, new Random(1)),
          Endpoints.ordered(List.of(A, B)),
          Backoff.DEFAULT,
          new Random(1));

  private static ConnectionException drain(ReconnectHint hint) {
    return new ReconnectAsked("restart", hint.withDrain());
  }

  private URI whereTo() {
    return next.direct(REQUEST, 0).uri();
  }

  private static NextAttempt withoutAList() {
    Random random = new Random(1);
    Retries retries = new Retries(Backoff.DEFAULT, null, null, random);
    return new NextAttempt(retries, null, Backoff.DEFAULT, random);
  }

  private static ConnectionException busyFor(int seconds) {
    Header retryAfter = new Header("Retry-After", Integer.toString(seconds));
    return new HandshakeRejected("HTTP 503", 503, List.of(retryAfter), "");
  }

  @Test
  void whoAsksToBeDrainedIsNotGoneToAgainWhileAnotherIsFree() {
    next.proved(A);

    next.asked(drain(ReconnectHint.DEFAULT), A, 0);

    assertThat(whereTo()).isEqualTo(B);
  }

  @Test
  void aPlaceThatItNamesGoesBefore() {
    next.asked(drain(ReconnectHint.DEFAULT.withEndpoint(C)), A, 0);

    assertThat(whereTo()).isEqualTo(C);
    assertThat(whereTo()).isNotEqualTo(C);
  }

  @Test
  void aPlaceThatItNamesIsKeptThoughItsOwnTransportProvesItselfMeanwhile() {
    next.asked(drain(ReconnectHint.DEFAULT.withEndpoint(C)), A, 0);

    next.proved(A);

    assertThat(whereTo()).isEqualTo(C);
  }

  @Test
  void aPlaceThatIsNamedAndHasAskedToBeLeftAloneIsNotGoneTo() {
    next.asked(drain(ReconnectHint.DEFAULT.withEndpoint(C)), A, START);
    assertThat(next.direct(REQUEST, START).uri()).isEqualTo(C);
    next.failedBeside(busyFor(60), C, START);
    next.asked(drain(ReconnectHint.DEFAULT.withEndpoint(C)), A, START);

    URI place = next.direct(REQUEST, START + 59 * SECOND).uri();

    assertThat(place).isNotEqualTo(C);
  }

  @Test
  void whatAPlaceThatIsNamedAsksForIsNotForOthersToWait() {
    NextAttempt next = withoutAList();
    next.failed(new ReconnectAsked("", ReconnectHint.DEFAULT.withEndpoint(C)), A, true, START);
    next.direct(REQUEST, START);

    assertThat(next.failed(busyFor(60), C, false, START).bidNanos()).isZero();
  }

  @Test
  void aWishToBeDrainedIsNoFailure() {
    Duration most = Duration.ofSeconds(5);
    for (int i = 0; i < 20; i++) {
      long delayNanos = next.asked(drain(ReconnectHint.DEFAULT), A, 0).delayNanos();
      assertThat(delayNanos).isBetween(0L, most.toNanos());
    }

    long first = next.failed(refused, null, true, 0).waitNanos();

    assertThat(first).isBetween(0L, most.toNanos());
  }

  @Test
  void itsDelayAndSpreadAreKept() {
    ReconnectHint hint =
        ReconnectHint.DEFAULT
            .withDelay(Duration.ofSeconds(40))
            .withSpread(Duration.ofSeconds(60))
            .withEndpoint(C);

    long delayNanos = next.asked(drain(hint), A, 0).delayNanos();

    assertThat(delayNanos).isBetween(40_000_000_000L, 100_000_000_000L);
  }

  @Test
  void anAttemptBesideThatFailsRestsItsEndpointAndAsksForFreshCredentials() {
    next.failedBeside(new HandshakeRejected("HTTP 401", 401, List.of(), ""), A, 0);
    assertThat(next.refreshCredentials()).isTrue();
    next.failedBeside(refused, A, 0);

    assertThat(whereTo()).isEqualTo(B);
  }

  @Test
  void credentialsThatAreRefusedBesideAnOpenTransportAreNotRefusedTwiceInARow() {
    next.failed(new HandshakeRejected("HTTP 401", 401, List.of(), ""), A, false, 0);
    whereTo();

    next.failedBeside(new HandshakeRejected("HTTP 401", 401, List.of(), ""), A, 0);

    assertThat(next.refreshCredentials()).isTrue();
  }

  @Test
  void whatAServerAsksForBesideTheTransportInUseHoldsForWhatFollowsIt() {
    NextAttempt next = withoutAList();

    long bidNanos = next.failedBeside(busyFor(60), A, START);

    assertThat(bidNanos).isEqualTo(60 * SECOND);
    assertThat(next.failed(refused, A, true, START + 20 * SECOND).bidNanos())
        .isEqualTo(40 * SECOND);
    assertThat(next.asked(drain(ReconnectHint.DEFAULT), A, START + 30 * SECOND).delayNanos())
        .isGreaterThanOrEqualTo(30 * SECOND);
    assertThat(next.failed(refused, A, true, START + 60 * SECOND).bidNanos()).isZero();
  }

  @Test
  void aLaterAndShorterWishDoesNotCutAnEarlierOneShort() {
    NextAttempt next = withoutAList();
    next.failedBeside(busyFor(60), A, START);

    next.failedBeside(busyFor(5), A, START);

    assertThat(next.failedBeside(refused, A, START)).isEqualTo(60 * SECOND);
  }

  @Test
  void aPlaceThatIsNamedWaitsForItsOwnWishOnly() {
    NextAttempt next = withoutAList();
    ConnectionException toC = drain(ReconnectHint.DEFAULT.withEndpoint(C));
    next.failedBeside(busyFor(60), A, START);

    assertThat(next.asked(toC, A, START).bidNanos()).isZero();
    next.direct(REQUEST, START);
    next.failedBeside(busyFor(90), C, START);

    assertThat(next.asked(toC, A, START).bidNanos()).isEqualTo(90 * SECOND);
  }

  @Test
  void aWishOfOneEndpointBesideLeavesTheOthersFree() {
    assertThat(next.failedBeside(busyFor(60), A, START)).isZero();
    assertThat(next.failedBeside(busyFor(90), B, START)).isEqualTo(60 * SECOND);
    assertThat(next.asked(drain(ReconnectHint.DEFAULT.withEndpoint(B)), A, START).bidNanos())
        .isEqualTo(90 * SECOND);
  }

  @Test
  void whatAnEndpointAskedForHoldsThoughItsOlderTransportProvesItself() {
    next.failedBeside(busyFor(60), A, START);
    next.failedBeside(busyFor(60), B, START);

    next.proved(A);

    assertThat(next.failed(refused, A, true, START).bidNanos()).isEqualTo(60 * SECOND);
  }
}
