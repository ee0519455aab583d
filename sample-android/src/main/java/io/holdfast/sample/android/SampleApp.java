package io.holdfast.sample.android;

import android.app.Application;
import android.content.Context;

/** The process: it outlives the activity's rotations, and each start of the service. */
public final class SampleApp extends Application {
  private final Conversation conversation = new Conversation();

  static Conversation conversation(Context context) {
    return ((SampleApp) context.getApplicationContext()).conversation;
  }
}
