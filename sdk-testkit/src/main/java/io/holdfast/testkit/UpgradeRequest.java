package io.holdfast.testkit;

import okhttp3.Headers;

/**
 * One request for a WebSocket, as {@link TestServer} received it.
 *
 * @param attempt which one it was, from 1, rejected ones included
 * @param target the request target: the path, and the query if there is one
 * @param headers all headers of the request
 * @param status what it was answered with: 101 if a session began
 */
public record UpgradeRequest(int attempt, String target, Headers headers, int status) {}
