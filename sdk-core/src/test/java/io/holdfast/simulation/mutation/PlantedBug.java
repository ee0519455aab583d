package io.holdfast.simulation.mutation;

import java.util.Arrays;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A mistake that somebody could make, as one replacement in one file.
 *
 * @param breaks what goes wrong, in one sentence
 * @param snippet what stands in the file, exactly once; white space is as good as any other
 */
record PlantedBug(SourceFile file, String name, String breaks, String snippet, String replacement) {

  /** Returns the file's text with the bug in it. */
  String plantIn(String source) {
    MatchResult[] places = pattern().matcher(source).results().toArray(MatchResult[]::new);
    if (places.length != 1) {
      throw new IllegalArgumentException(
          "the snippet of '%s' must occur once in %s but occurs %d times"
              .formatted(name, file.path(), places.length));
    }
    MatchResult place = places[0];
    return source.substring(0, place.start()) + replacement + source.substring(place.end());
  }

  // The formatter may break lines anew; that does not change what the code says.
  private Pattern pattern() {
    return Pattern.compile(
        Arrays.stream(snippet.strip().split("\\s+", -1))
            .map(Pattern::quote)
            .collect(Collectors.joining("\\s+")));
  }
}
