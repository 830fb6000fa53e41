import type { Host } from "@lazyoc/plugin";
import type { Grafana } from "./client.js";
import { cut, shapeOf, shapesOf, textOf, textsOf } from "./shapes.js";

/** Dashboards of one page. */
export const pageSize = 30;

/** Folders and tags to choose from. */
const choices = 200;

/** Characters of titles, of folders too, and of a tag. */
export const titleChars = 120;
const tagChars = 40;

export interface Found {
  uid: string;
  title: string;
  folder: string;
  tags: string[];
}

export type Question = {
  query: string;
  /** Empty for any. */
  tag: string;
  folder: string;
  /** From 1. */
  page: number;
};

/** What can be chosen from. */
export interface Choices {
  folders: { uid: string; title: string }[];
  tags: string[];
}

/** A page of dashboards, as Grafana orders them. */
export async function search(host: Host, grafana: Grafana, { query, tag, folder, page }: Question, limit = pageSize): Promise<Found[]> {
  const answer = await grafana.get(host, "/api/search", { type: "dash-db", query, limit: String(limit), page: String(page), ...(tag && { tag }), ...(folder && { folderUIDs: folder }) });
  return shapesOf(answer)
    .map((found) => ({ uid: textOf(found["uid"]), title: cut(textOf(found["title"], "without a title"), titleChars), folder: cut(textOf(found["folderTitle"]), titleChars), tags: textsOf(found["tags"]).map((one) => cut(one, tagChars)) }))
    .filter(({ uid }, i, all) => uid !== "" && all.findIndex((other) => other.uid === uid) === i)
    .slice(0, limit);
}

/** Folders and tags, as far as the token may see them. */
export async function choicesOf(host: Host, grafana: Grafana): Promise<Choices> {
  const [folders, tags] = await Promise.all([grafana.get(host, "/api/folders", { limit: String(choices) }), grafana.get(host, "/api/dashboards/tags")]);
  return {
    folders: shapesOf(folders).slice(0, choices).map((folder) => ({ uid: textOf(folder["uid"]), title: cut(textOf(shapeOf(folder)["title"]), titleChars) })).filter(({ uid }) => uid !== ""),
    tags: [...new Set(shapesOf(tags).map(({ term }) => textOf(term)))].filter((term) => term !== "").slice(0, choices),
  };
}
