import { defineMigration } from "@lazyoc/plugin";
import { waiverKey } from "./scan/waivers.js";

/** Changes in one batch. */
const batchSize = 200;

/** Version 1 kept one list of texts, `RULE KIND/NAMESPACE/NAME`, and no reasons. */
defineMigration(async (store) => {
  const ignored = (await store.get<string[]>("ignored")) ?? [];
  const waivers = ignored.flatMap((text) => {
    const [, rule = "", kind = "", namespace = "", name = ""] = /^(\S+) ([^/]+)\/([^/]*)\/(.+)$/.exec(text) ?? [];
    return rule ? [{ key: waiverKey(rule, { kind, name, ...(namespace && { namespace }) }), value: { reason: "accepted before reasons were asked for" } }] : [];
  });
  const distinct = [...new Map(waivers.map((waiver) => [waiver.key, waiver])).values()];
  for (let i = 0; i < distinct.length; i += batchSize) await store.batch({ set: distinct.slice(i, i + batchSize) });
  await store.delete("ignored");
});
