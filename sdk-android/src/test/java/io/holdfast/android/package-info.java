/** The adapters on Robolectric: Android's own framework code, on this JVM, offline. */
@NullMarked
package io.holdfast.android;

import org.jspecify.annotations.NullMarked;
