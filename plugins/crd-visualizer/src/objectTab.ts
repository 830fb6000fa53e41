import { button, type FormValues, type Host, type KubernetesObject, type ObjectReference, span, stack, tabs, text, tree, unlessClosed, type ViewInput, type ViewNode } from "@lazyoc/plugin";
import { messageOf, served } from "./cluster/kinds.js";
import { objectOf } from "./cluster/objects.js";
import { referencesIn } from "./cluster/references.js";
import { type Found, look, lookUpAll, ownersOf, type Related } from "./cluster/relations.js";
import { type Known, schemaOf } from "./cluster/schemas.js";
import { apply, check, type Draft, type Subject } from "./edit/editor.js";
import { sectionId, sectionsOf } from "./edit/sections.js";
import { pathOf, pathText, pointer, valueAt } from "./schema/path.js";
import { editView } from "./views/editView.js";
import { objectTree } from "./views/objectTree.js";
import { relatedAt, relationsView } from "./views/relationsView.js";
import { fieldDetails } from "./views/schemaTree.js";
import { momentsOf, timelineView } from "./views/timeline.js";

export const objectTab = "lazyoc.crd-visualizer.object";

/** How long owners and names that were looked up serve: a busy object is drawn often. */
const freshMs = 15_000;

/** What is open in one tab, as far as it outlives the plugin's instance. */
export interface OpenObject {
  /** From where on the object is shown, and the field that is explained, as pointers. */
  root: string;
  field: string;
  /** The part that has its form open. */
  section: string;
  draft: Draft | null;
}

interface Loaded extends Omit<Subject, "fields"> {
  known: Known;
}

/** The tab of one object. */
export class ObjectTab {
  open: OpenObject = { root: "", field: "", section: "", draft: null };
  #found: Found | "looking" | null = null;
  #relations: { at: number; uid: string; owners: Related[]; named: Related[] } | null = null;

  async render(reference: ObjectReference, host: Host): Promise<ViewNode> {
    const loaded = await this.#load(reference, host);
    const [relations, refused] = await Promise.all([this.#related(loaded, host), refusedFor(loaded, host)]);
    const { now } = await host.info();
    const moments = momentsOf(loaded.object);
    const conditions = moments.filter(({ status }) => status !== "").length;
    return tabs([
      { id: "fields", title: "Fields", content: this.#fields(loaded) },
      { id: "conditions", title: `Conditions ${conditions}`, content: timelineView(moments, Date.parse(now)) },
      { id: "relations", title: `Relations ${relations.owners.length + relations.named.length}`, content: relationsView(relations.owners, relations.named, this.#found) },
      { id: "edit", title: "Edit", content: this.#edit(loaded, refused) },
    ], { id: "object", ...(this.open.draft && { selected: 3 }) });
  }

  /** Whether the tab is to be drawn anew. */
  async input(input: ViewInput, reference: ObjectReference, redraw: () => Promise<void>, host: Host): Promise<boolean> {
    if (input.event === "submit") return this.#submit(input.node, input.values, reference, host);
    if (input.event === "press") return this.#press(input.node, reference, redraw, host);
    if (input.event !== "activate") return false;
    if (input.node === "related") {
      const related = relatedAt(input.row);
      if (related) await host.ui.open(objectTab, related);
    } else if (input.node === "parts") {
      this.open = { ...this.open, section: input.row, draft: null };
      return true;
    } else if (input.node === "object-tree" && input.row.startsWith("/")) {
      const { object } = await objectOf(reference, host);
      const value = valueAt(object, pathOf(input.row, object));
      const hasMore = typeof value === "object" && value !== null && Object.keys(value).length > 0;
      this.open = { ...this.open, field: input.row, ...(hasMore && { root: input.row }) };
      return true;
    }
    return false;
  }

  async #press(node: string, reference: ObjectReference, redraw: () => Promise<void>, host: Host): Promise<boolean> {
    if (node === "root") this.open = { ...this.open, root: "", field: "" };
    else if (node === "back" && this.open.draft) this.open = { ...this.open, draft: { ...this.open.draft, review: null } };
    else if (node === "look") this.#look(reference, redraw, host);
    else if (node === "apply" && this.open.draft?.review) await this.#apply(reference, host);
    else return false;
    return true;
  }

  async #submit(node: string, values: FormValues, reference: ObjectReference, host: Host): Promise<boolean> {
    const loaded = await this.#load(reference, host);
    if (!("fields" in loaded.known)) return true;
    const subject = { ...loaded, fields: loaded.known.fields };
    const section = sectionsOf(subject.fields, subject.object).find(({ path }) => node === `form ${pointer(path)}`);
    if (section) this.open = { ...this.open, section: sectionId(section), draft: await check(subject, section, values, host) };
    return true;
  }

  async #apply(reference: ObjectReference, host: Host): Promise<void> {
    const draft = this.open.draft!;
    const loaded = await this.#load(reference, host);
    if (!("fields" in loaded.known)) return;
    const subject = { ...loaded, fields: loaded.known.fields };
    const section = sectionsOf(subject.fields, subject.object).find((one) => sectionId(one) === draft.section);
    if (section) this.open = { ...this.open, draft: await apply(subject, draft, section, host) };
  }

  async #load(reference: ObjectReference, host: Host): Promise<Loaded> {
    const { object, resource, version } = await objectOf(reference, host);
    return { reference, object, resource, known: await schemaOf(reference.group, reference.kind, version, host) };
  }

  #fields({ object, known }: Loaded): ViewNode {
    const fields = "fields" in known ? known.fields : null;
    const root = pathOf(this.open.root, object);
    const { items, isPartial, unknown } = objectTree(object, fields, root);
    const field = pathOf(this.open.field, object);
    return stack([
      ...("reason" in known ? [text(span("▲ Without descriptions: ", "warn"), span(known.reason, "muted"))] : []),
      ...(root.length > 0 ? [button("root", `‹ Whole object, from ${pathText(root)}`)] : []),
      ...(field.length > 0 && fields ? [{ type: "keyValue", items: fieldDetails(fields, field, fields.at(field)) } as const] : []),
      ...(unknown > 0 ? [text(span(`▲ ${unknown} ${unknown === 1 ? "field is" : "fields are"} not in the schema`, "warn"), span(", and kept as they are", "muted"))] : []),
      tree("object-tree", items),
      ...(isPartial ? [text(span("▲ Not all of it is shown: open a field that has more below it", "warn"))] : []),
    ], 1);
  }

  #edit({ object, known }: Loaded, refused: string): ViewNode {
    if ("reason" in known) return { type: "error", message: `There is no form without a schema: ${known.reason}`, hint: "the host's editor, e, changes anything" };
    return editView(sectionsOf(known.fields, object), object, this.open.draft ?? undefined, this.open.section, refused);
  }

  async #related({ object, reference }: Loaded, host: Host): Promise<{ owners: Related[]; named: Related[] }> {
    const at = Date.parse((await host.info()).now);
    const uid = object.metadata.uid ?? "";
    if (this.#relations && this.#relations.uid === uid && at - this.#relations.at < freshMs) return this.#relations;
    const [owners, named] = await Promise.all([ownersOf(object, host), served(host).then((resources) => lookUpAll(referencesIn(object, reference.group, resources), host))]);
    this.#relations = { at, uid, owners, named };
    return this.#relations;
  }

  /** Looks in the background: it takes a call for each kind. */
  #look(reference: ObjectReference, redraw: () => Promise<void>, host: Host): void {
    if (this.#found === "looking") return;
    this.#found = "looking";
    void objectOf(reference, host)
      .then(({ object }: { object: KubernetesObject }) => look(object, reference.group, host))
      .catch((failed: unknown): Found => ({ owned: [], selected: [], kinds: [], unread: [{ kind: reference.kind, reason: messageOf(failed) }], isPartial: false }))
      .then((found) => {
        this.#found = found;
        return redraw();
      })
      .catch(unlessClosed);
  }
}

/** Why the object cannot be changed; empty when it can. */
async function refusedFor({ reference: { group, name, namespace }, resource }: Loaded, host: Host): Promise<string> {
  const { allowed, reason } = await host.kubernetes.canI({ verb: "patch", group, resource, name, ...(namespace && { namespace }) });
  return allowed ? "" : reason || "you may not change it";
}
