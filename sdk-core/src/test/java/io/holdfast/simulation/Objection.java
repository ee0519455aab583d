package io.holdfast.simulation;

/** What a judge says against a run. */
final class Objection extends AssertionError {
  private static final long serialVersionUID = 1;

  private final String rule;

  Objection(String rule, String what) {
    super(rule + ": " + what);
    this.rule = rule;
  }

  /** Returns the rule that was broken: the same bug breaks the same one in a shorter scenario. */
  String rule() {
    return rule;
  }
}
