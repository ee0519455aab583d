package io.holdfast.sample.terminal;

import io.holdfast.ConnectTimeline;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.HandshakeRejected;
import io.holdfast.ConnectionException.HeartbeatTimedOut;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How values read on the timeline. */
public final class Texts {
  private static final Pattern ISO_DURATION =
      Pattern.compile("\\bPT(?=[0-9])([0-9]+H)?([0-9]+M)?([0-9]+(\\.[0-9]+)?S)?\\b");

  private Texts() {}

  /** Seconds with one decimal, such as {@code 2.5 s}. */
  public static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1e3);
  }

  /** Milliseconds, with a decimal while they are few. */
  public static String millis(Duration duration) {
    return figure(duration.toNanos() / 1e6) + " ms";
  }

  private static String figure(double number) {
    return String.format(Locale.ROOT, number < 10 ? "%.1f" : "%.0f", number);
  }

  /** The text with each duration of the form {@code PT1.5S} as milliseconds. */
  public static String readable(String text) {
    return ISO_DURATION.matcher(text).replaceAll(found -> millis(Duration.parse(found.group())));
  }

  /** A type's name in words: {@code HeartbeatTimedOut} is {@code heartbeat timed out}. */
  public static String words(Class<?> type) {
    return type.getSimpleName().replaceAll("(?<=.)(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
  }

  /** Why a transport or an attempt ended. */
  public static String cause(ConnectionException cause) {
    String kind = words(cause.getClass());
    if (cause instanceof HeartbeatTimedOut timedOut) {
      return kind + ", silent for " + millis(timedOut.silence());
    }
    if (cause instanceof HandshakeRejected rejected && rejected.status() != 101) {
      return "HTTP " + rejected.status() + " instead of 101";
    }
    String message = readable(String.valueOf(cause.getMessage()));
    // The SDK's own words say all; those of a lower layer need a title.
    return cause.getCause() == null ? message : kind + ", " + message;
  }

  /**
   * How long an attempt took, and of that its steps, such as {@code 2.1 ms (tcp 0.2, upgrade 1.7)}.
   */
  public static String steps(ConnectTimeline timeline) {
    if (timeline.totalNanos() < 0) return "";
    String steps =
        Stream.of(
                step("dns", timeline.dnsNanos()),
                step("tcp", timeline.tcpNanos()),
                step("tls", timeline.tlsNanos()),
                step("upgrade", timeline.upgradeNanos()))
            .filter(step -> !step.isEmpty())
            .collect(Collectors.joining(", "));
    String total = millis(Duration.ofNanos(timeline.totalNanos()));
    return steps.isEmpty() ? total : total + " (" + steps + ")";
  }

  private static String step(String name, long nanos) {
    return nanos < 0 ? "" : name + " " + figure(nanos / 1e6);
  }

  /** The address without what may be secret in it: user and query. */
  public static String address(URI uri) {
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    return uri.getScheme() + "://" + uri.getHost() + port + path;
  }

  /**
   * One line of at most {@code width} characters, none of which moves the cursor or changes a
   * colour: peers and servers choose what is shown here.
   */
  public static String printable(String text, int width) {
    StringBuilder line = new StringBuilder();
    text.codePoints()
        .limit(width + 1L)
        .map(c -> Character.isISOControl(c) || isInvisible(c) ? '?' : c)
        .forEach(line::appendCodePoint);
    if (line.codePointCount(0, line.length()) <= width) return line.toString();
    return line.substring(0, line.offsetByCodePoints(0, width - 3)) + "...";
  }

  // Marks that reorder or hide the text around them, and halves of a character.
  private static boolean isInvisible(int codePoint) {
    int type = Character.getType(codePoint);
    return type == Character.FORMAT
        || type == Character.SURROGATE
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR;
  }
}
