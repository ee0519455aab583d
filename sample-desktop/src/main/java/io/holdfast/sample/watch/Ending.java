package io.holdfast.sample.watch;

/** What ended a watch. */
enum Ending {
  INPUT_ENDED("the input ended"),
  DURATION_PASSED("the duration has passed"),
  INTERRUPTED("it was interrupted"),
  CLOSED("the server is not to be tried again"),
  GAVE_UP("it gave up"),
  OUTPUT_CLOSED("nobody reads the output");

  final String words;

  Ending(String words) {
    this.words = words;
  }
}
