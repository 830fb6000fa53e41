import type { ObjectReference } from "@lazyoc/plugin";
import { allRules } from "../rules/catalog.js";
import type { Severity } from "../rules/rule.js";
import { divide, type Scan } from "./scanner.js";

/** Results in one log; those that fall out are the least severe. */
const maxResults = 5_000;

const levels: Record<Severity, "error" | "warning" | "note"> = { critical: "error", high: "error", medium: "warning", low: "note" };

/** What GitHub and others sort by. */
const scores: Record<Severity, string> = { critical: "9.5", high: "8.0", medium: "5.5", low: "2.0" };

/** A scan as a SARIF 2.1.0 log. An object has no file, so its location is the path that it would have in an export. */
export function sarif(scan: Scan, version: string): object {
  const index = new Map(allRules.map(({ id }, i) => [id, i]));
  const results = scan.checked.flatMap((checked) => {
    const { open, accepted } = divide(checked, scan.waivers);
    return [...open.map((finding) => ({ finding, waiver: undefined })), ...accepted].map(({ finding: { rule, path }, waiver }) => ({
      ruleId: rule.id,
      ruleIndex: index.get(rule.id)!,
      level: levels[rule.severity],
      message: { text: `${checked.object.kind} ${checked.object.namespace ? `${checked.object.namespace}/` : ""}${checked.object.name}: ${rule.title} (${path})` },
      locations: [
        {
          physicalLocation: { artifactLocation: { uri: uriOf(checked.object) } },
          logicalLocations: [{ fullyQualifiedName: `${checked.object.namespace ?? ""}/${checked.object.kind}/${checked.object.name}#${path}`, kind: "resource" }],
        },
      ],
      partialFingerprints: { "lazyoc/v1": `${rule.id}:${checked.object.kind}:${checked.object.namespace ?? ""}:${checked.object.name}:${path}` },
      suppressions: waiver ? [{ kind: "external", status: "accepted", justification: waiver.reason }] : [],
      severity: rule.severity,
    }));
  });
  const order: Severity[] = ["critical", "high", "medium", "low"];
  const kept = results.sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity)).slice(0, maxResults);
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "LazyOC security scan",
            semanticVersion: version,
            rules: allRules.map(({ id, title, severity, standard, reason, mend }) => ({
              id,
              name: title,
              shortDescription: { text: title },
              fullDescription: { text: reason },
              help: { text: mend },
              defaultConfiguration: { level: levels[severity] },
              properties: { tags: ["security", standard], "security-severity": scores[severity] },
            })),
          },
        },
        invocations: [
          {
            executionSuccessful: scan.unread.length === 0 && !scan.isPartial,
            endTimeUtc: scan.time,
            toolExecutionNotifications: [
              ...scan.unread.map(({ kind, reason }) => ({ level: "warning", message: { text: `${kind}: ${reason}` } })),
              ...(scan.isPartial || kept.length < results.length ? [{ level: "warning", message: { text: "There was more than one report holds" } }] : []),
            ],
          },
        ],
        results: kept.map(({ severity: _, ...result }) => result),
        columnKind: "unicodeCodePoints",
      },
    ],
  };
}

function uriOf({ namespace, kind, name }: ObjectReference): string {
  return [namespace ?? "cluster", kind, `${name}.yaml`].map(encodeURIComponent).join("/");
}
