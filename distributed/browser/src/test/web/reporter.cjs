// Writes what mocha tells in Node as the page of laws does in a browser: title, and error if it failed.
const { writeFileSync } = require("node:fs");

module.exports = class {
  constructor(runner, { reporterOption: { file } }) {
    const told = [];
    runner
      .on("pass", (test) => told.push({ title: test.fullTitle() }))
      .on("pending", (test) => told.push({ title: test.fullTitle(), error: "it was skipped" }))
      .on("fail", (test, error) => told.push({ title: test.fullTitle(), error: error.stack ?? String(error) }))
      .on("end", () => writeFileSync(file, JSON.stringify(told)));
  }
};
