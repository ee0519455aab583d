package io.holdfast.sample.serve;

import io.holdfast.sample.terminal.Line.Tone;
import io.holdfast.sample.terminal.Timeline;
import io.holdfast.testkit.SessionListener;
import io.holdfast.testkit.UpgradeRequest;
import okio.ByteString;

/** Tells a server's sessions as lines of a timeline. */
final class Visitors implements SessionListener {
  private static final int NO_CLOSE_FRAME = 1006;

  private final Timeline timeline;

  Visitors(Timeline timeline) {
    this.timeline = timeline;
  }

  @Override
  public void onUpgradeRequest(UpgradeRequest request) {
    // A query may hold a secret.
    String path = request.target().replaceFirst("[?].*", "?...");
    String agent = request.headers().get("User-Agent");
    String by = agent == null ? "" : ", " + agent;
    timeline.add(Tone.FAINT, "REQUEST", path + " answered with " + request.status() + by);
  }

  @Override
  public void onOpened(int session) {
    timeline.add(Tone.GOOD, "OPENED", "session " + session);
  }

  @Override
  public void onText(int session, String text) {
    timeline.add(Tone.PLAIN, "<- MESSAGE", session + ": " + text);
  }

  @Override
  public void onBinary(int session, ByteString bytes) {
    timeline.add(Tone.PLAIN, "<- BINARY", session + ": " + bytes.size() + " bytes");
  }

  @Override
  public void onEnded(int session, int code, String reason) {
    String how =
        code == NO_CLOSE_FRAME
            ? ", lost without a Close"
            : ", closed with " + code + (reason.isEmpty() ? "" : " " + reason);
    timeline.add(
        code == NO_CLOSE_FRAME ? Tone.WARNING : Tone.PLAIN, "ENDED", "session " + session + how);
  }
}
