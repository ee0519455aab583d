/** The app on Robolectric: Android's own framework code, on this JVM, offline. */
@NullMarked
package io.holdfast.sample.android;

import org.jspecify.annotations.NullMarked;
