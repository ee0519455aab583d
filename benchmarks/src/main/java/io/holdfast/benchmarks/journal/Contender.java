package io.holdfast.benchmarks.journal;

/** Who is measured. */
enum Contender {
  HOLDFAST("Holdfast"),
  TAPE("Tape 2"),
  SQLITE("SQLite"),
  MVSTORE("H2 MVStore");

  private final String label;

  Contender(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }

  Keeper keeper() {
    return switch (this) {
      case HOLDFAST -> new HoldfastJournal();
      case TAPE -> new Tape();
      case SQLITE -> new Sqlite();
      case MVSTORE -> new MvStore();
    };
  }
}
