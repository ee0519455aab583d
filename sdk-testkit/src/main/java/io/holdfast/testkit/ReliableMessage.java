package io.holdfast.testkit;

import okio.ByteString;

/**
 * A message of the reliable protocol, without its sequence.
 *
 * @param id its stable id; of the sender
 * @param text whether it is text
 * @param payload of text, in UTF-8
 */
public record ReliableMessage(long id, boolean text, ByteString payload) {}
