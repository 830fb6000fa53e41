// URL and URLSearchParams by the WHATWG standard, for every scheme but file:; international host names must be given in
// their ASCII form. Compiled and run by the host after the prelude and before the plugin's code. It has no part in what a
// plugin may do: the host reads the URL of a request by itself.
(function () {
  "use strict";

  const encoder = new TextEncoder();
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const specialPorts = { __proto__: null, "http:": "80", "https:": "443", "ws:": "80", "wss:": "443", "ftp:": "21" };
  const isSpecial = (protocol) => protocol in specialPorts;

  // Percent-encoding

  const escapeByte = (byte) => `%${byte < 16 ? "0" : ""}${byte.toString(16).toUpperCase()}`;
  const escapeAll = (text) => Array.from(encoder.encode(text), escapeByte).join("");
  const encodeWith = (set) => (text) => text.replace(set, escapeAll);
  const encodeControls = encodeWith(/[\x00-\x1f\x7f-\u{10ffff}]/gu);
  const encodeFragment = encodeWith(/[\x00-\x20"<>`\x7f-\u{10ffff}]/gu);
  const encodeQuery = encodeWith(/[\x00-\x20"#<>\x7f-\u{10ffff}]/gu);
  const encodeSpecialQuery = encodeWith(/[\x00-\x20"#'<>\x7f-\u{10ffff}]/gu);
  const encodePath = encodeWith(/[\x00-\x20"#<>?^`{}\x7f-\u{10ffff}]/gu);
  const encodeUser = encodeWith(/[\x00-\x20"#<>?^`{}/:;=@[\\\]|\x7f-\u{10ffff}]/gu);
  const encodeForm = (text) => encodeWith(/[^*\-.0-9A-Z_a-z ]/gu)(text).replaceAll(" ", "+");

  function decode(text) {
    if (!text.includes("%")) return text;
    const bytes = encoder.encode(text);
    let length = 0;
    for (let i = 0; i < bytes.length; i++) {
      const escaped = bytes[i] === 37 ? /^%([0-9a-f]{2})/i.exec(String.fromCharCode(...bytes.subarray(i, i + 3))) : null;
      bytes[length++] = escaped ? parseInt(escaped[1], 16) : bytes[i];
      if (escaped) i += 2;
    }
    return decoder.decode(bytes.subarray(0, length));
  }

  // Hosts; undefined is a failure.

  function parseNumber(text) {
    if (text === "") return undefined;
    if (/^0x[0-9a-f]*$/i.test(text)) return text.length === 2 ? 0 : parseInt(text, 16);
    if (/^0[0-7]+$/.test(text)) return parseInt(text, 8);
    return /^[0-9]+$/.test(text) && (text === "0" || text[0] !== "0") ? parseInt(text, 10) : undefined;
  }

  function parseIPv4(host) {
    const parts = host.split(".");
    if (parts.length > 1 && parts.at(-1) === "") parts.pop();
    const numbers = parts.map(parseNumber);
    const last = numbers.pop();
    if (parts.length > 4 || last === undefined || numbers.some((n) => n === undefined || n > 255) || last >= 256 ** (4 - numbers.length)) return undefined;
    const value = numbers.reduce((sum, n, i) => sum + n * 256 ** (3 - i), last);
    return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
  }

  const endsInNumber = (host) => /(^|\.)([0-9]+|0x[0-9a-f]*)\.?$/i.test(host);

  function parseIPv6(text) {
    const tail = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text);
    if (tail) {
      const [a, b, c, d] = tail.slice(2).map(Number);
      if (tail.slice(2).some((part) => Number(part) > 255 || (part.length > 1 && part[0] === "0"))) return undefined;
      text = `${tail[1]}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
    }
    const halves = text.split("::");
    if (halves.length > 2) return undefined;
    const [head, end] = halves.map((half) => (half === "" ? [] : half.split(":")));
    const missing = 8 - head.length - (end?.length ?? 0);
    if (end ? missing < 1 : missing !== 0) return undefined;
    const groups = end ? [...head, ...new Array(missing).fill("0"), ...end] : head;
    if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
    const shown = groups.map((group) => parseInt(group, 16).toString(16)).join(":");
    // The first of the longest runs of zeros is left out.
    const runs = [...shown.matchAll(/(?<=^|:)0(:0)+(?=:|$)/g)].sort((one, other) => other[0].length - one[0].length || one.index - other.index);
    if (runs.length === 0) return `[${shown}]`;
    const { 0: run, index } = runs[0];
    return `[${shown.slice(0, index).replace(/:$/, "")}::${shown.slice(index + run.length).replace(/^:/, "")}]`;
  }

  function parseHost(text, special) {
    if (text.startsWith("[")) return text.endsWith("]") ? parseIPv6(text.slice(1, -1)) : undefined;
    if (!special) return /[\x00\t\n\r #/:<>?@[\\\]^|]/.test(text) ? undefined : encodeControls(text);
    const host = decode(text).toLowerCase();
    if (host === "" || /[\x00-\x20"#%/:<>?@[\\\]^`{|}\x7f-\u{10ffff}]/u.test(host)) return undefined;
    return endsInNumber(host) ? parseIPv4(host) : host;
  }

  function parsePort(text, protocol) {
    if (!/^[0-9]*$/.test(text) || Number(text) > 65535) return undefined;
    return text === "" || String(Number(text)) === specialPorts[protocol] ? "" : String(Number(text));
  }

  // URLs as records of their parts; undefined is a failure.

  function parseAuthority(url, text) {
    const at = text.lastIndexOf("@");
    const [, user, password = ""] = /^([^:]*):?([^]*)$/.exec(at < 0 ? "" : text.slice(0, at));
    const [, host, port = ""] = /^(\[[^\]]*\]|[^:]*)(?::([^]*))?$/.exec(text.slice(at + 1)) ?? [];
    const special = isSpecial(url.protocol);
    if (host === undefined || (host === "" && (special || at >= 0 || port !== ""))) return undefined;
    url.hostname = host === "" ? "" : parseHost(host, special);
    url.port = parsePort(port, url.protocol);
    url.username = encodeUser(user);
    url.password = encodeUser(password);
    return url.hostname === undefined || url.port === undefined ? undefined : url;
  }

  function parsePath(text, special, before = []) {
    const path = [...before];
    const segments = (special ? text.replaceAll("\\", "/") : text).split("/");
    segments.forEach((segment, i) => {
      const isLast = i === segments.length - 1;
      const plain = segment.replace(/%2e/gi, ".");
      if (plain === "..") path.pop();
      if (plain === "." || plain === "..") {
        if (isLast) path.push("");
      } else path.push(encodePath(segment));
    });
    return path;
  }

  function parse(input, base) {
    const whole = input.toWellFormed().replace(/^[\x00-\x20]+|[\x00-\x20]+$/g, "").replace(/[\t\n\r]/g, "");
    const [, beforeHash, hash] = /^([^#]*)(?:#([^]*))?$/.exec(whole);
    const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(beforeHash);
    let rest = scheme ? beforeHash.slice(scheme[0].length) : beforeHash;
    const protocol = scheme ? scheme[0].toLowerCase() : base?.protocol;
    if (protocol === undefined || protocol === "file:") return undefined;
    const special = isSpecial(protocol);
    const slashes = special ? /^[/\\]{2}/ : /^\/\//;
    const isRelative = !scheme || (special && protocol === base?.protocol && !slashes.test(rest));
    const url = { protocol, username: "", password: "", hostname: null, port: "", path: [], search: null, hash: hash === undefined ? null : encodeFragment(hash) };
    const encode = special ? encodeSpecialQuery : encodeQuery;
    const takeSearch = () => {
      const mark = rest.indexOf("?");
      if (mark < 0) return;
      url.search = encode(rest.slice(mark + 1));
      rest = rest.slice(0, mark);
    };
    if (isRelative && typeof base.path === "string") return !scheme && rest === "" && hash !== undefined ? { ...base, hash: url.hash } : undefined;
    takeSearch();
    if (isRelative && !slashes.test(rest)) {
      Object.assign(url, { username: base.username, password: base.password, hostname: base.hostname, port: base.port });
      if (rest === "") {
        url.path = base.path;
        url.search ??= beforeHash.includes("?") ? "" : base.search;
      } else if (rest[0] === "/" || (special && rest[0] === "\\")) url.path = parsePath(rest.slice(1), special);
      else url.path = parsePath(rest, special, base.path.slice(0, -1));
      return url;
    }
    if (!special && !slashes.test(rest)) {
      url.path = rest.startsWith("/") ? parsePath(rest.slice(1), false) : encodeControls(rest);
      return url;
    }
    rest = special ? rest.replace(/^[/\\]*/, "") : rest.slice(2);
    const end = rest.search(special ? /[/\\]/ : /\//);
    if (!parseAuthority(url, end < 0 ? rest : rest.slice(0, end))) return undefined;
    if (end >= 0) url.path = parsePath(rest.slice(end + 1), special);
    else if (special) url.path = [""];
    return url;
  }

  const pathOf = (url) => (typeof url.path === "string" ? url.path : url.path.map((segment) => `/${segment}`).join(""));
  const hostOf = (url) => `${url.hostname ?? ""}${url.port === "" ? "" : `:${url.port}`}`;

  function hrefOf(url) {
    const user = url.username === "" && url.password === "" ? "" : `${url.username}${url.password === "" ? "" : `:${url.password}`}@`;
    const authority = url.hostname !== null ? `//${user}${hostOf(url)}` : Array.isArray(url.path) && url.path.length > 1 && url.path[0] === "" ? "/." : "";
    return `${url.protocol}${authority}${pathOf(url)}${url.search === null ? "" : `?${url.search}`}${url.hash === null ? "" : `#${url.hash}`}`;
  }

  class URLSearchParams {
    #pairs = [];
    #changed = () => {};

    constructor(init = "") {
      if (init === null || typeof init !== "object") this.#parse(String(init).toWellFormed().replace(/^\?/, ""));
      else if (typeof init[Symbol.iterator] === "function") {
        for (const pair of init) {
          const [name, value, ...more] = pair;
          if (value === undefined || more.length > 0) throw new TypeError("URLSearchParams: each entry must be a pair");
          this.append(name, value);
        }
      } else for (const name of Object.keys(init)) this.append(name, init[name]);
    }

    #parse(query) {
      const read = (text) => decode(text.replaceAll("+", " "));
      this.#pairs = query.split("&").filter((part) => part !== "").map((part) => {
        const equals = part.indexOf("=");
        return equals < 0 ? [read(part), ""] : [read(part.slice(0, equals)), read(part.slice(equals + 1))];
      });
    }

    static of(query, changed) {
      const params = new URLSearchParams(query);
      params.#changed = changed;
      return params;
    }

    static reset(params, query) {
      params.#parse(query);
    }

    get size() {
      return this.#pairs.length;
    }

    append(name, value) {
      this.#pairs.push([String(name).toWellFormed(), String(value).toWellFormed()]);
      this.#changed();
    }

    delete(name, value) {
      this.#pairs = this.#pairs.filter((pair) => pair[0] !== String(name) || (value !== undefined && pair[1] !== String(value)));
      this.#changed();
    }

    get(name) {
      return this.#pairs.find((pair) => pair[0] === String(name))?.[1] ?? null;
    }

    getAll(name) {
      return this.#pairs.filter((pair) => pair[0] === String(name)).map((pair) => pair[1]);
    }

    has(name, value) {
      return this.#pairs.some((pair) => pair[0] === String(name) && (value === undefined || pair[1] === String(value)));
    }

    set(name, value) {
      const first = this.#pairs.findIndex((pair) => pair[0] === String(name));
      if (first < 0) return this.append(name, value);
      this.#pairs = this.#pairs.filter((pair, i) => i <= first || pair[0] !== String(name));
      this.#pairs[first][1] = String(value).toWellFormed();
      this.#changed();
    }

    sort() {
      this.#pairs.sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0));
      this.#changed();
    }

    forEach(visit, self) {
      for (const [name, value] of this) visit.call(self, value, name, this);
    }

    *entries() {
      for (let i = 0; i < this.#pairs.length; i++) yield [...this.#pairs[i]];
    }

    *keys() {
      for (const [name] of this.entries()) yield name;
    }

    *values() {
      for (const [, value] of this.entries()) yield value;
    }

    toString() {
      return this.#pairs.map(([name, value]) => `${encodeForm(name)}=${encodeForm(value)}`).join("&");
    }

    get [Symbol.toStringTag]() {
      return "URLSearchParams";
    }
  }

  const { of: linkedParams, reset: resetParams } = URLSearchParams;
  delete URLSearchParams.of;
  delete URLSearchParams.reset;
  Object.defineProperty(URLSearchParams.prototype, Symbol.iterator, { value: URLSearchParams.prototype.entries, writable: true, configurable: true });

  class URL {
    #url;
    #params;

    constructor(url, base) {
      const from = base === undefined ? undefined : parse(String(base));
      if (base !== undefined && from === undefined) throw new TypeError(`URL: \`${base}\` is not a URL`);
      this.#url = parse(String(url), from);
      if (this.#url === undefined) throw new TypeError(`URL: \`${url}\` is not a URL`);
      this.#params = linkedParams(this.#url.search ?? "", () => {
        const query = this.#params?.toString() ?? "";
        this.#url.search = query === "" ? null : query;
      });
    }

    static canParse(url, base) {
      return URL.parse(url, base) !== null;
    }

    static parse(url, base) {
      try {
        return new URL(url, base);
      } catch {
        return null;
      }
    }

    get href() { return hrefOf(this.#url); }
    set href(value) {
      const url = parse(String(value));
      if (url === undefined) throw new TypeError(`URL: \`${value}\` is not a URL`);
      this.#url = url;
      resetParams(this.#params, url.search ?? "");
    }

    get origin() { return isSpecial(this.#url.protocol) ? `${this.#url.protocol}//${hostOf(this.#url)}` : "null"; }
    get protocol() { return this.#url.protocol; }
    set protocol(value) {
      const protocol = /^([a-z][a-z0-9+.-]*):?/i.exec(String(value))?.[1].toLowerCase() + ":";
      if (isSpecial(protocol) !== isSpecial(this.#url.protocol) || protocol === "undefined:") return;
      this.#url.protocol = protocol;
      this.#url.port = parsePort(this.#url.port, protocol);
    }

    get username() { return this.#url.username; }
    set username(value) { if (this.#url.hostname) this.#url.username = encodeUser(String(value).toWellFormed()); }
    get password() { return this.#url.password; }
    set password(value) { if (this.#url.hostname) this.#url.password = encodeUser(String(value).toWellFormed()); }
    get host() { return hostOf(this.#url); }
    set host(value) {
      const [, host, port] = /^(\[[^\]]*\]|[^:/?#\\]*)(?::([0-9]*))?/.exec(String(value));
      this.hostname = host;
      if (port) this.port = port;
    }

    get hostname() { return this.#url.hostname ?? ""; }
    set hostname(value) {
      const host = typeof this.#url.path === "string" ? undefined : parseHost(String(value), isSpecial(this.#url.protocol));
      if (host !== undefined) this.#url.hostname = host;
    }

    get port() { return this.#url.port; }
    set port(value) {
      const digits = /^[0-9]*/.exec(String(value))[0];
      const port = this.#url.hostname && (digits !== "" || value === "") ? parsePort(digits, this.#url.protocol) : undefined;
      if (port !== undefined) this.#url.port = port;
    }

    get pathname() { return pathOf(this.#url); }
    set pathname(value) {
      if (typeof this.#url.path === "string") return;
      const special = isSpecial(this.#url.protocol);
      this.#url.path = value === "" && !special ? [] : parsePath(String(value).toWellFormed().replace(special ? /^[/\\]/ : /^\//, ""), special);
    }

    get search() { return this.#url.search ? `?${this.#url.search}` : ""; }
    set search(value) {
      const query = String(value).toWellFormed().replace(/^\?/, "");
      this.#url.search = query === "" ? null : (isSpecial(this.#url.protocol) ? encodeSpecialQuery : encodeQuery)(query);
      resetParams(this.#params, this.#url.search ?? "");
    }

    get searchParams() { return this.#params; }
    get hash() { return this.#url.hash ? `#${this.#url.hash}` : ""; }
    set hash(value) {
      const hash = String(value).toWellFormed().replace(/^#/, "");
      this.#url.hash = hash === "" ? null : encodeFragment(hash);
    }

    toString() { return this.href; }
    toJSON() { return this.href; }
    get [Symbol.toStringTag]() { return "URL"; }
  }

  for (const [name, value] of Object.entries({ URL, URLSearchParams })) Object.defineProperty(globalThis, name, { value, writable: true, enumerable: false, configurable: true });
})();
