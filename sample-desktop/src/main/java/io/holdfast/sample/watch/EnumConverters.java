package io.holdfast.sample.watch;

import io.holdfast.Assurance;
import io.holdfast.Overflow;
import java.util.Arrays;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads constants as JSON has them: {@code evict-oldest}. */
final class EnumConverters {
  // It speaks no protocol that could acknowledge.
  private static final Assurance[] WITHOUT_PROTOCOL = {Assurance.WRITTEN, Assurance.CONFIRMED};

  private EnumConverters() {}

  static final class OfAssurance implements ITypeConverter<Assurance> {
    @Override
    public Assurance convert(String text) {
      return read("assurance", WITHOUT_PROTOCOL, text);
    }
  }

  static final class OfOverflow implements ITypeConverter<Overflow> {
    @Override
    public Overflow convert(String text) {
      return read("overflow", Overflow.values(), text);
    }
  }

  private static <E extends Enum<E>> E read(String what, E[] constants, String text) {
    return Arrays.stream(constants)
        .filter(constant -> Names.of(constant).equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new TypeConversionException(
                    Arrays.stream(constants)
                        .map(Names::of)
                        .collect(
                            Collectors.joining(" or ", what + " must be ", " but was " + text))));
  }
}
