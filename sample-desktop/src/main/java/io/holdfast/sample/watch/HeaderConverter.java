package io.holdfast.sample.watch;

import io.holdfast.ConnectRequest;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code Name: value}, and tells no value, for it may be secret. */
final class HeaderConverter implements ITypeConverter<ConnectRequest.Header> {
  @Override
  public ConnectRequest.Header convert(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw new TypeConversionException("header must be 'NAME: VALUE' but has no colon");
    }
    String name = text.substring(0, colon).strip();
    try {
      return new ConnectRequest.Header(name, text.substring(colon + 1).strip());
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
