package io.holdfast.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.ConnectRequest;
import io.holdfast.ConnectionException.TlsFailed;
import io.holdfast.Message;
import io.holdfast.testkit.FaultProxy;
import io.holdfast.testkit.TestServer;
import io.holdfast.websocket.RecordingSink.Told.Ended;
import io.holdfast.websocket.RecordingSink.Told.Opened;
import io.holdfast.websocket.RecordingSink.Told.Received;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import okhttp3.CertificatePinner;
import okhttp3.OkHttpClient;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;

/** OkHttp's own WebSocket, in MockWebServer, as the other end; with and without TLS. */
class RealPeersTest {
  private static final HeldCertificate LOCALHOST =
      new HeldCertificate.Builder().addSubjectAlternativeName("localhost").build();
  private static final HandshakeCertificates CERTIFICATES =
      new HandshakeCertificates.Builder()
          .heldCertificate(LOCALHOST)
          .addTrustedCertificate(LOCALHOST.certificate())
          .build();

  @Test
  void randomMessagesComeBackFromOkHttp() throws IOException {
    try (TestServer server = TestServer.start()) {
      server.echo();
      try (TransportRig rig = TransportRig.start(server.url())) {
        rig.awaitOpen();

        echoRandomMessages(rig);
      }
    }
  }

  private static void echoRandomMessages(TransportRig rig) {
    Random random = new Random(1);
    List<Message> sent = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      int size = random.nextInt(i % 100 == 0 ? 100_000 : 300);
      byte[] payload = new byte[size];
      random.nextBytes(payload);
      sent.add(i % 2 == 0 ? Message.binary(payload) : Message.text("é𝄞x".repeat(size / 8)));
    }
    for (Message message : sent) rig.send(message);
    for (Message message : sent) {
      assertThat(rig.sink.next(Received.class).message()).isEqualTo(message);
    }
  }

  @Test
  void moreWebSocketsThanADispatcherHasSlotsOpenOnOneClient() throws IOException {
    OkHttpClient client = new OkHttpClient();
    WebSocketTransportFactory factory = WebSocketTransportFactory.create(client);
    List<TransportRig> rigs = new ArrayList<>();
    try (TestServer server = TestServer.start()) {
      server.echo();
      ConnectRequest request = ConnectRequest.builder(server.url()).build();
      for (int i = 0; i < 70; i++) rigs.add(TransportRig.start(factory, request));
      for (TransportRig rig : rigs) rig.awaitOpen();
      for (TransportRig rig : rigs) rig.send(Message.text("hello"));
      for (TransportRig rig : rigs) rig.sink.nextMessage("hello");

      assertThat(client.dispatcher().runningCallsCount()).isZero();
      for (TransportRig rig : rigs) rig.close();
    }
  }

  @Test
  void wssOpensEchoesAndTellsItsTls() throws IOException {
    withTls(
        server -> {
          OkHttpClient client = trusting().build();
          try (TransportRig rig = start(client, server)) {
            Opened opened = rig.awaitOpen();
            assertThat(opened.timeline().tlsVersion()).startsWith("TLSv1.");
            assertThat(opened.timeline().tlsNanos()).isPositive();
            assertThat(opened.timeline().dnsNanos()).isNotNegative();
            assertThat(opened.timeline().tcpNanos()).isPositive();
            assertThat(opened.timeline().totalNanos())
                .isGreaterThan(opened.timeline().tlsNanos() + opened.timeline().tcpNanos());

            echoRandomMessages(rig);
          }
        });
  }

  @Test
  void wssClosesPolitely() throws IOException {
    withTls(
        server -> {
          TransportRig rig = start(trusting().build(), server);
          rig.awaitOpen();
          rig.transport.close(1000, "done");

          assertThat(rig.sink.next(Ended.class).cause()).hasMessage("peer closed with 1000 done");
          rig.assertEnds();
          rig.sink.assertNothingMore();
        });
  }

  @Test
  void cancelEndsAWriteThatIsBlockedInTls() throws IOException {
    withTls(
        server -> {
          try (FaultProxy proxy = FaultProxy.to(server.port())) {
            URI through = URI.create("wss://localhost:" + proxy.port() + "/");
            TransportRig rig =
                TransportRig.start(
                    WebSocketTransportFactory.create(trusting().build()),
                    ConnectRequest.builder(through).build());
            rig.awaitOpen();
            proxy.stall();
            rig.send(Message.binary(new byte[32 * 1024 * 1024]));
            RecordingSink.await("progress", () -> rig.sink.writesProgressed.get() > 0);

            rig.close();
          }
        });
  }

  @Test
  void certificateThatIsNotTrustedIsATlsFailure() throws IOException {
    withTls(
        server -> {
          try (TransportRig rig = start(TransportRig.CLIENT, server)) {
            Ended ended = rig.sink.next(Ended.class);
            assertThat(ended.cause())
                .isInstanceOfSatisfying(
                    TlsFailed.class, failed -> assertThat(failed.pinning()).isFalse());
            assertThat(ended.timeline().tlsNanos()).isPositive();
          }
        });
  }

  @Test
  void certificateThatIsNotPinnedIsAPinningFailure() throws IOException {
    CertificatePinner pinner =
        new CertificatePinner.Builder()
            .add("localhost", "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")
            .build();
    withTls(
        server -> {
          OkHttpClient client = trusting().certificatePinner(pinner).build();
          try (TransportRig rig = start(client, server)) {
            assertThat(rig.sink.nextEnd(TlsFailed.class).pinning()).isTrue();
          }
        });
  }

  @Test
  void certificateForAnotherHostIsNoPinningFailure() throws IOException {
    withTls(
        server -> {
          OkHttpClient client = trusting().hostnameVerifier((host, tls) -> false).build();
          try (TransportRig rig = start(client, server)) {
            assertThat(rig.sink.nextEnd(TlsFailed.class).pinning()).isFalse();
          }
        });
  }

  private interface TlsTest {
    void run(TestServer server) throws IOException;
  }

  private static void withTls(TlsTest test) throws IOException {
    try (TestServer server = TestServer.builder().tls(CERTIFICATES.sslSocketFactory()).start()) {
      server.echo();
      test.run(server);
    }
  }

  private static OkHttpClient.Builder trusting() {
    return TransportRig.CLIENT
        .newBuilder()
        .sslSocketFactory(CERTIFICATES.sslSocketFactory(), CERTIFICATES.trustManager());
  }

  private static TransportRig start(OkHttpClient client, TestServer server) {
    return TransportRig.start(
        WebSocketTransportFactory.create(client), ConnectRequest.builder(server.url()).build());
  }
}
