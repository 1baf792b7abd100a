// What is no text, number or boolean: Java's objects behind proxies on their way in, the script's own
// as JSON on their way out. See `prelude.js`, which reads this.
"use strict";
(function ({ taken, answer, encode: encodeOne, forget, part, stringify }) {
  const { Array, BigInt, Date, Error, Map, Object, Proxy, RangeError, Reflect, Set, String, Symbol, TypeError, WeakMap } = taken;
  const { apply } = Reflect;
  const { isArray, prototype: ArrayMethods } = Array;
  const { keys: keysOf } = Object;
  const { getTime } = Date.prototype;
  const MostNested = 100;
  const handles = new WeakMap(); // the numbers of Java's objects
  const proxies = new Map(); // and by them their proxies
  const methods = new Map(); // of Java's classes, by name

  // ---- on their way out ------------------------------------------------------------------------

  function encode(value, depth) {
    switch (typeof value) {
      case "number":
        return number(value);
      case "bigint":
        return `{"b":"${value}"}`;
      case "function":
        return handles.has(value) ? `{"h":${handles.get(value)}}` : '{"o":[]}';
      case "object":
        if (value === null) return "null";
        return handles.has(value) ? `{"h":${handles.get(value)}}` : encodeObject(value, depth);
      case "symbol":
        throw new TypeError("A symbol cannot leave the script");
    }
    return encodeOne(value);
  }

  const number = (value) =>
    value !== value ? "NaN" : value === Infinity ? "Infinity" : value === -Infinity ? "-Infinity" : `${value}`;

  function encodeObject(value, depth) {
    if (depth > MostNested) throw new RangeError("A value is nested too deep");
    if (value instanceof Date) {
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

  // ---- on their way in -------------------------------------------------------------------------

  function decode(value) {
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
      found = value.k === "class" ? part("offers").classOf(handle) : proxyOf(handle, value.k);
      handles.set(found, handle);
      proxies.set(handle, found);
    }
    return found;
  }

  function call(handle, name, values) {
    forget(); // a method may have set a variable
    const encoded = [];
    for (let i = 0; i < values.length; i++) encoded[i] = encodeOne(values[i]);
    return answer('"call"', handle, stringify(name), ...encoded);
  }

  const isIndex = (key) => /^(0|[1-9][0-9]{0,8})$/.test(key);

  function proxyOf(handle, kind) {
    const known = methods.get(kind);
    const length = () => call(handle, "size", []);
    const proxy = new Proxy(Object.create(null), {
      get(_, key) {
        if (key === Symbol.toPrimitive)
          return (hint) =>
            kind === "date" && hint === "number" ? call(handle, "getTime", []) : answer('"text"', handle);
        if (key === Symbol.iterator) return () => items()[Symbol.iterator]();
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

  return { encode, decode, call, isJavas: (value) => handles.has(value), handleOf: (value) => handles.get(value) };
});
