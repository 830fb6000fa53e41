import { button, empty, span, stack, text, type ViewNode } from "@lazyoc/plugin";
import type { Panel } from "../api/dashboard.js";
import { framed } from "../panels/draw.js";
import { interpolate, repeatsOf, type Scope } from "../query/variables.js";

/** Panels of a dashboard that are drawn: the host's limits of a view, on nodes and samples, hold for all of them together. */
export const panelsDrawn = 24;

/** Panels that one is repeated as. */
const repeatsDrawn = 6;

/** Cells below which panels are put below each other. */
const narrowest = 26;

/** A panel at its place, or the row that begins there. */
export interface Place {
  /** Names it among all of the dashboard. */
  key: string;
  panel: Panel;
  title: string;
  /** What variables stand for in it: a repeated one has a value of its own. */
  scope: Scope;
  /** Its share of its line. */
  weight: number;
}

/** What is beside each other. */
export type Line = { row: Panel; title: string; isOpen: boolean } | { places: Place[] };

/** Puts the panels into lines, as the grid has them and as wide as the screen is; `opened` are collapsed rows to be shown. */
export function linesOf(panels: readonly Panel[], scope: Scope, opened: readonly number[], width: number): { lines: Line[]; left: number } {
  const lines: Line[] = [];
  const most = Math.max(1, Math.floor(width / narrowest));
  let [drawn, left] = [0, 0];
  const add = (places: Place[]) => {
    const shown = places.slice(0, Math.max(0, panelsDrawn - drawn));
    drawn += shown.length;
    left += places.length - shown.length;
    for (let i = 0; i < shown.length; i += most) lines.push({ places: shown.slice(i, i + most) });
  };
  const walk = (all: readonly Panel[]) => {
    for (let i = 0; i < all.length; ) {
      const panel = all[i]!;
      if (panel.type === "row") {
        const isOpen = !panel.isCollapsed || opened.includes(panel.id);
        lines.push({ row: panel, title: rowTitle(panel, scope), isOpen });
        if (panel.isCollapsed && isOpen) walk(panel.panels);
        i++;
        continue;
      }
      const beside = all.slice(i).findIndex((other) => other.y !== panel.y || other.type === "row" || other.repeat !== "");
      const group = panel.repeat !== "" ? [panel] : all.slice(i, beside < 0 ? undefined : i + Math.max(1, beside));
      add(group.flatMap((one) => placesOf(one, scope)));
      i += group.length;
    }
  };
  walk(panels);
  return { lines, left };
}

/** A panel once, or once for each value of the variable that it is repeated for. */
function placesOf(panel: Panel, scope: Scope): Place[] {
  const values = panel.repeat === "" ? [] : repeatsOf(scope, panel.repeat);
  if (values.length === 0) return [{ key: String(panel.id), panel, title: titleOf(panel, scope), scope, weight: panel.w }];
  return values.slice(0, repeatsDrawn).map((value, i) => {
    const own: Scope = new Map([...scope, [panel.repeat, { values: [value], isMulti: true }]]);
    const more = i === repeatsDrawn - 1 && values.length > repeatsDrawn ? ` (and ${values.length - repeatsDrawn} more)` : "";
    const title = titleOf(panel, own);
    return { key: `${panel.id} ${value}`, panel, title: `${title.includes(value) ? title : `${title} · ${value}`}${more}`, scope: own, weight: 1 };
  });
}

function titleOf({ title }: Panel, scope: Scope): string {
  return interpolate(title, scope, "glob");
}

function rowTitle({ title, repeat, panels, isCollapsed }: Panel, scope: Scope): string {
  const values = repeat === "" ? [] : repeatsOf(scope, repeat);
  return `${interpolate(title, scope, "glob") || "Row"}${repeat === "" ? "" : `, in Grafana once for each of ${values.join(", ") || `$${repeat}`}`}${isCollapsed ? ` (${panels.length} ${panels.length === 1 ? "panel" : "panels"})` : ""}`;
}

export function rowButton(row: Panel): string {
  return `row-${row.id}`;
}

/** Draws the lines; `bodyOf` gives what is in a panel. */
export function drawLines(lines: readonly Line[], bodyOf: (place: Place) => ViewNode[]): ViewNode[] {
  const buttons = new Set<string>();
  return lines.map((line): ViewNode => {
    if ("row" in line) {
      const id = rowButton(line.row);
      // Ids come from the dashboard, and an id may stand but once in a view.
      if (!line.row.isCollapsed || buttons.has(id)) return text(span(`▾ ${line.title}`, "accent"));
      buttons.add(id);
      return button(id, `${line.isOpen ? "▾" : "▸"} ${line.title}`, { style: "accent" });
    }
    const panels = line.places.map((place) => framed(place.title, bodyOf(place)));
    return panels.length === 1 ? panels[0]! : { type: "columns", weights: line.places.map(({ weight }) => weight), children: panels };
  });
}

/** Cells of a panel in its line. */
export function widthOf(place: Place, { places }: { places: readonly Place[] }, width: number): number {
  return Math.floor((width * place.weight) / places.reduce((sum, { weight }) => sum + weight, 0));
}

export function nothing(): ViewNode {
  return stack([empty("this dashboard has no panels")]);
}
