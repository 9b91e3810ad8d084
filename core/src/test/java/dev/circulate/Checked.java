package dev.circulate;

/** Throws what the compiler would have declared, as code in other languages does. */
@SuppressWarnings("TypeParameterUnusedInFormals") // nothing is ever returned
public final class Checked {
  private Checked() {}

  /** Throws an exception of whatever kind. */
  public static <T> T thrown(Throwable failure) {
    throw Checked.<RuntimeException>unchecked(failure);
  }

  @SuppressWarnings("unchecked")
  private static <X extends Throwable> X unchecked(Throwable failure) throws X {
    throw (X) failure;
  }
}
