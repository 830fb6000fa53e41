/** Every host call with its types. Generated from the table of host calls; do not edit. */

import type { DangerLevel, FormField, TextStyle, ViewNode, ViewPatch } from "./views.js";

/** By name: what a call takes and what it answers. */
export interface HostCalls {
  /** Delivers events of topics from now on; of resources, first those that are there. Permission: `events.subscribe`. */
  "events.subscribe": { request: EventsSubscribeRequest; answer: Nothing };
  /** The host API version and clock. */
  "host.info": { request: HostInfoRequest; answer: HostInfoAnswer };
  /** Deletes one object. Permission: `kubernetes: delete`. Changes the cluster: needs a gesture, or a rule with `unattended`. */
  "kubernetes.delete": { request: KubernetesDeleteRequest; answer: Nothing };
  /** One object, whole or projected to paths. Permission: `kubernetes: get`. */
  "kubernetes.get": { request: KubernetesGetRequest; answer: unknown };
  /** A page of objects of one resource, whole or projected to paths. Permission: `kubernetes: list`. */
  "kubernetes.list": { request: KubernetesListRequest; answer: KubernetesListAnswer };
  /** Sets `spec.replicas` through the scale subresource. Permission: `kubernetes: update of RESOURCE/scale`. Changes the cluster: needs a gesture, or a rule with `unattended`. */
  "kubernetes.scale": { request: KubernetesScaleRequest; answer: Nothing };
  /** Writes a line to the plugin's own log. */
  "log.write": { request: LogWriteRequest; answer: Nothing };
  /** Asks the user a question of yes or no. Needs a gesture. The wait for the user costs no time of the message. */
  "ui.confirm": { request: UiConfirmRequest; answer: UiConfirmAnswer };
  /** Shows a short text that goes away by itself. */
  "ui.notify": { request: UiNotifyRequest; answer: Nothing };
  /** Shows a tab or page that the plugin contributes. Needs a gesture. */
  "ui.open": { request: UiOpenRequest; answer: Nothing };
  /** Shows how far something is that goes on in the background. */
  "ui.progress": { request: UiProgressRequest; answer: Nothing };
  /** Asks the user to fill in fields. Needs a gesture. The wait for the user costs no time of the message. */
  "ui.prompt": { request: UiPromptRequest; answer: UiPromptAnswer };
  /** Sets the text of a status item that the plugin contributes. */
  "ui.status": { request: UiStatusRequest; answer: Nothing };
  /** Gives one open view that the plugin contributes new content, whole or by patches. */
  "ui.update": { request: UiUpdateRequest; answer: Nothing };
}

/** `events.subscribe`: topics, each exact or ending in `.*`; matching events arrive as `event` messages. */
export interface EventsSubscribeRequest {
  topics: string[];
}

/** Answer of `host.info`. */
export interface HostInfoAnswer {
  hostApiVersion: string;
  /** The host's clock, coarsened to 1 ms. */
  now: string;
}

/** `host.info` takes nothing. */
export interface HostInfoRequest {
}

/** `kubernetes.delete`. */
export interface KubernetesDeleteRequest {
  group?: string;
  resource: string;
  namespace?: string;
  name: string;
  /** Refuses with `conflict` when the object is not the one meant. */
  uid?: string;
}

/** `kubernetes.get`: one object. */
export interface KubernetesGetRequest {
  group?: string;
  resource: string;
  namespace?: string;
  name: string;
  /** JSONPaths to keep; absent for the whole object. */
  fields?: string[];
}

/** Answer of `kubernetes.list`. */
export interface KubernetesListAnswer {
  /** Whole objects, or objects from path to value when `fields` was given. */
  items: unknown[];
  /** Absent on the last page. */
  continue?: string;
}

/** `kubernetes.list`: a page of objects, projected. */
export interface KubernetesListRequest {
  group?: string;
  /** Plural resource name. */
  resource: string;
  /** Absent for all namespaces and cluster-scoped resources. */
  namespace?: string;
  labelSelector?: string;
  fieldSelector?: string;
  /** JSONPaths to keep of each object; absent for whole objects. */
  fields?: string[];
  /** Objects a page, 1 to 500; 100 when absent. */
  limit?: number;
  /** Token of the previous page's answer. */
  continue?: string;
}

/** `kubernetes.scale`: sets `spec.replicas` through the scale subresource. */
export interface KubernetesScaleRequest {
  group?: string;
  resource: string;
  namespace: string;
  name: string;
  /** 0 or more. */
  replicas: number;
}

/** `log.write`: a line in the plugin's own log, at level info when none is given. */
export interface LogWriteRequest {
  level?: "debug" | "info" | "warn" | "error";
  message: string;
}

/** The answer of a call that returns nothing. */
export interface Nothing {
}

/** Identity of an object; all that a plugin is told of one it may not `get`. */
export interface ObjectReference {
  group: string;
  kind: string;
  namespace?: string;
  name: string;
  uid?: string;
}

/** Answer of `ui.confirm`. */
export interface UiConfirmAnswer {
  /** False, too, when the user dismissed the question. */
  confirmed: boolean;
}

/** `ui.confirm`: asks the user a question of yes or no; needs a gesture. */
export interface UiConfirmRequest {
  text: string;
  danger?: DangerLevel;
}

/** `ui.notify`: a short text that goes away by itself. */
export interface UiNotifyRequest {
  text: string;
  style?: TextStyle;
}

/** `ui.open`: shows a tab or page that the plugin contributes; needs a gesture. */
export interface UiOpenRequest {
  /** Id of the contribution. */
  view: string;
  /** What a tab is about; absent for a page. */
  object?: ObjectReference;
}

/** `ui.progress`: how far something is that goes on in the background. */
export interface UiProgressRequest {
  /** Names it among the plugin's own. */
  id: string;
  text: string;
  /** From 0 to 1; absent when there is no measure. */
  value?: number;
  /** It has ended and goes away. */
  done?: boolean;
}

/** Answer of `ui.prompt`. */
export interface UiPromptAnswer {
  /** By field name; they satisfy the fields. Absent when the user dismissed the prompt. */
  values?: unknown;
}

/** `ui.prompt`: asks the user to fill in fields; needs a gesture. */
export interface UiPromptRequest {
  title: string;
  /** At least one. */
  fields: FormField[];
}

/** `ui.status`: sets a status item that the plugin contributes. */
export interface UiStatusRequest {
  /** Id of the contribution. */
  item: string;
  text: string;
  style?: TextStyle;
}

/** `ui.update`: gives one open view new content, either whole or by patches. */
export interface UiUpdateRequest {
  /** The `Instance` of a view of this plugin; `not-found` when it is closed or another's. */
  instance: string;
  /** Replaces all of it; excludes `Patches`. */
  content?: ViewNode;
  /** Replace nodes by id, all in one step or, when an id is not there (`not-found`), none; excludes `Content`. */
  patches?: ViewPatch[];
}
