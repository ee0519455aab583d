package io.holdfast.internal.driver;

/** Throws checked exceptions where none is declared, as Kotlin's code does. */
final class Sneaky {
  private Sneaky() {}

  static void fail(Throwable what) {
    Sneaky.<RuntimeException>failAs(what);
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <E extends Throwable> void failAs(Throwable what) throws E {
    throw (E) what;
  }
}
