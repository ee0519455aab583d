package io.holdfast.sample.android;

import io.holdfast.android.HoldfastAndroid;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.schedulers.Schedulers;

/** Android's main thread, for streams. */
final class MainThread {
  static final Scheduler SCHEDULER = Schedulers.from(HoldfastAndroid.mainThread());

  private MainThread() {}
}
