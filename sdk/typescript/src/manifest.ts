/**
 * The plugin's id, as `plugin`, and the ids that its `plugin.json` contributes, by the member of `contributes` they are in; a kind
 * of which there is none has no member. `lazyoc plugin` writes them from `plugin.json` to `src/plugin-ids.d.ts`; without that file
 * any id will do.
 */
export interface ManifestIds {}

/** The ids of one kind. */
export type IdOf<Kind extends string> = ManifestIds extends { plugin: string } ? (Kind extends keyof ManifestIds ? ManifestIds[Kind] : never) : string;
