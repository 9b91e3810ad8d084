import { messageOf } from "../errors.js";

/** Told of failures that no caller can be told of. */
export type UncaughtHandler = (where: string, thrown: unknown) => void;

let handler: UncaughtHandler = (where, thrown) => {
  const error = new Error(`${where}: ${messageOf(thrown)}`, { cause: thrown });
  if (typeof reportError === "function") {
    reportError(error);
  } else {
    console.error(error);
  }
};

/** Puts in force who is told of failures that no caller can be told of; answers the one that it replaces. */
export function setUncaughtHandler(next: UncaughtHandler): UncaughtHandler {
  const former = handler;
  handler = next;
  return former;
}

/** Tells the handler in force. What it throws itself has nowhere to go. */
export function reportUncaught(where: string, thrown: unknown): void {
  try {
    handler(where, thrown);
  } catch (e) {
    console.error(e);
  }
}
