package io.holdfast.testkit;

import java.time.Duration;

/**
 * That a fault of a plan took effect.
 *
 * @param step what was planned
 * @param tookEffect when it was in effect, since the run's start: at or after {@link
 *     FaultPlan.Step#at}. For a fault that lies in wait, when it began to; {@link
 *     FaultProxy#struck} tells when it struck
 * @param met how many connections or sessions it met, as its verb counts them
 */
public record FaultReport(FaultPlan.Step step, Duration tookEffect, int met) {}
