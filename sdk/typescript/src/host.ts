/** The host calls. Every one is checked against the manifest's permissions; a refusal rejects with a {@link HostError}. */

import type { DangerLevel, FormField, FormValues, TextStyle, ViewNode, ViewPatch } from "./views.js";

/** The closed list of error codes. */
export type ErrorCode =
  | "permission-denied"
  | "gesture-required"
  | "quota-exceeded"
  | "not-found"
  | "conflict"
  | "invalid"
  | "timeout"
  | "unavailable"
  | "too-large"
  | "cancelled"
  | "internal";

/** What a refused or failed host call rejects with. */
export interface HostError extends Error {
  readonly code: ErrorCode;
}

/** The message being handled. Writes and questions need its gesture, which only an action, command or input that the user started carries. */
export interface Message {
  readonly id: string;
  readonly type: string;
  readonly session: string;
  readonly gesture?: string;
  readonly deadlineMs: number;
}

export interface ObjectReference {
  group: string;
  kind: string;
  namespace?: string;
  name: string;
  uid?: string;
}

/** Any Kubernetes object, as the API server gives it. */
export interface KubernetesObject {
  apiVersion?: string;
  kind?: string;
  metadata: { name: string; namespace?: string; uid?: string; creationTimestamp?: string; labels?: Record<string, string>; [key: string]: unknown };
  [key: string]: unknown;
}

export interface ListRequest {
  group?: string;
  /** Plural resource name. */
  resource: string;
  namespace?: string;
  labelSelector?: string;
  fieldSelector?: string;
  /** Objects a page, 1 to 500; 100 when absent. */
  limit?: number;
  continue?: string;
}

export interface GetRequest {
  group?: string;
  resource: string;
  namespace?: string;
  name: string;
}

/** Text, or bytes that are not UTF-8. */
export type HttpBody = string | { base64: string };

/** An HTTP request to a server. Headers that frame the message, such as `Host` and `Content-Length`, are the host's. */
export interface FetchRequest {
  /** Absolute, http or https, without user name and password. */
  url: string;
  /** `GET` when absent. */
  method?: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS";
  headers?: Record<string, string>;
  body?: HttpBody;
  /** Wall time for all of it, redirects included; the host's limit when absent or longer. */
  timeoutMs?: number;
}

/** The answer of a server, whatever its status. */
export interface FetchAnswer {
  status: number;
  /** By name in lower case. */
  headers: Record<string, string>;
  /** Decompressed; text when it is UTF-8. Absent when it is empty. */
  body?: HttpBody;
}

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
    /** Sets `spec.replicas`. Permission: `update` of the scale subresource; needs a gesture. */
    scale(request: { group?: string; resource: string; namespace: string; name: string; replicas: number }): Promise<void>;
    /** Deletes one object. Permission: `delete`; needs a gesture. */
    delete(request: { group?: string; resource: string; namespace?: string; name: string; uid?: string }): Promise<void>;
  };
  readonly events: {
    /** From now on matching events arrive at `onEvent`. Permission: `events.subscribe`. */
    subscribe(...topics: string[]): Promise<void>;
  };
  readonly ui: {
    /** Sets a status item that the plugin contributes. */
    status(item: string, text: string, style?: TextStyle): Promise<void>;
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
    /** Shows a tab of an object, or a page, that the plugin contributes. Needs a gesture. */
    open(view: string, object?: ObjectReference): Promise<void>;
    /** Shows how far something is; `value` from 0 to 1, `done` when it has ended. */
    progress(id: string, text: string, state?: { value?: number; done?: boolean }): Promise<void>;
  };
  readonly http: {
    /** Sends a request; redirects are followed within the plugin's permissions. Permission: `network.connect`. The global `fetch` is the same in a familiar form. */
    fetch(request: FetchRequest): Promise<FetchAnswer>;
    /** From now on requests to a port of the loopback interface arrive at `onHttpRequest`; `conflict` when the port is in use. Permission: `network.listen`. */
    listen(port: number): Promise<void>;
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

/** Binds the host calls to a message, so that writes carry its gesture. */
export function hostFor(message: Message): Host {
  const call = <T>(name: string, args: object) => lazyoc.call(name, args, message.gesture) as Promise<T>;
  return {
    message,
    kubernetes: {
      list: (request) => call("kubernetes.list", request),
      project: (request) => call("kubernetes.list", request),
      get: (request) => call("kubernetes.get", request),
      scale: (request) => call("kubernetes.scale", request),
      delete: (request) => call("kubernetes.delete", request),
    },
    events: { subscribe: (...topics) => call("events.subscribe", { topics }) },
    ui: {
      status: (item, text, style = "plain") => call("ui.status", { item, text, style }),
      update: (instance, content) => call("ui.update", { instance, content }),
      patch: (instance, ...patches) => call("ui.update", { instance, patches }),
      notify: (text, style = "plain") => call("ui.notify", { text, style }),
      confirm: async (text, danger = "none") => (await call<{ confirmed: boolean }>("ui.confirm", { text, danger })).confirmed,
      prompt: async (title, fields) => (await call<{ values?: FormValues }>("ui.prompt", { title, fields })).values ?? null,
      open: (view, object) => call("ui.open", { view, ...(object && { object }) }),
      progress: (id, text, state = {}) => call("ui.progress", { id, text, ...state }),
    },
    http: {
      fetch: (request) => call("http.fetch", request),
      listen: (port) => call("http.listen", { port }),
    },
    info: () => call("host.info", {}),
  };
}
