package io.holdfast.sample.watch;

import java.net.URI;
import java.net.URISyntaxException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Takes any URI; what a connection makes of it comes later. */
final class UrlConverter implements ITypeConverter<URI> {
  @Override
  public URI convert(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      // It may hold a secret, so only the place is told.
      throw new TypeConversionException(
          "url must be a URI but is not at index %d: %s"
              .formatted(Math.max(0, e.getIndex()), e.getReason()));
    }
  }
}
