// Servers that some pictures need: a Prometheus that scrapes LazyOC's own exporter, and what answers as Grafana does to the
// few questions of one picture. Both listen on loopback and end with the program.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Debian's Prometheus, which scrapes the exporter of `plugins/prometheus` each second; its URL and what ends it. */
export async function prometheus() {
  const folder = mkdtempSync(join(tmpdir(), "lazyoc-shot-prometheus-"));
  const port = await freePort();
  writeFileSync(join(folder, "prometheus.yml"), "global: { scrape_interval: 1s }\nscrape_configs:\n  - job_name: lazyoc\n    static_configs: [{ targets: ['127.0.0.1:9745'] }]\n");
  const server = spawn("prometheus", [`--config.file=${join(folder, "prometheus.yml")}`, `--storage.tsdb.path=${join(folder, "data")}`, `--web.listen-address=127.0.0.1:${port}`], { stdio: "ignore" });
  const ended = new Promise((done) => server.on("exit", done));
  return {
    url: `http://127.0.0.1:${port}`,
    async end() {
      server.kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** One dashboard with the panels that people have most. */
export async function grafana() {
  const panel = (id, type, title, x, y, w, h, more = {}) => ({ id, type, title, gridPos: { x, y, w, h }, datasource: { type: "prometheus", uid: "prom" }, targets: [{ refId: "A", expr: title }], ...more });
  const dashboard = {
    uid: "shop", title: "Shop overview", tags: ["kubernetes-deployment", "shop"], time: { from: "now-1h", to: "now" }, refresh: "30s",
    templating: { list: [{ name: "namespace", label: "Namespace", type: "custom", query: "bookstore,billing", current: { value: "bookstore" } }] },
    panels: [
      panel(1, "stat", "Orders today", 0, 0, 6, 4),
      panel(2, "gauge", "Stock", 6, 0, 6, 4, { fieldConfig: { defaults: { unit: "percent", min: 0, max: 100, thresholds: { mode: "absolute", steps: [{ color: "red", value: null }, { color: "green", value: 40 }] } }, overrides: [] } }),
      panel(3, "bargauge", "Requests by service", 12, 0, 12, 4),
      panel(4, "timeseries", "Requests per second", 0, 4, 24, 9, { fieldConfig: { defaults: { unit: "reqps" }, overrides: [] } }),
    ],
  };
  const services = ["cart", "catalog", "search"];
  const frame = (labels, times, values) => ({ schema: { fields: [{ name: "Time", type: "time" }, { name: "Value", type: "number", labels }] }, data: { values: [times, values] } });
  const answer = ({ from, to, queries }) => {
    const times = Array.from({ length: 120 }, (_, i) => Math.round(Number(from) + ((Number(to) - Number(from)) * i) / 119));
    const wave = (phase, high) => times.map((_, i) => Math.round((high * (2 + Math.sin(i / 9 + phase) + 0.3 * Math.sin(i * 1.7 + phase))) * 10) / 10);
    return Object.fromEntries(queries.map(({ refId, expr }) => [refId, {
      status: 200,
      frames: expr === "Orders today" ? [frame({}, times, times.map((_, i) => 1_400 + 6 * i))]
        : expr === "Stock" ? [frame({}, times, wave(0, 22))]
        : services.map((service, i) => frame({ service }, times, wave(i * 2, 12 - 3 * i))),
    }]));
  };
  const now = Date.now();
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const part of request) body += part;
    const path = new URL(request.url, "http://localhost").pathname;
    const found = {
      "/api/search": () => [{ uid: "shop", title: dashboard.title, folderTitle: "Bookstore", folderUid: "bookstore", tags: dashboard.tags, type: "dash-db", url: "/d/shop/shop-overview" }],
      "/api/folders": () => [{ uid: "bookstore", title: "Bookstore" }],
      "/api/dashboards/tags": () => dashboard.tags.map((term) => ({ term, count: 1 })),
      "/api/dashboards/uid/shop": () => ({ meta: { url: "/d/shop/shop-overview", folderTitle: "Bookstore" }, dashboard }),
      "/api/frontend/settings": () => ({ defaultDatasource: "Prometheus", datasources: { Prometheus: { uid: "prom", type: "prometheus", name: "Prometheus" } } }),
      "/api/annotations": () => [{ id: 1, time: now - 1_500_000, timeEnd: now - 1_500_000, text: "Rollout of bookstore/cart, revision 7", tags: ["deployment:cart"] }],
      "/api/ds/query": () => ({ results: answer(JSON.parse(body)) }),
    }[path];
    response.writeHead(found ? 200 : 404, { "content-type": "application/json" }).end(JSON.stringify(found?.() ?? { message: "Not found" }));
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    end: () => new Promise((done) => {
      server.closeAllConnections();
      server.close(done);
    }),
  };
}

async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}
