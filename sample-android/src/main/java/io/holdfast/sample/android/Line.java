package io.holdfast.sample.android;

import io.holdfast.Fate;
import io.holdfast.Message;
import org.jspecify.annotations.Nullable;

/**
 * One message in the list.
 *
 * @param id tells lines apart
 * @param sent whether we sent it, or else received it
 * @param fate how a sent one ended; null while it is under way, and for one that was received
 */
record Line(long id, boolean sent, String text, @Nullable Fate fate) {
  // A peer may send megabytes, and laying them out would hold up the main thread.
  private static final int MOST_CHARACTERS = 500;

  static Line sent(long id, String text) {
    return new Line(id, true, shortened(text), null);
  }

  static Line received(long id, Message message) {
    String text = message instanceof Message.Text t ? t.text() : message.size() + " B";
    return new Line(id, false, shortened(text), null);
  }

  Line withFate(@Nullable Fate fate) {
    return new Line(id, sent, text, fate);
  }

  private static String shortened(String text) {
    if (text.length() <= MOST_CHARACTERS) return text;
    boolean splitsPair = Character.isHighSurrogate(text.charAt(MOST_CHARACTERS - 1));
    return text.substring(0, splitsPair ? MOST_CHARACTERS - 1 : MOST_CHARACTERS) + "…";
  }
}
