import type { Host } from "@lazyoc/plugin";
import type { Definition } from "./definitions.js";
import { codeOf } from "./kinds.js";

/** Objects counted of a kind: one page, which costs the cluster little. Beyond it there are so many and more. */
const counted = 100;

/** Kinds counted in one go, and the pause between two, which leaves others their share of calls. */
const kindsCounted = 60;
const pauseMs = 80;

/** How many objects there are of each kind, as text, by `PLURAL.GROUP`. */
export type Counts = Record<string, string>;

export function keyOf({ plural, group }: Pick<Definition, "plural" | "group">): string {
  return `${plural}.${group}`;
}

/** Counts the kinds that have not been counted; tells how far it is now and then, and ends when told so. */
export async function count(definitions: readonly Definition[], counts: Counts, tell: () => Promise<boolean>, host: Host): Promise<void> {
  const missing = definitions.filter((one) => one.isEstablished !== false && counts[keyOf(one)] === undefined).slice(0, kindsCounted);
  for (const [i, definition] of missing.entries()) {
    counts[keyOf(definition)] = await countOf(definition, host);
    if ((i + 1) % tellEvery === 0 && !(await tell())) return;
    await new Promise<void>((resolve) => setTimeout(resolve, pauseMs));
  }
  if (missing.length > 0) await tell();
}

const tellEvery = 20;

async function countOf({ group, plural }: Definition, host: Host): Promise<string> {
  try {
    const { items, continue: more } = await host.kubernetes.project({ group, resource: plural, fields: [".metadata.uid"], limit: counted });
    return more ? `${items.length}+` : String(items.length);
  } catch (failed) {
    const code = codeOf(failed);
    if (code === "cancelled") throw failed;
    return code === "permission-denied" ? "not yours" : "?";
  }
}
