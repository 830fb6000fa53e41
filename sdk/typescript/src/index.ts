/**
 * The TypeScript SDK of LazyOC plugins. A plugin is one call of {@link definePlugin}; the keys of `columns`, `tabs`,
 * `actions` and `commands` are the contribution ids of its `plugin.json`.
 */

import { type Host, hostFor, type Message, type ObjectReference } from "./host.js";
import type { TextStyle, ViewNode } from "./views.js";

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

export interface RenderRequest {
  /** Id of the contribution. */
  view: string;
  /** This one open view, for `host.ui.update`; a tab may be open for several objects at once. */
  instance: string;
  object: ObjectReference;
  /** Size of the area in cells. */
  width: number;
  height: number;
}

export interface PluginEvent<T = unknown> {
  topic: string;
  publisher: string;
  sequence: number;
  time: string;
  data: T;
}

type Handler<Request, Result> = (request: Request, host: Host) => Result | Promise<Result>;

export interface Plugin {
  /** Runs once before any other message. */
  activate?: Handler<ActivateContext, void>;
  /** One cell a row, in order. */
  columns?: Record<string, Handler<ComputeBatch, Cell[]>>;
  tabs?: Record<string, Handler<RenderRequest, ViewNode>>;
  actions?: Record<string, Handler<{ action: string; objects: ObjectReference[] }, void>>;
  commands?: Record<string, Handler<{ command: string; arguments?: unknown }, void>>;
  onEvent?: Handler<PluginEvent, void>;
}

/** Registers the plugin's handlers. Call it once, at the top level. */
export function definePlugin(plugin: Plugin): void {
  const on = <Request>(type: string, handle: (request: Request, host: Host) => unknown) =>
    lazyoc.on(type, (payload: Request, message: Message) => handle(payload, hostFor(message)));

  on<ActivateContext>("activate", (context, host) => plugin.activate?.(context, host));
  on<ComputeBatch>("compute", async (batch, host) => ({ cells: await pick(plugin.columns, batch.column)(batch, host) }));
  on<RenderRequest>("render", (request, host) => pick(plugin.tabs, request.view)(request, host));
  on<{ action: string; objects: ObjectReference[] }>("action", (request, host) => pick(plugin.actions, request.action)(request, host));
  on<{ command: string; arguments?: unknown }>("command", (request, host) => pick(plugin.commands, request.command)(request, host));
  on<PluginEvent>("event", (event, host) => plugin.onEvent?.(event, host));
}

function pick<Request, Result>(handlers: Record<string, Handler<Request, Result>> | undefined, id: string): Handler<Request, Result> {
  const handler = handlers?.[id];
  if (!handler) throw new Error(`plugin.json contributes "${id}", but the plugin has no handler of that name`);
  return handler;
}
