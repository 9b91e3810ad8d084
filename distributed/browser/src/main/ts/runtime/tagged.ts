/**
 * A value of a kind that JavaScript has no type for: it can be looked at, kept, and sent on, and leaves as it came.
 * So do a Java `UUID` (`u`), `URI` (`r`), `BigDecimal` (`f`), and those of `java.time` but for moments of whole
 * milliseconds, each with its text.
 */
export class Tagged {
  /**
   * @param tag the kind
   * @param representation what it is made of
   */
  constructor(
    readonly tag: string,
    readonly representation: unknown,
  ) {}

  toString(): string {
    return typeof this.representation === "string" ? this.representation : `[${this.tag}]`;
  }
}
