import type { Host } from "@lazyoc/plugin";
import { durationMs, type TimeRange, usualRange } from "../query/time.js";
import { type Variable, variablesOf } from "../query/variables.js";
import { type Grafana, GrafanaFailure } from "./client.js";
import { titleChars } from "./search.js";
import { cut, numberOf, type Shape, shapeOf, shapesOf, textOf, textsOf } from "./shapes.js";

/** Panels of a dashboard that are looked at, rows and what is in them included, and queries of one. */
const panelsRead = 300;
const queriesRead = 26;

/** Columns of Grafana's grid. */
export const gridWidth = 24;

export interface Panel {
  id: number;
  type: string;
  title: string;
  /** Place in the grid, in units of it. */
  x: number;
  y: number;
  w: number;
  h: number;
  datasource: unknown;
  targets: Shape[];
  fieldConfig: Shape;
  options: Shape;
  /** Ids of what changes the frames before they are drawn. */
  transformations: string[];
  /** Name of the variable that it is repeated for; empty for none. */
  repeat: string;
  maxDataPoints: number | undefined;
  /** The least step. */
  intervalMs: number | undefined;
  /** A range of its own, and how far it is moved back. */
  timeFromMs: number | undefined;
  timeShiftMs: number | undefined;
  /** Of a row. */
  isCollapsed: boolean;
  panels: Panel[];
  /** Name of the library panel that stands in its place; empty for none. */
  library: string;
}

export interface Dashboard {
  uid: string;
  title: string;
  folder: string;
  tags: string[];
  /** Its path at Grafana. */
  path: string;
  time: TimeRange;
  /** How often it refreshes; 0 for never. */
  refreshMs: number;
  variables: Variable[];
  annotations: unknown;
  /** In reading order. */
  panels: Panel[];
  /** There are more than are looked at. */
  isPartial: boolean;
}

export async function dashboardOf(host: Host, grafana: Grafana, uid: string): Promise<Dashboard> {
  const answer = shapeOf(await grafana.get(host, `/api/dashboards/uid/${encodeURIComponent(uid)}`));
  const [shape, meta] = [shapeOf(answer["dashboard"]), shapeOf(answer["meta"])];
  if (!Array.isArray(shape["panels"])) {
    throw new GrafanaFailure(
      Array.isArray(shape["rows"]) ? "this dashboard is of a schema from before Grafana 5" : "what came is no dashboard: it has no panels",
      Array.isArray(shape["rows"]) ? "open it in Grafana and save it once" : "look at the address in the settings of this plugin",
    );
  }
  const time = shapeOf(shape["time"]);
  const counter = { left: panelsRead };
  return {
    uid: textOf(shape["uid"], uid),
    title: cut(textOf(shape["title"], "without a title"), titleChars),
    folder: cut(textOf(meta["folderTitle"]), titleChars),
    tags: textsOf(shape["tags"]),
    path: pathOf(textOf(meta["url"]), uid),
    time: { from: textOf(time["from"], usualRange.from), to: textOf(time["to"], usualRange.to) },
    refreshMs: durationMs(textOf(shape["refresh"])) ?? 0,
    variables: variablesOf(shape["templating"]),
    annotations: shape["annotations"],
    panels: panelsOf(shape["panels"], counter),
    isPartial: counter.left < 0,
  };
}

/** Grafana says it, below its own path; what does not look like one is made up anew. */
function pathOf(url: string, uid: string): string {
  return /^\/[\w\-./~%]*$/.test(url) && url.includes("/d/") ? url.slice(url.indexOf("/d/")) : `/d/${encodeURIComponent(uid)}`;
}

function panelsOf(value: unknown, counter: { left: number }): Panel[] {
  const panels = shapesOf(value).filter(() => counter.left-- > 0).map((shape) => panelOf(shape, counter));
  return panels.sort((a, b) => a.y - b.y || a.x - b.x);
}

function panelOf(shape: Shape, counter: { left: number }): Panel {
  const grid = shapeOf(shape["gridPos"]);
  const size = (name: string, usual: number, most: number) => Math.min(most, Math.max(0, Math.floor(numberOf(grid[name]) ?? usual)));
  const type = textOf(shape["type"]);
  return {
    id: numberOf(shape["id"]) ?? 0,
    type,
    title: cut(textOf(shape["title"]), titleChars),
    x: size("x", 0, gridWidth - 1),
    y: size("y", 0, 100_000),
    w: Math.max(1, size("w", gridWidth, gridWidth)),
    h: Math.max(1, size("h", 8, 100)),
    datasource: shape["datasource"],
    targets: shapesOf(shape["targets"]).slice(0, queriesRead),
    fieldConfig: shapeOf(shape["fieldConfig"]),
    options: shapeOf(shape["options"]),
    transformations: shapesOf(shape["transformations"]).filter(({ disabled }) => disabled !== true).map(({ id }) => textOf(id)),
    repeat: textOf(shape["repeat"]),
    maxDataPoints: numberOf(shape["maxDataPoints"]),
    intervalMs: durationMs(textOf(shape["interval"])),
    timeFromMs: durationMs(textOf(shape["timeFrom"]).replace(/^now-/, "")),
    timeShiftMs: durationMs(textOf(shape["timeShift"])),
    isCollapsed: shape["collapsed"] === true,
    panels: type === "row" ? panelsOf(shape["panels"], counter) : [],
    library: textOf(shapeOf(shape["libraryPanel"])["name"]),
  };
}
