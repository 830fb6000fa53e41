import { definePlugin, type Host, type Json, type ObjectReference, shownInTime, spinner, type ViewNode } from "@lazyoc/plugin";
import { ObjectTab, objectTab, type OpenObject } from "./objectTab.js";
import { Page } from "./page.js";
import type { OpenDefinition } from "./views/definitionView.js";

/** Objects of which it is remembered what was open of them, and filled in; the oldest are forgotten. */
const rememberedObjects = 32;

interface State {
  page: OpenDefinition | null;
  tabs: [string, OpenObject][];
}

const reading = spinner("reading the cluster");

const page = new Page();
const tabs = new Map<string, ObjectTab>();
let namespace = "";

definePlugin({
  activate({ session }) {
    namespace = session.namespace;
  },
  pages: {
    "lazyoc.crd-visualizer.catalog": ({ instance }, host) => shownInTime(host, instance, page.render(instance, namespace, host), reading),
  },
  tabs: {
    [objectTab]: ({ object, instance }, host) => tab(object, instance, host),
  },
  async onInput(input, host) {
    const { instance, object } = input;
    if (!object) return (await page.input(input, host)) ? shownInTime(host, instance, page.render(instance, namespace, host), reading) : null;
    const of = keyOf(object);
    const redraw = async () => host.ui.update(instance, await tabOf(of).render(object, host));
    return (await tabOf(of).input(input, object, redraw, host)) ? tab(object, instance, host) : null;
  },
  dehydrate: (): Json => ({ page: page.state, tabs: [...tabs].map(([object, { open }]) => [object, open]) }) as unknown as Json,
  hydrate(state) {
    const { page: open, tabs: kept } = state as unknown as State;
    page.state = open;
    for (const [object, was] of kept) tabOf(object).open = was;
  },
});

function tab(object: ObjectReference, instance: string, host: Host): Promise<ViewNode> {
  return shownInTime(host, instance, tabOf(keyOf(object)).render(object, host), reading);
}

/** Of an object, for a view may be opened anew under another name: when the plugin is replaced, too. */
function keyOf({ group, kind, namespace, name }: ObjectReference): string {
  return `${group}/${kind}/${namespace ?? ""}/${name}`;
}

function tabOf(object: string): ObjectTab {
  const known = tabs.get(object) ?? new ObjectTab();
  tabs.delete(object);
  tabs.set(object, known);
  if (tabs.size > rememberedObjects) tabs.delete(tabs.keys().next().value!);
  return known;
}
