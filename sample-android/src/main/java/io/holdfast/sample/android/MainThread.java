package io.holdfast.sample.android;

import android.os.Handler;
import android.os.Looper;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.schedulers.Schedulers;
import java.util.concurrent.Executor;

/** Android's main thread, for a connection's callbacks and for streams. */
final class MainThread {
  static final Executor EXECUTOR = new Handler(Looper.getMainLooper())::post;
  static final Scheduler SCHEDULER = Schedulers.from(EXECUTOR);

  private MainThread() {}
}
