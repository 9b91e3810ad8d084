// Builds the module and its types; with --tests what tests it, too. Run by Maven and by npm.
import { build } from "esbuild";
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { reachableTransit } from "./transit.mjs";

const MODULE = "target/classes/dev/circulate/browser";
const TESTS = "target/tests";

const common = {
  bundle: true,
  format: "esm",
  target: "es2022",
  legalComments: "eof",
  logLevel: "warning",
};

function typescript(...args) {
  execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", ...args], { stdio: "inherit" });
}

mkdirSync(MODULE, { recursive: true });
typescript("-p", "src/main/ts");
await build({
  ...common,
  entryPoints: ["src/main/ts/index.ts"],
  outfile: `${MODULE}/circulate.js`,
  minify: true,
  sourcemap: true,
  plugins: [reachableTransit],
  mangleProps: /^(cognitect|backingMap|Transit[A-Z]\w+)$/, // long names within transit-js, of which it has hundreds
  define: { COMPILED: "true" },
});

// what is tested is what is shipped
if (process.argv.includes("--tests")) {
  mkdirSync(TESTS, { recursive: true });
  typescript("-p", "src/test/ts");
  await build({
    ...common,
    entryPoints: ["src/test/ts/node.ts", "src/test/ts/many-pages.ts"],
    outdir: TESTS,
    platform: "node",
    alias: { circulate: resolve(MODULE, "circulate.js") },
    external: ["ws"],
    sourcemap: "inline",
  });
  await build({
    ...common,
    entryPoints: ["src/test/ts/page.ts"],
    outfile: `${TESTS}/page.js`,
    alias: { circulate: "/circulate.js" },
    external: ["/circulate.js"],
    sourcemap: "inline",
  });
  copyFileSync("node_modules/mocha/mocha.js", `${TESTS}/mocha.js`);
  copyFileSync("src/test/web/laws.html", `${TESTS}/laws.html`);
}
