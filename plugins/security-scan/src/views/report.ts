import { button, span, stack, table, text, type ViewNode } from "@lazyoc/plugin";
import { rank } from "../rules/catalog.js";
import { severities } from "../rules/rule.js";
import { countBySeverity, divide, type Scan, worst } from "../scan/scanner.js";
import { letters, styles } from "./findings.js";

/** Rows of the report. */
const rowsShown = 500;

/** How many objects have something, by the worst of it. */
function totals(scan: Scan) {
  return scan.checked.map((checked) => ({ checked, counts: countBySeverity(divide(checked, scan.waivers).open) })).filter(({ counts }) => worst(counts) !== null);
}

/** The page: every object with findings, the worst first. */
export function reportPage(scan: Scan): ViewNode {
  const found = totals(scan).sort((a, b) => rank(worst(a.counts)!) - rank(worst(b.counts)!) || b.counts.critical - a.counts.critical || b.counts.high - a.counts.high || b.counts.medium - a.counts.medium);
  const rows = found.slice(0, rowsShown).map(({ checked: { object }, counts }, i) => ({
    id: `${i} ${object.kind} ${object.namespace ?? ""} ${object.name}`,
    cells: [span(worst(counts)!, styles[worst(counts)!]), span(object.kind), span(object.namespace ?? "", "muted"), span(object.name, "strong"), ...severities.map((severity) => span(counts[severity] || "", styles[severity]))],
  }));
  return stack(
    [
      { type: "columns", weights: [3, 1, 1], children: [summaryLine(scan), button("rescan", "Scan again"), button("export", "Export SARIF")] },
      ...scan.unread.map(({ kind, reason }) => text(span(`▲ ${kind} could not be read: `, "warn"), span(reason, "muted"))),
      ...(scan.isPartial ? [text(span("▲ There are more objects than one scan looks at", "warn"))] : []),
      found.length === 0
        ? { type: "empty", message: "Nothing breaks a rule" }
        : table(["WORST", "KIND", "NAMESPACE", "NAME", ...severities.map((severity) => ({ title: severity.toUpperCase(), type: "number" as const, align: "end" as const }))], rows, { id: "objects", selectable: true }),
      ...(found.length > rows.length ? [text(span(`${rows.length} of ${found.length} objects`, "warn"))] : []),
    ],
    1,
  );
}

/** The card of the dashboard. */
export function card(scan: Scan): ViewNode {
  const found = totals(scan);
  return stack([
    summaryLine(scan),
    {
      type: "chart",
      kind: "bar",
      series: severities.map((severity) => ({ label: severity, values: [found.reduce((sum, { counts }) => sum + counts[severity], 0)], style: styles[severity] })),
    },
  ]);
}

function summaryLine(scan: Scan): ViewNode {
  const found = totals(scan);
  const sum = { critical: 0, high: 0, medium: 0, low: 0 };
  for (const { counts } of found) for (const severity of severities) sum[severity] += counts[severity];
  const top = worst(sum);
  return top === null ? text(span("✓ nothing found", "ok")) : text(span(letters(sum), styles[top]), span(` in ${found.length} objects`, "muted"));
}
