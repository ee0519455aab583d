/** A managed connection's metrics for Micrometer. */
@SuppressWarnings("requires-transitive-automatic") // Micrometer has automatic modules only.
module io.holdfast.micrometer {
  requires transitive io.holdfast;
  requires transitive micrometer.core;
  requires static transitive org.jspecify;

  exports io.holdfast.micrometer;
}
