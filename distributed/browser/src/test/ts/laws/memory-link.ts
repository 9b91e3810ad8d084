import type { Link, LinkListener } from "circulate";

/** Makes the link of one side, and tells its listener of the other's frames. */
export type End = (listener: LinkListener) => Link;

/** A link between two peers here: each frame is a task of its own, as on a socket. */
export function memoryLink(): { near: End; far: End } {
  const listeners: [LinkListener?, LinkListener?] = [];
  let open = true;
  const end =
    (own: 0 | 1): End =>
    (listener) => {
      listeners[own] = listener;
      const other = (1 - own) as 0 | 1;
      return {
        peer: own === 0 ? "b" : "a",
        send: (frame) => void setTimeout(() => open && listeners[other]?.frame(frame)),
        backlog: () => 0,
        close: () =>
          void setTimeout(() => {
            if (open) {
              open = false;
              listeners.forEach((one) => one?.ended("it was closed"));
            }
          }),
      };
    };
  return { near: end(0), far: end(1) };
}
