/** The host calls. Every one is checked against the manifest's permissions; a refusal rejects with a {@link HostError}. */

import type { HostCalls, KubernetesLogsAnswer, Nothing, ObjectReference } from "./host-calls.js";
import type {
  AccessQuestion,
  ApiResource,
  AuditEntry,
  ExecAnswer,
  ExecRequest,
  FetchAnswer,
  FetchRequest,
  Files,
  GetRequest,
  HostError,
  Json,
  KindSchema,
  KubernetesObject,
  ListRequest,
  LogsRequest,
  Message,
  PatchRequest,
  ServiceProxyAnswer,
  ServiceProxyRequest,
  Storage,
  WatchRequest,
  WriteAnswer,
  WriteRequest,
} from "./host-types.js";
import type { IdOf } from "./manifest.js";
import type { DangerLevel, FormField, FormValues, TextStyle, ViewNode, ViewPatch } from "./views.js";

export type * from "./host-types.js";

/** What a handler can ask of the host, within the message it handles. */
export interface Host {
  readonly message: Message;
  readonly kubernetes: {
    /** One page of objects. Permission: `list`. */
    list<T = KubernetesObject>(request: ListRequest): Promise<{ items: T[]; continue?: string }>;
    /** The values at JSONPaths of each object, by path. Permission: `list`. */
    project(request: ListRequest & { fields: string[] }): Promise<{ items: Record<string, unknown>[]; continue?: string }>;
    /** One object. Permission: `get`. */
    get<T = KubernetesObject>(request: GetRequest): Promise<T>;
    /** The resources that the cluster serves, of one group (empty for core) or all. */
    discover(group?: string): Promise<ApiResource[]>;
    /** How objects of a kind look, at its preferred version when none is given. */
    schema(request: { group?: string; kind: string; version?: string }): Promise<KindSchema>;
    /** Whether the plugin's permissions and its user's RBAC both give something. */
    canI(request: AccessQuestion): Promise<{ allowed: boolean; reason?: string }>;
    /** The latest lines of a container. Permission: `get` of `pods/log`. */
    logs(request: LogsRequest): Promise<Omit<KubernetesLogsAnswer, "watch">>;
    /** The latest lines of a container and those it writes from then on arrive at `onWatch`, under the id that this gives; `unwatch` ends it. It is one of the plugin's watches. Permission: `get` of `pods/log`. */
    followLogs(request: Omit<LogsRequest, "previous">): Promise<string>;
    /** What is there and what happens to it arrives at `onWatch`, under the id that this gives. Permission: `list` and `watch`. */
    watch(request: WatchRequest): Promise<string>;
    /** Ends a watch or a followed log. */
    unwatch(watch: string): Promise<void>;
    /** Creates an object. Permission: `create`; needs a gesture. */
    create<T = KubernetesObject>(request: WriteRequest): Promise<WriteAnswer<T>>;
    /** Server-side apply; `force` takes fields over from others. Permission: `create` and `patch`; needs a gesture. */
    apply<T = KubernetesObject>(request: WriteRequest & { force?: boolean }): Promise<WriteAnswer<T>>;
    /** Changes an object that is there. Permission: `patch`, of the subresource if one is named; needs a gesture. */
    patch<T = KubernetesObject>(request: PatchRequest): Promise<WriteAnswer<T>>;
    /** Runs a command in a container. Permission: `create` of `pods/exec`, by name; needs a gesture. */
    exec(request: ExecRequest): Promise<ExecAnswer>;
    /** One HTTP request to a service. Permission: `get` (GET, HEAD) or `create` of `services/proxy`, by name; needs a gesture. */
    serviceProxy(request: ServiceProxyRequest): Promise<ServiceProxyAnswer>;
    /** Sets `spec.replicas`. Permission: `update` of the scale subresource; needs a gesture. */
    scale(request: { group?: string; resource: string; namespace: string; name: string; replicas: number }): Promise<void>;
    /** Deletes one object. Permission: `delete`; needs a gesture. */
    delete(request: { group?: string; resource: string; namespace?: string; name: string; uid?: string }): Promise<void>;
  };
  /** Permission for `/mnt`: `files`. */
  readonly files: Files;
  readonly storage: Storage;
  readonly events: {
    /** From now on matching events arrive at `onEvent`: the host's own, by the topics of `HostEvents`, and those of plugins. Permission: `events.subscribe`, and `audit` for `audit.*`. */
    subscribe(...topics: string[]): Promise<void>;
    /** Ends the delivery of topics as they were subscribed to; what still waits of them is not delivered. */
    unsubscribe(...topics: string[]): Promise<void>;
    /** Tells subscribers of an event below the plugin's own id, such as `acme.prometheus.alert`. Of waiting events with one topic and `key` only the latest is delivered. Permission: `events.publish`. */
    publish(topic: string, data: unknown, key?: string): Promise<void>;
  };
  /** The plugin's settings by name, those the user has set and defaults; never a secret. */
  settings<T = Record<string, unknown>>(): Promise<Partial<T>>;
  /** Asks another plugin's service, `PLUGIN-ID/NAME`, which answers by its own rights. Permission: `services.call`. Rejects with `conflict` when the other waits for this plugin itself. */
  callService<Output = unknown>(service: string, input: unknown, timeoutMs?: number): Promise<Output>;
  readonly ui: {
    /** Sets a status item that the plugin contributes. */
    status(item: IdOf<"statusItems">, text: string, style?: TextStyle): Promise<void>;
    /** Replaces the content of one open view, named by the `instance` of its render request; `not-found` once it is closed. */
    update(instance: string, content: ViewNode): Promise<void>;
    /** Replaces nodes of one open view by their ids: all or, when one is not there (`not-found`), none. */
    patch(instance: string, ...patches: ViewPatch[]): Promise<void>;
    /** Shows a short text that goes away by itself. */
    notify(text: string, style?: TextStyle): Promise<void>;
    /** Asks a question of yes or no; false, too, when it is dismissed. Needs a gesture; the wait costs no time of the message. */
    confirm(text: string, danger?: DangerLevel): Promise<boolean>;
    /** Asks to fill in fields; null when it is dismissed. Needs a gesture; the wait costs no time of the message. */
    prompt(title: string, fields: FormField[]): Promise<FormValues | null>;
    /** Opens an address in the user's browser. Permission: `network.connect` to its server; needs a gesture. Rejects with `unavailable` where there is no browser, as over SSH. */
    browse(url: string): Promise<void>;
    /** Shows a tab of an object, or a page, that the plugin contributes. Needs a gesture. */
    open(view: IdOf<"tabs" | "pages">, object?: ObjectReference): Promise<void>;
    /** Shows how far something is; `value` from 0 to 1, `done` when it has ended. */
    progress(id: string, text: string, state?: { value?: number; done?: boolean }): Promise<void>;
  };
  readonly timers: {
    /** A `timer` message after `delayMs` (at least 10), or again and again; replaces one of the same id. At most 64 are set; all end with the instance. */
    set(id: string, delayMs: number, options?: { repeat?: boolean }): Promise<void>;
    /** Ends a timer. */
    clear(id: string): Promise<void>;
  };
  readonly crypto: {
    /** Up to 65,536 random bytes, as Base64. */
    random(bytes: number): Promise<string>;
    /** The digest of text, or of bytes, in hexadecimal. */
    hash(algorithm: "sha-256" | "sha-384" | "sha-512" | "sha-1", data: string | { base64: string }): Promise<string>;
  };
  readonly clipboard: {
    /** Puts at most 64 KiB of text on the user's clipboard, without control characters. Permission: `clipboard`; needs a gesture. */
    write(text: string): Promise<void>;
  };
  readonly audit: {
    /** What plugins did and were refused in this LazyOC, oldest first; `after` goes on where an answer's `cursor` is. Permission: `audit`. */
    read(request?: { after?: number; plugin?: string; limit?: number }): Promise<{ entries: AuditEntry[]; cursor: number; lost: number }>;
  };
  readonly metrics: {
    /** A value that the plugin measured of itself, for its author. */
    record(name: string, value: number, unit?: string): Promise<void>;
  };
  readonly trace: {
    /** Something that the plugin did and that has ended just now, for `lazyoc plugin profile`. */
    span(name: string, durationMs: number, attributes?: Record<string, string>): Promise<void>;
  };
  readonly http: {
    /** Sends a request; redirects are followed within the plugin's permissions. Permission: `network.connect`. The global `fetch` is the same in a familiar form. */
    fetch(request: FetchRequest): Promise<FetchAnswer>;
    /** From now on requests to a port of the loopback interface arrive at `onHttpRequest`; `conflict` when the port is in use. `listening` is false while another LazyOC of the same home serves the plugin: then it begins by itself. Permission: `network.listen`. */
    listen(port: number): Promise<{ listening: boolean }>;
  };
  /** The host API version and clock. */
  info(): Promise<{ hostApiVersion: string; now: string }>;
}

/** What the sandbox gives every JavaScript guest. */
declare global {
  const lazyoc: {
    on(type: string, handler: (payload: never, message: Message) => unknown): void;
    call(name: string, args: object, gesture?: string): Promise<unknown>;
  };
  function setTimeout(callback: (...args: never[]) => unknown, delayMs?: number, ...args: unknown[]): number;
  function setInterval(callback: (...args: never[]) => unknown, delayMs?: number, ...args: unknown[]): number;
  function clearTimeout(timer?: number): void;
  function clearInterval(timer?: number): void;
  const console: Record<"debug" | "log" | "info" | "warn" | "error", (...values: unknown[]) => void>;

  /** Sends an HTTP request through the host. A refusal rejects with a {@link HostError}; a status does not. */
  function fetch(
    url: string | URL,
    init?: {
      method?: string;
      headers?: Record<string, string> | Iterable<[string, string]>;
      body?: string | ArrayBuffer | ArrayBufferView | URLSearchParams | null;
      /** Wall time for all of it. */
      timeoutMs?: number;
      /** A file that the body of a 2xx answer goes into, up to 16 MiB; `savedBytes` of the response says how much, and it has no body. */
      saveTo?: string;
    },
  ): Promise<FetchResponse>;

  /** By the WHATWG standard, for every scheme but `file:`; international host names are given in their ASCII form. */
  class URL {
    constructor(url: string | URL, base?: string | URL);
    static canParse(url: string | URL, base?: string | URL): boolean;
    static parse(url: string | URL, base?: string | URL): URL | null;
    href: string;
    readonly origin: string;
    protocol: string;
    username: string;
    password: string;
    host: string;
    hostname: string;
    port: string;
    pathname: string;
    search: string;
    readonly searchParams: URLSearchParams;
    hash: string;
    toString(): string;
    toJSON(): string;
  }

  class URLSearchParams implements Iterable<[string, string]> {
    constructor(init?: string | Record<string, string> | Iterable<[string, string]>);
    readonly size: number;
    append(name: string, value: string): void;
    delete(name: string, value?: string): void;
    get(name: string): string | null;
    getAll(name: string): string[];
    has(name: string, value?: string): boolean;
    set(name: string, value: string): void;
    sort(): void;
    forEach(visit: (value: string, name: string, params: URLSearchParams) => void, self?: unknown): void;
    entries(): IterableIterator<[string, string]>;
    keys(): IterableIterator<string>;
    values(): IterableIterator<string>;
    [Symbol.iterator](): IterableIterator<[string, string]>;
    toString(): string;
  }
}

/** What the global `fetch` gives; the body is there whole and may be read more than once. */
export interface FetchResponse {
  readonly status: number;
  /** The status is from 200 to 299. */
  readonly ok: boolean;
  /** Bytes in the file of `saveTo`; absent when nothing was saved. */
  readonly savedBytes?: number;
  readonly headers: Iterable<[string, string]> & {
    get(name: string): string | null;
    has(name: string): boolean;
    forEach(visit: (value: string, name: string) => void): void;
    entries(): IterableIterator<[string, string]>;
  };
  text(): Promise<string>;
  json(): Promise<unknown>;
  bytes(): Promise<Uint8Array>;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** Makes a call with what it takes, for what it answers, as the table of host calls says. */
type Call = <Name extends keyof HostCalls>(name: Name, args: HostCalls[Name]["request"]) => Promise<HostCalls[Name]["answer"]>;

/** A call that answers nothing. */
const done = (called: Promise<Nothing>) => called as Promise<unknown> as Promise<void>;

/** What each part of the host is, given how to call. Where an answer is anything, the caller says what it takes it for. */
const parts: { readonly [Part in Exclude<keyof Host, "message">]: (call: Call) => Host[Part] } = {
  kubernetes: (call) => ({
    list: <T>(request: ListRequest) => call("kubernetes.list", request) as Promise<{ items: T[]; continue?: string }>,
    project: (request) => call("kubernetes.list", request) as Promise<{ items: Record<string, unknown>[]; continue?: string }>,
    get: <T>(request: GetRequest) => call("kubernetes.get", request) as Promise<T>,
    discover: async (group) => (await call("kubernetes.discover", group === undefined ? {} : { group })).resources,
    schema: (request) => call("kubernetes.schema", request) as Promise<KindSchema>,
    canI: (request) => call("kubernetes.canI", request),
    logs: (request) => call("kubernetes.logs", request),
    followLogs: async (request) => (await call("kubernetes.logs", { ...request, follow: true })).watch!,
    watch: async (request) => (await call("kubernetes.watch", request)).watch,
    unwatch: (watch) => done(call("kubernetes.unwatch", { watch })),
    create: <T>(request: WriteRequest) => call("kubernetes.create", request) as Promise<WriteAnswer<T>>,
    apply: <T>(request: WriteRequest & { force?: boolean }) => call("kubernetes.apply", request) as Promise<WriteAnswer<T>>,
    patch: <T>(request: PatchRequest) => call("kubernetes.patch", request) as Promise<WriteAnswer<T>>,
    exec: (request) => call("kubernetes.exec", request),
    serviceProxy: (request) => call("kubernetes.serviceProxy", request),
    scale: (request) => done(call("kubernetes.scale", request)),
    delete: (request) => done(call("kubernetes.delete", request)),
  }),
  files: (call) => ({
    read: (path, part = {}) => call("files.read", { path, ...part }),
    write: (path, data, where = {}) => done(call("files.write", { path, data, ...where })),
    list: (path) => call("files.list", { path }),
    stat: (path) => call("files.stat", { path }),
    delete: (path) => done(call("files.delete", { path })),
    rename: (path, to) => done(call("files.rename", { path, to })),
  }),
  storage: (call) => ({
    get: async <T extends Json = Json>(key: string) => (await call("storage.get", { key })).value as T | undefined,
    getWithRevision: async <T extends Json = Json>(key: string) => ({ revision: 0, ...(await call("storage.get", { key })) }) as { value?: T; revision: number },
    set: async (key, value, condition = {}) => (await call("storage.set", { key, value, ...condition })).revision,
    delete: (key, condition = {}) => done(call("storage.delete", { key, ...condition })),
    list: <T extends Json = Json>(request = {}) => call("storage.list", request) as Promise<{ items: { key: string; value?: T; revision: number }[]; more?: boolean }>,
    batch: (changes) => done(call("storage.batch", changes)),
  }),
  events: (call) => ({
    subscribe: (...topics) => done(call("events.subscribe", { topics })),
    unsubscribe: (...topics) => done(call("events.unsubscribe", { topics })),
    publish: (topic, data, key) => done(call("events.publish", { topic, data, ...(key !== undefined && { key }) })),
  }),
  settings: (call) => async <T>() => (await call("config.get", {})).values as Partial<T>,
  callService: (call) => async <Output>(service: string, input: unknown, timeoutMs?: number) =>
    (await call("services.call", { service, input, ...(timeoutMs !== undefined && { timeoutMs }) })).output as Output,
  ui: (call) => ({
    status: (item, text, style = "plain") => done(call("ui.status", { item, text, style })),
    update: (instance, content) => done(call("ui.update", { instance, content })),
    patch: (instance, ...patches) => done(call("ui.update", { instance, patches })),
    notify: (text, style = "plain") => done(call("ui.notify", { text, style })),
    confirm: async (text, danger = "none") => (await call("ui.confirm", { text, danger })).confirmed,
    prompt: async (title, fields) => ((await call("ui.prompt", { title, fields })).values as FormValues | undefined) ?? null,
    browse: (url) => done(call("ui.browse", { url })),
    open: (view, object) => done(call("ui.open", { view, ...(object && { object }) })),
    progress: (id, text, state = {}) => done(call("ui.progress", { id, text, ...state })),
  }),
  timers: (call) => ({
    set: (id, delayMs, { repeat = false } = {}) => done(call("timers.set", { id, delayMs, repeat })),
    clear: (id) => done(call("timers.clear", { id })),
  }),
  crypto: (call) => ({
    random: async (bytes) => (await call("crypto.random", { bytes })).base64,
    hash: async (algorithm, data) => (await call("crypto.hash", { algorithm, data })).hex,
  }),
  clipboard: (call) => ({ write: (text) => done(call("clipboard.write", { text })) }),
  audit: (call) => ({ read: (request = {}) => call("audit.read", request) }),
  metrics: (call) => ({ record: (name, value, unit) => done(call("metrics.record", { name, value, ...(unit !== undefined && { unit }) })) }),
  trace: (call) => ({ span: (name, durationMs, attributes = {}) => done(call("trace.span", { name, durationMs, attributes })) }),
  http: (call) => ({
    fetch: (request) => call("http.fetch", request),
    listen: (port) => call("http.listen", { port }),
  }),
  info: (call) => () => call("host.info", {}),
};

/** The host within one message. A part is made when it is used first: a message uses few, and there are many messages. */
class MessageHost {
  constructor(readonly message: Message) {}
}

for (const [name, part] of Object.entries(parts)) {
  Object.defineProperty(MessageHost.prototype, name, {
    get(this: MessageHost) {
      const { gesture } = this.message;
      const value = part((call, args) => lazyoc.call(call, args, gesture) as Promise<never>);
      Object.defineProperty(this, name, { value });
      return value;
    },
  });
}

/** Binds the host calls to a message, so that writes carry its gesture. */
export function hostFor(message: Message): Host {
  return new MessageHost(message) as Host;
}
