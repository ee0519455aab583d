package io.holdfast.websocket;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.holdfast.Clock;
import io.holdfast.ConnectRequest;
import io.holdfast.ConnectTimeline;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.HandshakeRejected;
import io.holdfast.ConnectionException.RequestInvalid;
import io.holdfast.transport.Handshake;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.function.Supplier;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okio.Socket;
import org.jspecify.annotations.Nullable;

/** One call of OkHttp: it gives the open byte stream, or a failure and nothing left open. */
final class UpgradeAttempt {
  // A body may come as slowly as it likes; what it answers is known already.
  private static final long BODY_NANOS = SECONDS.toNanos(1);

  /** What a successful attempt gives. */
  record Upgraded(Socket stream, Handshake handshake, @Nullable AgreedDeflate deflate) {}

  private final Supplier<OkHttpClient> okHttp;
  private final ConnectRequest request;
  private final TransportOptions options;
  private final SecureRandom random;
  private final Clock clock;
  private final AttemptEvents events;
  private volatile @Nullable Call call;
  private volatile boolean cancelled;

  UpgradeAttempt(
      Supplier<OkHttpClient> okHttp,
      ConnectRequest request,
      TransportOptions options,
      SecureRandom random,
      Clock clock) {
    this.okHttp = okHttp;
    this.request = request;
    this.options = options;
    this.random = random;
    this.clock = clock;
    events = new AttemptEvents(clock);
  }

  ConnectTimeline timeline() {
    return events.timeline();
  }

  /** Ends the attempt, or breaks its stream, whatever it is doing. */
  void cancel() {
    cancelled = true;
    breakStream();
  }

  Upgraded open() throws ConnectionException {
    OpeningHandshake handshake = new OpeningHandshake(request, options, random);
    Request upgrade = upgradeRequest(handshake);
    try {
      return adopt(handshake, execute(upgrade));
    } catch (ConnectionException e) {
      throw e;
    } catch (IOException | RuntimeException | Error e) {
      // Whatever the app's interceptors throw, it is the attempt that failed.
      abandonAnswer();
      throw failure(e);
    }
  }

  private static Request upgradeRequest(OpeningHandshake handshake) throws RequestInvalid {
    try {
      return handshake.request();
    } catch (IllegalArgumentException e) {
      throw new RequestInvalid("URL refused by OkHttp", e);
    }
  }

  private Response execute(Request upgrade) throws IOException {
    Call begun = okHttp.get().newCall(upgrade);
    begun.addEventListener(events);
    call = begun;
    if (cancelled) begun.cancel();
    return begun.execute();
  }

  private Upgraded adopt(OpeningHandshake handshake, Response answer) throws ConnectionException {
    String fault = handshake.fault(answer);
    Socket stream = answer.socket();
    if (fault != null || stream == null) throw reject(answer, String.valueOf(fault));
    // The app's timeouts are for its requests; they would outlive the upgrade.
    stream.getSource().timeout().clearTimeout();
    stream.getSink().timeout().clearTimeout();
    Handshake settled =
        new Handshake(handshake.protocol(answer), handshake.extensions(answer), timeline());
    return new Upgraded(stream, settled, handshake.deflate(answer));
  }

  private ConnectionException failure(Throwable thrown) {
    Response answer = events.answer();
    if (answer == null || !events.isRedirectRefused()) {
      return events.isUpgradeBegun() ? Failures.ofUpgrade(thrown) : Failures.ofAttempt(thrown);
    }
    return Rejections.of(answer, "redirect must keep scheme, host and port", "");
  }

  private HandshakeRejected reject(Response answer, String fault) {
    String body = answer.socket() == null ? beginningOfBody(answer) : "";
    close(answer);
    return Rejections.of(answer, fault, body);
  }

  private String beginningOfBody(Response answer) {
    Clock.Timer cut = clock.schedule(this::breakStream, BODY_NANOS);
    try {
      return Rejections.beginningOfBody(answer);
    } finally {
      cut.stop();
    }
  }

  private void abandonAnswer() {
    Response answer = events.answer();
    if (answer != null) close(answer);
  }

  private void close(Response answer) {
    Socket stream = answer.socket();
    if (stream != null) {
      // First the raw socket, so that no close has to wait for the peer.
      breakStream();
      Quietly.close(stream.getSource());
      Quietly.close(stream.getSink());
    }
    Quietly.close(answer);
  }

  private void breakStream() {
    Call begun = call;
    if (begun != null) begun.cancel();
  }
}
