// Opens a page of laws in a headless Chromium, waits for its end, and writes what it told. Arguments: the browser's
// executable, the page's address, the file to write.
import { writeFileSync } from "node:fs";
import { chromium } from "playwright-core";

const [executablePath, page, file] = process.argv.slice(2);
const args = ["no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-background-networking"];
args.push("disable-component-update", "disable-sync");
const browser = await chromium.launch({ executablePath, timeout: 120_000, args: args.map((arg) => `--${arg}`) });
try {
  const tab = await browser.newPage();
  tab.on("console", (message) => message.type() === "error" && console.error(message.text()));
  tab.on("pageerror", (error) => console.error(error));
  tab.setDefaultTimeout(600_000); // a machine with much else to do is slow
  await tab.goto(page);
  await tab.waitForFunction("window.told !== undefined", undefined, { polling: 500 });
  writeFileSync(file, JSON.stringify(await tab.evaluate("window.told")));
} finally {
  await browser.close();
}
