package io.holdfast.sample.android;

import android.app.Application;
import android.content.Context;
import io.holdfast.android.HoldfastAndroid;
import org.jspecify.annotations.Nullable;

/** The process: it outlives the activity's rotations, and each start of the service. */
public final class SampleApp extends Application {
  private @Nullable Conversation conversation;

  @Override
  public void onCreate() {
    super.onCreate();
    Connector connector = new Connector(HoldfastAndroid.of(this));
    conversation = new Conversation(connector, new LastAddress(this));
  }

  static Conversation conversation(Context context) {
    Conversation conversation = ((SampleApp) context.getApplicationContext()).conversation;
    if (conversation == null) throw new AssertionError("Android calls onCreate before all else");
    return conversation;
  }
}
