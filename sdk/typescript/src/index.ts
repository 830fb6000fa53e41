/**
 * The TypeScript SDK of LazyOC plugins. A plugin is one call of {@link definePlugin}; the keys of `columns`, `tabs`,
 * `sections`, `pages`, `cards`, `actions` and `commands` are the contribution ids of its `plugin.json`.
 */

import { type Host, hostFor, type HttpBody, type Message, type ObjectReference } from "./host.js";
import type { FormValues, TextStyle, ViewNode } from "./views.js";

export * from "./host.js";
export * from "./views.js";

export interface ActivateContext {
  pluginId: string;
  pluginVersion: string;
  hostApiVersion: string;
  /** The activation event that matched. */
  reason: string;
  session: { context: string; user: string; namespace: string; readOnly: boolean };
}

/** A batch of rows for one computed column. */
export interface ComputeBatch {
  column: string;
  /** The host's clock, RFC 3339. */
  now: string;
  rows: {
    object: ObjectReference;
    /** The values at the column's `compute` paths, in order; empty when the plugin may not `get` the object. */
    values: (string | null)[];
  }[];
}

export interface Cell {
  text: string;
  style?: TextStyle;
  /** What to sort by; the text when absent. */
  sort?: number;
}

/** To draw a page or card. */
export interface ViewRequest {
  /** Id of the contribution. */
  view: string;
  /** This one open view, for `host.ui.update` and `patch`; a tab may be open for several objects at once. */
  instance: string;
  /** Size of the area in cells. */
  width: number;
  height: number;
}

/** To draw a tab or section, which is about an object. */
export interface RenderRequest extends ViewRequest {
  object: ObjectReference;
}

/** What the user did with a node of an open view. */
export type ViewInput = {
  /** Id of the contribution. */
  view: string;
  /** This one open view. */
  instance: string;
  /** What a tab or section is about. */
  object?: ObjectReference;
  /** Id of the node. */
  node: string;
} & (
  | { event: "press" }
  /** The form's values satisfy its fields. */
  | { event: "submit"; values: FormValues }
  | { event: "rowAction"; row: string; action: string }
  /** A table's row or a tree's item was opened. */
  | { event: "activate"; row: string }
);

/** The user started an action on objects; `inputs` satisfy the contribution's fields. */
export interface ActionRequest {
  action: string;
  objects: ObjectReference[];
  inputs?: FormValues;
}

/** The user started a command; `inputs` satisfy the contribution's fields. */
export interface CommandRequest {
  command: string;
  inputs?: FormValues;
}

/** What `dehydrate` may give. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

export interface PluginEvent<T = unknown> {
  topic: string;
  publisher: string;
  sequence: number;
  time: string;
  data: T;
}

/** A program on this computer asks by HTTP, on a port that the plugin listens on. */
export interface HttpRequest {
  port: number;
  method: string;
  /** As it was sent, percent-encoding kept. */
  path: string;
  /** What follows the question mark; empty when there is none. */
  query: string;
  /** By name in lower case. */
  headers: Record<string, string>;
  body?: HttpBody;
}

/** The answer to an {@link HttpRequest}. */
export interface HttpResponse {
  /** From 200 to 599. */
  status: number;
  headers?: Record<string, string>;
  body?: HttpBody;
}

type Handler<Request, Result> = (request: Request, host: Host) => Result | Promise<Result>;

export interface Plugin {
  /** Runs once before any other message. */
  activate?: Handler<ActivateContext, void>;
  /** Runs when it has been activated, or has taken over from another version: from here on it may have an effect outside. */
  started?: Handler<Record<string, never>, void>;
  /** It ends; what it still calls has no effect. */
  deactivate?: Handler<{ reason: string }, void>;
  /** One cell a row, in order. */
  columns?: Record<string, Handler<ComputeBatch, Cell[]>>;
  tabs?: Record<string, Handler<RenderRequest, ViewNode>>;
  sections?: Record<string, Handler<RenderRequest, ViewNode>>;
  pages?: Record<string, Handler<ViewRequest, ViewNode>>;
  cards?: Record<string, Handler<ViewRequest, ViewNode>>;
  actions?: Record<string, Handler<ActionRequest, void>>;
  commands?: Record<string, Handler<CommandRequest, void>>;
  /** The user operated a view. The view it gives is shown; nothing, or null, keeps what is shown. */
  onInput?: Handler<ViewInput, ViewNode | null | void>;
  onEvent?: Handler<PluginEvent, void>;
  /** Answers requests to the ports of `host.http.listen`. */
  onHttpRequest?: Handler<HttpRequest, HttpResponse>;
  /** What the next instance, of this version or another, is to be given. Must change nothing: this instance may go on. */
  dehydrate?(host: Host): Json | Promise<Json>;
  /** Takes over what an instance before gave; runs after `activate` and before any other message. */
  hydrate?(state: Json, fromVersion: string, host: Host): void | Promise<void>;
}

/** Registers the plugin's handlers. Call it once, at the top level. */
export function definePlugin(plugin: Plugin): void {
  const on = <Request>(type: string, handle: (request: Request, host: Host) => unknown) =>
    lazyoc.on(type, (payload: Request, message: Message) => handle(payload, hostFor(message)));

  on<ActivateContext>("activate", (context, host) => plugin.activate?.(context, host));
  on<Record<string, never>>("started", (nothing, host) => plugin.started?.(nothing, host));
  on<{ reason: string }>("deactivate", (end, host) => plugin.deactivate?.(end, host));
  on<ComputeBatch>("compute", async (batch, host) => ({ cells: await pick(plugin.columns, batch.column)(batch, host) }));
  const views = { ...plugin.tabs, ...plugin.sections, ...plugin.pages, ...plugin.cards } as Record<string, Handler<RenderRequest, ViewNode>>;
  on<RenderRequest>("render", (request, host) => pick(views, request.view)(request, host));
  on<ViewInput>("input", async (input, host) => (await plugin.onInput?.(input, host)) ?? null);
  on<ActionRequest>("action", (request, host) => pick(plugin.actions, request.action)(request, host));
  on<CommandRequest>("command", (request, host) => pick(plugin.commands, request.command)(request, host));
  on<PluginEvent>("event", (event, host) => plugin.onEvent?.(event, host));
  on<HttpRequest>("httpRequest", (request, host) => (plugin.onHttpRequest ? plugin.onHttpRequest(request, host) : { status: 404 }));
  on("dehydrate", async (_, host) => ({ state: await plugin.dehydrate?.(host) }));
  on<{ state: Json; fromVersion: string }>("hydrate", ({ state, fromVersion }, host) => plugin.hydrate?.(state, fromVersion, host));
}

function pick<Request, Result>(handlers: Record<string, Handler<Request, Result>> | undefined, id: string): Handler<Request, Result> {
  const handler = handlers?.[id];
  if (!handler) throw new Error(`plugin.json contributes "${id}", but the plugin has no handler of that name`);
  return handler;
}
