// The names that a context offers: `print`, Spin's `S`, the ways to Java's classes, and a `parse` of
// JSON that knows whole numbers. See `prelude.js`, which reads this.
"use strict";
(function ({ taken, encode, answer, part, stringify, parse: parseJson }) {
  const { Object, Proxy, String, TypeError } = taken;
  const { is } = Object;
  const objects = part("objects");

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
        return typeof key === "symbol" ? undefined : (...values) => objects.call(handle, key, values);
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

  const Java = {
    type: typeNamed,
    from: (list) => [...list],
    to: (values) => {
      const list = answer('"new"', objects.handleOf(typeNamed("java.util.ArrayList")));
      for (const value of values) list.add(value);
      return list;
    },
  };

  const print = (...values) => {
    answer('"print"', stringify(values.map(String).join(" ")));
  };

  const whole = (value) =>
    typeof value === "number" && value === (value | 0) && !is(value, -0) ? value | 0 : value;

  // The interpreter reads each number of JSON as a fraction: a 5 shall be an Integer.
  function parse(text, reviver) {
    const value = parseJson(text, function (key, found) {
      return whole(found);
    });
    return typeof reviver === "function" ? parseJson(text, reviver) : value;
  }

  return {
    classOf,
    parse,
    print,
    console: { log: print, info: print, warn: print, error: print, debug: print },
    S: (value) => answer('"spin"', encode(value)),
    Java,
    Packages: packageOf(""),
    java: packageOf("java"),
    javax: packageOf("javax"),
    org: packageOf("org"),
    com: packageOf("com"),
  };
});
