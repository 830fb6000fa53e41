import { empty, type KubernetesObject, span, stack, text, type TextStyle, type ViewNode } from "@lazyoc/plugin";
import { clean } from "../edit/form.js";
import { isObject, type Path, pathText } from "../schema/path.js";

/** Conditions of one object, and how deep its status is searched for them. */
const maxConditions = 60;
const maxDepth = 5;

/** A condition as it last changed, or another moment of the object's life. */
export interface Moment {
  /** Milliseconds; NaN when it has no time. */
  at: number;
  /** The list it stands in, when that is not `status.conditions`. */
  where: string;
  type: string;
  status: string;
  reason: string;
  message: string;
}

/** Conditions that are good news when they are not true. */
const badWhenTrue = /(Degraded|Failed|Failing|Failure|Error|Stalled|Conflict|Conflicts|Pressure|Unavailable|Unhealthy|Blocked|Invalid|Terminating|Suspended|Progressing)$|^(Non|Not|No[A-Z])/;

/** Every condition of an object, and that it was made and is being deleted; the newest first, what has no time last. */
export function momentsOf(object: KubernetesObject): Moment[] {
  const found: Moment[] = [];
  collect(object["status"], ["status"], found);
  const moment = (type: string, time: unknown): Moment[] => (typeof time === "string" ? [{ at: Date.parse(time), where: "", type, status: "", reason: "", message: "" }] : []);
  return [...found, ...moment("deletion was asked for", object.metadata["deletionTimestamp"]), ...moment("created", object.metadata.creationTimestamp)].sort((a, b) => order(b.at) - order(a.at));
}

function collect(value: unknown, path: Path, found: Moment[]): void {
  if (path.length > maxDepth || found.length >= maxConditions) return;
  if (Array.isArray(value)) {
    value.slice(0, maxConditions).forEach((item, i) => collect(item, [...path, i], found));
    return;
  }
  if (!isObject(value)) return;
  for (const [name, member] of Object.entries(value)) {
    if (name !== "conditions" || !Array.isArray(member)) collect(member, [...path, name], found);
    else for (const one of member) if (isObject(one) && typeof one["type"] === "string" && found.length < maxConditions) found.push(momentOf(one, path));
  }
}

function momentOf(condition: Record<string, unknown>, path: Path): Moment {
  const text = (name: string) => (typeof condition[name] === "string" ? (condition[name] as string) : "");
  return { at: Date.parse(text("lastTransitionTime") || text("lastUpdateTime")), where: path.length > 1 ? pathText(path) : "", type: text("type"), status: text("status"), reason: text("reason"), message: text("message") };
}

/** What has no time comes last. */
function order(at: number): number {
  return Number.isNaN(at) ? -Infinity : at;
}

/** The timeline: a line a moment, with the time that lies between two. */
export function timelineView(moments: readonly Moment[], now: number): ViewNode {
  if (!moments.some(({ status }) => status !== "") && moments.length <= 1) return empty("It has no conditions: its controller reports none, or has not seen it yet");
  const width = Math.max(...moments.map(({ type, where }) => clean(type, 40).length + (where ? where.length + 1 : 0)));
  return stack(moments.flatMap((moment, i) => [...(i > 0 ? gap(moments[i - 1]!, moment) : []), ...lines(moment, now, Math.min(width, 48))]));
}

function lines({ at, where, type, status, reason, message }: Moment, now: number, width: number): ViewNode[] {
  const [mark, style] = look(type, status);
  const time = Number.isNaN(at) ? "no time".padEnd(27) : `${new Date(at).toISOString().slice(0, 16).replace("T", " ")}  ${ago(now - at)}`.padEnd(27);
  const name = `${where ? `${where} ` : ""}${clean(type, 40)}`.padEnd(width);
  return [
    text(span(`${mark} `, style), span(time, "muted"), span(` ${status ? name : name.trimEnd()}`, "strong"), span(status && ` ${status}`, style), span(reason ? `  ${clean(reason, 80)}` : "")),
    ...(message ? [text(span("│ ", "muted"), span(`${" ".repeat(28)}${clean(message, 300)}`, "muted"))] : []),
  ];
}

function gap(newer: Moment, older: Moment): ViewNode[] {
  const between = newer.at - older.at;
  return [text(span(between >= 3_600_000 ? `│ ${ago(between)}` : "│", "muted"))];
}

function look(type: string, status: string): [string, TextStyle] {
  if (status === "") return ["○", "muted"];
  if (status !== "True" && status !== "False") return ["?", "warn"];
  const isGood = (status === "True") !== badWhenTrue.test(type);
  if (type.endsWith("Progressing") || type === "Suspended") return ["●", "info"];
  return isGood ? ["✓", "ok"] : ["✗", "error"];
}

/** Two units at most: `26 h`, `3 d`. */
function ago(ms: number): string {
  const minutes = Math.round(Math.max(0, ms) / 60_000);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} d`;
}
