package io.holdfast.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.ConnectRequest;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.HandshakeRejected;
import io.holdfast.Message;
import io.holdfast.testkit.TestServer;
import io.holdfast.websocket.RecordingSink.Told.Ended;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import okhttp3.CertificatePinner;
import okhttp3.Cookie;
import okhttp3.CookieJar;
import okhttp3.Credentials;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;

/** What the app's OkHttpClient knows of the way to a server holds for WebSockets, too. */
class AppClientTest {
  private static final HeldCertificate LOCALHOST =
      new HeldCertificate.Builder().addSubjectAlternativeName("localhost").build();
  private static final HeldCertificate APP =
      new HeldCertificate.Builder().commonName("app").build();
  private static final HandshakeCertificates SERVERS =
      new HandshakeCertificates.Builder()
          .heldCertificate(LOCALHOST)
          .addTrustedCertificate(APP.certificate())
          .build();
  private static final HandshakeCertificates APPS =
      new HandshakeCertificates.Builder()
          .heldCertificate(APP)
          .addTrustedCertificate(LOCALHOST.certificate())
          .build();
  private static final HandshakeCertificates STRANGERS =
      new HandshakeCertificates.Builder().addTrustedCertificate(LOCALHOST.certificate()).build();

  @Test
  void wssGoesThroughAnHttpProxyByConnect() throws IOException {
    try (TestServer server = tlsServer();
        TunnelProxy proxy = new TunnelProxy(Proxy.Type.HTTP, server.port())) {
      echoes(with(APPS).proxy(proxy.proxy()).build(), server);

      assertThat(proxy.asked).containsExactly("CONNECT localhost:" + server.port() + " HTTP/1.1");
    }
  }

  @Test
  void bothSchemesGoThroughASocksProxyWhichResolvesTheName() throws IOException {
    try (TestServer server = tlsServer();
        TunnelProxy proxy = new TunnelProxy(Proxy.Type.SOCKS, server.port())) {
      echoes(with(APPS).proxy(proxy.proxy()).build(), server);

      assertThat(proxy.asked).containsExactly("SOCKS localhost:" + server.port());
    }
    try (TestServer server = plainServer();
        TunnelProxy proxy = new TunnelProxy(Proxy.Type.SOCKS, server.port())) {
      echoes(TransportRig.CLIENT.newBuilder().proxy(proxy.proxy()).build(), server);

      assertThat(proxy.asked).containsExactly("SOCKS 127.0.0.1:" + server.port());
    }
  }

  @Test
  void cookiesOfTheUpgradeAreKeptAndSent() throws IOException {
    List<Cookie> kept = new CopyOnWriteArrayList<>();
    CookieJar jar =
        new CookieJar() {
          @Override
          public void saveFromResponse(HttpUrl url, List<Cookie> cookies) {
            kept.addAll(cookies);
          }

          @Override
          public List<Cookie> loadForRequest(HttpUrl url) {
            return kept;
          }
        };
    OkHttpClient client = TransportRig.CLIENT.newBuilder().cookieJar(jar).build();
    try (TestServer server = plainServer()) {
      server.upgradeHeaders("Set-Cookie", "session=7; Path=/");
      echoes(client, server);
      echoes(client, server);

      assertThat(server.upgradeRequests().get(0).headers().get("Cookie")).isNull();
      assertThat(server.upgradeRequests().get(1).headers().get("Cookie")).isEqualTo("session=7");
    }
  }

  @Test
  void authenticatorIsAskedOn401WithinTheAttempt() throws IOException {
    String credentials = Credentials.basic("me", "secret");
    OkHttpClient client =
        TransportRig.CLIENT
            .newBuilder()
            .authenticator(
                (route, answer) ->
                    answer.request().newBuilder().header("Authorization", credentials).build())
            .build();
    try (TestServer server = plainServer()) {
      server.rejectNext(1, 401, "WWW-Authenticate", "Basic realm=\"x\"");
      echoes(client, server);

      assertThat(server.upgradeRequests()).extracting("status").containsExactly(401, 101);
      assertThat(server.upgradeRequests().get(1).headers().get("Authorization"))
          .isEqualTo(credentials);
    }
  }

  @Test
  void withoutAnAuthenticatorA401RejectsTheAttempt() throws IOException {
    try (TestServer server = plainServer()) {
      server.rejectNext(1, 401, "WWW-Authenticate", "Basic realm=\"x\"");
      try (TransportRig rig = start(TransportRig.CLIENT, server)) {
        assertThat(rig.sink.nextEnd(HandshakeRejected.class).status()).isEqualTo(401);
      }
    }
  }

  @Test
  void certificateOfTheAppIsShownToAServerThatWantsOne() throws IOException {
    SSLSocketFactory demanding = new DemandingSockets(SERVERS.sslSocketFactory());
    try (TestServer server = TestServer.builder().tls(demanding).start()) {
      server.echo();
      echoes(with(APPS).build(), server);
      try (TransportRig rig = start(with(STRANGERS).build(), server)) {
        // In TLS 1.3 a client learns of it after its own handshake, so the kind differs.
        assertThat(rig.sink.next(Ended.class).cause()).isInstanceOf(ConnectionException.class);
      }
      assertThat(server.sessions()).isEqualTo(1);
    }
  }

  @Test
  void certificateThatIsPinnedIsTaken() throws IOException {
    CertificatePinner pinner =
        new CertificatePinner.Builder()
            .add("localhost", CertificatePinner.pin(LOCALHOST.certificate()))
            .build();
    try (TestServer server = tlsServer()) {
      echoes(with(STRANGERS).certificatePinner(pinner).build(), server);
    }
  }

  private static TestServer plainServer() throws IOException {
    TestServer server = TestServer.start();
    server.echo();
    return server;
  }

  private static TestServer tlsServer() throws IOException {
    TestServer server = TestServer.builder().tls(SERVERS.sslSocketFactory()).start();
    server.echo();
    return server;
  }

  private static OkHttpClient.Builder with(HandshakeCertificates certificates) {
    return TransportRig.CLIENT
        .newBuilder()
        .sslSocketFactory(certificates.sslSocketFactory(), certificates.trustManager());
  }

  private static void echoes(OkHttpClient client, TestServer server) throws IOException {
    try (TransportRig rig = start(client, server)) {
      rig.awaitOpen();
      rig.send(Message.text("hello"));
      rig.sink.nextMessage("hello");
    }
  }

  private static TransportRig start(OkHttpClient client, TestServer server) {
    return TransportRig.start(
        WebSocketTransportFactory.create(client), ConnectRequest.builder(server.url()).build());
  }

  /** Sockets of a server that wants its peers' certificates. */
  private static final class DemandingSockets extends SSLSocketFactory {
    private final SSLSocketFactory plain;

    private DemandingSockets(SSLSocketFactory plain) {
      this.plain = plain;
    }

    @Override
    public Socket createSocket(Socket under, String host, int port, boolean autoClose)
        throws IOException {
      SSLSocket socket = (SSLSocket) plain.createSocket(under, host, port, autoClose);
      socket.setUseClientMode(false);
      socket.setNeedClientAuth(true);
      return socket;
    }

    @Override
    public String[] getDefaultCipherSuites() {
      return plain.getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
      return plain.getSupportedCipherSuites();
    }

    @Override
    public Socket createSocket(String host, int port) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress from, int fromPort) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort) {
      throw new UnsupportedOperationException();
    }
  }
}
