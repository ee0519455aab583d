package io.holdfast.simulation.mutation;

import java.util.List;

/** Several places at which the server is met. */
final class PlaceBugs {
  private static final SourceFile CHOICE = SourceFile.internal("retry", "retry/EndpointChoice");
  private static final SourceFile NEXT = SourceFile.internal("retry", "retry/NextAttempt");

  private PlaceBugs() {}

  static List<PlantedBug> all() {
    return List.of(
        CHOICE.bug(
            "a failed place does not rest",
            "An attempt that fails is followed by another at the same place.",
            "endpoint.rest = endpoint.rest.atLeast(nanos, nowNanos);",
            ""),
        CHOICE.bug(
            "who served last is as good as others",
            "A place that has served is left for the first of the list.",
            "return left == otherLeft ? left == 0 && one == lastGood : left < otherLeft;",
            "return left < otherLeft;"),
        CHOICE.bug(
            "Retry-After of one of several places forgotten",
            "A place is gone to within what it asked for.",
            "if (endpoint != null) endpoint.bid = endpoint.bid.atLeast(bidNanos, nowNanos);",
            ""),
        CHOICE.bug(
            "a place that has served goes on resting",
            "A place that failed before it served rests after its transport is lost.",
            "endpoint.rest = Rest.NONE;",
            ""),
        CHOICE.bug(
            "an order is shuffled",
            "The first of an ordered list is not the first choice.",
            "if (endpoints.isShuffled())",
            "if (!endpoints.isShuffled())"),
        NEXT.bug(
            "all wait for what one asks",
            "A wait that one place asked for is kept at the others.",
            "Answer next = answer.withBid(leftNanos);",
            "Answer next = answer;"),
        NEXT.bug(
            "another place is not tried at once",
            "An attempt that failed is followed after a wait, although another place is free.",
            "return wasOpen ? next : next.withWait(0);",
            "return next;"),
        NEXT.bug(
            "refused credentials are held against a place",
            "A place that asks for fresh credentials is left for another.",
            "boolean ofEndpoint = Failures.isOfEndpoint(cause);",
            "boolean ofEndpoint = true;"),
        NEXT.bug(
            "a place that is named is not gone to",
            "A peer that names another place is not followed.",
            "if (answer.endpoint() != null) name(answer.endpoint());",
            ""),
        NEXT.bug(
            "a place that was named is gone to for ever",
            "A place that a peer has named once takes the place of the app's own.",
            "URI endpoint = hint; hint = null;",
            "URI endpoint = hint;"),
        NEXT.bug(
            "a place that is named is gone to whatever it asked for",
            "A drain that failed for a time goes on within that time.",
            "if (endpoint != null && bidLeftNanos(endpoint, nowNanos) > 0) endpoint = null;",
            ""),
        NEXT.bug(
            "who proves itself is not left for the place that it named",
            "A transport that proves itself within the delay of its drain is followed by another to the same place.",
            "retries.endOutage();",
            "retries.endOutage(); hint = null;"));
  }
}
