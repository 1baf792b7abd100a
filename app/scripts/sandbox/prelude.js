// What a script finds in its context beside the language: the names of the process, Java's objects
// behind proxies, Spin's S, print. Everything used here is taken before the script can change it.
"use strict";
(function (global) {
  const { apply, ownKeys, getOwnPropertyDescriptor } = Reflect;
  const { stringify, parse } = JSON;
  const { isArray } = Array;
  const { is, keys: keysOf } = Object;
  const DateType = Date;
  const isDate = (value) => value instanceof DateType;
  const getTime = Date.prototype.getTime;
  const [ArrayMethods, SymbolOf, MostKept] = [Array.prototype, Symbol, 100];
  let ask, end;
  let handles = new WeakMap(), proxies = new Map(), methods = new Map();
  let seen = new Map(); // what the names of the process were found to be
  const own = new Map(); // what the script has assigned to them: it changes no variable
  let isStarted = false;

  // ---- values on their way out: numbers as they are, all else as JSON ------------------------

  function encode(value, depth = 0) {
    switch (typeof value) {
      case "number":
        return depth ? number(value) : value;
      case "string":
        return stringify(value);
      case "boolean":
        return value ? "true" : "false";
      case "undefined":
        return "null";
      case "bigint":
        return `{"b":"${value}"}`;
      case "function":
        return handles.has(value) ? `{"h":${handles.get(value)}}` : '{"o":[]}';
      case "object":
        return value === null ? "null" : encodeObject(value, depth);
    }
    throw new TypeError("A symbol cannot leave the script");
  }

  const number = (value) =>
    value !== value ? "NaN" : value === Infinity ? "Infinity" : value === -Infinity ? "-Infinity" : `${value}`;

  function encodeObject(value, depth) {
    if (handles.has(value)) return `{"h":${handles.get(value)}}`;
    if (depth > MostKept) throw new RangeError("A value is nested too deep");
    if (isDate(value)) {
      const time = apply(getTime, value, []);
      return time === time ? `{"d":${time}}` : "null";
    }
    let text = "";
    if (isArray(value)) {
      for (let i = 0; i < value.length; i++) text += (i ? "," : "") + encode(value[i], depth + 1);
      return `{"a":[${text}]}`;
    }
    const names = keysOf(value);
    for (let i = 0; i < names.length; i++)
      text += (i ? "," : "") + `[${stringify(names[i])},${encode(value[names[i]], depth + 1)}]`;
    return `{"o":[${text}]}`;
  }

  // ---- answers: numbers as they are, all else as JSON ----------------------------------------

  function answer(...question) {
    const given = apply(ask, undefined, question);
    return typeof given === "number" ? given : decode(parse(given));
  }

  function decode(value) {
    if (value === null || typeof value !== "object") return value;
    if (value.u) return undefined;
    if (value.b) return BigInt(value.b);
    if (value.e !== undefined) {
      const error = new Error(value.e);
      error.name = value.n;
      throw error;
    }
    if (value.j !== undefined) return value.j;
    if (value.m !== undefined) methods.set(value.k, value.m && new Set(value.m));
    const handle = value.h | 0; // JSON knows fractions only
    let found = proxies.get(handle);
    if (!found) {
      found = value.k === "class" ? classOf(handle) : proxyOf(handle, value.k);
      handles.set(found, handle);
      proxies.set(handle, found);
    }
    return found;
  }

  function call(handle, name, values) {
    seen = new Map(); // a method may have set a variable
    const encoded = [];
    for (let i = 0; i < values.length; i++) encoded[i] = encode(values[i]);
    return answer('"call"', handle, stringify(name), ...encoded);
  }

  // ---- Java's objects -------------------------------------------------------------------------

  const isIndex = (key) => /^(0|[1-9][0-9]{0,8})$/.test(key);

  function proxyOf(handle, kind) {
    const known = methods.get(kind);
    const length = () => call(handle, "size", []);
    const proxy = new Proxy(Object.create(null), {
      get(_, key) {
        if (key === SymbolOf.toPrimitive)
          return (hint) =>
            kind === "date" && hint === "number" ? call(handle, "getTime", []) : answer('"text"', handle);
        if (key === SymbolOf.iterator) return () => items()[SymbolOf.iterator]();
        if (typeof key === "symbol") return undefined;
        if (key === "toString") return () => answer('"text"', handle);
        if (key === "toJSON") return () => answer('"plain"', handle);
        if (!known || known.has(key)) return (...values) => call(handle, key, values);
        if (kind === "list" && isIndex(key)) return answer('"item"', handle, key);
        if (kind === "list" && key === "length") return length();
        if (kind === "list" && key in ArrayMethods)
          return (...values) => apply(ArrayMethods[key], items(), values);
        return kind === "map" ? answer('"entry"', handle, stringify(key)) : undefined;
      },
      set(_, key, value) {
        if (kind === "map") call(handle, "put", [key, value]);
        else if (kind === "list" && isIndex(key)) call(handle, "set", [+key, value]);
        else throw new TypeError(`${String(key)} cannot be assigned`);
        return true;
      },
      has: (_, key) => typeof key === "string" && (!known || known.has(key) || names().includes(key)),
      ownKeys: () => names(),
      getOwnPropertyDescriptor: (_, key) =>
        names().includes(key)
          ? { value: proxy[key], enumerable: true, configurable: true, writable: true }
          : undefined,
      getPrototypeOf: () => (kind === "list" ? ArrayMethods : Object.prototype),
    });
    const items = () => {
      if (kind === "map") return items_of(call(handle, "keySet", []));
      const found = [];
      for (let i = 0, n = length(); i < n; i++) found[i] = answer('"item"', handle, `${i}`);
      return found;
    };
    const items_of = (keys) => {
      const found = [];
      for (const key of keys) found.push([key, call(handle, "get", [key])]);
      return found;
    };
    const names = () => {
      if (kind === "list") return keysOf(items());
      return kind === "map" ? [...call(handle, "keySet", [])] : [];
    };
    return proxy;
  }

  function classOf(handle) {
    return new Proxy(function () {}, {
      construct(_, values) {
        const encoded = [];
        for (let i = 0; i < values.length; i++) encoded[i] = encode(values[i]);
        return answer('"new"', handle, ...encoded);
      },
      apply() {
        throw new TypeError("A class of Java is made with new");
      },
      get(_, key) {
        return typeof key === "symbol" ? undefined : (...values) => call(handle, key, values);
      },
    });
  }

  const typeNamed = (name) => answer('"type"', stringify(String(name)));

  function packageOf(path) {
    return new Proxy(Object.create(null), {
      get(_, key) {
        if (typeof key === "symbol") return undefined;
        const name = path ? `${path}.${key}` : key;
        return /^[A-Z]/.test(key) ? typeNamed(name) : packageOf(name);
      },
    });
  }

  // ---- the names of the process -----------------------------------------------------------------

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

  const whole = (value) =>
    typeof value === "number" && value === (value | 0) && !is(value, -0) ? value | 0 : value;

  // The interpreter reads each number of JSON as a fraction: a 5 shall be an Integer.
  JSON.parse = function (text, reviver) {
    const value = parse(text, function (key, found) {
      return whole(found);
    });
    return typeof reviver === "function" ? parse(text, reviver) : value;
  };
  const offer = (name, value) =>
    Object.defineProperty(global, name, { value, writable: true, configurable: true, enumerable: false });
  const print = (...values) => {
    answer('"print"', stringify(values.map(String).join(" ")));
  };
  offer("print", print);
  offer("console", { log: print, info: print, warn: print, error: print, debug: print });
  offer("S", (value) => answer('"spin"', encode(value)));
  offer("Java", {
    type: typeNamed,
    from: (list) => [...list],
    to: (values) => {
      const list = answer('"new"', handles.get(typeNamed("java.util.ArrayList")));
      for (const value of values) list.add(value);
      return list;
    },
  });
  offer("Packages", packageOf(""));
  for (const top of ["java", "javax", "org", "com"]) offer(top, packageOf(top));

  // ---- a run ------------------------------------------------------------------------------------

  function fail(error) {
    if (handles.has(error)) return apply(end, undefined, ['"thrown"', encode(error)]);
    let text;
    try {
      const line = error instanceof Error && /<eval> \(<input>:(\d+)/.exec(error.stack || "");
      text = String(error) + (line ? ` in line ${line[1]}` : "");
    } catch {
      text = "Error";
    }
    const isSyntax = error instanceof SyntaxError && !isStarted;
    return apply(end, undefined, ['"fail"', stringify(text), isSyntax ? "true" : "false"]);
  }

  // Sloppy code: only there a `with` can stand before the names that the script looks up.
  const within = (0, eval)(
    "(function () { with (arguments[0]) { return eval(arguments[1]); } })",
  );

  global.run = function (source) {
    [ask, end] = [global.ask, global.end];
    delete global.run;
    delete global.ask;
    delete global.end;
    try {
      const value = within(scope, parse(source));
      apply(end, undefined, ['"done"', encode(value)]);
    } catch (error) {
      fail(error);
    }
  };
})(globalThis);
