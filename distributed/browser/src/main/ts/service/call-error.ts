import { messageOf, nameOf, whole, type PeerLostException } from "../errors.js";
import { putSide } from "../internal/faces.js";
import type { Request } from "./request.js";

/**
 * Why a request was not answered with a value: one closed family, which a `switch` over `code` exhausts.
 *
 * - `timeout`: the caller's own limit passed; `after` is that limit in milliseconds
 * - `deadline-exceeded`: the request's deadline passed at the service
 * - `cancelled`: the caller gave up
 * - `unknown-service`: there is no such service for this caller
 * - `unknown-command`: the service has no such command
 * - `invalid-argument`: the arguments do not fit
 * - `refused`: the caller may not do this
 * - `unauthenticated`: the caller has not proven who it is
 * - `overloaded`: too many requests are under way
 * - `peer-lost`: the peer that has the service is gone
 * - `failed`: the service's own code threw; `type` is what
 * - `internal`: the answer is missing or makes no sense
 */
export type CallError =
  | { readonly code: "timeout"; readonly message: string; readonly after: number }
  | { readonly code: "peer-lost"; readonly message: string; readonly peer: string }
  | { readonly code: "failed"; readonly message: string; readonly type: string; readonly cause?: unknown }
  | { readonly code: PlainCode; readonly message: string };

const PLAIN_CODES = [
  "deadline-exceeded",
  "cancelled",
  "unknown-service",
  "unknown-command",
  "invalid-argument",
  "refused",
  "unauthenticated",
  "overloaded",
  "internal",
] as const;

/** The codes of errors that hold nothing but a message. */
export type PlainCode = (typeof PLAIN_CODES)[number];

/** Thrown where a call waits for its answer and gets an error instead; a service throws one to answer it. */
export class CallException extends Error {
  override readonly name = "CallException";

  constructor(readonly error: CallError) {
    super(`${error.code}: ${error.message}`, { cause: "cause" in error ? error.cause : undefined });
  }
}

/** An exception with an error that holds nothing but a message. */
export function callException(code: PlainCode, message: string): CallException {
  return new CallException({ code, message });
}

/** The error of a request whose peer was lost before it answered; `request` says which, in words. */
export function peerLost(request: string, { peer, message }: PeerLostException): CallError {
  return { code: "peer-lost", peer, message: `${request} was not answered: ${message}` };
}

/** The error for what a service threw. */
export function failureOf(thrown: unknown): CallError {
  if (thrown instanceof CallException) {
    return thrown.error;
  }
  return { code: "failed", type: nameOf(thrown), message: messageOf(thrown), cause: thrown };
}

/** The answer that tells an error. */
export function errorAnswer(error: CallError): Record<string, unknown> {
  return { error: toData(error) };
}

/**
 * Answers a request with an error if that can be done at once; whether somebody is told. Words that cannot be sent, which
 * may be a peer's, are no fault of whoever tells them: nothing is thrown.
 */
export function tellError(request: Request, error: CallError): boolean {
  const port = request.replyTo();
  return port !== null && putSide(port).putNow(errorAnswer(error)) === true;
}

/** An error as plain data, for a message: its words are such as can be sent. A cause stays here. */
export function toData(error: CallError): Record<string, unknown> {
  const told = { code: error.code, message: whole(error.message) };
  switch (error.code) {
    case "timeout":
      return { ...told, after: durationOf(error.after) };
    case "peer-lost":
      return { ...told, peer: whole(error.peer) };
    case "failed":
      return { ...told, type: whole(error.type) };
    default:
      return told;
  }
}

/** A duration of ISO 8601, of which a second has nine digits at the most. */
function durationOf(millis: number): string {
  return `PT${(millis / 1000).toFixed(9).replace(/\.?0+$/, "")}S`;
}

/** The error that a message holds, whatever that is. */
export function fromData(data: unknown): CallError {
  if (typeof data !== "object" || data === null || !("code" in data)) {
    const message = data === null || data === undefined ? "an error without a word" : messageOf(data);
    return { code: "failed", type: "", message };
  }
  const { code, message, after, peer, type, cause } = data as Record<string, unknown>;
  const words = text(message);
  switch (code) {
    case "timeout":
      return { code, message: words, after: typeof after === "number" ? after : millisOf(text(after)) };
    case "peer-lost":
      return { code, message: words, peer: text(peer) };
    case "failed":
      return { code, message: words, type: text(type), ...(cause === undefined ? {} : { cause }) };
    default: {
      const known = PLAIN_CODES.find((one) => one === code);
      return { code: known ?? "internal", message: words };
    }
  }
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** A duration of ISO 8601 as Java writes it; zero for what is none. */
function millisOf(duration: string): number {
  const parts = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?$/.exec(duration);
  const [, hours = 0, minutes = 0, seconds = 0] = parts ?? [];
  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
}
