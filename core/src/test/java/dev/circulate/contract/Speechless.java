package dev.circulate.contract;

/** An exception that throws another when it is asked what it has to say. */
public final class Speechless extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** One of them. */
  public Speechless() {}

  @Override
  public String getMessage() {
    throw new AssertionError("no words");
  }
}
