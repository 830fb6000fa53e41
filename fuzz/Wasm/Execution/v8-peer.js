// Runs modules in V8 for the fuzzers, one request after the other, until standard input ends.
// node --experimental-wasm-type-reflection --experimental-wasm-extended-const --expose-gc v8-peer.js
//
// A request is a length and JSON, then a length and a module (lengths are 32 bits, little-endian); the answer is a
// length and text. The JSON is `{}` (answer: the versions), `{"validate":true}` (answer: 1 or 0) or `{"calls":[…]}`:
// the module is instantiated with stubs for its imports and called; the answer has a line for the instantiation and one
// for each call. A call is [index of the export, bits of the arguments…]; [] is a look at what else is exported.
'use strict';

const fs = require('fs');
const { createHash } = require('crypto');

const maxLoggedValues = 64;
const maxHashedBytes = 64 * 1024 * 1024;
const maxListedElements = 1000;
const collectAfterModules = 64;

const view = new DataView(new ArrayBuffer(8));
const pause = new Int32Array(new SharedArrayBuffer(4));

/** V8's words for traps; the longest reason first where one contains another. */
const traps = [
  [/unreachable/, 'unreachable'],
  [/memory access out of bounds|data segment .*out of bounds/, 'memory-bounds'],
  [/table index is out of bounds|table access out of bounds|table or element|element segment .*out of bounds|table initializer/, 'table-bounds'],
  [/null function or function signature mismatch/, 'null-or-signature'],
  [/divide by zero|remainder by zero/, 'divide-by-zero'],
  [/divide result unrepresentable/, 'overflow'],
  [/float unrepresentable in integer range/, 'conversion'],
];

function trapOf(error) {
  if (error instanceof RangeError && /call stack/.test(error.message)) return 'trap:stack';
  if (!(error instanceof WebAssembly.RuntimeError)) return `trap:? ${error}`;
  const found = traps.find(([words]) => words.test(error.message));
  return `trap:${found ? found[1] : `? ${error.message}`}`;
}

function one(type) {
  switch (type) {
    case 'i64': return 1n;
    case 'i32': case 'f32': case 'f64': return 1;
    default: return null;
  }
}

function argument(type, bits) {
  if (bits === 'null') return null;
  const value = BigInt(`0x${bits}`);
  view.setBigUint64(0, value);
  switch (type) {
    case 'i32': return view.getInt32(4);
    case 'i64': return view.getBigInt64(0);
    case 'f32': return view.getFloat32(4);
    default: return view.getFloat64(0);
  }
}

function text(type, value) {
  switch (type) {
    case 'f32':
      if (Number.isNaN(value)) return 'nan';
      view.setFloat32(0, value);
      return view.getUint32(0).toString(16);
    case 'f64':
      if (Number.isNaN(value)) return 'nan';
      view.setFloat64(0, value);
      return view.getBigUint64(0).toString(16);
    case 'i32': return (value >>> 0).toString(16);
    case 'i64': return BigInt.asUintN(64, value).toString(16);
    default: return value === null ? 'null' : 'reference';
  }
}

function stub(kind, type, log) {
  switch (kind) {
    case 'function':
      return (...values) => {
        log(values.map((value, i) => text(type.parameters[i], value)).join(','));
        return type.results.length === 1 ? one(type.results[0]) : type.results.map(one);
      };
    case 'table': return new WebAssembly.Table({ ...type, minimum: Math.min(type.minimum, 1000) });
    case 'memory': return new WebAssembly.Memory({ ...type, minimum: Math.min(type.minimum, 16) });
    default: return type.value === 'v128'
      ? new WebAssembly.Global({ value: type.value, mutable: type.mutable })
      : new WebAssembly.Global({ value: type.value, mutable: type.mutable }, one(type.value));
  }
}

/** Everything that is exported and is no function. */
function look(exports, instance) {
  const parts = [];
  for (const { name, kind, type } of exports) {
    const value = instance.exports[name];
    if (kind === 'memory') {
      const bytes = new Uint8Array(value.buffer);
      const hash = bytes.length <= maxHashedBytes ? createHash('sha256').update(bytes).digest('hex') : '';
      parts.push(`memory ${bytes.length / 65536} ${hash}`);
    } else if (kind === 'table') {
      let elements = '';
      for (let i = 0; i < Math.min(value.length, maxListedElements); i++) elements += value.get(i) === null ? '.' : 'x';
      parts.push(`table ${value.length} ${elements}`);
    } else if (kind === 'global' && type.value !== 'v128') {
      parts.push(`global ${text(type.value, value.value)}`);
    }
  }
  return parts.join(' ');
}

function call({ name, type }, bits, instance) {
  try {
    const result = instance.exports[name](...bits.map((word, i) => argument(type.parameters[i], word)));
    const results = type.results.length === 1 ? [result] : type.results.length === 0 ? [] : [...result];
    return results.map((value, i) => text(type.results[i], value)).join(',');
  } catch (error) {
    return trapOf(error);
  }
}

function instantiate(module, log) {
  const imports = Object.create(null);
  for (const { module: from, name, kind, type } of WebAssembly.Module.imports(module))
    (imports[from] ??= Object.create(null))[name] = stub(kind, type, log);
  return new WebAssembly.Instance(module, imports);
}

/** Memories reserve gigabytes of addresses each, which V8 gives back when they are collected. */
function isOutOfMemory(error) {
  return error instanceof RangeError && /memory/i.test(error.message);
}

function execute(bytes, calls) {
  let logged = '';
  let count = 0;
  const log = (values) => { if (count++ < maxLoggedValues) logged += ` log:${values}`; };
  const withLog = (outcome) => {
    const line = outcome + logged + (count > maxLoggedValues ? ` log+${count - maxLoggedValues}` : '');
    logged = '';
    count = 0;
    return line;
  };

  const module = new WebAssembly.Module(bytes);
  let instance;
  try {
    try {
      instance = instantiate(module, log);
    } catch (error) {
      if (!isOutOfMemory(error)) throw error;
      gc();
      instance = instantiate(module, log);
    }
  } catch (error) {
    if (isOutOfMemory(error)) return 'no-memory';
    const isTrap = error instanceof WebAssembly.RuntimeError || /call stack/.test(error.message);
    return withLog(isTrap ? trapOf(error) : 'link');
  }
  const lines = [withLog('ok')];
  const exports = WebAssembly.Module.exports(module);
  for (const [index, ...bits] of calls)
    lines.push(withLog(index === undefined ? look(exports, instance) : call(exports[index], bits, instance)));
  return lines.join('\n');
}

function answer(request, bytes) {
  if (request.validate) return WebAssembly.validate(bytes) ? '1' : '0';
  if (!request.calls) return `node ${process.version}, V8 ${process.versions.v8}`;
  try {
    return execute(bytes, request.calls);
  } catch (error) {
    return `refused: ${error.message}`;
  }
}

/** Standard input and output may be in non-blocking mode. */
function patiently(step) {
  for (;;) {
    try {
      return step();
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
      Atomics.wait(pause, 0, 0, 1);
    }
  }
}

function read(length) {
  const buffer = Buffer.allocUnsafeSlow(length);
  for (let at = 0; at < length;) {
    const count = patiently(() => fs.readSync(0, buffer, at, length - at, null));
    if (count === 0) process.exit(0);
    at += count;
  }
  return buffer;
}

function write(buffer) {
  for (let at = 0; at < buffer.length;) at += patiently(() => fs.writeSync(1, buffer, at));
}

for (let modules = 1; ; modules++) {
  const request = JSON.parse(read(read(4).readUInt32LE(0)).toString());
  const bytes = read(read(4).readUInt32LE(0));
  const body = Buffer.from(answer(request, bytes));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(body.length);
  write(Buffer.concat([length, body]));
  if (modules % collectAfterModules === 0 && request.calls) gc();
}
