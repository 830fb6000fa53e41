/** Every node of the view tree. */

import { button, type Cell, empty, form, markdown, span, sparkline, spinner, stack, table, tabs, text, tree, type ViewNode } from "@lazyoc/plugin";

export interface State {
  ticks: number;
  said: string;
}

const wave = Array.from({ length: 48 }, (_, i) => Math.round(50 + 40 * Math.sin(i / 4)));

export function everything(name: string, state: State, ticks: ViewNode): ViewNode {
  return stack(
    [
      { type: "columns", children: [text(span("Everything ", "strong"), `about ${name}`), ticks], weights: [3, 1] },
      { type: "text", id: "said", spans: [span("Said: ", "muted"), span(state.said, "info")] },
      tabs({ Texts: texts(), Numbers: numbers(), Input: input(), Lists: lists() }, { id: "pages" }),
    ],
    1,
  );
}

/** What a pod weighs: its restarts, told apart from their text so that 10 sorts after 9. */
export function weightOf(values: (string | null)[]): Cell {
  const restarts = (values[0] ?? "").split(/[^0-9]+/).reduce((sum, n) => sum + Number(n), 0);
  return { text: `${restarts * 10}`, style: restarts > 0 ? "warn" : "muted", sort: restarts * 10 };
}

function texts(): ViewNode {
  return stack(
    [
      text("plain ", span("muted ", "muted"), span("strong ", "strong"), span("accent ", "accent"), span("ok ", "ok"), span("warn ", "warn"), span("error ", "error"), span("info", "info")),
      markdown("# A heading\n\nWords with **weight**, *lean* and `code`.\n\n- one\n- two\n\n> quoted"),
      { type: "code", language: "yaml", content: "kind: Pod\nmetadata:\n  name: everything" },
      { type: "badge", label: "badge", style: "ok" },
      { type: "keyValue", items: [{ key: "wide", value: [span("日本語 🎉 e\u0301")] }, { key: "hostile", value: [span("\u001b[31mred\u0007 \u202Eback")] }] },
      { type: "error", message: "an error of the plugin's own", hint: "nothing is to be done" },
      empty("nothing to show"),
    ],
    1,
  );
}

function numbers(): ViewNode {
  return stack(
    [
      sparkline("Sparkline", wave),
      { type: "chart", kind: "bar", title: "Bars", series: [{ values: [3, 1, 4, 1, 5], label: "pi" }] },
      { type: "chart", kind: "line", title: "Line", height: 6, unit: "%", series: [{ values: wave, style: "accent" }], min: 0, max: 100, thresholds: [{ value: 80, style: "warn" }] },
      { type: "chart", kind: "gauge", title: "Gauge", series: [{ values: [72] }], min: 0, max: 100, thresholds: [{ value: 70, style: "warn" }, { value: 90, style: "error" }] },
      { type: "chart", kind: "heat", title: "Heat", series: [{ label: "mon", values: wave }, { label: "tue", values: [...wave].reverse() }], thresholds: [{ value: 80, style: "error" }] },
      { type: "progress", value: 0.4, label: "two fifths" },
      spinner("at work"),
    ],
    1,
  );
}

function input(): ViewNode {
  return stack(
    [
      { type: "columns", children: [button("tick", "Tick"), button("keep", "Keep"), button("remove", "Remove", { style: "error", danger: "destructive" }), button("fault", "Fault")] },
      form("order", [
        { name: "name", label: "Name", kind: "text", required: true, min: 2, max: 20, pattern: "[a-z]+" },
        { name: "count", label: "Count", kind: "number", min: 1, max: 9, value: 3 },
        { name: "size", label: "Size", kind: "select", options: [{ value: "s", label: "Small" }, { value: "l", label: "Large" }], value: "s" },
        { name: "fast", label: "Fast", kind: "toggle", value: true },
        { name: "secret", label: "Secret", kind: "secret" },
      ], "Order"),
    ],
    1,
  );
}

function lists(): ViewNode {
  return stack(
    [
      table(
        ["NAME", { title: "COUNT", type: "number", align: "end" }, { title: "SIZE", type: "quantity" }, { title: "AGE", type: "age" }, { title: "STATUS", type: "status" }],
        Array.from({ length: 40 }, (_, i) => ({
          id: `row-${i}`,
          cells: [span(`item ${i}`), span(i * 7 % 40), span(`${i}Mi`), span("2026-01-01T00:00:00Z"), span(i % 3 ? "Ready" : "Failed", i % 3 ? "ok" : "error")],
        })),
        {
          id: "rows",
          sort: { column: 1, descending: true },
          rowActions: [{ id: "raise", title: "Raise", key: "R" }, { id: "drop", title: "Drop", danger: "destructive" }],
        },
      ),
      tree("tree", [{ id: "root", label: [span("root", "strong")], expanded: true, children: [{ id: "leaf", label: [span("leaf")] }, { id: "branch", label: [span("branch")], children: [{ id: "twig", label: [span("twig", "ok")] }] }] }]),
      { type: "list", ordered: true, items: [[span("first")], [span("second", "muted")]] },
    ],
    1,
  );
}
