import { button, empty, type ObjectReference, span, stack, table, text, type ViewNode } from "@lazyoc/plugin";
import type { Found, Related } from "../cluster/relations.js";

/** Kinds that could not be looked through, of which it is said why. */
const unreadTold = 5;

/** Where an object's relations lead. `found` is null before somebody looks. */
export function relationsView(up: readonly Related[], named: readonly Related[], found: Found | "looking" | null): ViewNode {
  const rows = [...group("owner", up), ...group("names", named), ...(found && found !== "looking" ? [...group("owns", found.owned), ...group("selects", found.selected)] : [])];
  return stack([
    rows.length === 0
      ? empty("It has no owner and names no other object")
      : table(["RELATION", "KIND", "NAMESPACE", "NAME", "BY", ""], rows, { id: "related", selectable: true }),
    ...(found === "looking" ? [{ type: "spinner", label: "looking for what it owns and selects" } as const] : found ? lookedView(found) : [button("look", "Look for what it owns and selects")]),
  ], 1);
}

function group(relation: string, related: readonly Related[]) {
  return related.map(({ object, by, exists, note }) => ({
    id: rowOf(relation, object),
    cells: [
      span(relation, "muted"),
      span(object.kind),
      span(object.namespace ?? "", "muted"),
      span(object.name, "strong"),
      span(by === relation || by === "owned" || by === "owner" ? "" : by, "muted"),
      exists === false ? span("✗ not there", "error") : span(exists === null ? note || "not looked at" : note, "muted"),
    ],
  }));
}

/** Names of objects have no spaces. */
function rowOf(relation: string, { group: of, kind, namespace, name }: ObjectReference): string {
  return [relation, of, kind, namespace ?? "", name].join(" ");
}

export function relatedAt(row: string): ObjectReference | null {
  const [, of, kind, namespace, name] = row.split(" ");
  return of === undefined || !kind || !name ? null : { group: of, kind, name, ...(namespace && { namespace }) };
}

function lookedView({ owned, selected, kinds, unread, isPartial }: Found): ViewNode[] {
  return [
    text(span(`${owned.length} owned, ${selected.length} selected; looked through ${kinds.join(", ") || "no kind"}`, "muted")),
    ...(isPartial ? [text(span("▲ There are more objects than are looked through", "warn"))] : []),
    ...unread.slice(0, unreadTold).map(({ kind, reason }) => text(span(`▲ ${kind}: `, "warn"), span(reason, "muted"))),
    ...(unread.length > unreadTold ? [text(span(`▲ ${unread.length - unreadTold} kinds more could not be looked through`, "warn"))] : []),
    button("look", "Look again"),
  ];
}
