// What a script finds in its context beside the language: the names of the process, and what
// `objects.js`, `offers.js` and `failures.js` add once something asks for it. Each context compiles
// anew what it has, so this has no more than what every script needs. Everything used here and there
// is taken before the script can change it.
"use strict";
(function (global) {
  const taken = { Array, BigInt, Date, Error, Map, Object, Proxy, RangeError, Reflect, Set, String, Symbol, SyntaxError, TypeError, WeakMap };
  const { apply } = Reflect;
  const { defineProperty } = Object;
  const { stringify, parse } = JSON;
  const evaluate = eval; // under another name it sees no names of ours
  const own = new Map(); // what the script has assigned to names: it changes no variable
  let seen = new Map(); // what the names of the process were found to be
  let ask, end, load;
  let isStarted = false;

  // ---- what is read when it is needed --------------------------------------------------------

  const parts = { objects: null, offers: null, failures: null };
  const given = { taken, answer, encode, offer, part, stringify, parse };
  given.forget = () => (seen = new taken.Map());

  function part(name) {
    return (parts[name] ??= evaluate(load(name))(given));
  }

  // ---- values out, answers in: numbers as they are, all else as JSON --------------------------

  function encode(value) {
    if (typeof value === "number") return value;
    if (typeof value === "string" || typeof value === "boolean") return stringify(value);
    return value === undefined || value === null ? "null" : part("objects").encode(value, 0);
  }

  function answer(...question) {
    const given = apply(ask, undefined, question);
    if (typeof given === "number") return given;
    const value = parse(given);
    if (value === null || typeof value !== "object") return value;
    return value.u ? undefined : part("objects").decode(value);
  }

  // ---- the names of the process ---------------------------------------------------------------

  const scope = new Proxy(Object.create(null), {
    has(_, key) {
      if (typeof key === "symbol" || key in global || key === "arguments") return false;
      isStarted = true;
      if (own.has(key) || seen.has(key)) return true;
      const found = answer('"has"', stringify(key));
      if (found === undefined) return false;
      seen.set(key, found);
      return true;
    },
    get(_, key) {
      if (typeof key === "symbol") return undefined;
      return own.has(key) ? own.get(key) : seen.get(key);
    },
    set(_, key, value) {
      own.set(key, value);
      return true;
    },
  });

  // ---- what the context offers ----------------------------------------------------------------

  function offer(place, name, value) {
    defineProperty(place, name, { value, writable: true, configurable: true, enumerable: false });
    return value;
  }

  function offerLate(place, name) {
    defineProperty(place, name, {
      get: () => offer(place, name, part("offers")[name]),
      set: (value) => offer(place, name, value),
      configurable: true,
      enumerable: false,
    });
  }

  for (const name of ["print", "console", "S", "Java", "Packages", "java", "javax", "org", "com"])
    offerLate(global, name);
  offerLate(JSON, "parse");

  // ---- a run ------------------------------------------------------------------------------------

  // Sloppy code: only there a `with` can stand before the names that the script looks up.
  const within = evaluate("(function () { with (arguments[0]) { return eval(arguments[1]); } })");

  global.run = function (source) {
    [ask, end, load] = [global.ask, global.end, global.load];
    delete global.run;
    delete global.ask;
    delete global.end;
    delete global.load;
    try {
      const value = within(scope, parse(source));
      apply(end, undefined, ['"done"', encode(value)]);
    } catch (error) {
      apply(end, undefined, part("failures")(error, isStarted));
    }
  };
})(globalThis);
