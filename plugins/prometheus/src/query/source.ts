import type { Host } from "@lazyoc/plugin";

export interface Settings {
  service: string;
  url: string;
  openshiftUrl: string;
  tokenUrl: string;
  cpuQuery: string;
  memoryQuery: string;
  exportAtStart: boolean;
  maxSeries: number;
}

/** What came back, whatever its status. */
export interface Answer {
  status: number;
  body: string;
}

/** A Prometheus and the way to it. The host adds tokens; none is seen here. */
export interface Source {
  /** For people. */
  name: string;
  /** The setting that a refused token has to do with; absent when no token is sent. */
  tokenHint: string;
  get(host: Host, path: string, query: Record<string, string>): Promise<Answer>;
}

/** The first address that is set, otherwise the service in the cluster. */
export function sourceOf(settings: Partial<Settings>): Source {
  if (settings.tokenUrl) return at(settings.tokenUrl, "set a token that it accepts as the setting `token`");
  if (settings.openshiftUrl) return at(settings.openshiftUrl, "your user may not read its metrics: ask for the role cluster-monitoring-view");
  if (settings.url) return at(settings.url, "it asks for a token: set its address as `openshiftUrl` (your cluster's token) or as `tokenUrl` with `token`");
  const [namespace = "", service = ""] = (settings.service ?? "").split("/");
  const [name = "", port = ""] = service.split(":");
  return {
    name: `${namespace}/${name}:${port}`,
    tokenHint: "it asks for a token, which the API server does not pass on: set its route as `openshiftUrl`",
    async get(host, path, query) {
      const { status, body } = await host.kubernetes.serviceProxy({ namespace, service: name, port, method: "GET", path, query });
      return { status, body: textOf(body) };
    },
  };
}

function at(url: string, tokenHint: string): Source {
  return {
    name: url,
    tokenHint,
    async get(host, path, query) {
      const { status, body } = await host.http.fetch({ url: `${url.replace(/\/+$/, "")}${path}?${new URLSearchParams(query)}`, headers: { accept: "application/json" } });
      return { status, body: textOf(body) };
    },
  };
}

function textOf(body: string | { base64: string } | undefined): string {
  return typeof body === "string" ? body : "";
}
