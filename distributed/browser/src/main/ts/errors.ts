/** Thrown by a take from a channel that was closed with a cause, once it is drained: a fresh one for each taker. */
export class ChannelFailedException extends Error {
  override readonly name = "ChannelFailedException";

  constructor(channel: string, cause: unknown) {
    super(`${channel} has failed: ${messageOf(cause)}`, { cause });
  }
}

/** Thrown by an {@link Alts} whose chosen arm found its channel closed, if it has no `onClosed`. */
export class ChannelClosedException extends Error {
  override readonly name = "ChannelClosedException";
}

/** Why the channels of a peer have ended: there is no way to it any more. */
export class PeerLostException extends Error {
  override readonly name = "PeerLostException";

  /**
   * @param peer who it was, in words
   * @param message what happened
   */
  constructor(
    readonly peer: string,
    message: string,
  ) {
    super(message);
  }
}

/** A failure on the other side, as far as it crosses: what it was called there, and its message. */
export class RemoteFailureException extends Error {
  override readonly name = "RemoteFailureException";

  /**
   * @param type the name of the exception's class there
   * @param original its message; null if it had none
   */
  constructor(
    readonly type: string,
    readonly original: string | null,
  ) {
    super(original === null ? type : `${type}: ${original}`);
  }
}

/** What was thrown, in words: in JavaScript that need not be an `Error`. */
export function messageOf(thrown: unknown): string {
  return textOf(() => (thrown instanceof Error ? thrown.message || thrown.name : thrown));
}

/** What kind of thing was thrown. */
export function nameOf(thrown: unknown): string {
  return textOf(() => (thrown instanceof Error ? thrown.name : typeof thrown));
}

/** What has no UTF-8, and is no text to any peer. */
export const HALF_A_PAIR = /\p{Surrogate}/u;

/** Words as they can be sent: nobody would be told at all of those with half a surrogate pair in them. */
export function whole(words: string): string {
  return words.replace(/\p{Surrogate}/gu, "?");
}

/** An error may say what is no text, or throw when it is asked. */
function textOf(words: () => unknown): string {
  try {
    return String(words());
  } catch {
    return "it has no words";
  }
}
