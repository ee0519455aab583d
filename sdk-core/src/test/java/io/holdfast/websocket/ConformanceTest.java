package io.holdfast.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.ConnectRequest;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.MessageTooLarge;
import io.holdfast.ConnectionException.PeerClosed;
import io.holdfast.ConnectionException.ProtocolViolated;
import io.holdfast.Message;
import io.holdfast.testkit.RawFrame;
import io.holdfast.testkit.RawServer;
import io.holdfast.testkit.RawSession;
import io.holdfast.websocket.RecordingSink.Told;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import okio.Buffer;
import okio.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a client must make of a server's bytes, by section. Each conversation is fed to the decoder
 * whole and in chunks of every size, which must be the same, and is played by a server over a
 * socket, where the Close that answers it is checked as well.
 */
class ConformanceTest {
  private static final InboundLimits LIMITS = new InboundLimits(70_000, 10, 10_000, 64 * 1024);
  // Longer ones are cut into the sizes that matter alone.
  private static final int CUT_IN_ALL_SIZES = 1500;

  // Bytes in hex; xx*n is a byte n times. Expected: what is found, one after the other.
  private static final String RFC_6455 =
      """
      5.2  | length 0                      | 8200                       | binary
      5.2  | length 125 in one byte        | 827d ab*125                | binary ab*125
      5.2  | length 126 in two bytes       | 827e007e ab*126            | binary ab*126
      5.2  | length 65535 in two bytes     | 827effff ab*65535          | binary ab*65535
      5.2  | length 65536 in eight bytes   | 827f0000000000010000 ab*65536 | binary ab*65536
      5.2  | 125 in two bytes              | 827e007d                   | failed: 1002
      5.2  | 0 in eight bytes              | 827f0000000000000000       | failed: 1002
      5.2  | 65535 in eight bytes          | 827f000000000000ffff       | failed: 1002
      5.2  | the highest bit of a length   | 827f8000000000000000       | failed: 1002
      5.2  | RSV1 without an extension     | c100                       | failed: 1002
      5.2  | RSV2                          | a100                       | failed: 1002
      5.2  | RSV3                          | 9100                       | failed: 1002
      5.2  | RSV1 on a ping                | c900                       | failed: 1002
      5.2  | RSV2 on a continuation        | 0100 a000                  | failed: 1002
      5.2  | opcode 3                      | 8300                       | failed: 1002
      5.2  | opcode 4                      | 8400                       | failed: 1002
      5.2  | opcode 5                      | 8500                       | failed: 1002
      5.2  | opcode 6                      | 8600                       | failed: 1002
      5.2  | opcode 7                      | 8700                       | failed: 1002
      5.2  | opcode 11                     | 8b00                       | failed: 1002
      5.2  | opcode 12                     | 8c00                       | failed: 1002
      5.2  | opcode 13                     | 8d00                       | failed: 1002
      5.2  | opcode 14                     | 8e00                       | failed: 1002
      5.2  | opcode 15                     | 8f00                       | failed: 1002
      5.2  | a bad opcode after a message  | 810161 8300                | text a; failed: 1002
      5.1  | a masked message              | 818100000000 61            | failed: 1002
      5.1  | a masked ping                 | 898000000000               | failed: 1002
      5.4  | two fragments                 | 010148 800169              | text Hi
      5.4  | three, the middle one empty   | 010148 0000 800169         | text Hi
      5.4  | all of them empty             | 0200 0000 8000             | binary
      5.4  | ten fragments                 | 020161 000162 000163 000164 000165 000166 000167 000168 000169 80016a | binary 6162636465666768696a
      5.4  | eleven, above our limit       | 0200 0000 0000 0000 0000 0000 0000 0000 0000 0000 8000 | failed: 1009
      5.4  | a continuation of nothing     | 8000                       | failed: 1002
      5.4  | a continuation after the last | 810161 8000                | text a; failed: 1002
      5.4  | a message within a message    | 0100 8100                  | failed: 1002
      5.4  | another kind within a message | 0100 0200                  | failed: 1002
      5.4  | control frames between        | 010161 890170 8a0171 800162 | ping 70; pong 71; text ab
      5.4  | a Close between               | 010161 880203e8            | close 1000
      5.5  | a ping of 125 bytes           | 897d ab*125                | ping ab*125
      5.5  | a ping of 126 bytes           | 897e007e                   | failed: 1002
      5.5  | a ping that is not the last   | 0900                       | failed: 1002
      5.5  | a pong that is not the last   | 0a00                       | failed: 1002
      5.5  | a Close that is not the last  | 0800                       | failed: 1002
      5.5.1| an empty Close                | 8800                       | close 1005
      5.5.1| half a code                   | 880103                     | failed: 1002
      5.5.1| 1000 with a reason            | 880503e8627965             | close 1000 bye
      5.5.1| a reason of 123 bytes         | 887d03e8 61*123            | close 1000 61*123
      5.5.1| a reason above 123 bytes      | 887e007e                   | failed: 1002
      5.5.1| a reason that is not UTF-8    | 880303e8ff                 | failed: 1007
      5.5.1| a reason cut in a character   | 880403e8e282               | failed: 1007
      5.5.1| whatever follows a Close      | 880203e8 8300 ffff         | close 1000
      5.5.2| pings                         | 8900 890161                | ping; ping 61
      5.5.3| a pong that nobody asked for  | 8a0161                     | pong 61
      7.4  | 999                           | 880203e7                   | failed: 1002
      7.4  | 1001                          | 880203e9                   | close 1001
      7.4  | 1003                          | 880203eb                   | close 1003
      7.4  | 1004                          | 880203ec                   | failed: 1002
      7.4  | 1005                          | 880203ed                   | failed: 1002
      7.4  | 1006                          | 880203ee                   | failed: 1002
      7.4  | 1007                          | 880203ef                   | close 1007
      7.4  | 1014                          | 880203f6                   | close 1014
      7.4  | 1015                          | 880203f7                   | failed: 1002
      7.4  | 1016                          | 880203f8                   | failed: 1002
      7.4  | 2999                          | 88020bb7                   | failed: 1002
      7.4  | 3000                          | 88020bb8                   | close 3000
      7.4  | 4999                          | 88021387                   | close 4999
      7.4  | 5000                          | 88021388                   | failed: 1002
      7.4  | 65535                         | 8802ffff                   | failed: 1002
      8.1  | one to four bytes             | 810a 24c2a2e282acf09d849e   | text $\u00a2\u20ac\ud834\udd1e
      8.1  | a character in two fragments  | 0102e282 8001ac            | text \u20ac
      8.1  | a character with a ping in it | 0102e282 8900 8001ac       | ping; text \u20ac
      8.1  | U+10FFFF, the last            | 8104f48fbfbf               | text \udbff\udfff
      8.1  | above it, at its second byte  | 8164f490                   | failed: 1007
      8.1  | a surrogate, at its second    | 8164eda0                   | failed: 1007
      8.1  | overlong in two, at its first | 8164c0                     | failed: 1007
      8.1  | overlong in two, at its first | 8164c1                     | failed: 1007
      8.1  | overlong in three, at second  | 8164e09f                   | failed: 1007
      8.1  | overlong in four, at second   | 8164f08f                   | failed: 1007
      8.1  | f5, which begins nothing      | 8164f5                     | failed: 1007
      8.1  | a continuation byte alone     | 816480                     | failed: 1007
      8.1  | a start within a character    | 8164e2c2                   | failed: 1007
      8.1  | a bad byte after plain ASCII  | 8164 61*40 ff              | failed: 1007
      8.1  | a bad byte in a later fragment | 010161 0064ff             | failed: 1007
      8.1  | cut off at the message's end  | 8102e282                   | failed: 1007
      8.1  | cut off, in fragments         | 0102e282 8000              | failed: 1007
      8.1  | binary is not checked         | 8202c080                   | binary c080
      8.1  | text after such a binary      | 8202e282 810161            | binary e282; text a
      10.4 | 70,000 bytes                  | 827f0000000000011170 00*70000 | binary 00*70000
      10.4 | 70,001 bytes, by the header   | 827f0000000000011171       | failed: 1009
      10.4 | 2^62 bytes, by the header     | 827f4000000000000000       | failed: 1009
      10.4 | fragments that add up         | 027effff 00*65535 007e1172 | failed: 1009
      """;

  private static final String RFC_7692 =
      """
      6    | an uncompressed message       | 810161                     | text a
      6.1  | RSV1 on the first fragment    | 4103f248cd 8004c9c90700    | text Hello
      6.1  | a ping between                | 4103f248cd 890161 8004c9c90700 | ping 61; text Hello
      6.1  | RSV1 on the second fragment   | 4103f248cd c004c9c90700    | failed: 1002
      6.1  | RSV1 on a ping                | c900                       | failed: 1002
      6.1  | RSV1 on a pong                | ca00                       | failed: 1002
      6.1  | RSV1 on a Close               | c80203e8                   | failed: 1002
      6.1  | RSV2                          | a100                       | failed: 1002
      6.1  | RSV1 and RSV3                 | d100                       | failed: 1002
      7.2.2| not UTF-8                     | c103fa0700                 | failed: 1007
      7.2.3.1 | one block                  | c107f248cdc9c90700         | text Hello
      7.2.3.2 | a shared window            | c107f248cdc9c90700 c105f200110000 | text Hello; text Hello
      7.2.3.3 | a block of no compression  | c10b000500faff48656c6c6f00 | text Hello
      7.2.3.4 | a final block              | c108f348cdc9c9070000       | text Hello
      7.2.3.5 | two blocks                 | c10df248050000 00ffffcac9c90700 | text Hello
      7.2.3.6 | an empty message           | c10100                     | text
      7.2  | a block type of 3             | c10107 c10100              | failed: 1007
      7.2  | a block that is cut off       | c106f248cdc9c907           | failed: 1007
      7.2  | a reference to nothing        | c105f200110000             | failed: 1007
      """;

  record Conversation(String name, boolean deflated, ByteString bytes, List<String> expected) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Conversation> conversations() {
    return Stream.concat(table("6455", false, RFC_6455), table("7692", true, RFC_7692));
  }

  private static Stream<Conversation> table(String rfc, boolean deflated, String rows) {
    return rows.lines().map(row -> conversation(rfc, deflated, row.split("\\|")));
  }

  private static Conversation conversation(String rfc, boolean deflated, String[] cells) {
    List<String> expected = new ArrayList<>();
    for (String line : cells[3].split(";", -1)) expected.add(expected(line.trim()));
    return new Conversation(
        "RFC " + rfc + " section " + cells[0].trim() + ": " + cells[1].trim(),
        deflated,
        bytes(cells[2]),
        expected);
  }

  private static String expected(String line) {
    int repeat = line.indexOf('*');
    if (repeat < 0) return line;
    int last = line.lastIndexOf(' ');
    ByteString repeated = bytes(line.substring(last));
    String content = line.startsWith("close") ? repeated.utf8() : repeated.hex();
    return line.substring(0, last + 1) + content;
  }

  private static ByteString bytes(String cell) {
    Buffer bytes = new Buffer();
    for (String word : cell.trim().split(" +", -1)) {
      int repeat = word.indexOf('*');
      ByteString piece = ByteString.decodeHex(repeat < 0 ? word : word.substring(0, repeat));
      int times = repeat < 0 ? 1 : Integer.parseInt(word.substring(repeat + 1));
      for (int i = 0; i < times; i++) bytes.write(piece);
    }
    return bytes.readByteString();
  }

  @ParameterizedTest
  @MethodSource("conversations")
  void isFoundWhateverTheChunks(Conversation conversation) {
    byte[] bytes = conversation.bytes().toByteArray();

    assertThat(found(conversation, false))
        .hasSameSizeAs(conversation.expected())
        .zipSatisfy(conversation.expected(), ConformanceTest::agree);
    assertThat(found(conversation, true)).isEqualTo(found(conversation, false));
    chunkSizes(bytes.length)
        .forEach(
            size ->
                assertThat(found(conversation, false, cuts(bytes.length, size)))
                    .as("chunks of %d", size)
                    .isEqualTo(found(conversation, false)));
  }

  @Test
  void allThatIsLegalMakesOneLongConversation() {
    Buffer bytes = new Buffer();
    List<String> expected = new ArrayList<>();
    conversations()
        .filter(each -> each.bytes().size() <= CUT_IN_ALL_SIZES)
        .filter(each -> each.expected().stream().noneMatch(ConformanceTest::isEnd))
        .forEach(
            each -> {
              bytes.write(each.bytes());
              expected.addAll(each.expected());
            });
    Conversation all = new Conversation("all", true, bytes.readByteString(), expected);
    int size = all.bytes().size();

    assertThat(found(all, false)).zipSatisfy(expected, ConformanceTest::agree);
    for (int chunk = 1; chunk <= size; chunk++) {
      assertThat(found(all, false, cuts(size, chunk)))
          .as("chunks of %d", chunk)
          .isEqualTo(found(all, false));
    }
  }

  @Test
  void everyCloseCodeThatMayBeSentIsTakenAndNoOther() {
    for (int code = 0; code <= 0xffff; code++) {
      boolean legal =
          (code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006)
              || (code >= 3000 && code <= 4999);
      String found =
          RecordingFrames.decode(LIMITS, RawFrame.close(code, "").encode().toByteArray()).get(0);
      assertThat(found).startsWith(legal ? "close " + code : "failed: 1002");
    }
  }

  private static IntStream chunkSizes(int size) {
    if (size <= CUT_IN_ALL_SIZES) return IntStream.rangeClosed(1, size);
    return IntStream.of(1, 2, 3, 7, 64, 127, 1000, 4095, 4096, 8191, 8192, size - 1);
  }

  private static int[] cuts(int size, int chunk) {
    return IntStream.iterate(chunk, at -> at < size, at -> at + chunk).toArray();
  }

  private static List<String> found(Conversation conversation, boolean pausing, int... cuts) {
    byte[] bytes = conversation.bytes().toByteArray();
    if (conversation.deflated()) {
      return RecordingFrames.decodeDeflated(LIMITS, true, pausing, bytes, cuts);
    }
    return pausing
        ? RecordingFrames.decodePausing(LIMITS, bytes, cuts)
        : RecordingFrames.decode(LIMITS, bytes, cuts);
  }

  private static void agree(String found, String expected) {
    // Which rule is broken is told elsewhere.
    if (expected.startsWith("failed")) assertThat(found).startsWith(expected + " ");
    else assertThat(found.trim()).isEqualTo(expected);
  }

  private static boolean isEnd(String line) {
    return line.startsWith("close") || line.startsWith("failed");
  }

  @ParameterizedTest
  @MethodSource("conversations")
  void isToldOverASocketAndAnswered(Conversation conversation) throws IOException {
    try (RawServer server = RawServer.start()) {
      WebSocketTransportFactory factory =
          WebSocketTransportFactory.builder(TransportRig.CLIENT)
              .maxMessageBytes(LIMITS.messageBytes())
              .maxFragments(LIMITS.fragments())
              .compression(conversation.deflated() ? Compression.DEFAULT : Compression.OFF)
              .build();
      TransportRig rig = TransportRig.start(factory, ConnectRequest.builder(server.url()).build());
      RawSession session = server.accept();
      if (conversation.deflated()) {
        session.upgrade("Sec-WebSocket-Extensions", "permessage-deflate");
      } else {
        session.upgrade();
      }
      rig.awaitOpen();
      session.send(conversation.bytes());

      play(conversation.expected(), rig, session);
      // What ends by itself needs only the peer's FIN.
      if (isEnd(last(conversation.expected()))) session.close();
      rig.close();
    }
  }

  private static void play(List<String> expected, TransportRig rig, RawSession session)
      throws IOException {
    String lastPing = null;
    for (String line : expected) {
      if (line.startsWith("ping")) lastPing = line;
      else agree(told(rig.sink.next(Told.class)), line);
    }
    String end = last(expected);
    if (!isEnd(end)) {
      if (lastPing == null) return;
      // A ping is answered, if not overtaken by the next.
      String answer;
      do {
        RawFrame pong = session.readFrame();
        assertThat(pong.opcode()).isEqualTo(RawFrame.PONG);
        answer = ("ping " + pong.payload().hex()).trim();
      } while (!answer.equals(lastPing));
      return;
    }
    RawFrame close = session.readFrame();
    while (close.opcode() == RawFrame.PONG) close = session.readFrame();
    assertThat(close.opcode()).isEqualTo(RawFrame.CLOSE);
    assertThat(close.maskKey()).isNotNull();
    int code = Integer.parseInt(end.split(" ", 3)[1]);
    if (code == 1005) assertThat(close.payload().size()).isZero();
    else assertThat(close.closeCode()).isEqualTo(code);
    assertThat(session.awaitEnd()).isEqualTo(RawSession.End.FIN);
  }

  private static String last(List<String> lines) {
    return lines.get(lines.size() - 1);
  }

  private static String told(Told told) {
    if (told instanceof Told.Received received) {
      return received.message() instanceof Message.Text text
          ? "text " + text.text()
          : "binary " + ByteString.of(received.message().payload()).hex();
    }
    if (told instanceof Told.Pong pong) return "pong " + pong.payload().hex();
    if (told instanceof Told.Ended ended) return end(ended.cause());
    throw new AssertionError(told);
  }

  private static String end(ConnectionException cause) {
    if (cause instanceof PeerClosed closed) return "close " + closed.code() + " " + closed.reason();
    int code = cause instanceof ProtocolViolated violated ? violated.closeCode() : 1009;
    if (code == 1009) assertThat(cause).isInstanceOf(MessageTooLarge.class);
    return "failed: " + code + " " + cause.getMessage();
  }
}
