package io.holdfast.testkit;

/**
 * One message as it arrived at a server.
 *
 * @param position its place among all arrivals, from 0
 * @param session the session that it came on, from 1
 * @param number the number that the test put into it; negative if none
 * @param text the payload; a binary one decoded as UTF-8
 */
public record Arrival(long position, int session, long number, String text) {}
