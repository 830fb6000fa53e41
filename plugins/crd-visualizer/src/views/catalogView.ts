import { button, empty, span, stack, table, text, type Span, type ViewNode } from "@lazyoc/plugin";
import { type Counts, keyOf } from "../cluster/counts.js";
import type { Catalog, Definition } from "../cluster/definitions.js";
import { clean } from "../edit/form.js";

/** Every definition of the cluster. */
export function catalogView({ definitions, refused, hasMore }: Catalog, counts: Counts): ViewNode {
  const groups = new Set(definitions.map(({ group }) => group)).size;
  return stack([
    { type: "columns", weights: [4, 1], children: [text(span(`${definitions.length} kinds`, "strong"), span(` of ${groups} groups; enter opens one`, "muted")), button("refresh", "Refresh")] },
    ...(refused ? [text(span("▲ The definitions may not be read, so printer columns and states are not known: ", "warn"), span(clean(refused, 300), "muted"))] : []),
    ...(hasMore ? [text(span(`▲ There are more; these are the first ${definitions.length}`, "warn"))] : []),
    definitions.length === 0
      ? empty("The cluster has no custom resources")
      : table(
          ["GROUP", "KIND", "SCOPE", "VERSIONS", { title: "OBJECTS", align: "end" }, { title: "STATE", type: "status" }],
          definitions.map((one) => ({
            id: keyOf(one),
            cells: [span(one.group, "muted"), span(one.kind, "strong"), span(one.isNamespaced ? "Namespaced" : "Cluster", "muted"), versionsText(one), span(counts[keyOf(one)] ?? (one.isEstablished === false ? "" : "…"), counts[keyOf(one)] ? "plain" : "muted"), stateText(one)],
          })),
          { id: "definitions", selectable: true },
        ),
  ], 1);
}

function versionsText({ versions }: Definition): Span {
  const words = versions.map(({ name, isServed, isStored, isDeprecated }) => {
    const notes = [isStored && versions.length > 1 ? "stored" : "", isDeprecated ? "deprecated" : "", isServed ? "" : "not served"].filter((note) => note !== "");
    return clean(name, 40) + (notes.length > 0 ? ` (${notes.join(", ")})` : "");
  });
  return span(words.join(", "), versions.some(({ isDeprecated }) => isDeprecated) ? "warn" : "plain");
}

function stateText({ isEstablished, problem }: Definition): Span {
  if (problem) return span(clean(problem, 120), "error");
  return isEstablished === null ? span("not known", "muted") : isEstablished ? span("Established", "ok") : span("Not established", "warn");
}
