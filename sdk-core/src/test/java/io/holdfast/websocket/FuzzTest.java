package io.holdfast.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import okio.Buffer;
import okio.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Anything at all may come: a failure is a broken rule of RFC 6455 or 7692 and nothing else, cuts
 * and pauses change nothing, no message is above its limit, and nothing spins. What fails is told
 * with its seed, and shrunk.
 *
 * <p>{@code -Dholdfast.fuzz.seeds} says how many seeds, {@code -Dholdfast.fuzz.first} where they
 * begin.
 */
class FuzzTest {
  private static final InboundLimits LIMITS = new InboundLimits(2000, 6, 1000, 1000);
  private static final long SEEDS = Long.getLong("holdfast.fuzz.seeds", 8_000);
  private static final long FIRST = Long.getLong("holdfast.fuzz.first", 0);
  // A spin takes for ever, and a machine may be busy.
  private static final Duration A_THOUSAND_SEEDS = Duration.ofMinutes(2);

  /** What was agreed on. */
  enum Agreed {
    NOTHING,
    DEFLATE_WITH_TAKEOVER,
    DEFLATE_ALONE;

    private List<String> decode(boolean pausing, byte[] bytes, int... cuts) {
      if (this != NOTHING) {
        boolean takeover = this == DEFLATE_WITH_TAKEOVER;
        return RecordingFrames.decodeDeflated(LIMITS, takeover, pausing, bytes, cuts);
      }
      return pausing
          ? RecordingFrames.decodePausing(LIMITS, bytes, cuts)
          : RecordingFrames.decode(LIMITS, bytes, cuts);
    }
  }

  @ParameterizedTest
  @EnumSource
  void nothingButABrokenRuleComesOut(Agreed agreed) {
    int failures = 0;
    int messages = 0;
    for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
      byte[] bytes = Hostile.bytes(seed, agreed != Agreed.NOTHING);
      check(agreed, seed, bytes);
      List<String> found = agreed.decode(false, bytes);
      if (found.stream().anyMatch(line -> line.startsWith("failed"))) failures++;
      messages += (int) found.stream().filter(FuzzTest::isMessage).count();
    }
    // The seeds reach both ways, or they would show nothing.
    assertThat(failures).isBetween((int) (SEEDS / 10), (int) (SEEDS * 9 / 10));
    assertThat(messages).isGreaterThan((int) (SEEDS / 2));
  }

  static void check(Agreed agreed, long seed, byte[] bytes) {
    if (!holds(agreed, seed, bytes)) throw new AssertionError(report(agreed, seed, bytes));
  }

  @Test
  void jazzersTargetTakesAnyBytes() {
    FuzzTarget.fuzzerTestOneInput(new byte[1]);
    for (long seed = 0; seed < 100; seed++)
      FuzzTarget.fuzzerTestOneInput(Hostile.bytes(seed, true));
  }

  @ParameterizedTest
  @EnumSource
  void nothingSpins(Agreed agreed) {
    assertTimeoutPreemptively(
        A_THOUSAND_SEEDS,
        () -> {
          for (long seed = FIRST; seed < FIRST + 1000; seed++) {
            agreed.decode(false, Hostile.bytes(seed, agreed != Agreed.NOTHING));
          }
        });
  }

  @Test
  void whatFailsIsShrunk() {
    byte[] bytes = Hostile.bytes(3, true);
    byte[] marked =
        new Buffer().write(bytes).writeByte(0x77).write(bytes).writeByte(0x78).readByteArray();
    Predicate<byte[]> fails =
        each -> ByteString.of(each).indexOf(new byte[] {0x77}) >= 0 && each.length >= 3;

    assertThat(shrunk(marked, fails)).hasSize(3).contains(0x77);
    assertThatThrownBy(() -> shrunk(new byte[0], fails)).isInstanceOf(AssertionError.class);
  }

  private static boolean holds(Agreed agreed, long seed, byte[] bytes) {
    try {
      List<String> whole = agreed.decode(false, bytes);
      int[] cuts =
          new Random(seed).ints(1 + seed % 6L, 0, bytes.length + 1).sorted().distinct().toArray();
      return whole.stream().allMatch(FuzzTest::isWithinLimits)
          && same(agreed.decode(false, bytes, cuts), whole)
          && same(agreed.decode(true, bytes, cuts), whole);
    } catch (RuntimeException | Error e) {
      return false;
    }
  }

  private static boolean same(List<String> some, List<String> others) {
    return withoutReasonOf1007(some).equals(withoutReasonOf1007(others));
  }

  // Of text that is neither DEFLATE nor UTF-8, zlib tells the former first if it has both at once.
  private static List<String> withoutReasonOf1007(List<String> lines) {
    return lines.stream()
        .map(line -> line.startsWith("failed: 1007") ? "failed: 1007" : line)
        .toList();
  }

  private static boolean isWithinLimits(String line) {
    if (line.startsWith("failed")) return line.matches("failed: (1002|1007|1009) .+");
    String content = line.substring(line.indexOf(' ') + 1);
    return line.startsWith("text")
        ? ByteString.encodeUtf8(content).size() <= LIMITS.messageBytes()
        : content.length() <= 2 * LIMITS.messageBytes();
  }

  private static boolean isMessage(String line) {
    return line.startsWith("text") || line.startsWith("binary");
  }

  private static String report(Agreed agreed, long seed, byte[] bytes) {
    byte[] least = shrunk(bytes, each -> !holds(agreed, seed, each));
    String hex = ByteString.of(least).hex();
    try {
      return agreed + ", seed " + seed + ": " + hex + " gives " + agreed.decode(false, least);
    } catch (RuntimeException | Error e) {
      throw new AssertionError(agreed + ", seed " + seed + ": " + hex, e);
    }
  }

  /** Takes away what can go: halves, then less and less, down to single bytes. */
  private static byte[] shrunk(byte[] bytes, Predicate<byte[]> fails) {
    if (!fails.test(bytes)) throw new AssertionError("does not fail");
    byte[] least = bytes;
    for (int size = Math.max(1, bytes.length / 2); size > 0; size /= 2) {
      for (int at = 0; at + size <= least.length; ) {
        byte[] without =
            new Buffer()
                .write(least, 0, at)
                .write(least, at + size, least.length - at - size)
                .readByteArray();
        if (fails.test(without)) least = without;
        else at += size;
      }
    }
    return least;
  }
}
