/** Fills every extension point; its words are what the tests look for. */

import { definePlugin, type FormField, type Host, span, stack, text } from "@lazyoc/plugin";
import { everything, type State, weightOf } from "./everything.js";

const state: State = { ticks: 0, said: "nothing yet" };

/** The open views, by instance: each shows the ticks in a node of its own. */
const open = new Set<string>();

const sizes: FormField[] = [
  { name: "name", label: "Name", kind: "text", required: true, pattern: "[a-z]+", help: "Small letters" },
  { name: "secret", label: "Word", kind: "secret" },
];

definePlugin({
  activate: (_, host) => host.ui.status("acme.everything.status", "ticks 0"),
  columns: {
    "acme.everything.weight": ({ rows }) => rows.map(({ values }) => (values.length === 0 ? { text: "" } : weightOf(values))),
  },
  tabs: {
    "acme.everything.tab": ({ instance, object }) => drawn(instance, object.name),
    "acme.everything.faulty": () => {
      throw new Error("faulty on purpose");
    },
    "acme.everything.here": () => text("here"),
    "acme.everything.nowhere": () => text("nowhere"),
  },
  sections: {
    "acme.everything.section": ({ object }) => text(span("Note", "strong"), ` on ${object.name}`),
  },
  pages: {
    "acme.everything.page": ({ instance }) => drawn(instance, "a page"),
  },
  cards: {
    "acme.everything.card": ({ instance }) => {
      open.add(instance);
      return stack([ticks(), { type: "chart", kind: "gauge", title: "Ticks", series: [{ values: [state.ticks] }], min: 0, max: 10 }]);
    },
  },
  resourceViews: {
    "acme.everything.runs": async ({ namespace }, host) => {
      const { items } = await host.kubernetes.list({ group: "tekton.dev", resource: "pipelineruns", ...(namespace && { namespace }) });
      return stack([text(span("Runs", "strong"), ` of ${namespace ?? "everywhere"}`), { type: "list", items: items.map((run) => [span(run.metadata.name)]) }]);
    },
    "acme.everything.run": ({ object }) => text(span("Run", "strong"), ` of ${object?.name}`),
    "acme.everything.settings": ({ namespace }) => text(`settings of ${namespace ?? "everywhere"}`),
  },
  logTransforms: {
    "acme.everything.calm": ({ lines }) =>
      lines.map((line) => (line.includes("/healthz") ? null : line.startsWith("ERROR") ? [span("ERROR", "error"), span(line.slice(5), "strong")] : [span(line)])),
  },
  hooks: {
    "acme.everything.guard": ({ verb, reference, object, oldObject }) => {
      const labels: Record<string, string> = (oldObject ?? object)?.metadata.labels ?? {};
      if (labels["everything"] === "protected") return { outcome: "deny", reason: `${reference.name} is protected` };
      if (verb === "delete") return labels["everything"] === "precious" ? { outcome: "warn", text: `${reference.name} is precious` } : { outcome: "allow" };
      const replicas = (object?.["spec"] as { replicas?: number } | undefined)?.replicas ?? 0;
      if (verb === "scale") return replicas > 5 ? { outcome: "patch", patch: [{ op: "replace", path: "/spec/replicas", value: 5 }] } : { outcome: "allow" };
      if (reference.kind === "ConfigMap" && object) return { outcome: "patch", patch: [{ op: "add", path: "/metadata/annotations", value: { "everything/seen": verb } }] };
      return { outcome: "allow" };
    },
    "acme.everything.witness": async ({ verb, reference }, host) => host.ui.status("acme.everything.status", `saw ${verb} of ${reference.name}`),
  },
  actions: {
    "acme.everything.greet": ({ objects }, host) => host.ui.notify(`Hello ${objects.map((o) => o.name).join(", ")}`, "ok"),
    "acme.everything.weigh": ({ objects, inputs }, host) => host.ui.notify(`${objects[0]?.name} weighs ${inputs?.["extra"]} ${inputs?.["scale"]}`),
    "acme.everything.remove": async ({ objects }, host) => {
      for (const { name, namespace } of objects) await host.kubernetes.delete({ resource: "pods", name, ...(namespace && { namespace }) });
    },
  },
  commands: {
    "acme.everything.tick": (_, host) => tick(host),
    "acme.everything.count": async ({ inputs }, host) => {
      const steps = Number(inputs?.["steps"]);
      for (let step = 1; step <= steps; step++) {
        await tick(host);
        await host.ui.progress("count", `Step ${step} of ${steps}`, { value: step / steps });
      }
      await host.ui.progress("count", "Counted", { done: true });
      if (inputs?.["loud"]) await host.ui.notify(`Counted to ${steps}`, "info");
    },
    "acme.everything.ask": async (_, host) => {
      if (!(await host.ui.confirm("Shall Everything ask?", "caution"))) return host.ui.notify("Not asked", "muted");
      const values = await host.ui.prompt("Who is it?", sizes);
      await host.ui.notify(values ? `It is ${values["name"]}` : "Nobody", "accent");
    },
    "acme.everything.open": (_, host) => host.ui.open("acme.everything.page"),
  },
  onInput: async (input, host) => {
    switch (input.event) {
      case "press":
        if (input.node === "fault") throw new Error("pressed on purpose");
        if (input.node === "keep") return;
        if (input.node === "tick") return void (await tick(host));
        state.said = `${input.node} pressed`;
        break;
      case "submit":
        state.said = Object.entries(input.values)
          .map(([name, value]) => `${name}=${name === "secret" ? "*".repeat(String(value).length) : value}`)
          .join(" ");
        break;
      case "rowAction":
        state.said = `${input.action} on ${input.row}`;
        break;
      case "activate":
        state.said = `${input.row} opened`;
        break;
    }
    return drawn(input.instance, input.object?.name ?? "a page");
  },
  dehydrate: () => ({ ...state }),
  hydrate: (kept) => void Object.assign(state, kept),
});

function drawn(instance: string, name: string) {
  open.add(instance);
  return everything(name, state, ticks());
}

function ticks() {
  return { type: "badge", id: "ticks", label: `ticks ${state.ticks}`, style: "accent" } as const;
}

async function tick(host: Host): Promise<void> {
  state.ticks++;
  await host.ui.status("acme.everything.status", `ticks ${state.ticks}`);
  for (const instance of [...open])
    await host.ui.patch(instance, { id: "ticks", node: ticks() }).catch((error) => {
      // The view has been closed.
      if (error.code !== "not-found") throw error;
      open.delete(instance);
    });
}
