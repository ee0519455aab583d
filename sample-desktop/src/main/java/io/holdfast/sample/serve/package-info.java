/**
 * The subcommand {@code serve}: an echo server, for {@code watch} or an Android emulator to talk
 * to. Start with {@link io.holdfast.sample.serve.Serve}.
 */
@NullMarked
package io.holdfast.sample.serve;

import org.jspecify.annotations.NullMarked;
