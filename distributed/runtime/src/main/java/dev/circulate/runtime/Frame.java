package dev.circulate.runtime;

/**
 * What crosses a link in one piece: text or bytes. The same frame that was sent arrives, or none.
 */
public sealed interface Frame {
  /** How many characters or bytes it has. */
  int length();

  /**
   * A frame of text.
   *
   * @param text what crosses
   */
  record Text(String text) implements Frame {
    @Override
    public int length() {
      return text.length();
    }
  }

  /**
   * A frame of bytes, which belong to the receiver once it is put.
   *
   * @param bytes what crosses
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over whole, never compared
  record Binary(byte[] bytes) implements Frame {
    @Override
    public int length() {
      return bytes.length;
    }
  }
}
