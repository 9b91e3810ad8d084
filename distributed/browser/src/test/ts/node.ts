import WebSocket from "ws";
import { callLaws } from "./laws/calls.js";
import { comprehensionLaws } from "./laws/comprehensions.js";
import { deathLaws } from "./laws/death.js";
import { localLaws } from "./laws/local.js";
import { memoryLaws, memoryLinkLaws } from "./laws/memory.js";
import { rootLaws } from "./laws/roots.js";
import { serverLaws } from "./laws/server.js";
import { serviceLaws } from "./laws/services.js";
import { addressLaws } from "./units/address.js";
import { collectedLaws, collectedWithServer } from "./units/collected.js";
import { batchLaws } from "./units/batches.js";
import { cannotCrossLaws } from "./units/cannot-cross.js";
import { failureLaws } from "./units/failure.js";
import { homeLaws } from "./units/home.js";
import { hostileLaws } from "./units/hostile.js";
import { leavingLaws } from "./units/leaving.js";
import { lossLaws } from "./units/loss.js";
import { momentLaws } from "./units/moments.js";
import { packetLaws } from "./units/packets.js";
import { passedOnLaws } from "./units/passed-on.js";
import { resumeLaws } from "./units/resume.js";
import { sessionLaws } from "./units/session.js";
import { windowLaws } from "./units/window.js";

localLaws();
memoryLinkLaws();
memoryLaws();
serviceLaws();
callLaws();
rootLaws();
comprehensionLaws();
addressLaws();
batchLaws();
cannotCrossLaws();
failureLaws();
homeLaws();
hostileLaws();
leavingLaws();
lossLaws();
momentLaws();
packetLaws();
passedOnLaws();
resumeLaws();
sessionLaws();
windowLaws();
collectedLaws();

// set by who starts a server for them
const { CIRCULATE_URI: uri, CIRCULATE_RELAY: relay, CIRCULATE_GUARDED: guarded } = process.env;
if (uri !== undefined && relay !== undefined && guarded !== undefined) {
  const site = { uri, relay, guarded, options: { webSocket: WebSocket } };
  serverLaws(site);
  deathLaws(site);
  collectedWithServer(site);
}
