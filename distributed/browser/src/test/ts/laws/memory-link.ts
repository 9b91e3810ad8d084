import type { Link, LinkListener } from "circulate";

/** Makes the link of one side, and tells its listener of the other's frames. */
export type End = (listener: LinkListener) => Link;

/**
 * A link between two peers here: each frame is a task of its own, as on a socket. Which one is told by their order, not
 * by its timer: a browser lets a timer that a timer set wait longer than a later one that something else set.
 */
export function memoryLink(): { near: End; far: End } {
  const listeners: [LinkListener?, LinkListener?] = [];
  let open = true;
  const end =
    (own: 0 | 1): End =>
    (listener) => {
      listeners[own] = listener;
      const other = (1 - own) as 0 | 1;
      const events: (() => void)[] = [];
      const inOrder = (event: () => void): void => {
        events.push(event);
        setTimeout(() => events.shift()?.());
      };
      return {
        peer: own === 0 ? "b" : "a",
        send: (frame) => inOrder(() => open && listeners[other]?.frame(frame)),
        backlog: () => 0,
        close: () =>
          inOrder(() => {
            if (open) {
              open = false;
              listeners.forEach((one) => one?.ended("it was closed"));
            }
          }),
      };
    };
  return { near: end(0), far: end(1) };
}
