// Drives a headless Chromium as a Java test tells it to. The argument is the browser's executable. Each line that comes
// in is [tab, method, ...arguments], the method one of Playwright's Page, or with a dot one of the DevTools protocol;
// each is answered with a line, {"answer": ...} or {"error": ...}.
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const [executablePath] = process.argv.slice(2);
const args = ["no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-background-networking"];
args.push("disable-component-update", "disable-sync");
const browser = await chromium.launch({ executablePath, timeout: 120_000, args: args.map((arg) => `--${arg}`) });
const tabs = new Map();

async function open() {
  const page = await browser.newPage({ viewport: { width: 760, height: 480 } });
  page.on("console", (message) => message.type() === "error" && console.error(message.text()));
  page.on("pageerror", (error) => console.error(error));
  page.setDefaultTimeout(600_000); // a machine with much else to do is slow
  return { page, tools: await page.context().newCDPSession(page) };
}

async function act(name, method, ...rest) {
  if (!tabs.has(name)) {
    tabs.set(name, await open());
  }
  const { page, tools } = tabs.get(name);
  const answer = await (method.includes(".") ? tools.send(method, ...rest) : page[method](...rest));
  return method === "evaluate" ? answer : null; // others answer objects of Playwright's
}

try {
  for await (const line of createInterface({ input: process.stdin })) {
    const told = await act(...JSON.parse(line)).then(
      (answer) => ({ answer }),
      (error) => ({ error: String(error) }),
    );
    console.log(JSON.stringify(told));
  }
} finally {
  await browser.close();
}
