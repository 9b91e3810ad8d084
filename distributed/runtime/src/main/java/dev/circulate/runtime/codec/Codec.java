package dev.circulate.runtime.codec;

/**
 * How this side writes values, and what it offers to read.
 *
 * <p>Immutable, for use by any number of peers.
 *
 * @param encoding {@link Encoding#MESSAGE_PACK} offers MessagePack beside JSON: it is spoken with
 *     peers that offer it, too, over links that carry bytes; what is sent has to be within the
 *     limits in both
 * @param handlers how types of the program's own cross
 */
public record Codec(Encoding encoding, Handlers handlers) {
  /** Transit's JSON, and no types but those that every peer knows. */
  public static final Codec JSON = new Codec(Encoding.JSON, Handlers.none());

  /** Transit's MessagePack where the peer offers it, and no types but those that all know. */
  public static final Codec MESSAGE_PACK = new Codec(Encoding.MESSAGE_PACK, Handlers.none());

  /**
   * The same encoding, with these types.
   *
   * @param handlers how they cross
   */
  public Codec with(Handlers handlers) {
    return new Codec(encoding, handlers);
  }
}
