import { type Host, unlessClosed, type ViewInput, type ViewNode } from "@lazyoc/plugin";
import { count, type Counts, keyOf } from "./cluster/counts.js";
import { catalog, type Catalog, type Definition, printerColumns } from "./cluster/definitions.js";
import { codeOf, forgetServed, messageOf, resourceOf } from "./cluster/kinds.js";
import { objectsOf } from "./cluster/objects.js";
import { forgetSchemas, schemaOf } from "./cluster/schemas.js";
import { objectTab } from "./objectTab.js";
import { valueAt } from "./schema/path.js";
import { catalogView } from "./views/catalogView.js";
import { definitionView, objectsView, type OpenDefinition, schemaView } from "./views/definitionView.js";
import { schemaAt } from "./views/schemaTree.js";

/** How long the list of definitions, and what was counted, serves. */
const freshMs = 30_000;

/** The page: every definition, and one of them when it is open. */
export class Page {
  #open: OpenDefinition | null = null;
  #catalog: { at: number; found: Promise<Catalog> } | null = null;
  #counts: Counts = {};
  #counting = false;

  get state(): OpenDefinition | null {
    return this.#open;
  }

  set state(open: OpenDefinition | null) {
    this.#open = open;
  }

  async render(instance: string, namespace: string, host: Host): Promise<ViewNode> {
    const found = await this.#found(host);
    const open = this.#open;
    const definition = open ? found.definitions.find((one) => keyOf(one) === open.key) : undefined;
    if (open && definition) return this.#definition(definition, open, namespace, host);
    this.#open = null;
    this.#count(found, instance, host);
    return catalogView(found, this.#counts);
  }

  /** Whether the page is to be drawn anew. */
  async input(input: ViewInput, host: Host): Promise<boolean> {
    const open = this.#open;
    if (input.event === "press") return this.#press(input.node, open);
    if (input.event !== "activate") return false;
    if (input.node === "definitions") {
      const definition = (await this.#found(host)).definitions.find((one) => keyOf(one) === input.row);
      if (definition) this.#open = { key: input.row, part: "objects", version: await versionOf(definition, host), isWide: false, root: [], field: null };
      return definition !== undefined;
    }
    if (input.node === "objects-found" && open) {
      const definition = (await this.#found(host)).definitions.find((one) => keyOf(one) === open.key);
      const [namespace, name = ""] = input.row.split(" ");
      if (definition) await host.ui.open(objectTab, { group: definition.group, kind: definition.kind, name, ...(namespace && { namespace }) });
      return false;
    }
    if (input.node === "schema-tree" && open) return this.#openField(input.row, open, host);
    return false;
  }

  #press(node: string, open: OpenDefinition | null): boolean {
    if (node === "refresh") {
      this.#catalog = null;
      this.#counts = {};
      forgetServed();
      forgetSchemas();
    } else if (node === "catalog") this.#open = null;
    else if (open && (node === "objects" || node === "schema")) this.#open = { ...open, part: node };
    else if (open && node === "wide") this.#open = { ...open, isWide: !open.isWide };
    else if (open && node === "root") this.#open = { ...open, root: [], field: null };
    else if (open && node.startsWith("version ")) this.#open = { ...open, version: node.slice("version ".length), root: [], field: null };
    else return false;
    return true;
  }

  /** A field that has more below it than is shown becomes the root; any other one is explained. */
  async #openField(row: string, open: OpenDefinition, host: Host): Promise<boolean> {
    if (!row.startsWith("/")) return false;
    const field = row.slice(1).split("/").map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
    const definition = (await this.#found(host)).definitions.find((one) => keyOf(one) === open.key);
    const known = definition && (await schemaOf(definition.group, definition.kind, open.version, host));
    if (!known || !("fields" in known)) return false;
    const schema = schemaAt(known.fields, field);
    const { properties, items, additional } = known.fields.read(schema);
    const hasMore = properties.size > 0 || valueAt(items, ["properties"]) !== undefined || valueAt(additional, ["properties"]) !== undefined;
    this.#open = { ...open, field, ...(hasMore && { root: field }) };
    return true;
  }

  async #definition(definition: Definition, open: OpenDefinition, namespace: string, host: Host): Promise<ViewNode> {
    const content = open.part === "objects" ? this.#objects(definition, open, namespace, host) : this.#schema(definition, open, host);
    return definitionView(definition, open, await content.catch((failed: unknown): ViewNode => ({ type: "error", message: messageOf(failed), hint: codeOf(failed) === "not-found" ? "of a kind that is new LazyOC knows after it has connected anew: ctrl-r" : "look at this plugin's permissions; its other part may be there all the same" })));
  }

  async #objects(definition: Definition, { isWide }: OpenDefinition, namespace: string, host: Host): Promise<ViewNode> {
    const columns = await printerColumns(definition, await versionOf(definition, host), host);
    return objectsView(definition, await objectsOf(definition, columns, namespace, host), isWide);
  }

  async #schema(definition: Definition, open: OpenDefinition, host: Host): Promise<ViewNode> {
    const known = await schemaOf(definition.group, definition.kind, open.version, host);
    return "fields" in known ? schemaView(definition, open, known.fields) : { type: "error", message: known.reason, hint: "its objects can be looked at all the same" };
  }

  async #found(host: Host): Promise<Catalog> {
    const at = Date.parse((await host.info()).now);
    if (!this.#catalog || at - this.#catalog.at >= freshMs) {
      const asked = { at, found: catalog(host) };
      this.#catalog = asked;
      this.#counts = {};
      asked.found.catch(() => {
        if (this.#catalog === asked) this.#catalog = null;
      });
    }
    return this.#catalog.found;
  }

  /** Counts in the background, one at a time, and shows it while the list is still looked at. */
  #count(found: Catalog, instance: string, host: Host): void {
    if (this.#counting) return;
    this.#counting = true;
    const counts = this.#counts;
    const tell = async () => {
      if (this.#open !== null || this.#counts !== counts) return false;
      await host.ui.update(instance, catalogView(found, counts));
      return true;
    };
    void count(found.definitions, counts, tell, host).catch(unlessClosed).finally(() => (this.#counting = false));
  }
}

/** The version at which the cluster gives objects when none is asked for. */
async function versionOf({ group, kind, versions }: Definition, host: Host): Promise<string> {
  return (await resourceOf({ group, kind }, host))?.version ?? versions.find(({ isServed }) => isServed)?.name ?? "";
}
