import { type Cell, definePlugin } from "@lazyoc/plugin";

definePlugin({
  columns: {
    "acme.workshop.ready": ({ rows }) => rows.map(({ values }) => cell(values)),
  },
});

/** A row that the plugin may not read has no values; a deployment without a ready pod has no `readyReplicas`. */
function cell([wanted, ready]: (string | null)[]): Cell {
  if (wanted == null) return { text: "" };
  const text = `${ready ?? 0}/${wanted}`;
  return { text, style: text === `${wanted}/${wanted}` ? "ok" : "error", sort: Number(ready ?? 0) - Number(wanted) };
}
