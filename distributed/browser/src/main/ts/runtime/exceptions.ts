/** A value cannot be sent, or what came cannot be read; the message says what, and where it stands. */
export class CodecException extends Error {
  override readonly name = "CodecException";
}

/** The peer did what it must not. */
export class ProtocolException extends Error {
  override readonly name = "ProtocolException";
}

/** Something that the peer said before did not come: the link has lost it. */
export class FrameLostException extends Error {
  override readonly name = "FrameLostException";
}
