import type { Host, ObjectReference } from "@lazyoc/plugin";
import { applicationFields, applicationRuns, shortRevision } from "../runs/applications.js";
import { because, type State } from "../runs/run.js";
import { type Fields, listOf, recordOf, textOf } from "../runs/values.js";
import { type Detail, maxTasks, type Placed } from "./detail.js";
import { fieldsOf } from "./pipeline.js";

const resources = ".status.resources";
const conditions = ".status.conditions";
const source = ".spec.source";
const results = ".status.operationState.syncResult.resources";

/** What an application consists of, a sync wave behind the other. */
export async function applicationDetail(object: ObjectReference, host: Host): Promise<Detail> {
  const fields = await fieldsOf(object, [...applicationFields, resources, conditions, source, results], host);
  const run = applicationRuns(object, fields)[0]!;
  const all = listOf(fields[resources]).map(recordOf);
  const said = new Map(listOf(fields[results]).map(recordOf).map((result) => [keyOf(result), textOf(result["message"])]));
  const waves = [...new Set(all.map(waveOf))].sort((a, b) => a - b);
  const placed = all.slice(0, maxTasks).map((resource): Placed => {
    const name = `${textOf(resource["kind"])} ${textOf(resource["name"])}`;
    return { name, after: [], ...stateOf(resource, said.get(keyOf(resource)) ?? ""), started: null, ended: null, steps: [], level: waves.indexOf(waveOf(resource)), isCyclic: false };
  });
  placed.sort((a, b) => a.level - b.level);
  return { run, tasks: placed, remarks: remarksOf(fields, all.length) };
}

function stateOf(resource: Fields, said: string): { state: State; note: string } {
  const sync = textOf(resource["status"]);
  const { status, message } = recordOf(resource["health"]);
  const health = textOf(status);
  const words = [health === "Healthy" ? "" : health, sync === "Synced" ? "" : sync].filter((word) => word !== "").join(", ");
  const state: State = health === "Degraded" ? "failed" : health === "Progressing" ? "running" : sync === "OutOfSync" || health === "Missing" ? "drifted" : health === "Suspended" ? "waiting" : sync === "Synced" ? "succeeded" : "unknown";
  return { state, note: because(words, textOf(message) || (state === "succeeded" ? "" : said)) };
}

function remarksOf(fields: Fields, resourceCount: number): string[] {
  const { repoURL, path, targetRevision } = recordOf(fields[source]);
  const from = [textOf(repoURL), textOf(path)].filter((word) => word !== "").join(" ");
  return [
    ...(from ? [`From ${from}, ${textOf(targetRevision) || "HEAD"}; is at ${shortRevision(fields[".status.sync.revision"]) || "no revision"}`] : []),
    ...listOf(fields[conditions]).slice(0, 10).map(recordOf).map(({ type, message }) => `▲ ${because(textOf(type), textOf(message))}`),
    ...(resourceCount > maxTasks ? [`Only ${maxTasks} of its ${resourceCount} resources are shown`] : []),
  ];
}

function keyOf({ group, kind, namespace, name }: Fields): string {
  return JSON.stringify([textOf(group), textOf(kind), textOf(namespace), textOf(name)]);
}

function waveOf({ syncWave }: Fields): number {
  return typeof syncWave === "number" && Number.isFinite(syncWave) ? syncWave : 0;
}
