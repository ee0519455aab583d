package io.holdfast.sample.watch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.holdfast.AdaptiveInterval;
import io.holdfast.Assurance;
import io.holdfast.Backoff;
import io.holdfast.ConnectRequest;
import io.holdfast.Heartbeat;
import io.holdfast.ManagedConnection;
import io.holdfast.Overflow;
import io.holdfast.SendOptions;
import io.holdfast.network.DesktopNetworkMonitor;
import io.holdfast.sample.terminal.Colours;
import io.holdfast.sample.terminal.DurationConverter;
import io.holdfast.sample.terminal.Timeline;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command line of {@link Watch}. */
@Command(
    name = "watch",
    sortOptions = false,
    usageHelpWidth = 100,
    description = {
      "Holds a connection to any WebSocket server, and sends typed lines.",
      "It shows states, how each attempt went, round trips and messages, and reconnects by itself."
          + " Each line of the standard input is sent as a text message. It ends with the input,"
          + " once all is delivered, or at Ctrl-C."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:It opened and was open to the end, or the server closed it with 1000 or 1001, and every"
          + " line was delivered.",
      "1:It never opened, it was lost in the end, or a line was not delivered.",
      "2:The arguments are wrong.",
      "3:The server's last answer to the upgrade was another HTTP status than 101.",
      "4:The server closed in the end, with another code than 1000 and 1001.",
      "5:The server broke the WebSocket protocol in the end, or sent a message above 16 MiB.",
      "130:Ctrl-C; what waited had its time to be delivered."
    },
    footer = {
      "",
      "Examples, each with Maven as:  mvn -q compile exec:java -Dexec.args=\"watch ...\"",
      "  watch wss://example.com/feed -H 'Authorization: Bearer 123' --subprotocol chat",
      "  echo hello | watch ws://127.0.0.1:8080/ --once",
      "  watch ws://127.0.0.1:8080/ --no-stdin --json | jq 'select(.type == \"message\") | .text'",
      "",
      "User information in the URL is sent as Basic authorization. It, query values and header",
      "values are never shown; what the server sends is, as it is."
    })
public final class WatchCommand implements Callable<Integer> {
  private final InputStream in;
  private final PrintStream out;
  private final boolean colours;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "URL",
      converter = UrlConverter.class,
      description = "The server: ws, wss, http or https.")
  private @Nullable URI url;

  // Taken here, because picocli would repeat them, and a header's value may be among them.
  @Parameters(index = "1..*", hidden = true)
  private List<String> surplus = List.of();

  @Option(
      names = {"-H", "--header"},
      paramLabel = "'NAME: VALUE'",
      converter = HeaderConverter.class,
      description = "A header of the upgrade request; may be repeated.")
  private List<ConnectRequest.Header> headers = List.of();

  @Option(
      names = "--subprotocol",
      paramLabel = "NAME",
      description = "A subprotocol to offer, the preferred first; may be repeated.")
  private List<String> subprotocols = List.of();

  @Option(
      names = "--heartbeat",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "After so much silence a ping is sent; 25s by default.")
  private @Nullable Duration heartbeat;

  @Option(
      names = "--heartbeat-timeout",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "After so much more the server counts as dead; 10s by default.")
  private Duration heartbeatTimeout = Heartbeat.DEFAULT.timeout();

  @Option(
      names = "--learn-heartbeat",
      description =
          "Learns how much silence each network survives, from 20s to 30m, and pings no more often.")
  private boolean learnHeartbeat;

  @Option(
      names = "--make-before-break",
      description = "Opens a second transport while a pong is late; the first to answer stays.")
  private boolean makeBeforeBreak;

  @Option(
      names = "--backoff",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "The first bound of the random delay between attempts; 1s by default.")
  private Duration backoff = Backoff.DEFAULT.initial();

  @Option(
      names = "--backoff-max",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "The bound that it doubles to; 20s by default.")
  private Duration backoffMax = Backoff.DEFAULT.max();

  @Option(
      names = "--spread",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description =
          "The bound of an outage's first delay, if the server may have dealt it to all; 5s by"
              + " default.")
  private Duration spread = Backoff.DEFAULT.spread();

  @Option(
      names = "--attempts",
      paramLabel = "NUMBER",
      description =
          "Gives up after so many attempts in a row that failed or did not last; never by default.")
  private @Nullable Integer attempts;

  @Option(
      names = "--give-up-after",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "Gives up once an outage has lasted for so long; never by default.")
  private @Nullable Duration giveUpAfter;

  @Option(
      names = "--once",
      description = "Gives up when the first attempt fails or the first transport is lost.")
  private boolean once;

  @Option(
      names = "--assurance",
      paramLabel = "HOW",
      converter = EnumConverters.OfAssurance.class,
      description =
          "When a line counts as delivered: written to the kernel, or confirmed by a pong; confirmed"
              + " by default.")
  private Assurance assurance = Assurance.CONFIRMED;

  @Option(
      names = "--at-most-once",
      description = "Sends no line again that a lost transport had taken.")
  private boolean atMostOnce;

  @Option(
      names = "--ttl",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "A line expires if it has waited so long to be sent; never by default.")
  private @Nullable Duration timeToLive;

  @Option(
      names = "--max-queued",
      paramLabel = "NUMBER",
      description =
          "Bounds the queue, in messages, and reads the input as it comes. By default the input is"
              + " read only as fast as it is delivered.")
  private @Nullable Integer maxQueued;

  @Option(
      names = "--overflow",
      paramLabel = "HOW",
      converter = EnumConverters.OfOverflow.class,
      description =
          "What gives way in a full queue: reject the new line, or evict-oldest; reject by"
              + " default.")
  private @Nullable Overflow overflow;

  @Option(
      names = "--no-stdin",
      description = "Reads no input, and watches until --duration has passed or Ctrl-C.")
  private boolean noInput;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "Watches for so long, whenever the input ends.")
  private @Nullable Duration duration;

  @Option(
      names = "--drain",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "In the end, what waits has so long to be delivered; 5s by default.")
  private Duration drain = Duration.ofSeconds(5);

  @Option(
      names = "--linger",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "Waits so long for answers once the input has ended; 500ms by default.")
  private Duration linger = Duration.ofMillis(500);

  @Option(
      names = "--seed",
      paramLabel = "NUMBER",
      description = "Chooses the jitter; another each time by default.")
  private @Nullable Long seed;

  @Option(
      names = "--json",
      description = "Prints one JSON object a line, in UTF-8, instead of the timeline.")
  private boolean json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this.")
  @SuppressWarnings("unused") // picocli acts on it.
  private boolean help;

  /** Watches with the process's input and output. */
  public WatchCommand() {
    this(System.in, System.out, Colours.wanted());
  }

  WatchCommand(InputStream in, PrintStream out, boolean colours) {
    this.in = in;
    this.out = out;
    this.colours = colours;
  }

  @Override
  public Integer call() {
    URI typed = requireNonNull(url);
    try {
      ConnectRequest request = BasicAuthorization.request(typed, headers, subprotocols);
      return Watch.run(plan(request), report(Secrets.of(request, typed)), out::checkError)
          .exitStatus;
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          requireNonNull(spec).commandLine(), String.valueOf(e.getMessage()));
    }
  }

  private Report report(Secrets secrets) {
    if (!json) return new TimelineReport(new Timeline(out, colours, System::nanoTime), secrets);
    // JSON is UTF-8, whatever the platform's own charset is.
    PrintStream utf8 = new PrintStream(out, false, UTF_8);
    return new JsonReport(utf8, secrets, InstantSource.system(), System::nanoTime);
  }

  private Plan plan(ConnectRequest request) {
    if (!surplus.isEmpty()) {
      throw new IllegalArgumentException(
          "arguments must be options and one URL; what has spaces, such as a header, needs quotes");
    }
    if (duration != null) positive("--duration", duration);
    if (giveUpAfter != null) positive("--give-up-after", giveUpAfter);
    if (attempts != null && attempts < 1) {
      throw new IllegalArgumentException("--attempts must be positive but was " + attempts);
    }
    return new Plan(
        request,
        connection(request),
        new SendOptions(assurance, atMostOnce, false, timeToLive, null, Map.of()),
        maxQueued == null,
        noInput ? null : in,
        duration,
        drain,
        linger,
        once ? 0 : attempts != null ? attempts : Integer.MAX_VALUE);
  }

  private ManagedConnection.Builder connection(ConnectRequest request) {
    if (overflow != null && maxQueued == null) {
      throw new IllegalArgumentException("--overflow must come with --max-queued");
    }
    ManagedConnection.Builder connection =
        ManagedConnection.builder(request)
            .network(DesktopNetworkMonitor.create())
            .heartbeat(heartbeat())
            .makeBeforeBreak(makeBeforeBreak)
            .backoff(new Backoff(backoff, backoffMax, spread));
    if (giveUpAfter != null) connection.giveUpAfter(giveUpAfter);
    if (maxQueued != null) connection.maxQueuedMessages(maxQueued);
    if (overflow != null) connection.overflow(overflow);
    // A seed that everyone has by default would take the jitter out of everyone's delays.
    if (seed != null) connection.random(new Random(seed));
    return connection;
  }

  private Heartbeat heartbeat() {
    if (learnHeartbeat && heartbeat != null) {
      throw new IllegalArgumentException("--learn-heartbeat must come without --heartbeat");
    }
    Duration interval = heartbeat != null ? heartbeat : Heartbeat.DEFAULT.interval();
    Heartbeat fixed = new Heartbeat(interval, heartbeatTimeout);
    return learnHeartbeat ? fixed.withInterval(AdaptiveInterval.DEFAULT) : fixed;
  }

  private static void positive(String what, Duration value) {
    if (value.isZero()) throw new IllegalArgumentException(what + " must be positive but was 0s");
  }
}
