import { CodecException } from "./exceptions.js";
import { shortened } from "./sentence.js";

/**
 * What a reference to a channel permits its holder: letters of `p` (to put), `t` (to take) and `c` (to close and to
 * cancel). The owner checks each message against it.
 */
export type Rights = string;

/** A whole channel's. */
export const ALL: Rights = "ptc";

/** Those of a put-only face: a service's, a root's. */
export const PUT: Rights = "p";

/** Those of a take-only face. */
export const TAKE: Rights = "t";

/** The rights that some letters mean, in the one order in which they are written. */
export function rightsOf(letters: string): Rights {
  if (!/^[ptc]+$/.test(letters)) {
    throw new CodecException(`the rights of a channel are letters of 'ptc', not '${shortened(letters, 80)}'`);
  }
  return [...ALL].filter((letter) => letters.includes(letter)).join("");
}

/** A channel in a message: what crosses instead of it. */
export class Reference {
  /**
   * @param guid its name in this session
   * @param rights what the holder may do
   * @param reply whether it is good for one put only, after which both sides forget it
   */
  constructor(
    readonly guid: string,
    readonly rights: Rights,
    readonly reply: boolean,
  ) {}
}
