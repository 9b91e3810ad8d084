import { localLaws } from "./laws/local.js";
import { serverLaws } from "./laws/server.js";
import { hostileLaws } from "./units/hostile.js";

const relay = new URLSearchParams(location.search).get("relay");
if (relay === null) {
  throw new Error("the page is told where the relay is");
}
localLaws();
hostileLaws();
serverLaws({ uri: `ws://${location.host}/csp`, relay, options: {} });
