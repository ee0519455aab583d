/**
 * What a connection needs of Android: its network, its life cycle, its time, and where to keep what
 * must last. Start with {@link io.holdfast.android.HoldfastAndroid}.
 */
@NullMarked
package io.holdfast.android;

import org.jspecify.annotations.NullMarked;
