// How the end of a script that has failed is told. See `prelude.js`, which reads this.
"use strict";
(function ({ taken, part, encode, stringify }) {
  const { Error, String, SyntaxError } = taken;

  return (error, isStarted) => {
    const isObject = error !== null && (typeof error === "object" || typeof error === "function");
    if (isObject && part("objects").isJavas(error)) return ['"thrown"', encode(error)];
    let told;
    try {
      const line = error instanceof Error && /<eval> \(<input>:(\d+)/.exec(error.stack || "");
      // The interpreter throws null where it has no room for an error.
      told = (error === null ? "out of memory" : String(error)) + (line ? ` in line ${line[1]}` : "");
    } catch {
      told = "Error";
    }
    const isSyntax = error instanceof SyntaxError && !isStarted;
    return ['"fail"', stringify(told), isSyntax ? "true" : "false"];
  };
});
