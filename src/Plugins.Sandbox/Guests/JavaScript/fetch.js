// A fetch-shaped helper over the host call `http.fetch`. Compiled and run by the host after url.js and before the plugin's
// code. It differs from the standard where the host decides: a refusal rejects with the host's error and its code,
// redirects are followed by the host, and bodies come whole or, with `saveTo`, go into a file.
(function () {
  "use strict";

  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  const { call } = lazyoc;

  /** The headers of an answer, by name in any case. */
  class Headers {
    #values;

    constructor(values) {
      this.#values = values;
    }

    get(name) {
      const key = String(name).toLowerCase();
      return Object.hasOwn(this.#values, key) ? this.#values[key] : null;
    }

    has(name) {
      return this.get(name) !== null;
    }

    forEach(visit, self) {
      for (const [name, value] of this) visit.call(self, value, name, this);
    }

    *entries() {
      yield* Object.entries(this.#values).sort(([one], [other]) => (one < other ? -1 : 1));
    }

    [Symbol.iterator]() {
      return this.entries();
    }
  }

  class Response {
    #body;

    constructor({ status, headers = {}, body = "", savedBytes }) {
      this.status = status;
      this.ok = status >= 200 && status < 300;
      this.headers = new Headers(headers);
      if (savedBytes !== undefined) this.savedBytes = savedBytes;
      this.#body = body;
    }

    async text() {
      return typeof this.#body === "string" ? this.#body.replace(/^\ufeff/, "") : decoder.decode(await this.bytes());
    }

    async json() {
      return JSON.parse(await this.text());
    }

    async bytes() {
      return typeof this.#body === "string" ? encoder.encode(this.#body) : Uint8Array.fromBase64(this.#body.base64);
    }

    async arrayBuffer() {
      const { buffer, byteOffset, byteLength } = await this.bytes();
      return buffer.slice(byteOffset, byteOffset + byteLength);
    }
  }

  function bodyOf(body) {
    if (ArrayBuffer.isView(body)) return { base64: new Uint8Array(body.buffer, body.byteOffset, body.byteLength).toBase64() };
    return body instanceof ArrayBuffer ? { base64: new Uint8Array(body).toBase64() } : String(body);
  }

  async function fetch(url, { method = "GET", headers = {}, body, timeoutMs, saveTo } = {}) {
    const sent = {};
    const pairs = typeof headers[Symbol.iterator] === "function" ? headers : Object.entries(headers);
    for (const [name, value] of pairs) sent[name] = String(value);
    if (body instanceof URLSearchParams && !Object.keys(sent).some((name) => name.toLowerCase() === "content-type")) sent["Content-Type"] = "application/x-www-form-urlencoded;charset=UTF-8";
    const request = { url: String(url), method: String(method).toUpperCase(), headers: sent };
    if (body !== undefined && body !== null) request.body = bodyOf(body);
    if (timeoutMs !== undefined) request.timeoutMs = timeoutMs;
    if (saveTo !== undefined) request.saveTo = String(saveTo);
    return new Response(await call("http.fetch", request));
  }

  Object.defineProperty(globalThis, "fetch", { value: fetch, writable: true, enumerable: false, configurable: true });
})();
