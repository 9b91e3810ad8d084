/**
 * Channels that mean the same thing everywhere: the peer in the browser, and in Node.
 *
 * @packageDocumentation
 */
export { Alts, AltsLoop, alts, put, take, type Choice, type Operation } from "./alts.js";
export { dropping, fixed, promise, sliding, unbounded, type Buffer } from "./buffer.js";
export type { Channel, ChannelOptions, ReadPort, WritePort } from "./channel.js";
export { chan, go, ticker, timeout } from "./csp.js";
export { ChannelClosedException, ChannelFailedException, PeerLostException, RemoteFailureException } from "./errors.js";
export { setUncaughtHandler, type UncaughtHandler } from "./internal/uncaught.js";
export { CodecException } from "./runtime/exceptions.js";
export { DEFAULT_LIMITS, type Limits } from "./runtime/limits.js";
export type { Link, LinkListener, Transport } from "./runtime/link.js";
export { connect, Peer, type ConnectOptions, type PeerOptions } from "./runtime/peer.js";
export type { Held } from "./runtime/tables.js";
export { Tagged } from "./runtime/tagged.js";
export { WebSocketTransport, type WebSocketClass, type WebSocketLike } from "./runtime/web-socket.js";
export { ask, client, DEFAULT_LIMIT, type AskOptions, type Client } from "./service/ask.js";
export { CallException, callException, type CallError, type PlainCode } from "./service/call-error.js";
export { GoFor, type ErrorHandler, type Steps, type Variable } from "./service/go-for.js";
export { Deadline, Request, type Arguments, type Origin } from "./service/request.js";
export { Root, type Handler, type Visibility } from "./service/root.js";
export {
  service,
  type Command,
  type CommandFunction,
  type Commands,
  type Context,
  type Parameter,
  type ServiceOptions,
} from "./service/service.js";
