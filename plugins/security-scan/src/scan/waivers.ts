import type { Host, ObjectReference } from "@lazyoc/plugin";

/** That a finding is accepted, and why. */
export type Waiver = {
  reason: string;
  /** Until when, RFC 3339; absent for good. */
  until?: string;
};

const prefix = "waiver/";
const pageSize = 1_000;

/** Names one rule at one object; how often it is broken there does not matter. */
export function waiverKey(rule: string, { kind, namespace, name }: Pick<ObjectReference, "kind" | "namespace" | "name">): string {
  return `${prefix}${rule}/${kind}/${namespace ?? ""}/${name}`;
}

/** Every waiver that is in force, by its key. */
export async function waiversInForce(host: Host): Promise<ReadonlyMap<string, Waiver>> {
  const { now } = await host.info();
  const found = new Map<string, Waiver>();
  let after = "";
  for (;;) {
    const { items, more } = await host.storage.list<Waiver>({ prefix, limit: pageSize, values: true, ...(after && { after }) });
    for (const { key, value } of items) if (value && (value.until === undefined || value.until > now)) found.set(key, value);
    if (!more || items.length === 0) return found;
    after = items.at(-1)!.key;
  }
}

/** Asks for a reason and a time, and keeps them; false when the user thinks better of it. */
export async function accept(rule: string, object: ObjectReference, host: Host): Promise<boolean> {
  const answer = await host.ui.prompt(`Accept ${rule} at ${object.name}`, [
    { name: "reason", label: "Reason", kind: "text", required: true, min: 3, max: 500, help: "stands in the report" },
    { name: "days", label: "For how many days", kind: "number", min: 1, max: 3_650, help: "for good when empty" },
  ]);
  if (!answer) return false;
  const days = answer["days"];
  const { now } = await host.info();
  await host.storage.set(waiverKey(rule, object), {
    reason: String(answer["reason"]),
    ...(typeof days === "number" && { until: new Date(Date.parse(now) + days * 86_400_000).toISOString() }),
  });
  return true;
}

export function withdraw(rule: string, object: ObjectReference, host: Host): Promise<void> {
  return host.storage.delete(waiverKey(rule, object));
}
