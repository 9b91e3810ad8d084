import { ask, chan, connect, timeout } from "/circulate.js";

const SHOWN = 300; // figures

const $ = (id) => document.getElementById(id);
const seen = [];
let plotted = 0;

try {
  // A window of one: a single figure is on its way at a time, so what comes is new.
  const peer = await connect(`ws://${location.host}/csp`, { limits: { window: 1 } });
  addEventListener("pagehide", () => peer.close());
  const dashboard = await ask(peer.root, "get-service", { service: "dashboard" });

  // A channel that holds nothing. While we are busy nobody takes, and the server's sliding buffer keeps the newest.
  const figures = chan();
  peer.ended.take().catch(() => figures.close(peer.lost())); // nobody will put into it any more
  await ask(dashboard, "subscribe", { to: figures });
  for await (const figure of figures) {
    plot(figure);
    await timeout(Number($("rest").value)).take();
  }
} catch (e) {
  $("status").textContent = `No more figures. ${e.message}`;
}

function plot(figure) {
  seen.push(figure);
  while (seen[0].number <= figure.number - SHOWN) seen.shift();
  draw("load-line", ({ load }) => load);
  const most = Math.max(...seen.map(({ heap }) => heap));
  draw("heap-line", ({ heap }) => heap / most);
  $("load").value = `${Math.round(figure.load * 100)} %`;
  $("heap").value = `${Math.round(figure.heap)} MB`;
  $("number").value = figure.number;
  $("plotted").value = ++plotted;
  $("left-out").value = figure.leftOut;
}

/** Draws a line through what was seen, the newest at the right; `height` is from 0 to 1. */
function draw(line, height) {
  const newest = seen.at(-1).number;
  const points = seen.map((figure) => `${SHOWN - newest + figure.number},${98 - 95 * height(figure)}`);
  $(line).setAttribute("points", points.join(" "));
}
