/**
 * Tests of a plugin, run by `lazyoc plugin test`: each starts the plugin in its real sandbox over a cluster of its own that is
 * simulated, and drives it as a user would. The tests run in a sandbox themselves: there is no Node.js in it, and no file.
 */

import type { ErrorCode, Json, KubernetesObject, ObjectReference } from "./host.js";
import type { Cell, HookAnswer, PatchOperation } from "./index.js";
import type { FormValues, Span, TextStyle, ViewNode } from "./views.js";

/** How a plugin is started. */
export interface StartOptions {
  /** What the cluster holds: `bookstore` is the demo's. */
  scenario?: string;
  /** Permissions of the manifest that the user does not grant, by their place, such as `kubernetes` or `kubernetes[1]`. */
  withhold?: string[];
  /** The user may only look. */
  readOnly?: boolean;
  /** What the user answers to `host.ui.confirm`; no when absent. */
  confirm?: boolean;
  /** What the user fills in when `host.ui.prompt` asks; null, or absence, dismisses it. */
  prompt?: FormValues | null;
  /** Settings, as the user would set them. */
  settings?: Record<string, Json>;
  /** What the plugin finds in its storage, by key. */
  stored?: Record<string, Json>;
  /** The version of the plugin that stored it: its data is migrated as the manifest says. The present version when absent. */
  storedBy?: string;
  /** Host calls that fail, or are answered without the host. */
  faults?: Fault[];
  /** Size of the area of views in cells; 80 by 24 when absent. */
  width?: number;
  height?: number;
}

/** What becomes of a host call in the place of what the host would do. Permissions are not asked. */
export interface Fault {
  /** Its name, such as `kubernetes.list`. */
  call: string;
  /** How it fails. */
  code?: ErrorCode;
  message?: string;
  /** What it answers when it does not fail. */
  answer?: Json;
  /** How many of the calls; all of them when absent. */
  times?: number;
}

/** A host call that the plugin has made. */
export interface RecordedCall {
  call: string;
  args: Record<string, unknown>;
  /** `ok`, or the code it was refused with. */
  outcome: "ok" | ErrorCode;
}

/** Something the plugin has shown the user, or asked. */
export interface Shown {
  what: "notify" | "confirm" | "prompt" | "progress" | "copy" | "open" | "browse";
  text: string;
  style?: TextStyle;
}

/** What becomes of a change that the user makes, as the plugin's hooks answered. */
export type Verdict =
  | Exclude<HookAnswer, { outcome: "patch" }>
  /** The object after the patches. */
  | { outcome: "patch"; object: KubernetesObject };

export type { Cell, PatchOperation };

/** Names an object: `ref("Pod", "cart-1", "bookstore")`, `ref("apps/Deployment", "cart", "bookstore")`. */
export function ref(kind: string, name: string, namespace?: string): ObjectReference {
  const slash = kind.indexOf("/");
  return { group: slash < 0 ? "" : kind.slice(0, slash), kind: kind.slice(slash + 1), name, ...(namespace !== undefined && { namespace }) };
}

/** Why a plugin did not do what a test asked it for. */
export class PluginError extends Error {
  constructor(
    message: string,
    readonly code: ErrorCode,
  ) {
    super(message);
    this.name = "PluginError";
  }
}

type Answered<T> = { ok: T } | { failure: { code: ErrorCode; message: string } };

/** Where a test is, for the error that may come of a wait: behind an `await` nobody knows any more who called. */
function here(): string | undefined {
  return new Error().stack?.split("\n").slice(1).join("\n");
}

async function ask<T>(call: string, args: object = {}, at = here()): Promise<T> {
  const answer = (await lazyoc.call(`testing.${call}`, args)) as Answered<T>;
  if ("failure" in answer) throw located(new PluginError(answer.failure.message, answer.failure.code), at);
  return answer.ok;
}

function located<E extends Error>(error: E, at: string | undefined): E {
  if (at) error.stack = at;
  return error;
}

/** A view of the plugin that is open. */
export class View {
  constructor(private readonly id: number) {}

  /** What it shows now, as data. */
  content(): Promise<ViewNode> {
    return ask("content", { view: this.id });
  }

  /** What it shows now, as the user reads it: all its rows, without colours. */
  text(): Promise<string> {
    return ask("text", { view: this.id });
  }

  /** Compares what it shows with `tests/goldens/NAME.txt`; `lazyoc plugin test --update` writes that. */
  async golden(name: string): Promise<void> {
    const at = here();
    await ask("golden", { name, text: await this.text() }, at);
  }

  /** Has the plugin draw it again. */
  async refresh(): Promise<void> {
    await ask("refresh", { view: this.id });
  }

  /** Presses a button. */
  async press(node: string): Promise<void> {
    await ask("input", { view: this.id, node, event: "press" });
  }

  /** Submits a form. */
  async submit(node: string, values: FormValues): Promise<void> {
    await ask("input", { view: this.id, node, event: "submit", values });
  }

  /** Does something with a row of a table. */
  async rowAction(node: string, row: string, action: string): Promise<void> {
    await ask("input", { view: this.id, node, event: "rowAction", row, action });
  }

  /** Opens a row of a table or an item of a tree. */
  async activate(node: string, row: string): Promise<void> {
    await ask("input", { view: this.id, node, event: "activate", row });
  }
}

/** The simulated cluster. It stands still until a test lets it go on. */
export const cluster = {
  /** Writes an object as it is; it replaces one of its name. */
  apply: (object: object) => ask<KubernetesObject>("cluster.apply", { object }),
  /** An object; null when there is none. */
  get: <T = KubernetesObject>(apiVersion: string, kind: string, name: string, namespace?: string) =>
    ask<T | null>("cluster.get", { apiVersion, kind, name, ...(namespace !== undefined && { namespace }) }),
  /** All objects of a kind, in one namespace or all. */
  list: <T = KubernetesObject>(apiVersion: string, kind: string, namespace?: string) =>
    ask<T[]>("cluster.list", { apiVersion, kind, ...(namespace !== undefined && { namespace }) }),
  delete: (apiVersion: string, kind: string, name: string, namespace?: string) =>
    ask<boolean>("cluster.delete", { apiVersion, kind, name, ...(namespace !== undefined && { namespace }) }),
  /** Lets some of its time pass: pods start, rollouts go on. */
  advance: (steps = 1) => ask<void>("cluster.advance", { steps }),
  /** Cuts, or mends, the way from LazyOC to the cluster. */
  disconnect: () => ask<void>("cluster.disconnect"),
  reconnect: () => ask<void>("cluster.reconnect"),
};

/** The plugin as it runs. Its parts are named by the contribution ids of `plugin.json`; what fails rejects with a {@link PluginError}. */
export const plugin = {
  /** Starts it; the first thing a test does. */
  start: (options: StartOptions = {}) => ask<void>("start", options),
  /** Replaces it by itself, as an update or a save in `plugin dev` does: `dehydrate`, `hydrate`, and its open views are drawn anew. */
  swap: () => ask<void>("swap"),
  tab: async (id: string, object: ObjectReference) => new View(await ask("open", { part: "tab", id, object })),
  section: async (id: string, object: ObjectReference) => new View(await ask("open", { part: "section", id, object })),
  page: async (id: string) => new View(await ask("open", { part: "page", id })),
  card: async (id: string) => new View(await ask("open", { part: "card", id })),
  /** A view of a kind's list, or of the details of an object. */
  resourceView: async (id: string, object?: ObjectReference) => new View(await ask("open", { part: "resourceView", id, ...(object && { object }) })),
  /** The cells of a computed column, one an object, from the values that these objects have in the cluster. */
  column: (id: string, ...objects: ObjectReference[]) => ask<Cell[]>("column", { id, objects }),
  /** Runs an action on objects, which the user has started and confirmed. */
  action: (id: string, objects: ObjectReference[], inputs?: FormValues) => ask<void>("action", { id, objects, ...(inputs && { inputs }) }),
  command: (id: string, inputs?: FormValues) => ask<void>("command", { id, ...(inputs && { inputs }) }),
  /** What the plugin's hooks say before the user makes a change; `object` is the object as it would be. */
  hook: (verb: "create" | "update" | "scale" | "delete", object: ObjectReference, change: { object?: object; replicas?: number } = {}) =>
    ask<Verdict>("hook", { verb, object, ...(change.object && { changed: change.object }), ...(change.replicas !== undefined && { replicas: change.replicas }) }),
  /** Log lines as the user sees them; null is a hidden one. */
  logLines: (object: ObjectReference, lines: string[]) => ask<(Span[] | null)[]>("logLines", { object, lines }),
  /** Text of a status item; null when the plugin has not set it. */
  status: (id: string) => ask<string | null>("status", { id }),
  /** The host calls it has made so far, oldest first. */
  calls: (name?: string) => ask<RecordedCall[]>("calls", name === undefined ? {} : { name }),
  /** What it has shown the user so far. */
  shown: () => ask<Shown[]>("shown"),
};

/** Compares a text with `tests/goldens/NAME.txt`. */
export async function golden(name: string, text: string): Promise<void> {
  await ask("golden", { name, text });
}

interface Test {
  name: string;
  run: () => void | Promise<void>;
}

const tests: Test[] = [];

/** Declares a test; its name is unique. */
export function test(name: string, run: () => void | Promise<void>): void {
  tests.push({ name, run });
}

lazyoc.on("list", () => ({ tests: tests.map(({ name }) => name) }));
lazyoc.on("run", async ({ index }: { index: number }) => {
  await tests[index]!.run();
  return {};
});

/** What was expected and did not come. */
class Unexpected extends Error {
  override name = "Unexpected";
}

/** Says what a value must be; what it is not fails the test. */
export function expect<T>(actual: T) {
  const must = (holds: boolean, what: string) => {
    if (!holds) throw new Unexpected(`expected ${show(actual)} ${what}`);
  };
  return {
    /** The same value. */
    toBe: (expected: T) => must(Object.is(actual, expected), `to be ${show(expected)}`),
    /** The same data, however deep; members that are undefined count as absent. */
    toEqual: (expected: unknown) => must(same(actual, expected), `to equal ${show(expected)}`),
    /** A text in a text, or an item in an array. */
    toContain: (part: unknown) =>
      must(typeof actual === "string" ? actual.includes(String(part)) : Array.isArray(actual) && actual.some((item) => same(item, part)), `to contain ${show(part)}`),
    notToContain: (part: unknown) =>
      must(typeof actual === "string" ? !actual.includes(String(part)) : Array.isArray(actual) && !actual.some((item) => same(item, part)), `not to contain ${show(part)}`),
    toMatch: (pattern: RegExp) => must(typeof actual === "string" && pattern.test(actual), `to match ${String(pattern)}`),
  };
}

/** Expects something to fail with a code; gives the error. */
export async function fails(promise: Promise<unknown>, code: ErrorCode): Promise<PluginError> {
  const at = here();
  let error: unknown;
  try {
    await promise;
  } catch (thrown) {
    error = thrown;
  }
  if (error === undefined) throw located(new Unexpected(`expected it to fail with ${code}, but it did not fail`), at);
  if (!(error instanceof PluginError)) throw error;
  if (error.code !== code) throw located(new Unexpected(`expected it to fail with ${code}, but it failed with ${error.code}: ${error.message}`), at);
  return error;
}

function same(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true;
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) return false;
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  const of = (value: object) => Object.entries(value).filter(([, member]) => member !== undefined);
  const [a, b] = [of(left), new Map(of(right))];
  return a.length === b.size && a.every(([name, member]) => b.has(name) && same(member, b.get(name)));
}

const shownChars = 400;

function show(value: unknown): string {
  const text = typeof value === "string" ? JSON.stringify(value) : (JSON.stringify(value) ?? String(value));
  return text.length <= shownChars ? text : `${text.slice(0, shownChars)}…`;
}
