import { callLaws } from "./laws/calls.js";
import { comprehensionLaws } from "./laws/comprehensions.js";
import { deathLaws } from "./laws/death.js";
import { localLaws } from "./laws/local.js";
import { rootLaws } from "./laws/roots.js";
import { serverLaws } from "./laws/server.js";
import { serviceLaws } from "./laws/services.js";
import { addressLaws } from "./units/address.js";
import { batchLaws } from "./units/batches.js";
import { failureLaws } from "./units/failure.js";
import { homeLaws } from "./units/home.js";
import { hostileLaws } from "./units/hostile.js";
import { lossLaws } from "./units/loss.js";
import { passedOnLaws } from "./units/passed-on.js";
import { sessionLaws } from "./units/session.js";
import { windowLaws } from "./units/window.js";

const told = new URLSearchParams(location.search);
const [relay, guarded] = [told.get("relay"), told.get("guarded")];
if (relay === null || guarded === null) {
  throw new Error("the page is told where all is");
}
localLaws();
serviceLaws();
callLaws();
rootLaws();
comprehensionLaws();
addressLaws();
batchLaws();
failureLaws();
homeLaws();
hostileLaws();
lossLaws();
passedOnLaws();
sessionLaws();
windowLaws();
const site = { uri: `ws://${location.host}/csp`, relay, guarded, options: {} };
serverLaws(site);
deathLaws(site);
