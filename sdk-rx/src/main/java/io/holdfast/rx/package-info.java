/**
 * A managed connection as RxJava 3 streams: an adapter with no connection state of its own. Start
 * with {@link io.holdfast.rx.RxConnection}.
 */
@NullMarked
package io.holdfast.rx;

import org.jspecify.annotations.NullMarked;
