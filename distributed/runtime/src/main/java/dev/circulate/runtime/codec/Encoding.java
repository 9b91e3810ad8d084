package dev.circulate.runtime.codec;

/** How frames are written. The hello is JSON; after it, what both sides have offered. */
public enum Encoding {
  /** Transit's JSON, which every peer speaks, in frames of text. */
  JSON("json"),
  /** Transit's MessagePack, in binary frames. */
  MESSAGE_PACK("msgpack");

  private final String id;

  Encoding(String id) {
    this.id = id;
  }

  /** What it is called in a hello. */
  public String id() {
    return id;
  }
}
