/**
 * One way to a peer: moves frames, each a text, in order, and knows nothing of what they say.
 *
 * A link must give each frame once and in order until it ends; the session sees to what is lost then.
 */
export interface Link {
  /** Who is at the other end, in words. */
  readonly peer: string;

  /** Sends a frame after those before; one that is sent after the end is dropped. */
  send(frame: string): void;

  /** How many characters were given to {@link send} that have not left yet, as far as it is known. */
  backlog(): number;

  /** Ends the link; what was sent before still leaves, if it can. */
  close(): void;
}

/** What a link tells of itself. */
export interface LinkListener {
  /** A frame came. */
  frame(text: string): void;

  /** The link has ended, and nothing more will come. Told once. */
  ended(why: string): void;
}

/** Makes links to where a URI leads. */
export interface Transport {
  /**
   * Makes a link.
   *
   * @param listener is told of its frames from the first on
   * @throws Error if there is nobody; the message names the URI and says why
   */
  connect(uri: string, listener: LinkListener): Promise<Link>;
}

/** A listener that can be exchanged; what comes before there is another is kept in order. */
export class Relayed implements LinkListener {
  private readonly early: (() => void)[] = [];
  private to: LinkListener | null = null;

  frame(text: string): void {
    this.pass((to) => to.frame(text));
  }

  ended(why: string): void {
    this.pass((to) => to.ended(why));
  }

  /** From now on another is told; first of what nobody was told of. */
  relayTo(listener: LinkListener): void {
    this.to = listener;
    while (this.to === listener && this.early.length > 0) {
      this.early.shift()?.();
    }
  }

  /** Nobody is told for the moment. */
  hold(): void {
    this.to = null;
  }

  private pass(tell: (to: LinkListener) => void): void {
    if (this.to !== null && this.early.length === 0) {
      tell(this.to);
    } else {
      this.early.push(() => this.to !== null && tell(this.to));
    }
  }
}
