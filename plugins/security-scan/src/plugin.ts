import { type Cell, type ComputeBatch, definePlugin, type HookAnswer, type HookRequest, type Host, type HostError, type IdOf, type Json, type KubernetesObject, type ObjectReference, shownInTime, spinner, type ViewNode, within } from "@lazyoc/plugin";
import { allRules, check, type Level } from "./rules/catalog.js";
import type { Severity } from "./rules/rule.js";
import { countBySeverity, divide, findingsOf, scan, type Scan, worsened, worst } from "./scan/scanner.js";
import { sarif } from "./scan/sarif.js";
import { countsByDeployment } from "./scan/trivy.js";
import { accept, waiversInForce, withdraw } from "./scan/waivers.js";
import { letters, reportView, securityTab, styles } from "./views/findings.js";
import { card, reportPage } from "./views/report.js";

const version = "2.0.0";
const reportFile = "/mnt/reports/security.sarif";

/** How long a scan, and what is known of a namespace, serves. */
const freshMs = 60_000;
const namespaceFreshMs = 5_000;

/** Findings that a warning names. */
const namedInWarning = 5;

interface Settings {
  level: Level;
  policy: "off" | "warn" | "deny";
  policySeverity: Severity;
}

/** Tabs of which it is remembered what was open in them; the oldest are forgotten. */
const rememberedTabs = 32;

const looking = spinner("looking at workloads and roles");

/** The rule that is open in a tab. */
const openTabs = new Map<string, string>();
const known = new Map<string, { at: number; cells: Promise<Map<string, Cell>> }>();
let latest: { at: number; scan: Promise<Scan> } | null = null;

definePlugin({
  columns: {
    "lazyoc.security-scan.findings": (batch, host) => cells(batch, host, async (namespace) => {
      const [{ level = "restricted" }, waivers] = await Promise.all([host.settings<Settings>(), waiversInForce(host)]);
      const found = await findingsOf("Deployment", namespace, host, level);
      return new Map([...found].map(([name, checked]) => [name, cellOf(countBySeverity(divide(checked, waivers).open), "✓")]));
    }),
    "lazyoc.security-scan.vulnerabilities": (batch, host) => cells(batch, host, async (namespace) =>
      new Map([...(await countsByDeployment(namespace, host))].map(([name, counts]) => [`${namespace}/${name}`, cellOf(counts, "0")]))),
  },
  tabs: {
    "lazyoc.security-scan.deployment": ({ object, instance }, host) => tab(object, instance, host),
    "lazyoc.security-scan.statefulset": ({ object, instance }, host) => tab(object, instance, host),
    "lazyoc.security-scan.daemonset": ({ object, instance }, host) => tab(object, instance, host),
    "lazyoc.security-scan.pod": ({ object, instance }, host) => tab(object, instance, host),
  },
  pages: {
    "lazyoc.security-scan.report": ({ instance }, host) => shownInTime(host, instance, latestScan(host).then(reportPage), looking),
  },
  cards: {
    "lazyoc.security-scan.card": ({ instance }, host) => shownInTime(host, instance, latestScan(host).then(card), looking),
  },
  resourceViews: {
    "lazyoc.security-scan.trivy": ({ object }, host) => reportView(object!, host),
  },
  hooks: {
    "lazyoc.security-scan.policy": policy,
  },
  commands: {
    "lazyoc.security-scan.sarif": (_, host) => exportReport(host),
  },
  async onInput(input, host) {
    if (input.event === "press" && input.node === "rescan") {
      latest = null;
      return shownInTime(host, input.instance, latestScan(host).then(reportPage), looking);
    }
    if (input.event === "press" && input.node === "export") await exportReport(host);
    if (!input.object) return input.event === "activate" && input.node === "objects" ? openObject(input.row, host) : null;
    if (input.event === "activate" && input.node === "rules") {
      openTabs.delete(input.instance);
      openTabs.set(input.instance, input.row);
      if (openTabs.size > rememberedTabs) openTabs.delete(openTabs.keys().next().value!);
      return tab(input.object, input.instance, host);
    }
    if (input.event === "rowAction" && input.node === "rules") {
      if (input.action === "withdraw") await withdraw(input.row, input.object, host);
      else if (!(await accept(input.row, input.object, host))) return null;
      forget();
      return tab(input.object, input.instance, host);
    }
    return null;
  },
  onSettings: () => forget(),
  dehydrate: (): Json => [...openTabs],
  hydrate(state) {
    for (const [instance, rule] of state as [string, string][]) openTabs.set(instance, rule);
  },
  services: {
    check: ({ input: { object, level = "restricted" } }: { input: { object: KubernetesObject; level?: Level } }) => ({ findings: check(object, level).map(({ rule, path }) => ({ rule: rule.id, severity: rule.severity, path })) }),
    rules: () => ({ rules: allRules.map(({ id, title, severity, standard, reason, mend }) => ({ id, title, severity, standard, reason, mend })) }),
    summary: async (_: unknown, host: Host) => ({ counts: summarise(await latestScan(host)) }),
  },
});

/** The cells of a column: a namespace is read once for all of its rows. */
async function cells(batch: ComputeBatch, host: Host, read: (namespace: string) => Promise<Map<string, Cell>>): Promise<Cell[]> {
  const now = Date.parse(batch.now);
  for (const [key, { at }] of known) if (now - at >= namespaceFreshMs) known.delete(key);
  const namespaces = [...new Set(batch.rows.filter(({ values }) => values.length > 0).map(({ object }) => object.namespace ?? ""))];
  const asked = Promise.all(namespaces.map((namespace) => {
    const key = `${batch.column} ${namespace}`;
    const found = known.get(key) ?? { at: now, cells: read(namespace) };
    found.cells.catch(() => known.delete(key));
    known.set(key, found);
    return found.cells;
  }));
  const timely = await within(host.message, asked);
  if ("late" in timely) return batch.rows.map(() => ({ text: "…", style: "muted" }));
  const byName = new Map(timely.value.flatMap((found) => [...found]));
  return batch.rows.map(({ object }) => byName.get(`${object.namespace ?? ""}/${object.name}`) ?? { text: "-", style: "muted", sort: -1 });
}

function cellOf(counts: Record<Severity, number>, none: string): Cell {
  const top = worst(counts);
  return top === null ? { text: none, style: "ok", sort: 0 } : { text: letters(counts), style: styles[top], sort: counts.critical * 1e6 + counts.high * 1e4 + counts.medium * 100 + counts.low };
}

async function tab(object: ObjectReference, instance: string, host: Host): Promise<ViewNode> {
  const { level = "restricted" } = await host.settings<Settings>();
  return shownInTime(host, instance, securityTab(object, openTabs.get(instance), host, level), looking);
}

async function latestScan(host: Host): Promise<Scan> {
  const { now } = await host.info();
  const at = Date.parse(now);
  if (!latest || at - latest.at >= freshMs) {
    const { level = "restricted" } = await host.settings<Settings>();
    const started = { at, scan: scan(host, level) };
    latest = started;
    started.scan.catch(() => {
      if (latest === started) latest = null;
    });
  }
  return latest.scan;
}

function forget(): void {
  latest = null;
  known.clear();
}

function summarise(result: Scan): { namespace: string; severity: string; findings: number }[] {
  const counts = new Map<string, { namespace: string; severity: string; findings: number }>();
  for (const checked of result.checked) {
    const namespace = checked.object.namespace ?? "";
    for (const [severity, findings] of Object.entries(countBySeverity(divide(checked, result.waivers).open))) {
      const key = `${namespace} ${severity}`;
      if (findings > 0) counts.set(key, { namespace, severity, findings: (counts.get(key)?.findings ?? 0) + findings });
    }
  }
  return [...counts.values()];
}

/** Only what the change makes worse counts: nobody is to be stopped for what was there before. */
async function policy({ object, oldObject, reference }: HookRequest, host: Host): Promise<HookAnswer> {
  const [{ level = "restricted", policy: what = "warn", policySeverity = "high" }, waivers] = await Promise.all([host.settings<Settings>(), waiversInForce(host)]);
  if (what === "off" || !object) return { outcome: "allow" };
  const kind = reference.kind;
  const findings = worsened(oldObject && { ...oldObject, kind }, { ...object, kind }, level, policySeverity);
  const { open } = divide({ object: reference, findings }, waivers);
  if (open.length === 0) return { outcome: "allow" };
  const rules = [...new Map(open.map(({ rule }) => [rule.id, rule])).values()];
  const named = rules.slice(0, namedInWarning).map(({ id, title, severity }) => `${id} ${title} (${severity})`);
  const words = `${named.join(", ")}${rules.length > named.length ? ` and ${rules.length - named.length} more` : ""}. ${rules[0]!.mend}`;
  return what === "deny" ? { outcome: "deny", reason: words } : { outcome: "warn", text: words };
}

async function exportReport(host: Host): Promise<void> {
  latest = null;
  const report = JSON.stringify(sarif(await latestScan(host), version));
  try {
    await host.files.write(reportFile, report);
    await host.ui.notify("The report is in security.sarif, in the folder that you chose for reports", "ok");
  } catch (refused) {
    const { code, message } = refused as HostError;
    await host.ui.notify(`The report cannot be written: ${message}${code === "permission-denied" || code === "unavailable" || code === "not-found" ? "; choose a folder for `reports` when you install the plugin" : ""}`, "error");
  }
}

async function openObject(row: string, host: Host): Promise<null> {
  const [, kind = "", namespace = "", ...name] = row.split(" ");
  const views: Record<string, { view: IdOf<"tabs">; group: string }> = {
    Deployment: { view: "lazyoc.security-scan.deployment", group: "apps" },
    StatefulSet: { view: "lazyoc.security-scan.statefulset", group: "apps" },
    DaemonSet: { view: "lazyoc.security-scan.daemonset", group: "apps" },
    Pod: { view: "lazyoc.security-scan.pod", group: "" },
  };
  const target = views[kind];
  if (target) await host.ui.open(target.view, { group: target.group, kind, name: name.join(" "), ...(namespace && { namespace }) });
  return null;
}
