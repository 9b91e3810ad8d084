import type { ConnectOptions } from "circulate";

/** Where the Java server is. */
export interface Site {
  /** Where links are accepted. */
  readonly uri: string;

  /** The same by way of a relay that can be told to cut. */
  readonly relay: string;

  /** Where only who shows the token is let in. */
  readonly guarded: string;

  /** What connections need here. */
  readonly options: ConnectOptions;
}
