package io.holdfast.internal.retry;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.Endpoints;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Which endpoint is next; each rests for as many nanoseconds as it has failed in a row, times 100.
 */
class EndpointChoiceTest {
  private static final URI A = URI.create("ws://a/");
  private static final URI B = URI.create("ws://b/");
  private static final URI C = URI.create("ws://c/");
  // nanoTime has no zero, and passes from positive to negative.
  private static final long START = Long.sum(Long.MAX_VALUE, -150);

  private final EndpointChoice choice = choice(Endpoints.ordered(List.of(A, B, C)), 1);

  private static EndpointChoice choice(Endpoints endpoints, long seed) {
    return new EndpointChoice(endpoints, failures -> 100L * failures, new Random(seed));
  }

  @Test
  void atFirstTheOrderIsTheApps() {
    assertThat(choice.next(START)).isEqualTo(A);
  }

  @Test
  void oneThatFailedRestsAndComesBack() {
    choice.failed(A, START);

    assertThat(choice.next(START)).isEqualTo(B);
    assertThat(choice.next(START + 99)).isEqualTo(B);
    assertThat(choice.next(START + 100)).isEqualTo(A);
  }

  @Test
  void theRestGrowsWithEachFailureInARowAndNoLonger() {
    choice.failed(A, START);
    choice.failed(A, START + 100);
    assertThat(choice.next(START + 299)).isEqualTo(B);
    choice.good(A);

    choice.failed(A, START + 300);

    assertThat(choice.next(START + 400)).isEqualTo(A);
  }

  @Test
  void theLastGoodOneIsPreferredOnceItHasRested() {
    choice.good(B);
    assertThat(choice.next(START)).isEqualTo(B);
    choice.failed(B, START);

    assertThat(choice.next(START + 99)).isEqualTo(A);
    assertThat(choice.next(START + 100)).isEqualTo(B);
  }

  @Test
  void ifAllRestTheOneWhoseRestEndsFirstIsNext() {
    choice.failed(A, START);
    choice.failed(A, START);
    choice.failed(B, START + 20);
    choice.failed(C, START + 10);

    assertThat(choice.next(START + 30)).isEqualTo(C);
    assertThat(choice.isOtherFree(C, START + 30)).isFalse();
    assertThat(choice.isOtherFree(C, START + 120)).isTrue();
    assertThat(choice.isOtherFree(B, START + 119)).isTrue();
  }

  @Test
  void whatAnEndpointAsksForIsItsRestAndNotCutShortByAnother() {
    choice.bid(A, 1_000, START);
    choice.failed(A, START);

    assertThat(choice.next(START + 999)).isEqualTo(B);
    assertThat(choice.bidLeftNanos(START)).isZero();
    choice.bid(B, 2_000, START);
    choice.bid(C, 3_000, START);
    assertThat(choice.bidLeftNanos(START + 400)).isEqualTo(600);
    assertThat(choice.next(START + 1_000)).isEqualTo(A);
  }

  @Test
  void aPlaceThatIsNoneOfThemIsNotKept() {
    URI hinted = URI.create("ws://elsewhere/");

    choice.failed(hinted, START);
    choice.bid(hinted, 1_000, START);
    choice.good(hinted);

    assertThat(choice.next(START)).isEqualTo(A);
    assertThat(choice.isOtherFree(hinted, START)).isTrue();
  }

  @Test
  void connectionsThatShuffleShareTheEndpointsEvenly() {
    Map<URI, Integer> first = new HashMap<>();
    for (int seed = 0; seed < 3_000; seed++) {
      first.merge(choice(Endpoints.shuffled(List.of(A, B, C)), seed).next(START), 1, Integer::sum);
    }

    assertThat(first).hasSize(3).allSatisfy((uri, times) -> assertThat(times).isBetween(850, 1150));
  }

  /** What holds whatever happens, from a seed: a second book of rests is kept and compared. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void neverIsAnEndpointNextWithinItsRestWhileAnotherIsFree(int seed) {
    Random random = new Random(seed);
    List<URI> uris =
        IntStream.range(0, 1 + random.nextInt(6)).mapToObj(i -> URI.create("ws://" + i)).toList();
    EndpointChoice choice =
        new EndpointChoice(
            Endpoints.ordered(uris), failures -> 50L * Math.min(8, failures), new Random(seed));
    Book book = new Book(uris);
    Set<URI> chosen = new HashSet<>();
    long now = START;
    for (int step = 0; step < 20_000; step++) {
      now += random.nextInt(80);
      URI next = choice.next(now);
      chosen.add(next);
      assertThat(next).isIn(book.allowed(now));
      URI any = uris.get(random.nextInt(uris.size()));
      switch (random.nextInt(8)) {
        case 0 -> {
          choice.good(next);
          book.good(next);
        }
        case 1 -> {
          long bid = random.nextInt(2_000);
          choice.bid(any, bid, now);
          book.bid(any, bid, now);
        }
        default -> {
          choice.failed(next, now);
          book.failed(next, now);
        }
      }
      assertThat(choice.isOtherFree(any, now)).isEqualTo(book.isOtherFree(any, now));
    }
    assertThat(chosen).hasSameSizeAs(uris);
  }

  /** Rests, written down a second time: times count from the start. */
  private static final class Book {
    private final Map<URI, Long> restUntil = new HashMap<>();
    private final Map<URI, Long> bidUntil = new HashMap<>();
    private final Map<URI, Integer> failures = new HashMap<>();
    private final List<URI> uris;
    private @Nullable URI lastGood;

    private Book(List<URI> uris) {
      this.uris = uris;
    }

    private boolean isFree(URI uri, long now) {
      return rest(uri) <= now - START;
    }

    private long rest(URI uri) {
      return Math.max(restUntil.getOrDefault(uri, 0L), bidUntil.getOrDefault(uri, 0L));
    }

    private List<URI> free(long now) {
      return uris.stream().filter(uri -> isFree(uri, now)).toList();
    }

    private List<URI> allowed(long now) {
      List<URI> free = free(now);
      if (lastGood != null && free.contains(lastGood)) return List.of(lastGood);
      if (!free.isEmpty()) return free.subList(0, 1);
      long soonest = uris.stream().mapToLong(this::rest).min().getAsLong();
      return uris.stream().filter(uri -> rest(uri) == soonest).toList();
    }

    private boolean isOtherFree(URI than, long now) {
      List<URI> free = new ArrayList<>(free(now));
      free.remove(than);
      return !free.isEmpty();
    }

    private void bid(URI uri, long nanos, long now) {
      bidUntil.merge(uri, now - START + nanos, Math::max);
    }

    private void failed(URI uri, long now) {
      long nanos = 50L * Math.min(8, failures.merge(uri, 1, Integer::sum));
      restUntil.merge(uri, now - START + nanos, Math::max);
    }

    private void good(URI uri) {
      restUntil.remove(uri);
      failures.remove(uri);
      lastGood = uri;
    }
  }
}
