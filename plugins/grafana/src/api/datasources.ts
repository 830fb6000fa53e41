import type { Host } from "@lazyoc/plugin";
import type { Grafana } from "./client.js";
import { shapeOf, textOf } from "./shapes.js";

export interface Datasource {
  uid: string;
  type: string;
}

/** How long names are known without asking again. */
const freshMs = 60_000;

let known: { url: string; at: number; names: Promise<Map<string, Datasource>> } | null = null;

/** The datasource that a dashboard names: by its uid, by its name as older dashboards do, or the default one. */
export async function datasourceOf(host: Host, grafana: Grafana, named: unknown): Promise<Datasource | null> {
  const { uid, type } = shapeOf(named);
  if (typeof uid === "string" && uid !== "" && uid !== "default" && typeof type === "string" && type !== "") return { uid, type };
  const name = typeof named === "string" ? named : textOf(uid);
  const names = await namesOf(host, grafana);
  return names.get(name === "" ? "default" : name) ?? (typeof uid === "string" && uid !== "" ? { uid, type: textOf(type) } : null);
}

async function namesOf(host: Host, grafana: Grafana): Promise<Map<string, Datasource>> {
  const at = Date.parse((await host.info()).now);
  if (known?.url !== grafana.url || at - known.at >= freshMs) {
    const asked = { url: grafana.url, at, names: read(host, grafana) };
    known = asked;
    asked.names.catch(() => {
      if (known === asked) known = null;
    });
  }
  return known!.names;
}

/** What every viewer may read, other than the list of datasources itself. */
async function read(host: Host, grafana: Grafana): Promise<Map<string, Datasource>> {
  const settings = shapeOf(await grafana.get(host, "/api/frontend/settings"));
  const names = new Map<string, Datasource>();
  for (const [name, datasource] of Object.entries(shapeOf(settings["datasources"]))) {
    const { uid, type } = shapeOf(datasource);
    if (typeof uid !== "string") continue;
    const found = { uid, type: textOf(type) };
    names.set(name, found);
    names.set(uid, found);
    if (name === settings["defaultDatasource"]) names.set("default", found);
  }
  return names;
}
