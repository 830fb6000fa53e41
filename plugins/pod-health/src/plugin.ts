import { definePlugin, empty, type Host, type ObjectReference, span, sparkline, stack, table, type TableRow, text, type ViewNode } from "@lazyoc/plugin";
import { cellOf, score, signsOf, styleOf } from "./score.js";

interface Pod {
  metadata: { name: string; uid: string };
  spec: { containers: { name: string; image: string }[] };
  status?: {
    phase?: string;
    containerStatuses?: { name: string; ready: boolean; restartCount: number; state?: Record<string, { reason?: string }> }[];
  };
}

interface ClusterEvent {
  metadata: { uid: string };
  lastTimestamp?: string;
  count?: number;
  type?: string;
  reason?: string;
  message?: string;
}

/** The sparkline's samples: one a bucket, the last one ends now. */
const buckets = 30;
const bucketMs = 2 * 60_000;

/** Warnings in the section. */
const warningsShown = 5;

definePlugin({
  columns: {
    "lazyoc.pod-health.score": ({ rows }) => rows.map(({ values }) => (values.length === 0 ? { text: "" } : cellOf(signsOf(values)))),
  },
  tabs: {
    "lazyoc.pod-health.health": ({ object }, host) => health(object, host),
  },
  sections: {
    "lazyoc.pod-health.warnings": ({ object }, host) => warnings(object, host),
  },
  actions: {
    "lazyoc.pod-health.replace": async ({ objects }, host) => {
      for (const { namespace, name, uid } of objects)
        await host.kubernetes.delete({ resource: "pods", name, ...(namespace && { namespace }), ...(uid && { uid }) });
    },
  },
});

async function health(object: ObjectReference, host: Host): Promise<ViewNode> {
  const where = { resource: "pods", name: object.name, ...(object.namespace && { namespace: object.namespace }) };
  const [pod, events, { now }] = await Promise.all([
    host.kubernetes.get<Pod>(where),
    eventsOf(object, host),
    host.info(),
  ]);
  const statuses = pod.status?.containerStatuses ?? [];
  const points = score({
    phase: pod.status?.phase ?? "Unknown",
    ready: statuses.map((s) => s.ready),
    restarts: statuses.map((s) => s.restartCount),
  });
  return stack(
    [
      text(span("Health "), span(points, styleOf(points)), span(" of 100", "muted")),
      table(
        ["CONTAINER", "STATE", { title: "RESTARTS", align: "end" }, "IMAGE"],
        pod.spec.containers.map((container): TableRow => {
          const status = statuses.find((s) => s.name === container.name);
          const [state, detail] = Object.entries(status?.state ?? { unknown: {} })[0] ?? ["unknown", {}];
          const restarts = status?.restartCount ?? 0;
          return {
            id: container.name,
            cells: [
              span(container.name, "strong"),
              span(detail.reason ?? state, status?.ready ? "ok" : state === "terminated" ? "muted" : "error"),
              span(restarts, restarts > 0 ? "warn" : "plain"),
              span(container.image, "muted"),
            ],
          };
        }),
      ),
      sparkline("Events, last hour", histogram(events, Date.parse(now)), { style: "accent" }),
    ],
    1,
  );
}

async function warnings(object: ObjectReference, host: Host): Promise<ViewNode> {
  const latest = (await eventsOf(object, host))
    .filter(({ type }) => type === "Warning")
    .sort((a, b) => (b.lastTimestamp ?? "").localeCompare(a.lastTimestamp ?? ""))
    .slice(0, warningsShown);
  if (latest.length === 0) return empty("No warnings about this pod");
  return table(
    [{ title: "LAST SEEN", type: "age" }, "REASON", { title: "TIMES", type: "number", align: "end" }, "MESSAGE"],
    latest.map(({ metadata, lastTimestamp, reason, count, message }) => ({
      id: metadata.uid,
      cells: [span(lastTimestamp ?? "", "muted"), span(reason ?? "", "warn"), span(count ?? 1), span(message ?? "")],
    })),
  );
}

async function eventsOf({ name, namespace }: ObjectReference, host: Host): Promise<ClusterEvent[]> {
  const page = await host.kubernetes.list<ClusterEvent>({
    resource: "events",
    fieldSelector: `involvedObject.kind=Pod,involvedObject.name=${name}`,
    limit: 200,
    ...(namespace && { namespace }),
  });
  return page.items;
}

/** Events a bucket, oldest first; an event that repeated counts once, at its last time. */
function histogram(events: ClusterEvent[], nowMs: number): number[] {
  const counts = new Array<number>(buckets).fill(0);
  for (const { lastTimestamp } of events) {
    if (!lastTimestamp) continue;
    const index = buckets - 1 - Math.floor((nowMs - Date.parse(lastTimestamp)) / bucketMs);
    if (index >= 0 && index < buckets) counts[index] = (counts[index] ?? 0) + 1;
  }
  return counts;
}
