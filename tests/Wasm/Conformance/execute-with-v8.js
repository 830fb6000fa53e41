// Reads modules from standard input, each after its length and the number of exported functions to call; instantiates
// each with stubs for its imports, calls the functions with ones, and prints one line of outcomes for each module.
// node --experimental-wasm-type-reflection execute-with-v8.js
'use strict';

const bytes = require('fs').readFileSync(0);
const view = new DataView(new ArrayBuffer(8));

function ones(type) {
  switch (type) {
    case 'i64': return 1n;
    case 'externref': case 'funcref': case 'anyfunc': return null;
    default: return 1;
  }
}

function text(type, value) {
  switch (type) {
    case 'f32':
      if (Number.isNaN(value)) return 'nan';
      view.setFloat32(0, value);
      return view.getUint32(0).toString();
    case 'f64':
      if (Number.isNaN(value)) return 'nan';
      view.setFloat64(0, value);
      return view.getBigUint64(0).toString();
    case 'i32': return (value >>> 0).toString();
    case 'i64': return BigInt.asUintN(64, value).toString();
    default: return value === null ? 'null' : 'reference';
  }
}

function stub(kind, type) {
  switch (kind) {
    case 'function': return () => type.results.length === 1 ? ones(type.results[0]) : type.results.map(ones);
    case 'table': return new WebAssembly.Table({ ...type, minimum: Math.min(type.minimum, 1000) });
    case 'memory': return new WebAssembly.Memory({ ...type, minimum: Math.min(type.minimum, 16) });
    default: return new WebAssembly.Global({ value: type.value, mutable: type.mutable }, ones(type.value));
  }
}

function outcomes(module, calls) {
  const imports = {};
  for (const { module: from, name, kind, type } of WebAssembly.Module.imports(module))
    (imports[from] ??= {})[name] = stub(kind, type);
  let instance;
  try {
    instance = new WebAssembly.Instance(module, imports);
  } catch (error) {
    return error instanceof WebAssembly.RuntimeError ? 'trap' : 'link';
  }
  const lines = [];
  for (const { name, kind, type } of WebAssembly.Module.exports(module)) {
    if (kind !== 'function') continue;
    if (lines.length === calls) break;
    try {
      const result = instance.exports[name](...type.parameters.map(ones));
      const results = type.results.length === 1 ? [result] : type.results.length === 0 ? [] : [...result];
      lines.push(results.map((value, i) => text(type.results[i], value)).join(','));
    } catch (error) {
      lines.push(error instanceof RangeError ? 'stack' : 'trap');
    }
  }
  return lines.join(' ');
}

const all = [];
for (let at = 0; at < bytes.length;) {
  const length = bytes.readUInt32LE(at);
  const calls = bytes.readUInt32LE(at + 4);
  all.push(outcomes(new WebAssembly.Module(bytes.subarray(at + 8, at + 8 + length)), calls));
  at += 8 + length;
}
process.stdout.write(all.join('\n'));
