// QuickJS on V8, driven through the same exports as the product drives them.
const encoder = new TextEncoder();
const decoder = new TextDecoder();

export class QuickJS {
  constructor(module) {
    const badDescriptor = () => 8;
    const { exports } = new WebAssembly.Instance(module, {
      env: {
        host_get_timezone_offset: () => 0,
        host_interrupt: () => 0,
        host_promise_rejection() {},
        host_module_normalize: () => 0,
        host_module_load: () => 0,
        host_call: () => 0,
      },
      wasi_snapshot_preview1: {
        clock_time_get: (clock, precision, result) => {
          new DataView(exports.memory.buffer).setBigInt64(result, 1_000_000_000n, true);
          return 0;
        },
        fd_close: badDescriptor,
        fd_fdstat_get: badDescriptor,
        fd_seek: badDescriptor,
        fd_write: badDescriptor,
        random_get: (buffer, length) => {
          new Uint8Array(exports.memory.buffer, buffer, length).fill(4);
          return 0;
        },
      },
    });
    this.exports = exports;
    exports._initialize();
    if (exports.qjs_init() !== 0) throw new Error("QuickJS did not start");
    exports.qjs_set_max_stack_size(512 << 10);
    exports.qjs_set_interrupt_handler(1);
    this.fileName = this.#write("bench.js").address;
    this.lengthAt = exports.wasm_malloc(4);
  }

  /** The value of a script as text. */
  evaluate(script) {
    const { exports } = this;
    const { address, length } = this.#write(script);
    const value = exports.qjs_eval(address, length, this.fileName, 0);
    exports.wasm_free(address);
    const isException = exports.qjs_is_exception(value) !== 0;
    const text = this.#text(isException ? exports.qjs_get_exception() : value);
    if (isException) throw new Error(text);
    return text;
  }

  #text(value) {
    const { exports } = this;
    const at = exports.qjs_get_string_len(value, this.lengthAt);
    const length = new DataView(exports.memory.buffer).getUint32(this.lengthAt, true);
    const text = decoder.decode(new Uint8Array(exports.memory.buffer, at, length));
    exports.qjs_free_cstring(at);
    exports.qjs_free_value(value);
    return text;
  }

  #write(text) {
    const bytes = encoder.encode(`${text}\0`);
    const address = this.exports.wasm_malloc(bytes.length);
    new Uint8Array(this.exports.memory.buffer, address, bytes.length).set(bytes);
    return { address, length: bytes.length - 1 };
  }
}
