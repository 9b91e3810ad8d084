// A process with as many peers as its arguments say, at a server: so many callers ask through them, in turn, until a
// line comes in; then what they saw is written as a line. The first line says that all peers are there; ends when
// nothing more comes in.
import { createInterface } from "node:readline";
import { ask, connect, type Peer } from "circulate";
import WebSocket from "ws";
import { PATIENCE, until } from "./laws/until.js";

const [uri, pageCount, callerCount, firstId] = process.argv.slice(2) as [string, string, string, string];
const options = { webSocket: WebSocket, limits: { grace: 2 * PATIENCE, hello: PATIENCE } };
const pages: Peer[] = [];
while (pages.length < Number(pageCount)) {
  pages.push(await connect(uri, options));
}
console.log("there");

let asked = 0;
let over = false;
const wrong: unknown[] = [];

async function call(): Promise<void> {
  while (!over) {
    const page = pages[asked % pages.length] as Peer;
    const id = Number(firstId) + asked++;
    const answer = await ask(page.root, "once", { id }, { timeout: 2 * PATIENCE }).catch(String);
    if (answer !== id) {
      wrong.push({ id, answer });
    }
  }
}

const callers = Array.from({ length: Number(callerCount) }, call);
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
await lines.next();
over = true;
await Promise.all(callers);
await until(
  () => "the tables are empty",
  () => pages.every((page) => page.held().exports + page.held().imports === 0),
);
console.log(JSON.stringify({ asked, wrong, lost: pages.filter((page) => page.lost() !== null).length }));
await lines.next();
pages.forEach((page) => page.close());
