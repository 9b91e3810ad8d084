/** How many characters a text may have that only tells people why. */
export const LONGEST_SENTENCE = 4096;

/** A text with so many characters at the most; what was cut off shows. */
export function shortened(text: string, most = LONGEST_SENTENCE): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}
