import type { Host } from "@lazyoc/plugin";
import type { Panel } from "../api/dashboard.js";
import { type Datasource, datasourceOf } from "../api/datasources.js";
import { type Grafana, GrafanaFailure } from "../api/client.js";
import { shapeOf, type Shape, textOf } from "../api/shapes.js";
import { answerOf, isQueryAnswer, type QueryAnswer } from "./frames.js";
import { samplesDrawn } from "./resample.js";
import { intervalMs, type Window } from "./time.js";
import { builtIn, interpolate, interpolateAll, type Scope, styleFor } from "./variables.js";

/** What computes with the answers of other queries, within Grafana. */
const expression = "__expr__";

/** What a dashboard computes from another panel's answer, within the browser. */
const fromOtherPanel = "-- Dashboard --";

/** The range of a panel: that of its dashboard, unless it has one of its own or is moved back. */
export function windowFor({ timeFromMs, timeShiftMs }: Panel, { from, to }: Window): Window {
  const shift = timeShiftMs ?? 0;
  return { from: (timeFromMs === undefined ? from : to - timeFromMs) - shift, to: to - shift };
}

/** Asks for what a panel shows, all of its queries at once. */
export async function ask(host: Host, grafana: Grafana, panel: Panel, window: Window, variables: Scope): Promise<QueryAnswer> {
  const points = Math.max(2, Math.min(panel.maxDataPoints ?? samplesDrawn, samplesDrawn));
  const queries: Shape[] = [];
  const shown: string[] = [];
  for (const [i, target] of panel.targets.entries()) {
    const refId = textOf(target["refId"]) || String.fromCharCode(65 + i);
    const datasource = await sourceOf(host, grafana, panel, target, variables);
    const stepMs = intervalMs(window, points, leastStep(panel, target, datasource));
    const scope: Scope = new Map([...variables, ...builtIn(window, stepMs)]);
    const { hide, datasource: _, ...rest } = target;
    if (hide !== true) shown.push(refId);
    queries.push({ ...shapeOf(interpolateAll(rest, scope, styleFor(datasource.type))), refId, datasource, intervalMs: stepMs, maxDataPoints: points });
  }
  // A hidden query is asked only for one that computes with it.
  const asked = queries.some(({ datasource }) => (datasource as Datasource).uid === expression) ? queries : queries.filter(({ refId }) => shown.includes(refId as string));
  if (asked.length === 0) throw new GrafanaFailure("this panel has no query", "open the dashboard in Grafana and give it one");
  const body = { queries: asked, from: String(Math.floor(window.from)), to: String(Math.ceil(window.to)) };
  return answerOf(await grafana.post(host, "/api/ds/query", body, isQueryAnswer), shown);
}

async function sourceOf(host: Host, grafana: Grafana, panel: Panel, target: Shape, scope: Scope): Promise<Datasource> {
  const own = target["datasource"] ?? panel.datasource;
  // Of panels with several datasources each query names its own.
  const named = interpolateAll(own, scope, "glob");
  const uid = textOf(shapeOf(named)["uid"], textOf(named));
  if (uid === expression) return { uid, type: expression };
  if (uid === fromOtherPanel) throw new GrafanaFailure("this panel computes from another one, which only Grafana itself does", "open the dashboard in your browser");
  if (uid === "-- Grafana --" || uid === "grafana") return { uid: "grafana", type: "grafana" };
  const found = await datasourceOf(host, grafana, named);
  if (!found) throw new GrafanaFailure(`there is no datasource ${uid === "" ? "that is the default one" : `\`${interpolate(uid, scope, "glob")}\``}`, "choose another one in Grafana, or give the token the right to it");
  return found;
}

/** The least step: the panel's, or that of a query of its own. */
function leastStep(panel: Panel, target: Shape, { type }: Datasource): number {
  const own = panel.intervalMs ?? 0;
  return type === "prometheus" ? Math.max(own, 1_000) : own;
}
