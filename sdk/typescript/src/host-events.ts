/** Every topic of the host's own with the type of its data. Generated from the table of topics; do not edit. */

import type { AuditReadEntry, ObjectReference } from "./host-calls.js";

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
  /** The cluster answers, for the first time or again. Who subscribes is told first how it is. */
  "cluster.connected": ClusterConnected;
  /** The cluster does not answer any more. Who subscribes is told first how it is. */
  "cluster.disconnected": ClusterDisconnected;
  /** A session with a cluster was opened, or is about to be closed, by a switch of the context or of the user: then this plugin's instance ends, too. Who subscribes is told first how it is. */
  "cluster.context": ClusterContext;
  /** The screen shows something else: another kind, a page, the details. Who subscribes is told first how it is. */
  "ui.screen": UiScreen;
  /** Another object is selected. Of a fast walk through a list only some events are delivered, the last of them always. Who subscribes is told first how it is. */
  "ui.selection": UiSelection;
  /** The objects of another namespace are shown. Who subscribes is told first how it is. */
  "ui.namespace": UiNamespace;
  /** The screen has other colours. Who subscribes is told first how it is. */
  "ui.theme": UiTheme;
  /** A line of this LazyOC's audit was written, at most 100 within a second. A plugin is not told of its own lines, nor of what others that are told do with permission. Permission besides: `audit: read`. */
  "audit.entry": AuditTold;
  /** Comes without being subscribed to: this plugin was too slow for events. */
  "events.lost": EventsLost;
  /** Comes without being subscribed to: the objects of a `resource.PLURAL` topic follow anew. */
  "events.reset": EventsReset;
}

/** A line of the audit was written. */
export interface AuditTold {
  entry: AuditReadEntry;
  /** Lines before it that are not told, because there were too many within a second; absent for none. */
  skipped?: number;
}

/** The cluster answers. */
export interface ClusterConnected {
  /** Name of the kubeconfig context. */
  context: string;
}

/** A session with a cluster was opened or closed. */
export interface ClusterContext {
  /** `opened` or `closed`. */
  state: string;
  /** Name of the kubeconfig context. */
  context: string;
  /** The namespace of the context, or the one that was asked for. */
  namespace: string;
  /** Changes of the cluster are refused. */
  readOnly: boolean;
}

/** The cluster does not answer; LazyOC goes on asking. */
export interface ClusterDisconnected {
  /** Name of the kubeconfig context. */
  context: string;
  /** The kind of the failure: `unreachable`, `certificate`, `credential`, `cluster-timeout`, `server-failure`, and so on. */
  reason: string;
  /** Whether asking again may help without anybody changing anything. */
  retry: boolean;
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
  violation: "permission-refused" | "quota-refused" | "forged-gesture" | "escape-attempt" | "broken-envelope";
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

/** Which objects are shown. */
export interface UiNamespace {
  /** Those of this namespace; absent for all of them. */
  namespace?: string;
}

/** What the screen shows. */
export interface UiScreen {
  /** `list`; `details`, when those have the keyboard; `page` of a plugin; `dashboard`; or `plugins`. */
  screen: string;
  /** API group of the kind that is listed. */
  group?: string;
  /** The kind that is listed; absent when none is. */
  kind?: string;
  /** Id of a plugin's page, or of its view in the place of a list. */
  page?: string;
}

/** What is selected. */
export interface UiSelection {
  /** Its identity, and nothing more; absent when nothing is selected. */
  object?: ObjectReference;
}

/** The colours of the screen. */
export interface UiTheme {
  name: string;
  /** Dark text on a light ground. */
  isLight: boolean;
}
