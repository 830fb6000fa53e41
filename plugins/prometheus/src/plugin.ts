import { definePlugin, type Host, type HostError, type Json, type ObjectReference, shownInTime, spinner, stack, type ViewNode } from "@lazyoc/plugin";
import { Exporter } from "./exporter/exporter.js";
import { instant } from "./query/client.js";
import { type Settings, sourceOf } from "./query/source.js";
import { failureView, isRange, metricsOf, type RangeId, rangeButtons } from "./views/charts.js";
import { UsageColumns } from "./views/columns.js";
import { answerTo, explorePage, type Question } from "./views/explore.js";

/** Ranges chosen in tabs that are open; the oldest are forgotten. */
const rememberedTabs = 32;

interface State {
  question: Question;
  chosen: [string, RangeId][];
  exporter: Json;
}

const asking = spinner("asking Prometheus");

const exporter = new Exporter();
const columns = new UsageColumns();
const chosen = new Map<string, RangeId>();
let question: Question = { query: "sum by (namespace) (kube_pod_info)", range: "now" };
let namespace = "default";
let shownStatus: string | undefined;

definePlugin({
  async activate({ session }, host) {
    namespace = session.namespace;
    const { exportAtStart } = await host.settings<Settings>();
    if (exportAtStart) await startExporter(host);
    await showStatus(host);
  },
  async onSettings({ values, changed }, host) {
    columns.forget();
    if (changed.includes("exportAtStart") && values["exportAtStart"] === true) await startExporter(host);
    await showStatus(host);
  },
  columns: {
    "lazyoc.prometheus.cpu": async (batch, host) => {
      const cells = await columns.cpu(batch, host);
      await showStatus(host);
      return cells;
    },
    "lazyoc.prometheus.memory": (batch, host) => columns.memory(batch, host),
  },
  tabs: {
    "lazyoc.prometheus.pod": ({ object, instance }, host) => tab(object, instance, host),
    "lazyoc.prometheus.deployment": ({ object, instance }, host) => tab(object, instance, host),
  },
  pages: {
    "lazyoc.prometheus.explore": () => explorePage(question, { type: "empty", message: "Ask, and the answer stands here" }),
  },
  commands: {
    "lazyoc.prometheus.export": async (_, host) => {
      await startExporter(host);
      await showStatus(host);
      if (exporter.isOn) await host.ui.notify("Metrics are at http://127.0.0.1:9745/metrics", "ok");
    },
  },
  onInput: (input, host) => {
    if (input.event === "press" && input.object && isRange(input.node)) {
      chosen.delete(input.instance);
      chosen.set(input.instance, input.node);
      if (chosen.size > rememberedTabs) chosen.delete(chosen.keys().next().value!);
      return tab(input.object, input.instance, host);
    }
    if (input.event === "submit" && input.node === "ask") {
      question = { query: String(input.values["query"] ?? ""), range: String(input.values["range"] ?? "now") };
      const asked = question;
      return shownInTime(host, input.instance, answerTo(asked, host).catch(failureView).then((answer) => explorePage(asked, answer)), explorePage(asked, asking));
    }
    return null;
  },
  services: {
    query: async ({ input }: { input: { query: string } }, host: Host) => {
      const series = await instant(host, sourceOf(await host.settings<Settings>()), input.query);
      return { series: series.map(({ labels, values }) => ({ labels, value: values[0] ?? null })) };
    },
  },
  onWatch: (message) => exporter.watch(message),
  async onHttpRequest(request, host) {
    const response = await exporter.answer(request, host, await host.settings<Settings>());
    await showStatus(host);
    return response;
  },
  dehydrate: () => ({ question, chosen: [...chosen], exporter: exporter.keep() }) as unknown as Json,
  hydrate: async (state: Json, _, host) => {
    const kept = state as unknown as State;
    question = kept.question;
    for (const [instance, range] of kept.chosen) chosen.set(instance, range);
    await exporter.restore(kept.exporter, host, namespace);
    await showStatus(host);
  },
});

function tab(object: ObjectReference, instance: string, host: Host): Promise<ViewNode> {
  const range = chosen.get(instance) ?? "range-1h";
  return shownInTime(host, instance, metricsOf(object, range, host).catch(failureView), stack([rangeButtons(range), asking], 1));
}

async function startExporter(host: Host): Promise<void> {
  try {
    await exporter.start(host, namespace);
  } catch (refused) {
    const { message } = refused as HostError;
    await host.ui.notify(`The exporter cannot start: ${message}`, "error");
  }
}

async function showStatus(host: Host): Promise<void> {
  const failure = columns.failure;
  const words = [exporter.summary, failure ? `Prometheus: ${failure.message}` : ""].filter((word) => word !== "").join(" · ");
  if (words === shownStatus) return;
  shownStatus = words;
  await host.ui.status("lazyoc.prometheus.status", words, failure || exporter.isPartial ? "warn" : "muted");
}

