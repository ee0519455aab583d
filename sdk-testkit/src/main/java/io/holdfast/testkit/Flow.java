package io.holdfast.testkit;

/** What a {@link FaultProxy} does with the bytes of one direction. */
enum Flow {
  PASS,
  /** Reads on and forgets, and passes on neither FIN nor RST. */
  DROP,
  /** Does not read. */
  STALL
}
