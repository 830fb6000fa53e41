import { empty, type Host, markdown, type ObjectReference, span, stack, table, tabs, text, type TextStyle, type ViewNode } from "@lazyoc/plugin";
import { check, type Level, rank, ruleById } from "../rules/catalog.js";
import { type Finding, severities, type Severity } from "../rules/rule.js";
import { countBySeverity, divide, objectOf } from "../scan/scanner.js";
import { group, reportsOf, resource, type VulnerabilityReport } from "../scan/trivy.js";
import { type Waiver, waiversInForce } from "../scan/waivers.js";

/** Rows of a table of vulnerabilities. */
const vulnerabilitiesShown = 300;

export const styles: Record<Severity, TextStyle> = { critical: "error", high: "error", medium: "warn", low: "muted" };

/** Severities as one short text that reads without colour: `2C 1H 3M`. */
export function letters(counts: Record<Severity, number>): string {
  return severities.filter((severity) => counts[severity] > 0).map((severity) => `${counts[severity]}${severity[0]!.toUpperCase()}`).join(" ");
}

/** The tab beside a workload: what it breaks, and what its images are vulnerable to. `chosen` is explained. */
export async function securityTab(reference: ObjectReference, chosen: string | undefined, host: Host, level: Level): Promise<ViewNode> {
  const [object, waivers, reports] = await Promise.all([objectOf(reference, host), waiversInForce(host), reportsOf(reference, host)]);
  const { open, accepted } = divide({ object: reference, findings: check({ ...object, kind: reference.kind }, level) }, waivers);
  const rule = chosen === undefined ? undefined : ruleById.get(chosen);
  const findings = stack(
    [
      open.length === 0 ? text(span("✓ ", "ok"), span(`Keeps every rule of the ${level} level`)) : text(span(letters(countBySeverity(open)), styles[open[0]!.rule.severity]), span(` against the ${level} level`, "muted")),
      ...(open.length + accepted.length === 0 ? [] : [findingsTable(open, accepted)]),
      ...(rule ? [markdown(`**${rule.id} ${rule.title}**\n\n${rule.reason}\n\n*Mend:* ${rule.mend}`)] : [text(span("enter explains a finding, a accepts it", "muted"))]),
    ],
    1,
  );
  return tabs([
    { id: "findings", title: `Findings ${open.length}`, content: findings },
    { id: "vulnerabilities", title: `Vulnerabilities ${distinct(reports).length}`, content: vulnerabilityTable(reports) },
  ], { id: "security" });
}

function findingsTable(open: Finding[], accepted: { finding: Finding; waiver: Waiver }[]): ViewNode {
  const places = (findings: readonly Finding[]) => {
    const byRule = new Map<string, { finding: Finding; paths: string[] }>();
    for (const finding of findings) byRule.set(finding.rule.id, { finding, paths: [...(byRule.get(finding.rule.id)?.paths ?? []), finding.path] });
    return [...byRule.values()];
  };
  return table(
    ["SEVERITY", "RULE", "WHAT", "WHERE"],
    [
      ...places(open).map(({ finding: { rule }, paths }) => ({
        id: rule.id,
        cells: [span(rule.severity, styles[rule.severity]), span(rule.id), span(rule.title, "strong"), span(`${paths[0]!}${paths.length > 1 ? ` and ${paths.length - 1} more` : ""}`, "muted")],
      })),
      ...places(accepted.map(({ finding }) => finding)).map(({ finding: { rule } }) => ({
        id: rule.id,
        cells: [span("accepted", "muted"), span(rule.id, "muted"), span(rule.title, "muted"), span(accepted.find(({ finding }) => finding.rule === rule)!.waiver.reason, "muted")],
      })),
    ],
    {
      id: "rules",
      selectable: true,
      rowActions: [
        { id: "accept", title: "Accept", key: "a" },
        { id: "withdraw", title: "Accept no longer", key: "w" },
      ],
    },
  );
}

/** The report of Trivy's operator, in the place of its overview. */
export async function reportView(object: ObjectReference, host: Host): Promise<ViewNode> {
  const report = await host.kubernetes.get<VulnerabilityReport>({ group, resource, name: object.name, ...(object.namespace && { namespace: object.namespace }) });
  const { repository = "", tag = "" } = report.report?.artifact ?? {};
  return stack([text(span(`${repository}:${tag}`, "strong")), vulnerabilityTable([report])], 1);
}

function vulnerabilityTable(reports: VulnerabilityReport[]): ViewNode {
  const found = distinct(reports).sort((a, b) => rank(severityOf(a.severity)) - rank(severityOf(b.severity)) || (b.score ?? 0) - (a.score ?? 0));
  if (found.length === 0) return empty(reports.length === 0 ? "No vulnerability reports: Trivy's operator has made none for it" : "No vulnerabilities are known");
  const rows = found.slice(0, vulnerabilitiesShown).map(({ vulnerabilityID = "", resource: part = "", installedVersion = "", fixedVersion = "", severity, title = "" }, i) => ({
    id: String(i),
    cells: [span(severityOf(severity), styles[severityOf(severity)]), span(vulnerabilityID, "strong"), span(`${part} ${installedVersion}`), span(fixedVersion || "none yet", fixedVersion ? "ok" : "muted"), span(title, "muted")],
  }));
  const list = table(["SEVERITY", "ID", "PART", "FIXED IN", "WHAT"], rows, { id: "vulnerabilities-found" });
  return found.length > rows.length ? stack([list, text(span(`${rows.length} of ${found.length}`, "warn"))]) : list;
}

/** Replica sets of one deployment, and containers of one pod, often share what is vulnerable. */
function distinct(reports: VulnerabilityReport[]) {
  const all = reports.flatMap(({ report }) => report?.vulnerabilities ?? []);
  return [...new Map(all.map((one) => [`${one.vulnerabilityID} ${one.resource} ${one.installedVersion}`, one])).values()];
}

/** Trivy's UNKNOWN is taken for low. */
function severityOf(text: string | undefined): Severity {
  return severities.find((severity) => severity === text?.toLowerCase()) ?? "low";
}
