package io.holdfast.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import okio.ByteString;
import org.junit.jupiter.api.Test;

class RandomBytesTest {
  @Test
  void everyByteOfAnyLengthIsFilled() {
    for (int length : new int[] {0, 1, 511, 512, 513, 2000}) {
      byte[] bytes = new byte[length];
      boolean[] changed = new boolean[length];
      for (int i = 0; i < 10; i++) {
        RandomBytes.fill(bytes);
        for (int at = 0; at < length; at++) changed[at] |= bytes[at] != 0;
      }
      assertThat(changed).doesNotContain(false);
    }
  }

  @Test
  void bitsAreSetHalfOfTheTime() {
    byte[] bytes = new byte[100_000];
    RandomBytes.fill(bytes);
    int set = 0;
    for (byte each : bytes) set += Integer.bitCount(each & 0xff);
    assertThat(set).isBetween(396_000, 404_000);
  }

  @Test
  void nothingComesTwice() {
    Set<ByteString> blocks = new HashSet<>();
    for (int i = 0; i < 10_000; i++) {
      byte[] block = new byte[16];
      RandomBytes.fill(block);
      blocks.add(ByteString.of(block));
    }
    assertThat(blocks).hasSize(10_000);
  }
}
