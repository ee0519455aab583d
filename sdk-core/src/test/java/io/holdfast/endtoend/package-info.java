/** The whole connection over real sockets on loopback. Start with {@link EndToEndTest}. */
@NullMarked
package io.holdfast.endtoend;

import org.jspecify.annotations.NullMarked;
