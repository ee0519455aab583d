package io.holdfast.testkit;

import java.nio.ByteBuffer;

/** The places in one stream, counted from the next byte on, where a lane's faults strike. */
final class Marks {
  private final Lane lane;
  private final Runnable onCorrupted;
  private long bytesToCut;
  private long bytesToCorrupt;

  Marks(Lane lane, Runnable onCorrupted) {
    this.lane = lane;
    this.onCorrupted = onCorrupted;
    setCut();
    setCorrupt();
  }

  void setCut() {
    bytesToCut = lane.cutAfterBytes;
  }

  void setCorrupt() {
    bytesToCorrupt = lane.corruptAfterBytes;
  }

  boolean cutDue() {
    return bytesToCut == 0;
  }

  int beforeCut(int bytes) {
    return bytesToCut == Lane.NONE ? bytes : (int) Math.min(bytes, bytesToCut);
  }

  /** Corrupts {@code piece} if the mark is within its next {@code count} bytes. */
  void corrupt(ByteBuffer piece, int count) {
    if (bytesToCorrupt == Lane.NONE || bytesToCorrupt >= count) return;
    int place = piece.position() + (int) bytesToCorrupt;
    piece.put(place, (byte) ~piece.get(place));
    bytesToCorrupt = Lane.NONE;
    onCorrupted.run();
  }

  void passed(int count) {
    if (bytesToCut != Lane.NONE) bytesToCut -= count;
    if (bytesToCorrupt != Lane.NONE) bytesToCorrupt -= count;
  }
}
