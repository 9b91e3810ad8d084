package dev.circulate.runtime.codec;

/**
 * A channel in a message: what crosses instead of it.
 *
 * @param guid its name in this session
 * @param rights what the holder may do
 * @param reply whether it is good for one put only, after which both sides forget it
 */
public record Reference(String guid, Rights rights, boolean reply) {
  /** How long a name may be: both sides keep it as long as the channel is held, and repeat it. */
  static final int LONGEST_GUID = 64;
}
