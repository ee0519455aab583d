package io.holdfast.benchmarks.journal;

/** What is measured: a line of the table. */
enum Line {
  ALONE("alone, records/s", "%,.0f"),
  IN_FLIGHT_64("64 in flight, records/s", "%,.0f"),
  SYNCS_64("syncs a record, 64 in flight", "%.4f"),
  APP_ALONE("as an app: alone, records/s", "%,.0f"),
  APP_64("as an app: 64 in flight, records/s", "%,.0f"),
  APP_8192("as an app: 8,192 in flight, records/s", "%,.0f"),
  SYNCS_8192("syncs a record, 8,192 in flight", "%.4f"),
  RECOVERY("100,000 records read, ms", "%.0f"),
  FIRST_RECOVERY("the same, first thing in a process, ms", "%.0f");

  private final String label;
  private final String format;

  Line(String label, String format) {
    this.label = label;
    this.format = format;
  }

  String label() {
    return label;
  }

  String format() {
    return format;
  }
}
