import { whole } from "../errors.js";

/** How many characters a text may have that only tells people why. */
export const LONGEST_SENTENCE = 4096;

/** A text with so many characters at the most, which are whole; what was cut off shows. */
export function shortened(text: string, most = LONGEST_SENTENCE): string {
  return whole(text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, "")}…`);
}
