package dev.circulate;

/**
 * A number that tells when it is read. A typed channel reads each value in the thread that takes
 * it, just after it was taken: there something else can happen meanwhile.
 */
final class Telltale extends Number {
  private static final long serialVersionUID = 1;

  private final int value;
  private final transient Runnable whenRead;
  private volatile boolean read;

  Telltale(int value, Runnable whenRead) {
    this.value = value;
    this.whenRead = whenRead;
  }

  boolean wasRead() {
    return read;
  }

  @Override
  public int intValue() {
    return value;
  }

  @Override
  public long longValue() {
    return value;
  }

  @Override
  public float floatValue() {
    return value;
  }

  @Override
  public double doubleValue() {
    return value;
  }

  @Override
  public String toString() {
    whenRead.run();
    read = true;
    return Integer.toString(value);
  }
}
