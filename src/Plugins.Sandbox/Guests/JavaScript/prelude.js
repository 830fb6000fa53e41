// What a plugin finds in its context besides the language. Compiled and called by the host before the plugin's code:
// the completion value is a function that takes the host's bridges and returns the entries that the host calls.
// The bridges live in this closure only, and everything used after plugin code has run is captured here first, so
// that no change to a prototype or a global by the plugin reaches them.
(function (answer, call, log, random, encodeUtf8, decodeUtf8) {
  "use strict";

  const { apply, ownKeys } = Reflect;
  const { create, defineProperty, freeze, getOwnPropertyDescriptor, getPrototypeOf } = Object;
  const { isArray } = Array;
  const { isView } = ArrayBuffer;
  const { parse, stringify } = JSON;
  const NativeError = Error, NativePromise = Promise, NativeMap = Map, NativeTypeError = TypeError, NativeString = String;
  const NativeUint8Array = Uint8Array, NativeDOMException = DOMException;
  const uncurried = (method) => (self, ...args) => apply(method, self, args);
  const getterOf = (prototype, name) => uncurried(getOwnPropertyDescriptor(prototype, name).get);
  const mapGet = uncurried(Map.prototype.get);
  const mapSet = uncurried(Map.prototype.set);
  const mapDelete = uncurried(Map.prototype.delete);
  const promiseThen = uncurried(Promise.prototype.then);
  const toWellFormed = uncurried(String.prototype.toWellFormed);
  const TypedArray = getPrototypeOf(Uint8Array);
  const tagOfTypedArray = getterOf(TypedArray.prototype, Symbol.toStringTag);

  const hidden = (value) => ({ __proto__: null, value, writable: true, enumerable: false, configurable: true });
  const isObject = (value) => (typeof value === "object" && value !== null) || typeof value === "function";

  // Messages

  const handlers = create(null);
  const optional = { __proto__: null, activate: true, started: true, deactivate: true, dehydrate: true, hydrate: true, settingsChanged: true, timer: true };

  function text(value) {
    try {
      return toWellFormed(NativeString(value));
    } catch {
      return "(a value that cannot be shown)";
    }
  }

  function property(value, name) {
    try {
      const found = value[name];
      return found === undefined ? undefined : text(found);
    } catch {
      return undefined;
    }
  }

  /** A thrown value in words, whatever it is. */
  function describe(thrown) {
    if (typeof thrown === "object" && thrown !== null) {
      const message = property(thrown, "message");
      if (message !== undefined) return { __proto__: null, name: property(thrown, "name") ?? "Error", message, stack: property(thrown, "stack") ?? "" };
    }
    return { __proto__: null, name: "", message: text(thrown), stack: "" };
  }

  function fail(slot, thrown) {
    const { name, message, stack } = describe(thrown);
    answer(slot, 1, name, message, stack);
  }

  /** The JSON of an answer; undefined when it has none, which the host has been told then. */
  function toJson(slot, value) {
    try {
      const json = value === undefined ? "{}" : stringify(value);
      if (json === undefined) throw new NativeTypeError(`a ${typeof value} is not an answer`);
      return json;
    } catch (thrown) {
      const { name, message, stack } = describe(thrown);
      answer(slot, 2, name, message, stack);
      return undefined;
    }
  }

  function succeed(slot, value) {
    const json = toJson(slot, value);
    if (json !== undefined) answer(slot, 0, json);
  }

  /** Handles a message. Returns its answer's JSON when that is there at once; otherwise it comes through the bridge. */
  function dispatch(slot, id, type, session, gesture, deadlineMs, payload) {
    const handler = type === "timer" ? (callbackOf(payload.id) ?? handlers.timer) : handlers[type];
    if (handler === undefined) {
      if (optional[type]) return "{}";
      answer(slot, 1, "Error", `the plugin has no handler for \`${type}\`\nhint: \`definePlugin\` at the top level of its main file sets them, or lazyoc.on("${type}", …) this one`, "");
      return undefined;
    }
    try {
      const value = handler(payload, freeze({ __proto__: null, id, type, session, gesture, deadlineMs }));
      if (!isObject(value) || typeof value.then !== "function") return toJson(slot, value);
      promiseThen(new NativePromise((resolve) => resolve(value)), (settled) => succeed(slot, settled), (thrown) => fail(slot, thrown));
    } catch (thrown) {
      fail(slot, thrown);
    }
    return undefined;
  }

  // Host calls

  const calls = new NativeMap();
  let lastCall = 0;

  function hostError(code, message) {
    return coded(new NativeError(message), code);
  }

  // The code is the name too, so that an error nobody caught says what was refused.
  function coded(error, code) {
    defineProperty(error, "code", hidden(code));
    defineProperty(error, "name", hidden(code));
    return error;
  }

  function settle(id, ok, value) {
    const pending = mapGet(calls, id);
    if (pending === undefined) return;
    mapDelete(calls, id);
    if (ok) {
      pending.resolve(value);
      return;
    }
    // The stack of the call is worth more than that of the answer's arrival.
    defineProperty(pending.error, "message", hidden(value.message));
    pending.reject(coded(pending.error, value.code));
  }

  const lazyoc = freeze({
    __proto__: null,

    on(type, handler) {
      if (typeof type !== "string") throw new NativeTypeError("lazyoc.on: the message type is not a string");
      if (typeof handler !== "function") throw new NativeTypeError(`lazyoc.on: the handler of \`${type}\` is not a function`);
      handlers[type] = handler;
    },

    call(name, args, gesture) {
      return new NativePromise((resolve, reject) => {
        if (typeof name !== "string") throw new NativeTypeError("lazyoc.call: the name is not a string");
        if (gesture !== undefined && gesture !== null && typeof gesture !== "string") throw new NativeTypeError("lazyoc.call: the gesture is not a string");
        const json = args === undefined ? "{}" : stringify(args);
        if (json === undefined) throw new NativeTypeError(`lazyoc.call: a ${typeof args} cannot be sent`);
        const id = (lastCall = (lastCall + 1) | 0);
        const refusal = call(id, toWellFormed(name), gesture === undefined || gesture === null ? undefined : toWellFormed(gesture), json);
        if (refusal !== undefined) {
          const { code, message } = parse(refusal);
          throw hostError(code, message);
        }
        mapSet(calls, id, { __proto__: null, resolve, reject, error: new NativeError() });
      });
    },
  });
  defineProperty(globalThis, "lazyoc", { __proto__: null, value: lazyoc, writable: false, enumerable: true, configurable: false });

  // Timers, on top of the host's: theirs have ids that begin with a dollar sign.

  const timers = new NativeMap();
  const timerIds = new NativeMap();
  let lastTimer = 0;

  function callbackOf(id) {
    const timer = mapGet(timers, id);
    if (timer === undefined) return undefined;
    return () => {
      if (!timer.repeat) forgetTimer(timer);
      // What a callback returns is nobody's answer, but a promise of it is waited for.
      const value = apply(timer.callback, undefined, timer.args);
      return isObject(value) && typeof value.then === "function" ? promiseThen(new NativePromise((resolve) => resolve(value)), () => undefined) : undefined;
    };
  }

  function forgetTimer({ number, id }) {
    mapDelete(timers, id);
    mapDelete(timerIds, number);
  }

  const minDelayMs = 10, maxDelayMs = 0x7fffffff;

  function setTimer(name, callback, delay, repeat, args) {
    if (typeof callback !== "function") throw new NativeTypeError(`${name}: the callback is not a function`);
    const ms = +delay;
    const delayMs = ms > minDelayMs ? (ms < maxDelayMs ? ms | 0 : maxDelayMs) : minDelayMs;
    const number = ++lastTimer;
    const timer = { __proto__: null, number, id: `$${number}`, callback, args, repeat };
    mapSet(timers, timer.id, timer);
    mapSet(timerIds, number, timer);
    // A refusal is nobody's to catch: the timer is gone, and the log says why.
    promiseThen(lazyoc.call("timers.set", { __proto__: null, id: timer.id, delayMs, repeat }), undefined, (refused) => {
      forgetTimer(timer);
      log(3, toWellFormed(`${name}: ${text(refused)}`));
    });
    return number;
  }

  function clearTimer(number) {
    const timer = mapGet(timerIds, number);
    if (timer === undefined) return;
    forgetTimer(timer);
    promiseThen(lazyoc.call("timers.clear", { __proto__: null, id: timer.id }), undefined, () => undefined);
  }

  defineProperty(globalThis, "setTimeout", hidden(function setTimeout(callback, delay, ...args) { return setTimer("setTimeout", callback, delay, false, args); }));
  defineProperty(globalThis, "setInterval", hidden(function setInterval(callback, delay, ...args) { return setTimer("setInterval", callback, delay, true, args); }));
  defineProperty(globalThis, "clearTimeout", hidden(function clearTimeout(number) { clearTimer(number); }));
  defineProperty(globalThis, "clearInterval", hidden(function clearInterval(number) { clearTimer(number); }));

  // console

  function shown(value) {
    if (typeof value === "string") return value;
    if (typeof value === "function") return `[function ${property(value, "name") ?? ""}]`;
    if (!isObject(value)) return typeof value === "bigint" ? `${value}n` : text(value);
    const { name, message, stack } = describe(value);
    if (value instanceof NativeError) return stack === "" ? `${name}: ${message}` : `${name}: ${message}\n${stack}`;
    try {
      return stringify(value) ?? text(value);
    } catch {
      return text(value);
    }
  }

  function print(level) {
    return function (...values) {
      let line = "";
      for (let i = 0; i < values.length; i++) line += (i === 0 ? "" : " ") + shown(values[i]);
      log(level, toWellFormed(line));
    };
  }

  defineProperty(globalThis, "console", hidden({ debug: print(0), trace: print(0), log: print(1), info: print(1), warn: print(2), error: print(3) }));

  // Encoding

  class TextEncoder {
    get encoding() {
      return "utf-8";
    }

    encode(input = "") {
      return encodeUtf8(toWellFormed(NativeString(input)));
    }
  }

  const labels = { __proto__: null, "utf-8": true, utf8: true, "unicode-1-1-utf-8": true };

  class TextDecoder {
    #fatal;
    #ignoreBOM;

    constructor(label = "utf-8", { fatal = false, ignoreBOM = false } = {}) {
      if (!labels[NativeString(label).trim().toLowerCase()]) throw new RangeError(`TextDecoder: \`${label}\` is not supported, only utf-8 is`);
      this.#fatal = !!fatal;
      this.#ignoreBOM = !!ignoreBOM;
    }

    get encoding() {
      return "utf-8";
    }

    get fatal() {
      return this.#fatal;
    }

    get ignoreBOM() {
      return this.#ignoreBOM;
    }

    decode(input, { stream = false } = {}) {
      if (stream) throw new NativeTypeError("TextDecoder: streaming is not supported, decode all bytes at once");
      if (input === undefined) return "";
      const bytes = isView(input) ? new NativeUint8Array(input.buffer, input.byteOffset, input.byteLength) : new NativeUint8Array(input);
      const decoded = decodeUtf8(bytes, this.#fatal, this.#ignoreBOM);
      if (decoded === undefined) throw new NativeTypeError("TextDecoder: the bytes are not valid UTF-8");
      return decoded;
    }
  }

  defineProperty(globalThis, "TextEncoder", hidden(TextEncoder));
  defineProperty(globalThis, "TextDecoder", hidden(TextDecoder));

  // crypto

  const integerArrays = {
    __proto__: null, Int8Array: true, Uint8Array: true, Uint8ClampedArray: true, Int16Array: true, Uint16Array: true,
    Int32Array: true, Uint32Array: true, BigInt64Array: true, BigUint64Array: true,
  };

  const crypto = freeze({
    __proto__: null,

    getRandomValues(array) {
      if (!isView(array) || !integerArrays[tagOfTypedArray(array)]) throw new NativeDOMException("getRandomValues: an integer typed array is needed", "TypeMismatchError");
      if (array.byteLength > 65536) throw new NativeDOMException("getRandomValues: at most 65536 bytes at once", "QuotaExceededError");
      if (array.byteLength > 0) random(new NativeUint8Array(array.buffer, array.byteOffset, array.byteLength));
      return array;
    },
  });
  defineProperty(globalThis, "crypto", hidden(crypto));

  // Math.random, from the host's randomness: the engine's own would go on alike in all that start from one image.

  const wordCount = 256;
  const randomWords = new Uint32Array(wordCount);
  const randomBytes = new NativeUint8Array(randomWords.buffer);
  let nextWord = wordCount;

  function reseed() {
    nextWord = wordCount;
  }

  // A method, as the standard has it: `new Math.random()` throws, and `random` within is the host's bridge.
  defineProperty(Math, "random", hidden({
    random() {
      if (nextWord >= wordCount) {
        random(randomBytes);
        nextWord = 0;
      }
      const high = randomWords[nextWord] >>> 5, low = randomWords[nextWord + 1] >>> 6;
      nextWord += 2;
      return (high * 67108864 + low) / 9007199254740992;
    },
  }.random));

  // structuredClone

  const errorTypes = { __proto__: null, Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };
  const dateValue = uncurried(Date.prototype.getTime);
  const regExpSource = getterOf(RegExp.prototype, "source");
  const regExpFlags = getterOf(RegExp.prototype, "flags");
  const bufferSlice = uncurried(ArrayBuffer.prototype.slice);
  const mapForEach = uncurried(Map.prototype.forEach);
  const setForEach = uncurried(Set.prototype.forEach);
  const setAdd = uncurried(Set.prototype.add);
  const tagOf = uncurried(Object.prototype.toString);
  const boxed = { __proto__: null, "[object Boolean]": Boolean.prototype.valueOf, "[object Number]": Number.prototype.valueOf, "[object String]": String.prototype.valueOf };
  const constructors = {
    __proto__: null, Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array,
    BigInt64Array, BigUint64Array, Float16Array, Float32Array, Float64Array,
  };

  function refuse(what) {
    throw new NativeDOMException(`structuredClone: ${what} cannot be cloned`, "DataCloneError");
  }

  function clone(value, seen) {
    if (typeof value === "symbol") refuse("a symbol");
    if (typeof value === "function") refuse("a function");
    if (!isObject(value)) return value;
    const before = mapGet(seen, value);
    if (before !== undefined) return before;
    const remember = (copy) => {
      mapSet(seen, value, copy);
      return copy;
    };
    if (isArray(value)) return cloneProperties(value, remember(new Array(value.length)), seen);
    if (isView(value)) {
      const buffer = clone(value.buffer, seen);
      const type = constructors[tagOfTypedArray(value)];
      return remember(type ? new type(buffer, value.byteOffset, value.length) : new DataView(buffer, value.byteOffset, value.byteLength));
    }
    const tag = tagOf(value);
    switch (tag) {
      case "[object Date]": return remember(new Date(dateValue(value)));
      case "[object RegExp]": return remember(new RegExp(regExpSource(value), regExpFlags(value)));
      case "[object ArrayBuffer]": return remember(bufferSlice(value, 0));
      case "[object Boolean]": case "[object Number]": case "[object String]": return remember(Object(apply(boxed[tag], value, [])));
      case "[object Map]": {
        const copy = remember(new NativeMap());
        mapForEach(value, (item, key) => mapSet(copy, clone(key, seen), clone(item, seen)));
        return copy;
      }
      case "[object Set]": {
        const copy = remember(new Set());
        setForEach(value, (item) => setAdd(copy, clone(item, seen)));
        return copy;
      }
      case "[object Error]": {
        const copy = remember(new (errorTypes[value.name] ?? NativeError)(value.message));
        defineProperty(copy, "stack", hidden(value.stack));
        if ("cause" in value) defineProperty(copy, "cause", hidden(clone(value.cause, seen)));
        return copy;
      }
      case "[object Promise]": case "[object WeakMap]": case "[object WeakSet]": case "[object WeakRef]": refuse(`a ${tag.slice(8, -1)}`);
    }
    return cloneProperties(value, remember({}), seen);
  }

  function cloneProperties(value, copy, seen) {
    for (const key of ownKeys(value)) {
      if (typeof key === "symbol" || !getOwnPropertyDescriptor(value, key)?.enumerable) continue;
      defineProperty(copy, key, { __proto__: null, value: clone(value[key], seen), writable: true, enumerable: true, configurable: true });
    }
    return copy;
  }

  defineProperty(globalThis, "structuredClone", hidden(function structuredClone(value, options) {
    if (options?.transfer?.length > 0) throw new NativeDOMException("structuredClone: nothing can be transferred", "DataCloneError");
    return clone(value, new NativeMap());
  }));

  // The stack of what the engine is in the midst of, for a profile: taken between two operations of a plugin that must not
  // notice. What the plugin has set for its own errors is put aside meanwhile; to put it back takes no memory.

  const { captureStackTrace } = NativeError;
  const settingOf = (name) => {
    const { get, set } = getOwnPropertyDescriptor(NativeError, name);
    return { __proto__: null, get: get.bind(NativeError), set: set.bind(NativeError) };
  };
  const { get: limitNow, set: setLimit } = settingOf("stackTraceLimit");
  const { get: prepareNow, set: setPrepare } = settingOf("prepareStackTrace");
  const sampledFrames = 66;

  function sample() {
    const target = { __proto__: null };
    const limit = limitNow(), prepare = prepareNow();
    try {
      setLimit(sampledFrames);
      setPrepare(undefined);
      captureStackTrace(target);
    } finally {
      setLimit(limit);
      setPrepare(prepare);
    }
    return target.stack;
  }

  // What a stack knows of its functions would hand a plugin the host's own, which are on every stack of its handlers.
  setPrepare((error, frames) => frames);
  const callSites = getPrototypeOf(new NativeError().stack[0]);
  setPrepare(undefined);
  delete callSites.getFunction;
  delete callSites.getThis;

  const entries = create(null);
  entries.dispatch = dispatch;
  entries.settle = settle;
  entries.reseed = reseed;
  entries.sample = sample;
  return entries;
});
