/** What every internal room shares. Start with {@link io.holdfast.internal.Settings}. */
@NullMarked
package io.holdfast.internal;

import org.jspecify.annotations.NullMarked;
