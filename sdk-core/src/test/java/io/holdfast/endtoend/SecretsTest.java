package io.holdfast.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.valfirst.slf4jtest.LoggingEvent;
import com.github.valfirst.slf4jtest.TestLoggerFactory;
import io.holdfast.Backoff;
import io.holdfast.Classification;
import io.holdfast.Classification.Delay;
import io.holdfast.ConnectRequest;
import io.holdfast.ConnectionEvent.AttemptFailed;
import io.holdfast.ConnectionEvent.TransportLost;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.ConnectFailed;
import io.holdfast.ConnectionException.HandshakeRejected;
import io.holdfast.ConnectionException.HostUnresolved;
import io.holdfast.ConnectionException.PeerClosed;
import io.holdfast.ConnectionException.ReconnectAsked;
import io.holdfast.ConnectionException.Refused;
import io.holdfast.ConnectionException.RequestFailed;
import io.holdfast.ConnectionException.RequestInvalid;
import io.holdfast.ConnectionException.TlsFailed;
import io.holdfast.ConnectionState.Closed;
import io.holdfast.Endpoints;
import io.holdfast.ManagedConnection;
import io.holdfast.ReconnectHint;
import io.holdfast.RequestContext;
import io.holdfast.protocol.Protocol;
import io.holdfast.protocol.ProtocolContext;
import io.holdfast.testkit.TestServer;
import io.holdfast.transport.Handshake;
import io.holdfast.websocket.WebSocketTransportFactory;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import okhttp3.CertificatePinner;
import okhttp3.OkHttpClient;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * User information, query values and header values reach no log, no exception's text, no state and
 * no event, whatever fails. What an app's own exception says is the app's.
 */
@Timeout(60)
class SecretsTest {
  private static final String SECRET = "hunter2";
  private static final Backoff PROMPT =
      new Backoff(Duration.ofMillis(1), Duration.ofMillis(1), Duration.ZERO);

  private final Set<Throwable> ofTheApp = Collections.newSetFromMap(new IdentityHashMap<>());
  private final List<String> texts = new ArrayList<>();

  @BeforeEach
  void clear() {
    TestLoggerFactory.clearAll();
  }

  @AfterEach
  void nothingIsTold() {
    for (LoggingEvent event : TestLoggerFactory.getAllLoggingEvents()) {
      texts.add(event.getFormattedMessage());
      event.getThrowable().ifPresent(this::addChain);
    }
    TestLoggerFactory.clearAll();
    assertThat(texts).isNotEmpty().noneMatch(text -> text.contains(SECRET));
  }

  private void addChain(Throwable thrown) {
    if (ofTheApp.contains(thrown)) return;
    texts.add(thrown.toString());
    for (Throwable suppressed : thrown.getSuppressed()) addChain(suppressed);
    if (thrown.getCause() != null) addChain(thrown.getCause());
  }

  private static URI secret(URI uri) {
    return URI.create(
        uri.toString().replace("://", "://me:" + SECRET + "@") + "?token=" + SECRET + "&again=1");
  }

  private static ConnectRequest request(URI uri) {
    return ConnectRequest.builder(secret(uri))
        .addHeader("Authorization", "Bearer " + SECRET)
        .addHeader("Cookie", "session=" + SECRET)
        .addHeader("Proxy-Authorization", "Basic " + SECRET)
        .build();
  }

  /** What is done to a connection while it runs. */
  private interface Meanwhile {
    boolean happens() throws Exception;
  }

  private void run(
      URI uri,
      Class<? extends ConnectionException> expected,
      Consumer<ManagedConnection.Builder> change)
      throws Exception {
    run(uri, expected, change, () -> true);
  }

  /** Runs a connection until a failure of this kind, and keeps all that it told. */
  private void run(
      URI uri,
      Class<? extends ConnectionException> expected,
      Consumer<ManagedConnection.Builder> change,
      Meanwhile meanwhile)
      throws Exception {
    ManagedConnection.Builder builder = ManagedConnection.builder(request(uri)).backoff(PROMPT);
    change.accept(builder);
    ManagedConnection connection = builder.build();
    States states = States.of(connection);
    connection.open();
    assertThat(meanwhile.happens()).isTrue();
    states.await(Object.class, what -> expected.isInstance(causeOf(what)), 1);
    connection.close();
    states.await(Closed.class, 1);
    texts.add(connection.toString());
    for (Object told : states.all(Object.class)) {
      texts.add(told.toString());
      Throwable cause = causeOf(told);
      if (cause != null) addChain(cause);
      if (cause instanceof HandshakeRejected rejected) texts.add(rejected.headers().toString());
    }
  }

  private static @Nullable Throwable causeOf(Object told) {
    if (told instanceof AttemptFailed failed) return failed.cause();
    if (told instanceof TransportLost lost) return lost.cause();
    return told instanceof Closed closed ? closed.cause() : null;
  }

  private static Consumer<ManagedConnection.Builder> with(OkHttpClient.Builder client) {
    return builder -> builder.transport(WebSocketTransportFactory.create(client.build()));
  }

  @Test
  void anAnswerThatIsNotAdopted() throws Exception {
    try (TestServer server = TestServer.start()) {
      for (int status : new int[] {200, 401, 404, 410, 503}) {
        server.reject(status, "Set-Cookie", "session=" + SECRET, "Retry-After", "1");
        run(server.url(), HandshakeRejected.class, builder -> {});
      }
    }
  }

  @Test
  void aRedirectThatIsRefused() throws Exception {
    try (TestServer server = TestServer.start()) {
      server.reject(302, "Location", "http://127.0.0.1:1/?token=" + SECRET);
      run(server.url(), HandshakeRejected.class, builder -> {});
      server.reject(302, "Location", "/?token=" + SECRET);
      run(server.url(), ConnectFailed.class, builder -> {});
    }
  }

  @Test
  void aPortThatRefuses() throws Exception {
    int port;
    try (ServerSocket gone = new ServerSocket(0)) {
      port = gone.getLocalPort();
    }

    run(URI.create("ws://127.0.0.1:" + port + "/"), Refused.class, builder -> {});
  }

  @Test
  void aUrlThatOkHttpRefuses() throws Exception {
    run(URI.create("ws://localhost:99999/"), RequestInvalid.class, builder -> {});
  }

  @Test
  void aHostThatHasNoAddress() throws Exception {
    run(
        URI.create("ws://nowhere.invalid/"),
        HostUnresolved.class,
        with(
            new OkHttpClient.Builder()
                .dns(
                    host -> {
                      throw new UnknownHostException(host + ": no address");
                    })));
  }

  @Test
  void aCertificateThatIsNotTrustedNotForTheHostOrNotPinned() throws Exception {
    HeldCertificate held =
        new HeldCertificate.Builder().addSubjectAlternativeName("elsewhere").build();
    HandshakeCertificates keys = new HandshakeCertificates.Builder().heldCertificate(held).build();
    HandshakeCertificates trust =
        new HandshakeCertificates.Builder().addTrustedCertificate(held.certificate()).build();
    OkHttpClient trusting =
        new OkHttpClient.Builder()
            .sslSocketFactory(trust.sslSocketFactory(), trust.trustManager())
            .build();
    CertificatePinner pins =
        new CertificatePinner.Builder()
            .add("localhost", "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")
            .build();
    try (TestServer server = TestServer.builder().tls(keys.sslSocketFactory()).start()) {
      run(server.url(), TlsFailed.class, builder -> {});
      run(server.url(), TlsFailed.class, with(trusting.newBuilder()));
      run(
          server.url(),
          TlsFailed.class,
          with(
              trusting
                  .newBuilder()
                  .hostnameVerifier((host, session) -> true)
                  .certificatePinner(pins)));
    }
  }

  @Test
  void aServerThatHangsUp() throws Exception {
    try (TestServer server = TestServer.start()) {
      server.acceptAndDrop();
      run(server.url(), ConnectionException.class, builder -> {});
    }
  }

  @Test
  void aSupplierThatThrowsWithTheUrl() throws Exception {
    URI uri = URI.create("ws://localhost/");
    IllegalStateException thrown = new IllegalStateException("no token for " + secret(uri));
    ofTheApp.add(thrown);

    run(
        uri,
        RequestFailed.class,
        builder ->
            builder.requests(
                context -> {
                  throw thrown;
                }));
  }

  @Test
  void anInterceptorThatThrowsWithTheUrl() throws Exception {
    URI uri = URI.create("ws://localhost/");
    String text = "no way to " + secret(uri) + " from here";
    IllegalStateException unchecked = new IllegalStateException(text);
    IOException checked = new IOException(text);
    ofTheApp.addAll(List.of(unchecked, checked));

    run(
        uri,
        ConnectFailed.class,
        with(
            new OkHttpClient.Builder()
                .addInterceptor(
                    chain -> {
                      throw unchecked;
                    })));
    run(
        uri,
        ConnectFailed.class,
        with(
            new OkHttpClient.Builder()
                .addInterceptor(
                    chain -> {
                      throw checked;
                    })));

    assertThat(texts).anyMatch(told -> told.contains("no way to ws://localhost/ from here"));
  }

  @Test
  void aClassifierThatThrowsWithTheUrlIsLogged() throws Exception {
    IllegalStateException thrown = new IllegalStateException("not " + SECRET);
    ofTheApp.add(thrown);

    run(
        URI.create("ws://localhost:99999/"),
        RequestInvalid.class,
        builder ->
            builder.classifier(
                (cause, proposed) -> {
                  throw thrown;
                }));

    assertThat(TestLoggerFactory.getAllLoggingEvents())
        .anyMatch(event -> event.getThrowable().filter(thrown::equals).isPresent());
  }

  @Test
  void aTransportThatThrowsWithTheUrl() throws Exception {
    URI uri = URI.create("ws://localhost/");
    IllegalStateException thrown = new IllegalStateException("no way to " + secret(uri));
    ofTheApp.add(thrown);

    run(
        uri,
        ConnectFailed.class,
        builder ->
            builder.transport(
                (io, clock) -> {
                  throw thrown;
                }));
  }

  @Test
  void anEndpointThatAProtocolOrAClassifierNames() throws Exception {
    try (TestServer server = TestServer.start()) {
      Protocol moving =
          new Protocol() {
            @Override
            public void opened(ProtocolContext context, Handshake handshake) {
              context.reconnect("moved", ReconnectHint.DEFAULT.withEndpoint(secret(server.url())));
            }
          };
      run(server.url(), ReconnectAsked.class, builder -> builder.protocol(moving));
      server.reject(503);
      run(
          server.url(),
          HandshakeRejected.class,
          builder ->
              builder
                  .classifier((cause, proposed) -> proposed.withEndpoint(secret(server.url())))
                  .endpoints(Endpoints.ordered(List.of(secret(server.url())))));
    }
  }

  @Test
  void aCloseOfAnOpenTransport() throws Exception {
    try (TestServer server = TestServer.start()) {
      server.upgradeHeaders("Set-Cookie", "session=" + SECRET);
      run(
          server.url(),
          PeerClosed.class,
          builder -> {},
          () -> server.await(now -> now.closeAll(4001, "bye") > 0, Duration.ofSeconds(20)));
    }
  }

  @Test
  void whatIsPrintedOfARequestAndItsKin() {
    ConnectRequest request = request(URI.create("ws://localhost/feed"));
    texts.add(request.toString());
    texts.add(request.headers().toString());
    texts.add(Endpoints.shuffled(List.of(request.uri())).toString());
    texts.add(
        Classification.retried(Delay.NONE, Delay.NONE).withEndpoint(request.uri()).toString());
    texts.add(
        new RequestContext(
                1, new ReconnectAsked("", ReconnectHint.DEFAULT.withEndpoint(request.uri())), true)
            .toString());

    assertThat(request).hasToString("ConnectRequest[ws://localhost/feed]");
  }

  @Test
  void whatIsRefusedAtOnce() {
    String query = "?token=" + SECRET;
    refuses(() -> ConnectRequest.builder(URI.create("ftp://me:" + SECRET + "@host/" + query)));
    refuses(() -> ConnectRequest.builder(URI.create("ws:///" + query)));
    refuses(() -> ConnectRequest.builder(URI.create("ws:" + SECRET)));
    refuses(
        () -> ConnectRequest.builder(URI.create("ws://me:" + SECRET + "@host/" + query + "#x")));
    refuses(() -> Endpoints.ordered(List.of(URI.create("ftp://host/" + query))));
    refuses(() -> new ConnectRequest.Header("Authorization", SECRET + "\n"));
    refuses(() -> new ConnectRequest.Header("Authorization: Bearer " + SECRET, ""));
    refuses(() -> ConnectRequest.builder(URI.create("ws://host/")).addProtocol("bearer " + SECRET));
  }

  private void refuses(Runnable mistake) {
    try {
      mistake.run();
    } catch (IllegalArgumentException e) {
      addChain(e);
      return;
    }
    throw new AssertionError("it was taken");
  }
}
