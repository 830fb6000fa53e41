import type { Host } from "@lazyoc/plugin";
import { KindFields } from "../schema/schema.js";
import { codeOf, messageOf } from "./kinds.js";

/** How long a schema serves, and how many are kept: one may have a megabyte. */
const freshMs = 60_000;
const kept = 8;

/** A kind's fields, or why they are not known. */
export type Known = { fields: KindFields } | { reason: string };

const known = new Map<string, { at: number; schema: Promise<Known> }>();

/** The schema of a kind at a version. */
export async function schemaOf(group: string, kind: string, version: string, host: Host): Promise<Known> {
  const at = Date.parse((await host.info()).now);
  const key = `${group}/${version}/${kind}`;
  let found = known.get(key);
  if (!found || at - found.at >= freshMs) {
    found = { at, schema: read(group, kind, version, host) };
    const asked = found;
    asked.schema.catch(() => {
      if (known.get(key) === asked) known.delete(key);
    });
    known.delete(key);
    known.set(key, found);
    if (known.size > kept) known.delete(known.keys().next().value!);
  }
  return found.schema;
}

export function forgetSchemas(): void {
  known.clear();
}

async function read(group: string, kind: string, version: string, host: Host): Promise<Known> {
  try {
    return { fields: new KindFields(await host.kubernetes.schema({ group, kind, version })) };
  } catch (failed) {
    const code = codeOf(failed);
    if (code !== "not-found" && code !== "too-large") throw failed;
    return { reason: messageOf(failed) };
  }
}
