import { definePlugin, empty, type Host, span, table, type ViewNode } from "@lazyoc/plugin";

interface Settings {
  url: string;
  most: number;
}

interface Alert {
  fingerprint: string;
  labels: { alertname?: string; severity?: string };
}

definePlugin({
  pages: {
    "acme.workshop.alerts": (_, host) => alerts(host),
  },
});

async function alerts(host: Host): Promise<ViewNode> {
  const { url, most } = await host.settings<Settings>();
  if (!url) return empty("Set the address: lazyoc plugin settings acme.workshop set url https://…");
  const { status, body } = await host.http.fetch({ url: `${url}/api/v2/alerts` });
  if (status !== 200) return { type: "error", message: `${url} answered ${status}`, hint: "Look at the address and the token" };
  const rows = (JSON.parse(String(body)) as Alert[]).slice(0, most).map(({ fingerprint, labels }) => ({ id: fingerprint, cells: [span(labels.alertname ?? "?", "strong"), span(labels.severity ?? "", "warn")] }));
  return rows.length === 0 ? empty("All is quiet") : table(["ALERT", "SEVERITY"], rows);
}
