package io.holdfast.queue;

import io.holdfast.queue.Recovered.Kept;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a queue was asked and has told, through all lives, and so what the next life must find. It
 * knows only the contract of {@link SendQueue}.
 */
final class Promises implements SendQueue.AppendCallback {
  private enum Told {
    NOTHING,
    DURABLE,
    REFUSED,
    /** Refused by a disk that may have kept it. */
    DOUBTFUL
  }

  private static final int NEVER = Integer.MAX_VALUE;

  private static final class Sent {
    final StoredMessage message;
    final int call;
    Told told = Told.NOTHING;
    int released = NEVER;
    boolean handed;

    Sent(StoredMessage message, int call) {
      this.message = message;
      this.call = call;
    }
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record State(byte[] bytes, int call) {}

  private final TreeMap<Long, Sent> sent = new TreeMap<>();
  // What is told in the middle of an append that has not returned.
  private final Map<Long, Told> early = new HashMap<>();
  private List<State> states = new ArrayList<>();
  private int calls;
  // All calls up to this one are on disk.
  private int durableCalls;
  private long lastTold;
  private long highestDurable;
  private boolean handing;
  long handedUpTo;
  // The process that would be told is being killed.
  boolean dead;
  int durable;
  int refused;

  // ---- What happens

  void appended(long sequence, StoredMessage message) {
    require(sent.isEmpty() || sequence > sent.lastKey(), "sequences rise", sequence);
    require(sequence > highestDurable, "no durable sequence is given again", sequence);
    sent.put(sequence, new Sent(message, ++calls));
    Told told = early.remove(sequence);
    if (told != null) tell(sequence, told);
  }

  @Override
  public void durable(long sequence) {
    if (dead) return;
    durable++;
    tell(sequence, Told.DURABLE);
  }

  @Override
  public void refused(long sequence, SendQueue.Refusal refusal) {
    if (dead) return;
    refused++;
    boolean doubt = refusal.reason() == SendQueue.Refusal.Reason.DISK_FAILED;
    tell(sequence, doubt ? Told.DOUBTFUL : Told.REFUSED);
  }

  private void tell(long sequence, Told told) {
    Sent one = sent.get(sequence);
    if (one == null) {
      early.put(sequence, told);
      return;
    }
    require(one.told == Told.NOTHING, "an append is told once", sequence);
    require(sequence > lastTold, "appends are told in order", sequence);
    lastTold = sequence;
    one.told = told;
    if (told == Told.DURABLE) {
      durableCalls = one.call;
      highestDurable = sequence;
      // What was refused before has left no trace.
      for (Sent earlier : sent.values()) {
        if (earlier.told == Told.DOUBTFUL && earlier.call < one.call) earlier.told = Told.REFUSED;
      }
    }
  }

  void released(long sequence) {
    Sent one = sent.get(sequence);
    if (one != null && one.released == NEVER) one.released = ++calls;
  }

  void stateSaved(byte[] bytes) {
    states.add(new State(bytes, ++calls));
  }

  /** A transport has some of the messages, as it may. */
  void handed(long sequence) {
    Sent one = sent.get(sequence);
    if (one == null || one.told != Told.DURABLE) return;
    one.handed = true;
    handedUpTo = Math.max(handedUpTo, sequence);
  }

  boolean isHanding() {
    return handing;
  }

  void handing(boolean handing) {
    this.handing = handing;
  }

  /** Returns the sequences that may be released. */
  List<Long> kept() {
    List<Long> kept = new ArrayList<>();
    sent.forEach(
        (sequence, one) -> {
          if (one.told == Told.DURABLE && one.released == NEVER) kept.add(sequence);
        });
    return kept;
  }

  // ---- What must be found

  void check(Recovered recovered, long nextSequence) {
    Map<Long, Kept> found = new HashMap<>();
    long last = 0;
    int lastCall = 0;
    for (Kept kept : recovered.messages()) {
      require(kept.sequence() > last, "in order, each once", kept.sequence());
      last = kept.sequence();
      found.put(last, kept);
      lastCall = checkFound(kept);
    }
    require(nextSequence > Math.max(last, highestDurable), "no sequence is given again", last);
    for (Map.Entry<Long, Sent> entry : sent.entrySet()) {
      if (!found.containsKey(entry.getKey()))
        checkMissing(entry.getKey(), entry.getValue(), lastCall);
    }
    checkState(recovered.state(), lastCall);
  }

  private int checkFound(Kept kept) {
    Sent one = sent.get(kept.sequence());
    if (one == null) throw violation("what was never appended never appears", kept.sequence());
    require(one.message.equals(kept.message()), "unchanged", kept.sequence());
    require(one.told != Told.REFUSED, "what was refused never appears", kept.sequence());
    require(one.released > durableCalls, "a durable release stays", kept.sequence());
    require(kept.mayHaveBeenHanded() || !one.handed, "handing is known", kept.sequence());
    return one.call;
  }

  private void checkMissing(long sequence, Sent one, int lastCall) {
    boolean released = one.released != NEVER;
    require(released || one.told != Told.DURABLE, "durable and not released is found", sequence);
    require(
        released || one.told != Told.NOTHING || one.call > lastCall,
        "what was appended before what is found is found",
        sequence);
  }

  private void checkState(byte @Nullable [] state, int lastCall) {
    int sure = Math.max(durableCalls, lastCall);
    boolean mayBeNone = true;
    for (int i = states.size() - 1; i >= 0; i--) {
      if (Arrays.equals(states.get(i).bytes, state)) return;
      mayBeNone &= states.get(i).call > sure;
      // Nothing older may be found.
      if (states.get(i).call <= sure) break;
    }
    require(state == null && mayBeNone, "the state is the last one that is durable", sure);
  }

  /** The next life has begun with what was found. */
  void reborn(Recovered recovered) {
    Map<Long, Kept> found = new HashMap<>();
    for (Kept kept : recovered.messages()) found.put(kept.sequence(), kept);
    sent.keySet().retainAll(found.keySet());
    for (Map.Entry<Long, Sent> entry : sent.entrySet()) {
      entry.getValue().told = Told.DURABLE;
      entry.getValue().released = NEVER;
      highestDurable = Math.max(highestDurable, entry.getKey());
    }
    states = new ArrayList<>();
    byte[] state = recovered.state();
    if (state != null) states.add(new State(state, calls));
    durableCalls = calls;
    lastTold = 0;
    early.clear();
    handing = false;
    dead = false;
  }

  private static void require(boolean holds, String rule, long about) {
    if (!holds) throw violation(rule, about);
  }

  private static AssertionError violation(String rule, long about) {
    return new AssertionError(rule + ", but not " + about);
  }

  @Override
  public String toString() {
    return Objects.toString(sent.keySet());
  }
}
