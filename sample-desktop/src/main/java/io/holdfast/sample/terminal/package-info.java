/**
 * What the tools print on a terminal: a timeline, and words for what happens to a connection. Start
 * with {@link io.holdfast.sample.terminal.Timeline}.
 */
@NullMarked
package io.holdfast.sample.terminal;

import org.jspecify.annotations.NullMarked;
