import type { Host } from "@lazyoc/plugin";
import type { Window } from "../query/time.js";
import type { Grafana } from "./client.js";
import { cut, listOf, numberOf, shapeOf, shapesOf, textOf, textsOf } from "./shapes.js";

/** Annotations of one dashboard; the latest of more. */
export const annotationsShown = 40;

/** Queries of a dashboard for annotations that are followed. */
const queriesAsked = 4;

const textChars = 160;

export interface Annotation {
  /** Milliseconds since 1970. */
  time: number;
  text: string;
  tags: string[];
  /** 0 for one of the whole dashboard. */
  panel: number;
}

/** Something to post. */
export type NewAnnotation = {
  time: number;
  text: string;
  tags: string[];
  /** None, when it is absent: the annotation is found by its tags. */
  dashboardUID?: string;
};

/** What belongs to a dashboard, by it, by the tags that it names, and by the tag of rollouts; oldest first. */
export async function annotationsOf(host: Host, grafana: Grafana, { uid, annotations }: { uid: string; annotations: unknown }, tag: string, { from, to }: Window): Promise<Annotation[]> {
  const range = { from: String(Math.floor(from)), to: String(Math.ceil(to)), limit: String(annotationsShown) };
  const ask = (query: Record<string, string | string[]>) => grafana.get(host, "/api/annotations", { ...range, ...query });
  const tagged = shapesOf(shapeOf(annotations)["list"])
    .filter(({ enable, target }) => enable !== false && shapeOf(target)["type"] === "tags")
    .map(({ target }) => ({ tags: textsOf(shapeOf(target)["tags"]), ...(shapeOf(target)["matchAny"] === true && { matchAny: "true" }) }))
    .filter(({ tags }) => tags.length > 0)
    .slice(0, queriesAsked);
  const answers = await Promise.all([ask({ dashboardUID: uid }), ...(tag ? [ask({ tags: [tag] })] : []), ...tagged.map(ask)]);
  const found = new Map<string, Annotation>();
  for (const shape of answers.flatMap((answer) => shapesOf(answer))) {
    const time = numberOf(shape["time"]);
    if (time === undefined || time < from || time > to) continue;
    // What is tied to another dashboard has nothing to do with this one.
    const other = textOf(shape["dashboardUID"]);
    if (other !== "" && other !== uid) continue;
    found.set(textOf(shape["id"], String(found.size)), { time, text: cut(textOf(shape["text"]).replace(/<[^>]*>/g, "").replace(/\s+/g, " ").trim(), textChars), tags: textsOf(shape["tags"]).map((one) => cut(one, textChars)), panel: other === "" ? 0 : (numberOf(shape["panelId"]) ?? 0) });
  }
  return [...found.values()].sort((a, b) => a.time - b.time).slice(-annotationsShown);
}

export async function annotate(host: Host, grafana: Grafana, annotation: NewAnnotation): Promise<void> {
  await grafana.post(host, "/api/annotations", annotation);
}

/** Whether there is one with all of these tags. */
export async function isAnnotated(host: Host, grafana: Grafana, tags: string[], { from, to }: Window): Promise<boolean> {
  return listOf(await grafana.get(host, "/api/annotations", { tags, from: String(from), to: String(to), limit: "1" })).length > 0;
}
