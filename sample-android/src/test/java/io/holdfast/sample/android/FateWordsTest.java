package io.holdfast.sample.android;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.Fate;
import java.util.List;
import org.junit.jupiter.api.Test;

class FateWordsTest {
  private static final List<Fate> ALL =
      List.of(
          new Fate.Written(),
          new Fate.Confirmed(),
          new Fate.Acknowledged(null),
          new Fate.Refused("no"),
          new Fate.Expired(),
          new Fate.Evicted(),
          new Fate.Conflated(),
          new Fate.Cancelled(Fate.Cancelled.Reason.CONNECTION_CLOSED),
          new Fate.Rejected(Fate.Rejected.Reason.QUEUE_FULL),
          new Fate.Rejected(Fate.Rejected.Reason.TOO_LARGE),
          new Fate.Rejected(Fate.Rejected.Reason.CONNECTION_CLOSED),
          new Fate.Rejected(Fate.Rejected.Reason.DISK_FULL),
          new Fate.Rejected(Fate.Rejected.Reason.NOT_ENCODED),
          new Fate.Kept(),
          new Fate.InDoubt(Fate.InDoubt.Reason.RESEND_LIMIT, null));

  @Test
  void everyFateHasWordsOfItsOwn() {
    assertThat(ALL).extracting(Object::getClass).contains(Fate.class.getPermittedSubclasses());

    assertThat(ALL)
        .extracting(fate -> FateWords.of(fate).words())
        .doesNotHaveDuplicates()
        .doesNotContain(FateWords.of(null).words());
  }

  @Test
  void itsColourSaysWhetherItWasDelivered() {
    assertThat(FateWords.of(null).colour()).isEqualTo(R.color.pending);
    assertThat(ALL)
        .filteredOn(fate -> !(fate instanceof Fate.Kept))
        .allSatisfy(
            fate ->
                assertThat(FateWords.of(fate).colour())
                    .isEqualTo(fate.delivered() ? R.color.good : R.color.bad));
    assertThat(FateWords.of(new Fate.Kept()).colour()).isEqualTo(R.color.pending);
  }
}
