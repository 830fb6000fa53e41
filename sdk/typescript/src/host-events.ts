/** Every topic of the host's own with the type of its data. Generated from the table of topics; do not edit. */

/** By topic: what an event carries. */
export interface HostEvents {
  /** An object of a kind, such as `resource.pods` or `resource.deployments.apps`, was added, modified or deleted; those that are there already are told first, as added. Waiting events of one object become one. */
  [topic: `resource.${string}`]: ResourceEvent;
  /** A plugin became enabled. */
  "plugin.enabled": PluginEvent;
  /** A plugin became activating. */
  "plugin.activating": PluginEvent;
  /** A plugin became active. */
  "plugin.active": PluginEvent;
  /** A plugin became hibernated. */
  "plugin.hibernated": PluginEvent;
  /** A plugin became faulted. */
  "plugin.faulted": PluginEvent;
  /** A plugin became suspended. */
  "plugin.suspended": PluginEvent;
  /** A plugin became blocked. */
  "plugin.blocked": PluginEvent;
  /** A plugin became quarantined. */
  "plugin.quarantined": PluginEvent;
  /** A plugin was refused, or something follows from its refusals. Of many refusals there are few events, which count them. */
  "plugin.violation": PluginViolation;
  /** Comes without being subscribed to: this plugin was too slow for events. */
  "events.lost": EventsLost;
  /** Comes without being subscribed to: the objects of a `resource.PLURAL` topic follow anew. */
  "events.reset": EventsReset;
}

/** The plugin was too slow for some events. */
export interface EventsLost {
  /** How many were dropped. */
  count: number;
}

/** The objects of a topic are told anew: what is not among them is gone. */
export interface EventsReset {
  /** What follows of it begins anew. */
  topic: string;
}

/** A plugin went from one state to another. */
export interface PluginEvent {
  plugin: string;
  version: string;
  from: string;
  to: string;
  reason?: string;
}

/** A plugin was refused, which says something about it. */
export interface PluginViolation {
  plugin: string;
  version: string;
  violation: "permission-refused" | "quota-refused" | "forged-gesture" | "escape-attempt";
  /** The host call, or how else it was done. */
  call: string;
  /** In the host's words. */
  reason: string;
  consequence: "none" | "throttled" | "suspended" | "quarantined";
  /** Violations of this plugin that the event stands for: those since the event before. */
  count: number;
}

/** What happened to an object. */
export interface ResourceEvent {
  /** `added`, `modified` or `deleted`; objects that are there already are told as added. */
  change: string;
  object: ResourceSummary;
}

/** What an event tells of an object; a plugin that may not `get` it is told its identity only. */
export interface ResourceSummary {
  group: string;
  kind: string;
  namespace?: string;
  name: string;
  uid: string;
  /** `.status.phase`. */
  phase?: string;
  /** When it was created. */
  created?: string;
}
