package io.holdfast;

import org.jspecify.annotations.Nullable;

/**
 * What a request is asked for.
 *
 * @param attempt counted from 1 in each outage
 * @param lastFailure what the last attempt or transport died of; null if there was none
 * @param refreshCredentials whether the server refused the last credentials (401, 403, or what the
 *     {@link FailureClassifier} takes for it): a cached token is no use. Stays true until a request
 *     has been supplied
 */
public record RequestContext(
    int attempt, @Nullable ConnectionException lastFailure, boolean refreshCredentials) {}
