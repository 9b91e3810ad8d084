import WebSocket from "ws";
import { localLaws } from "./laws/local.js";
import { memoryLaws } from "./laws/memory.js";
import { serverLaws } from "./laws/server.js";

localLaws();
memoryLaws();

// set by who starts a server for them
const { CIRCULATE_URI: uri, CIRCULATE_RELAY: relay } = process.env;
if (uri !== undefined && relay !== undefined) {
  serverLaws({ uri, relay, options: { webSocket: WebSocket } });
}
