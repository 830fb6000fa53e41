import { button, form, type Host, span, spinner, stack, table, text, type ViewNode } from "@lazyoc/plugin";
import type { Grafana } from "../api/client.js";
import { type Choices, choicesOf, type Found, pageSize, type Question, search } from "../api/search.js";
import { cut } from "../api/shapes.js";
import { failureView } from "../panels/draw.js";

/** Value of a choice that leaves it open: a field of a form left empty is absent. */
const any = "*";

/** The dashboards that there are, and how they are looked for. */
export class DashboardList {
  question: Question = { query: "", tag: "", folder: "", page: 1 };
  #found: Found[] | null = null;
  #choices: Choices = { folders: [], tags: [] };
  #failure: unknown = null;
  #asked = 0;

  /** Asks for what the question says. It never rejects. */
  async load(host: Host, grafana: Grafana): Promise<void> {
    const asked = ++this.#asked;
    try {
      const [found, choices] = await Promise.all([search(host, grafana, this.question), choicesOf(host, grafana)]);
      if (asked === this.#asked) [this.#found, this.#choices, this.#failure] = [found, choices, null];
    } catch (failed) {
      if (asked === this.#asked) this.#failure = failed;
    }
  }

  /** Another question, from its first page on. */
  ask(values: Record<string, unknown>): void {
    const of = (name: string) => (values[name] === any ? "" : String(values[name] ?? ""));
    this.question = { query: of("query").trim(), tag: of("tag"), folder: of("folder"), page: 1 };
    this.#found = null;
  }

  turn(pages: 1 | -1): void {
    this.question = { ...this.question, page: Math.max(1, this.question.page + pages) };
    this.#found = null;
  }

  /** Forgets what has come. */
  forget(): void {
    this.#found = null;
    this.#failure = null;
  }

  view(): ViewNode {
    return stack([this.#form(), ...this.#answer()], 1);
  }

  #form(): ViewNode {
    const { query, tag, folder } = this.question;
    const { folders, tags } = this.#choices;
    const offered = (chosen: string, options: { value: string; label: string }[]) => [{ value: any, label: "any" }, ...(chosen === "" || options.some(({ value }) => value === chosen) ? [] : [{ value: chosen, label: chosen }]), ...options];
    return form(
      "search",
      [
        { name: "query", label: "Title", kind: "text", value: query, max: 200 },
        { name: "folder", label: "Folder", kind: "select", value: folder || any, options: offered(folder, folders.map(({ uid, title }) => ({ value: uid, label: title || uid }))) },
        { name: "tag", label: "Tag", kind: "select", value: tag || any, options: offered(tag, tags.map((term) => ({ value: term, label: cut(term, 60) }))) },
      ],
      "Search",
    );
  }

  #answer(): ViewNode[] {
    if (this.#failure !== null) return [failureView(this.#failure), button("again", "Try again")];
    if (this.#found === null) return [spinner("asking Grafana")];
    const { page } = this.question;
    const rows = this.#found.map(({ uid, title, folder, tags }) => ({ id: uid, cells: [span(title, "strong"), span(folder || "General", "muted"), span(tags.join(" "), "info")] }));
    const turns = [...(page > 1 ? [button("previous", "Previous page")] : []), ...(rows.length === pageSize ? [button("next", "Next page")] : [])];
    return [
      rows.length === 0 ? { type: "empty", message: page > 1 ? "No more dashboards" : "No dashboard is like this, or the token may see none" } : table(["TITLE", "FOLDER", "TAGS"], rows, { id: "dashboards", selectable: true, rowActions: [{ id: "browse", title: "Open in browser", key: "o" }, { id: "link", title: "Copy link", key: "y" }] }),
      ...(turns.length > 0 ? [{ type: "columns" as const, children: [text(span(`Page ${page}`, "muted")), ...turns] }] : []),
    ];
  }
}
