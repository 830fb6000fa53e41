import { button, definePlugin, type Host, span, stack, text, type ViewNode } from "@lazyoc/plugin";
import { maxWaiting, Outbox } from "./outbox.js";
import { Sender, type Settings } from "./sender.js";

const timer = "export";

const outbox = new Outbox();
const sender = new Sender(outbox);
let round: Promise<void> | null = null;
let shown: string | undefined;

definePlugin({
  async activate(_, host) {
    await schedule(host);
    await show(host);
  },
  async onSettings(_, host) {
    sender.hurry();
    await schedule(host);
    await show(host);
  },
  onTimer: async ({ id }, host) => {
    if (id === timer) await exportNow(host);
  },
  commands: {
    "lazyoc.audit-exporter.now": async (_, host) => {
      sender.hurry();
      await exportNow(host);
    },
  },
  pages: {
    "lazyoc.audit-exporter.page": (_, host) => page(host),
  },
  async onInput(input, host) {
    if (input.event !== "press") return null;
    sender.hurry();
    await exportNow(host);
    return page(host);
  },
});

/** Nothing is due while there is nowhere to send to. */
async function schedule(host: Host): Promise<void> {
  const { target = "none", intervalMs = 2_000 } = await host.settings<Settings>();
  if (target === "none") await host.timers.clear(timer);
  else await host.timers.set(timer, intervalMs, { repeat: true });
}

/** One round at a time: a timer that is due during one waits for the next. */
function exportNow(host: Host): Promise<void> {
  return (round ??= (async () => {
    try {
      const settings = await host.settings<Settings>();
      if ((settings.target ?? "none") === "none") return;
      await outbox.collect(host);
      await sender.send(host, settings);
    } finally {
      round = null;
      await show(host);
    }
  })());
}

async function show(host: Host): Promise<void> {
  const { target = "none" } = await host.settings<Settings>();
  const setback = sender.setback;
  const words = target === "none" ? "" : setback ? `audit ${target}: ${await outbox.waiting(host)} wait, ${setback.reason}` : `audit → ${target}`;
  if (words === shown) return;
  shown = words;
  await host.ui.status("lazyoc.audit-exporter.status", words, setback ? "warn" : "muted");
}

async function page(host: Host): Promise<ViewNode> {
  const [{ target = "none", url, tokenUrl }, state] = await Promise.all([host.settings<Settings>(), outbox.state(host)]);
  const waiting = await outbox.waiting(host);
  const setback = sender.setback;
  return stack(
    [
      {
        type: "keyValue",
        items: [
          { key: "Target", value: [span(target === "none" ? "none: set one in the settings of this plugin" : target, target === "none" ? "warn" : "strong")] },
          ...(target === "none" || target === "file" ? [] : [{ key: "Address", value: [span(tokenUrl ?? url ?? "not set", "strong")] }]),
          { key: "Stream", value: [span(state.stream, "muted")] },
          { key: "Arrived", value: [span(`${state.sent} lines`, "ok")] },
          { key: "Waiting", value: [span(`${waiting} lines`, waiting > maxWaiting / 2 ? "error" : waiting > 0 ? "warn" : "plain")] },
          ...(setback ? [{ key: "Last try", value: [span(setback.reason, "error"), span(` (${setback.tries} in a row)`, "muted")] }] : []),
        ],
      },
      ...(target === "none" ? [text(span("Nothing is read and nothing is sent.", "muted"))] : [button("now", "Send now")]),
    ],
    1,
  );
}
