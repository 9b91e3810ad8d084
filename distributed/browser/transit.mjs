// What the module has of transit-js: its file holds a library for its own development as well, and what nobody calls here.
import { readFileSync } from "node:fs";

/** What is imported of it, with the types of src/main/ts/runtime/transit-js.d.ts. */
const IMPORTED = [
  "integer",
  "isKeyword",
  "isSymbol",
  "isTaggedValue",
  "keyword",
  "map",
  "reader",
  "symbol",
  "tagged",
  "writer",
];

/** Between two statements of the outermost level, of which nothing stands before the first line. */
const BETWEEN = /(?<=;\n|^\}\n)(?=[^\s}])/m;

/** A statement that does nothing but define a name; what is a prototype's belongs to its constructor. */
const DEFINITION =
  /^;?(?:(?<value>[\w$.]+?)(?:\.prototype\b.*?)? = |(?:function|class) (?<type>[\w$]+)|goog\.inherits\((?<heir>[\w$.]+))/;

const UNCOMPILED = /^(!?COMPILED|if \(!COMPILED\))/;

/** Leaves out all of it that cannot be reached, which esbuild cannot see: its names are properties. */
export const reachableTransit = {
  name: "reachable-transit",
  setup({ onLoad }) {
    onLoad({ filter: /transit-js[\\/]transit\.js$/ }, ({ path }) => ({
      contents: reachable(readFileSync(path, "utf8")),
    }));
  },
};

function reachable(source) {
  const library = source.replace("var COMPILED = !0, goog = goog || {};", "var goog = {};");
  const end = library.indexOf("\nTRANSIT_BROWSER_TARGET && ");
  if (library === source || end < 0) {
    throw new Error("transit-js is another one: look where its COMPILED and its exports have gone");
  }
  const exported = `module.exports = { ${IMPORTED.map((name) => `${name}: com.cognitect.transit.${name}`)} };`;
  const statements = library
    .slice(0, end + 1)
    .split(BETWEEN)
    .filter((statement) => !UNCOMPILED.test(statement));
  const mentioned = new Set(namesIn(exported));
  const kept = new Set();
  for (let before = -1; before < kept.size;) {
    before = kept.size;
    for (const statement of statements) {
      const { value, type, heir } = DEFINITION.exec(statement)?.groups ?? {};
      const defined = value ?? type ?? heir;
      if (!kept.has(statement) && (defined === undefined || mentioned.has(defined))) {
        kept.add(statement);
        namesIn(statement).forEach((name) => mentioned.add(name));
      }
    }
  }
  return [...statements.filter((statement) => kept.has(statement)), exported].join("");
}

/** Each name in a text, and what it is a part of: `a.b.c`, `a.b` and `a`. */
function namesIn(text) {
  return text
    .match(/[\w$]+(\.[\w$]+)*/g)
    .flatMap((name) => [...name.matchAll(/\.|$/g)].map(({ index }) => name.slice(0, index)));
}
