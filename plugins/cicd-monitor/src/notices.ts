import type { Host, HostError } from "@lazyoc/plugin";
import { kinds, nameOf, type Run, type System } from "./runs/run.js";

/** Failures that are told one by one; more at once are summed up. */
const toldSingly = 3;

export interface Settings {
  namespaces: string;
  runsKept: number;
  notifyBuilds: boolean;
  notifyPipelines: boolean;
  notifyApplications: boolean;
}

const settingOf: Record<System, keyof Settings> = { build: "notifyBuilds", pipeline: "notifyPipelines", task: "notifyPipelines", application: "notifyApplications" };

/** The namespaces that the user wants to see; none for all. */
export function namespacesOf({ namespaces = "" }: Partial<Settings>): string[] {
  return [...new Set(namespaces.split(/\s+/).filter((name) => name !== ""))];
}

/** Tells other plugins of what has failed, and the user as the settings say. */
export async function tellFailures(runs: readonly Run[], host: Host): Promise<void> {
  if (runs.length === 0) return;
  const settings = await host.settings<Settings>();
  const told = runs.filter(({ system }) => settings[settingOf[system]] !== false);
  const words = told.length <= toldSingly ? told.map((run) => `${nameOf(run)} has failed${run.why ? `: ${run.why}` : ""}`) : [`${told.length} runs have failed: ${told.slice(0, toldSingly).map(nameOf).join(", ")} and ${told.length - toldSingly} more`];
  for (const text of words) await attempt(host.ui.notify(`✗ ${text}`, "error"));
  for (const { system, object, line, why, started, ended } of runs) {
    const { group, kind, namespace = "", name, uid = "" } = object;
    await attempt(host.events.publish("lazyoc.cicd-monitor.failed", { system: kinds[system].kind, object: { group, kind, namespace, name, uid }, line, reason: why, started: iso(started), ended: iso(ended) }));
  }
}

/** Who tells too much is refused; what is on the board is told by it. */
async function attempt(telling: Promise<void>): Promise<void> {
  await telling.catch((refused: HostError) => console.warn(`a failure was not told: ${refused.message}`));
}

function iso(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}
