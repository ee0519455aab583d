package io.holdfast.sample.android;

import android.content.Context;
import android.content.SharedPreferences;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** The address that the user connected to and has not closed, so that the next process goes on. */
final class LastAddress {
  private static final String KEY = "address";

  private final SharedPreferences preferences;

  LastAddress(Context context) {
    preferences = context.getSharedPreferences("connection", Context.MODE_PRIVATE);
  }

  @Nullable URI get() {
    String address = preferences.getString(KEY, null);
    return address == null ? null : URI.create(address);
  }

  void set(URI address) {
    preferences.edit().putString(KEY, address.toString()).apply();
  }

  void forget() {
    preferences.edit().remove(KEY).apply();
  }
}
