package dev.circulate.runtime.session;

import java.util.List;

/** What crosses a link as one frame. */
public sealed interface Packet {
  /**
   * The first thing that either side says.
   *
   * @param version of the protocol
   * @param name how the speaker calls itself
   * @param encodings what the speaker reads beside JSON, by their ids
   */
  record Hello(long version, String name, List<String> encodings) implements Packet {}

  /**
   * Messages in order.
   *
   * @param number one more than the batch before
   * @param messages at least one
   */
  record Batch(long number, List<Message> messages) implements Packet {}

  /** I am here. */
  record Beat() implements Packet {}

  /**
   * The last thing that either side says.
   *
   * @param code {@link #LEAVING}, or what the other did wrong
   * @param sentence the same in words
   */
  record Bye(String code, String sentence) implements Packet {
    /** An orderly end. */
    public static final String LEAVING = "leaving";

    /** The other side broke the protocol. */
    public static final String VIOLATION = "protocol-violation";
  }
}
