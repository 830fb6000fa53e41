/**
 * The TypeScript SDK of LazyOC plugins. A plugin is one call of {@link definePlugin}; the keys of `columns`, `tabs`,
 * `sections`, `pages`, `cards`, `resourceViews`, `logTransforms`, `hooks`, `actions` and `commands` are the contribution ids
 * of its `plugin.json`, those of `services` the names under `exports.services`. The compiler knows them from {@link ManifestIds}.
 */

import { type Host, hostFor, type HttpBody, type Json, type KubernetesObject, type Message, type ObjectReference, type Storage } from "./host.js";
import type { HostEvents } from "./host-events.js";
import type { ManifestIds } from "./manifest.js";
import type { FormValues, Span, TextStyle, ViewNode } from "./views.js";

export * from "./host.js";
export type { IdOf, ManifestIds } from "./manifest.js";
export * from "./patience.js";
export * from "./views.js";
export type { HostEvents };

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

/** To draw a view of a kind's list or details. */
export interface ResourceViewRequest extends ViewRequest {
  /** What a view of details is about. */
  object?: ObjectReference;
  /** The namespace that a view of a list shows; absent for all. */
  namespace?: string;
}

/** Log lines of one container. */
export interface LogBatch {
  transform: string;
  /** Whose logs are looked at. */
  object: ObjectReference;
  pod?: string;
  container?: string;
  /** Without time and line end. */
  lines: string[];
}

/** A change that the user makes. */
export interface HookRequest {
  hook: string;
  phase: "before" | "after";
  verb: "create" | "update" | "scale" | "delete";
  reference: ObjectReference;
  /** As it would be, or as it is when it is deleted; absent when the plugin may not `get` it. */
  object?: KubernetesObject;
  /** Before an update or a scaling; absent when the plugin may not `get` it. */
  oldObject?: KubernetesObject;
  /** As whom it is done. */
  user: string;
  namespace?: string;
}

/** An operation of a JSON Patch, RFC 6902. */
export type PatchOperation = { path: string } & ({ op: "add" | "replace" | "test"; value: Json } | { op: "remove" } | { op: "move" | "copy"; from: string });

/** What becomes of a change; an effect that was not granted counts as no answer. */
export type HookAnswer =
  | { outcome: "allow" }
  | { outcome: "warn"; text: string }
  | { outcome: "deny"; reason: string }
  /** Changes the object first; the user sees the difference and confirms it. */
  | { outcome: "patch"; patch: PatchOperation[] };

export interface PluginEvent<T = unknown> {
  topic: string;
  publisher: string;
  sequence: number;
  time: string;
  data: T;
}

/** An event of the host's own; its `topic` says what `data` is. */
export type HostEvent = { [Topic in keyof HostEvents]: PluginEvent<HostEvents[Topic]> & { topic: Topic } }[keyof HostEvents];

/** The user has set or unset something. */
export interface SettingsChange {
  /** The settings as they are now, as `host.settings()` gives them. */
  values: Record<string, unknown>;
  /** Names of what is different, secrets included. */
  changed: string[];
}

/** Another plugin asks a service. */
export interface ServiceRequest<Input = unknown> {
  service: string;
  /** Which plugin asks, as the host knows it. */
  caller: string;
  /** What the service's `input` schema has accepted. */
  input: Input;
}

/** What happened to the objects of one watch, in order; changes the plugin was too slow for become one. Or the lines of a followed log. */
export interface WatchMessage<Fields = Record<string, unknown>> {
  /** What `host.kubernetes.watch` or `host.kubernetes.followLogs` gave. */
  watch: string;
  events: {
    type: "added" | "modified" | "deleted";
    object: ObjectReference;
    /** The values at the watch's paths; absent when the object is gone or the plugin may not `get` it. */
    fields?: Fields;
    /** The values are absent because no message holds them. */
    tooLarge?: true;
  }[];
  /** Of a followed log, in the order they were written; they may hold control characters. */
  lines?: string[];
  /** Lines may be missing before those of this message: the connection was lost, or the container began anew. */
  gap?: true;
  /** The followed log has come to its end, and the watch with it. */
  ended?: true;
  /** Everything told before is void: the objects, or the lines, follow anew. */
  reset?: true;
  /** With this message all objects that were there at the beginning have been told. */
  synced?: true;
  /** Changes or lines dropped since the last message. */
  lost?: number;
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

/** What answers for a contribution, by the member of `contributes` that it is in; for a service, by its name. */
interface Handlers {
  /** One cell a row, in order. */
  columns: Handler<ComputeBatch, Cell[]>;
  tabs: Handler<RenderRequest, ViewNode>;
  sections: Handler<RenderRequest, ViewNode>;
  pages: Handler<ViewRequest, ViewNode>;
  cards: Handler<ViewRequest, ViewNode>;
  resourceViews: Handler<ResourceViewRequest, ViewNode>;
  /** One a line, in order: its spans, or null to hide it. */
  logTransforms: Handler<LogBatch, (Span[] | null)[]>;
  /** The answer counts before a change; nothing allows it. */
  hooks: Handler<HookRequest, HookAnswer | void>;
  actions: Handler<ActionRequest, void>;
  commands: Handler<CommandRequest, void>;
  /** What it exports; the answer is what the service's `output` schema accepts. There is no gesture: it may write only unattended. */
  services: Handler<ServiceRequest<never>, unknown>;
}

/** Handlers of a plugin whose manifest the compiler does not know. */
type AnyHandlers = { [Kind in keyof Handlers]?: Record<string, Handlers[Kind]> };

/** A handler for every id in `plugin.json`, and for no other. */
type ManifestHandlers = {
  [Kind in keyof Handlers & keyof ManifestIds]: { [Id in ManifestIds[Kind] & string]: Handlers[Kind] };
} & { [Kind in Exclude<keyof Handlers, keyof ManifestIds>]?: NoneInManifest };

/** `plugin.json` has nothing of this kind. */
interface NoneInManifest {
  readonly none?: never;
}

/** The other messages that a plugin can answer. */
interface Messages {
  /** Runs once before any other message. */
  activate?: Handler<ActivateContext, void>;
  /** Runs when it has been activated, or has taken over from another version: from here on it may have an effect outside. */
  started?: Handler<Record<string, never>, void>;
  /** It ends; what it still calls has no effect. */
  deactivate?: Handler<{ reason: string }, void>;
  /** The user operated a view. The view it gives is shown; nothing, or null, keeps what is shown. */
  onInput?: Handler<ViewInput, ViewNode | null | void>;
  onEvent?: Handler<PluginEvent, void>;
  /** The user has changed settings while it runs. */
  onSettings?: Handler<SettingsChange, void>;
  /** A timer of `host.timers` is due. */
  onTimer?: Handler<{ id: string }, void>;
  /** What `host.kubernetes.watch` and `host.kubernetes.followLogs` asked for. */
  onWatch?: Handler<WatchMessage, void>;
  /** Answers requests to the ports of `host.http.listen`. */
  onHttpRequest?: Handler<HttpRequest, HttpResponse>;
  /** What the next instance, of this version or another, is to be given. Must change nothing: this instance may go on. */
  dehydrate?(host: Host): Json | Promise<Json>;
  /** Takes over what an instance before gave; runs after `activate` and before any other message. */
  hydrate?(state: Json, fromVersion: string, host: Host): void | Promise<void>;
}

export type Plugin = Messages & (ManifestIds extends { plugin: string } ? ManifestHandlers : AnyHandlers);

/** Registers the plugin's handlers. Call it once, at the top level. */
export function definePlugin(definition: Plugin): void {
  const plugin = definition as Messages as Messages & AnyHandlers;

  const on = <Request>(type: string, handle: (request: Request, host: Host) => unknown) =>
    lazyoc.on(type, (payload: Request, message: Message) => handle(payload, hostFor(message)));

  // What a handler gives that has nothing to give is no answer.
  const told = <Request>(type: string, handle: (request: Request, host: Host) => unknown) =>
    on<Request>(type, (request, host) => {
      const given = handle(request, host);
      return given instanceof Promise ? given.then(() => undefined) : undefined;
    });

  told<ActivateContext>("activate", (context, host) => plugin.activate?.(context, host));
  told<Record<string, never>>("started", (nothing, host) => plugin.started?.(nothing, host));
  told<{ reason: string }>("deactivate", (end, host) => plugin.deactivate?.(end, host));
  on<ComputeBatch>("compute", async (batch, host) => ({ cells: await pick(plugin.columns, batch.column)(batch, host) }));
  const views = { ...plugin.tabs, ...plugin.sections, ...plugin.pages, ...plugin.cards, ...plugin.resourceViews } as Record<string, Handler<RenderRequest, ViewNode>>;
  on<RenderRequest>("render", (request, host) => pick(views, request.view)(request, host));
  on<ViewInput>("input", async (input, host) => (await plugin.onInput?.(input, host)) ?? null);
  told<ActionRequest>("action", (request, host) => pick(plugin.actions, request.action)(request, host));
  told<CommandRequest>("command", (request, host) => pick(plugin.commands, request.command)(request, host));
  on<LogBatch>("logLines", async (batch, host) => ({ lines: (await pick(plugin.logTransforms, batch.transform)(batch, host)).map((spans) => spans && { spans }) }));
  on<HookRequest>("hook", async (change, host) => (await pick(plugin.hooks, change.hook)(change, host)) ?? { outcome: "allow" });
  told<PluginEvent>("event", (event, host) => plugin.onEvent?.(event, host));
  told<SettingsChange>("settingsChanged", (change, host) => plugin.onSettings?.(change, host));
  on<ServiceRequest<never>>("service", (request, host) => pick(plugin.services, request.service)(request, host));
  told<{ id: string }>("timer", (timer, host) => plugin.onTimer?.(timer, host));
  told<WatchMessage>("watch", (message, host) => plugin.onWatch?.(message, host));
  on<HttpRequest>("httpRequest", (request, host) => (plugin.onHttpRequest ? plugin.onHttpRequest(request, host) : { status: 404 }));
  on("dehydrate", async (_, host) => ({ state: await plugin.dehydrate?.(host) }));
  told<{ state: Json; fromVersion: string }>("hydrate", ({ state, fromVersion }, host) => plugin.hydrate?.(state, fromVersion, host));
}

/**
 * Registers a migration of stored data: the entry of one of the manifest's `migrations`, a bundle of its own. It sees a copy of
 * the store; when it throws, the copy is thrown away and the version before goes on. Nothing but the store can be reached.
 */
export function defineMigration(migrate: (store: Storage, from: string) => void | Promise<void>): void {
  lazyoc.on("migrate", async ({ from }: { from: string }, message: Message) => {
    await migrate(hostFor(message).storage, from);
    return {};
  });
}

function pick<Request, Result>(handlers: Record<string, Handler<Request, Result>> | undefined, id: string): Handler<Request, Result> {
  const handler = handlers?.[id];
  if (!handler) throw new Error(`plugin.json contributes "${id}", but the plugin has no handler of that name`);
  return handler;
}
