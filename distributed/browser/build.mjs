// Builds the module and its types; with --tests what tests it, too. Run by Maven and by npm.
import { build } from "esbuild";
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";

const MODULE = "target/classes/dev/circulate/browser";
const TESTS = "target/tests";

const common = {
  logOverride: { "direct-eval": "silent" }, // in a part of transit-js that nothing calls
  bundle: true,
  format: "esm",
  target: "es2022",
  legalComments: "eof",
  logLevel: "warning",
};

function typescript(...args) {
  execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", ...args], { stdio: "inherit" });
}

/** The loader for its own development that transit-js ships is behind COMPILED: as a constant it is left out. */
const withoutDevelopment = {
  name: "without-development",
  setup({ onLoad }) {
    onLoad({ filter: /transit-js[\\/]transit\.js$/ }, ({ path }) => {
      const source = readFileSync(path, "utf8");
      const switched = source.replace("var COMPILED = !0, goog = goog || {};", "var goog = {};");
      if (switched === source) {
        throw new Error("transit-js is another one: look where its COMPILED has gone");
      }
      return { contents: switched, loader: "js" };
    });
  },
};

mkdirSync(MODULE, { recursive: true });
typescript("-p", "src/main/ts");
await build({
  ...common,
  entryPoints: ["src/main/ts/index.ts"],
  outfile: `${MODULE}/circulate.js`,
  minify: true,
  sourcemap: true,
  plugins: [withoutDevelopment],
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
