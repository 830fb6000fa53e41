/** Every host call with its types. Generated from the table of host calls; do not edit. */

import type { DangerLevel, FormField, TextStyle, ViewNode, ViewPatch } from "./views.js";

/** Why a call was refused or failed: the closed list of codes. */
export type ErrorCode =
  | "permission-denied"
  | "gesture-required"
  | "quota-exceeded"
  | "not-found"
  | "conflict"
  | "invalid"
  | "timeout"
  | "unavailable"
  | "too-large"
  | "cancelled"
  | "internal";

/** By name: what a call takes and what it answers. */
export interface HostCalls {
  /** What plugins did and were refused in this LazyOC. Permission: `audit`. */
  "audit.read": { request: AuditReadRequest; answer: AuditReadAnswer };
  /** Puts text on the user's clipboard. Permission: `clipboard`. Needs a gesture. */
  "clipboard.write": { request: ClipboardWriteRequest; answer: Nothing };
  /** The plugin's settings, those the user has set and defaults; never a secret. */
  "config.get": { request: ConfigGetRequest; answer: ConfigGetAnswer };
  /** The digest of text or bytes. */
  "crypto.hash": { request: CryptoHashRequest; answer: CryptoHashAnswer };
  /** Random bytes that nobody can predict. */
  "crypto.random": { request: CryptoRandomRequest; answer: CryptoRandomAnswer };
  /** Tells subscribers of an event of a topic below the plugin's own id. Permission: `events.publish`. */
  "events.publish": { request: EventsPublishRequest; answer: Nothing };
  /** Delivers events of topics from now on; of resources, first those that are there. Permission: `events.subscribe, and audit for audit.*`. */
  "events.subscribe": { request: EventsSubscribeRequest; answer: Nothing };
  /** Ends the delivery of topics; what still waits of them is not delivered. */
  "events.unsubscribe": { request: EventsUnsubscribeRequest; answer: Nothing };
  /** Deletes a file, a link or an empty folder. Permission: `files, below /mnt`. */
  "files.delete": { request: FilesPathRequest; answer: Nothing };
  /** What is in a folder. Permission: `files, below /mnt`. */
  "files.list": { request: FilesPathRequest; answer: FilesListAnswer };
  /** A part of a file, as base64, and the size of the whole. Permission: `files, below /mnt`. */
  "files.read": { request: FilesReadRequest; answer: FilesReadAnswer };
  /** Moves a file or folder within one tree; a file that is in the way is replaced. Permission: `files, below /mnt`. */
  "files.rename": { request: FilesRenameRequest; answer: Nothing };
  /** What is known of a file or folder. Permission: `files, below /mnt`. */
  "files.stat": { request: FilesPathRequest; answer: ListedFile };
  /** Writes a file whole, behind its end or at a place in it, and makes the folders it needs. Permission: `files, below /mnt`. */
  "files.write": { request: FilesWriteRequest; answer: Nothing };
  /** The host API version and clock. */
  "host.info": { request: HostInfoRequest; answer: HostInfoAnswer };
  /** Sends an HTTP request to a server and gives its answer, following redirects within the plugin's permissions. Permission: `network.connect; with saveTo, files below /mnt too`. */
  "http.fetch": { request: HttpFetchRequest; answer: HttpFetchAnswer };
  /** Takes HTTP requests on a port of the loopback interface, which arrive as `httpRequest` messages. Permission: `network.listen`. */
  "http.listen": { request: HttpListenRequest; answer: HttpListenAnswer };
  /** Sets the fields that the plugin owns, by server-side apply; creates the object when there is none. Permission: `kubernetes: create and patch`. Changes the cluster: needs a gesture, or a rule with `unattended`. */
  "kubernetes.apply": { request: KubernetesApplyRequest; answer: KubernetesWriteAnswer };
  /** Whether the plugin's permissions and its user's RBAC both give something. */
  "kubernetes.canI": { request: KubernetesCanIRequest; answer: KubernetesCanIAnswer };
  /** Creates one object. Permission: `kubernetes: create`. Changes the cluster: needs a gesture, or a rule with `unattended`. */
  "kubernetes.create": { request: KubernetesCreateRequest; answer: KubernetesWriteAnswer };
  /** Deletes one object. Permission: `kubernetes: delete`. Changes the cluster: needs a gesture, or a rule with `unattended`. */
  "kubernetes.delete": { request: KubernetesDeleteRequest; answer: Nothing };
  /** The resources that the cluster serves. */
  "kubernetes.discover": { request: KubernetesDiscoverRequest; answer: KubernetesDiscoverAnswer };
  /** Runs a command in a container and waits for its end. Permission: `kubernetes: create of pods/exec`. Changes the cluster: needs a gesture, or a rule with `unattended`. */
  "kubernetes.exec": { request: KubernetesExecRequest; answer: KubernetesExecAnswer };
  /** One object, whole or projected to paths. Permission: `kubernetes: get`. */
  "kubernetes.get": { request: KubernetesGetRequest; answer: unknown };
  /** A page of objects of one resource, whole or projected to paths. Permission: `kubernetes: list`. */
  "kubernetes.list": { request: KubernetesListRequest; answer: KubernetesListAnswer };
  /** The latest lines that a container has written; followed, those it writes from then on too, as `watch` messages. Permission: `kubernetes: get of pods/log`. */
  "kubernetes.logs": { request: KubernetesLogsRequest; answer: KubernetesLogsAnswer };
  /** Changes fields of an object that is there, or of one of its subresources. Permission: `kubernetes: patch of RESOURCE or RESOURCE/SUBRESOURCE`. Changes the cluster: needs a gesture, or a rule with `unattended`. */
  "kubernetes.patch": { request: KubernetesPatchRequest; answer: KubernetesWriteAnswer };
  /** Sets `spec.replicas` through the scale subresource. Permission: `kubernetes: update of RESOURCE/scale`. Changes the cluster: needs a gesture, or a rule with `unattended`. */
  "kubernetes.scale": { request: KubernetesScaleRequest; answer: Nothing };
  /** The OpenAPI v3 schema of a kind, with the definitions that it refers to. */
  "kubernetes.schema": { request: KubernetesSchemaRequest; answer: KubernetesSchemaAnswer };
  /** Sends one HTTP request to a service, through the API server. Permission: `kubernetes: get of services/proxy for GET and HEAD, else create`. Changes the cluster: needs a gesture, or a rule with `unattended`. */
  "kubernetes.serviceProxy": { request: KubernetesServiceProxyRequest; answer: KubernetesServiceProxyAnswer };
  /** Ends a watch or a followed log. */
  "kubernetes.unwatch": { request: KubernetesUnwatchRequest; answer: Nothing };
  /** Tells of the objects that are there, then of what happens to them, as `watch` messages. Permission: `kubernetes: list and watch`. */
  "kubernetes.watch": { request: KubernetesWatchRequest; answer: KubernetesWatchAnswer };
  /** Writes a line to the plugin's own log. */
  "log.write": { request: LogWriteRequest; answer: Nothing };
  /** Records a value that the plugin measured of itself, for its author. */
  "metrics.record": { request: MetricsRecordRequest; answer: Nothing };
  /** Asks another plugin's service, which is started for it when it does not run. Permission: `services.call`. */
  "services.call": { request: ServicesCallRequest; answer: ServicesCallAnswer };
  /** Several changes of the plugin's own store, all of them or none. Permission: `storage`. */
  "storage.batch": { request: StorageBatchRequest; answer: Nothing };
  /** Takes a key out of the plugin's own store. Permission: `storage`. */
  "storage.delete": { request: StorageDeleteRequest; answer: Nothing };
  /** The value of a key in the plugin's own store. Permission: `storage`. */
  "storage.get": { request: StorageGetRequest; answer: StorageGetAnswer };
  /** A page of the keys in the plugin's own store, with or without their values. Permission: `storage`. */
  "storage.list": { request: StorageListRequest; answer: StorageListAnswer };
  /** Gives a key in the plugin's own store a value. Permission: `storage`. */
  "storage.set": { request: StorageSetRequest; answer: StorageSetAnswer };
  /** Ends a timer. */
  "timers.clear": { request: TimersClearRequest; answer: Nothing };
  /** Sends the plugin a message after a while, once or again and again. Set by an instance that has not taken over yet, it begins when that does. */
  "timers.set": { request: TimersSetRequest; answer: Nothing };
  /** Says that something the plugin did has ended, for profiles. */
  "trace.span": { request: TraceSpanRequest; answer: Nothing };
  /** Opens an address in the user's browser, of a server that the plugin may connect to; `unavailable` where there is no browser, as over SSH. Permission: `network.connect`. Needs a gesture. */
  "ui.browse": { request: UiBrowseRequest; answer: Nothing };
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

/** Answer of `audit.read`. */
export interface AuditReadAnswer {
  entries: AuditReadEntry[];
  /** Where to go on. */
  cursor: number;
  /** Entries after the cursor given that were not kept long enough to be read, of all plugins. */
  lost: number;
}

/** One line of the audit. */
export interface AuditReadEntry {
  time: string;
  plugin: string;
  /** The plugin's version. */
  version: string;
  /** Name of the host call, or of the transition. */
  call: string;
  /** On what; never a body or a secret. */
  target: string;
  /** `refused`, `intent`, `done`, `failed`, `counted`, `transition`, `fault` or `bug`. */
  decision: string;
  reason?: string;
  /** How many alike it stands for; absent for one. */
  count?: number;
}

/** `audit.read`: what plugins did and were refused in this LazyOC, oldest first. */
export interface AuditReadRequest {
  /** The `cursor` of an answer, to go on after it; from the oldest that is kept when absent. */
  after?: number;
  /** Only this plugin. */
  plugin?: string;
  /** How many entries, 1 to 500; 100 when absent. */
  limit?: number;
}

/** Bytes in JSON: `{"base64":"…"}`. */
export interface Base64Bytes {
  base64: string;
}

/** `clipboard.write`: puts text on the user's clipboard. */
export interface ClipboardWriteRequest {
  /** At most 64 KiB of UTF-8; control characters other than tab and line feed are left out. */
  text: string;
}

/** Answer of `config.get`. */
export interface ConfigGetAnswer {
  /** The settings by name: what the user has set, else their defaults. Those with neither, and secrets, are not among them. */
  values: Record<string, unknown>;
}

/** `config.get` takes nothing. */
export interface ConfigGetRequest {
}

/** Answer of `crypto.hash`. */
export interface CryptoHashAnswer {
  /** The digest, two lower-case digits a byte. */
  hex: string;
}

/** `crypto.hash`: a digest of text or bytes. */
export interface CryptoHashRequest {
  algorithm: "sha-256" | "sha-384" | "sha-512" | "sha-1";
  /** Text, of which its UTF-8 is meant, or bytes as `{"base64": …}`. */
  data: string | { base64: string };
}

/** Answer of `crypto.random`. */
export interface CryptoRandomAnswer {
  /** The bytes. */
  base64: string;
}

/** `crypto.random`: random bytes that nobody can predict. */
export interface CryptoRandomRequest {
  /** How many, from 1 to 65,536. */
  bytes: number;
}

/** `events.publish`: an event of a topic below the plugin's own id, such as `acme.prometheus.alert`. */
export interface EventsPublishRequest {
  topic: string;
  /** What it carries; at most 64 KiB of JSON. */
  data: unknown;
  /** Of waiting events with one topic and key only the latest is delivered; absent when each matters. */
  key?: string;
}

/** `events.subscribe`: topics, each exact or ending in `.*`; matching events arrive as `event` messages. */
export interface EventsSubscribeRequest {
  topics: string[];
}

/** `events.unsubscribe`: topics as they were subscribed to; one that was not changes nothing. */
export interface EventsUnsubscribeRequest {
  topics: string[];
}

/** Answer of `files.list`. */
export interface FilesListAnswer {
  entries: ListedFile[];
  /** There are more than one answer holds. */
  more?: boolean;
}

/** `files.list`, `files.stat` and `files.delete`: one file or folder. */
export interface FilesPathRequest {
  /** Begins with `/plugin`, `/tmp` or `/mnt/NAME`. */
  path: string;
}

/** Answer of `files.read`. */
export interface FilesReadAnswer {
  /** What was read; less than was asked for at the end of the file, and when an answer holds no more. */
  data: Base64Bytes;
  /** Bytes of the whole file. */
  size: number;
}

/** `files.read`: a part of a file. */
export interface FilesReadRequest {
  /** Begins with `/plugin`, `/tmp` or `/mnt/NAME`. */
  path: string;
  /** Where to begin, in bytes. */
  offset?: number;
  /** How many bytes at most; as many as one answer holds when absent. */
  length?: number;
}

/** `files.rename`: gives a file or folder another place in the same tree; a file that is there is replaced. */
export interface FilesRenameRequest {
  path: string;
  to: string;
}

/** `files.write`: writes a file, and makes the folders it needs. Without `Append` and `Offset` it replaces the file in one step. */
export interface FilesWriteRequest {
  /** Begins with `/tmp` or `/mnt/NAME`. */
  path: string;
  data: string | { base64: string };
  /** Behind the end of the file. */
  append?: boolean;
  /** Over what is at this place, in bytes; excludes `Append`. */
  offset?: number;
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

/** Answer of `http.fetch`, whatever its status. */
export interface HttpFetchAnswer {
  status: number;
  /** By name in lower case; the values of a repeated header are joined by a comma. */
  headers?: Record<string, string>;
  /** Text when it is UTF-8, otherwise `{"base64": …}`; decompressed, unless the request named its own `Accept-Encoding`. Absent when it is empty, and when it was saved. */
  body?: string | { base64: string };
  /** Bytes in the file of `saveTo`, decompressed as `Body` would be; absent when nothing was saved. */
  savedBytes?: number;
}

/** `http.fetch`: one HTTP request to a server that the plugin may connect to; redirects are followed within its permissions. */
export interface HttpFetchRequest {
  /** Absolute, `http` or `https`, without user name and password. */
  url: string;
  /** `GET` when absent; also `HEAD`, `POST`, `PUT`, `PATCH`, `DELETE` and `OPTIONS`. */
  method?: string;
  /** By name; those that frame the message, such as `Host` and `Content-Length`, are the host's. */
  headers?: Record<string, string>;
  /** Text or `{"base64": …}`; not with `GET` and `HEAD`. */
  body?: string | { base64: string };
  /** Wall time for all of it, redirects included; the host's limit when absent or longer. */
  timeoutMs?: number;
  /** A file below `/tmp` or a writable `/mnt/NAME` that the body of a successful answer (2xx) is streamed into, up to 16 MiB; it is replaced in one step when all of it has come. Not with `HEAD`. */
  saveTo?: string;
}

/** Answer of `http.listen`. */
export interface HttpListenAnswer {
  /** Requests arrive from now on. False while another LazyOC of the same home serves the plugin, and before this instance has taken over: listening begins by itself when that is over, and the plugin need not ask again. */
  listening: boolean;
}

/** `http.listen`: requests to a port of the loopback interface arrive as `httpRequest` messages, as long as the instance lives. Twice changes nothing. */
export interface HttpListenRequest {
  /** From 1 to 65535; one of the manifest's `network.listen`. */
  port: number;
}

/** `kubernetes.apply`: server-side apply, as the field manager `lazyoc.plugin.ID`. */
export interface KubernetesApplyRequest {
  group?: string;
  resource: string;
  /** Absent for cluster-scoped resources. */
  namespace?: string;
  name: string;
  /** The fields that this plugin wants to own; `apiVersion`, `kind` and `metadata` must say the same as the arguments. */
  object: unknown;
  /** JSONPaths to keep of the answer's object; absent for the whole object. */
  fields?: string[];
  /** Takes fields over from other managers; without it they are a `conflict` that names their owners. */
  force?: boolean;
  /** Checks everything and stores nothing. */
  dryRun?: boolean;
}

/** Answer of `kubernetes.canI`. */
export interface KubernetesCanIAnswer {
  /** The plugin's permissions and the user's RBAC both give it; a write may need a gesture all the same. */
  allowed: boolean;
  /** Why not, or by what; may be absent. */
  reason?: string;
}

/** `kubernetes.canI`: whether the plugin, as its user, may do something. */
export interface KubernetesCanIRequest {
  /** RBAC verb, such as `delete`. */
  verb: string;
  group?: string;
  resource: string;
  /** Such as `log`, `exec` or `scale`. */
  subresource?: string;
  /** Absent for all namespaces and cluster-scoped resources. */
  namespace?: string;
  /** One object; absent for any. */
  name?: string;
}

/** `kubernetes.create`: a new object. */
export interface KubernetesCreateRequest {
  group?: string;
  resource: string;
  /** Absent for cluster-scoped resources. */
  namespace?: string;
  name: string;
  /** The whole object; its `apiVersion`, `kind` and `metadata` must say the same as the arguments. */
  object: unknown;
  /** JSONPaths to keep of the answer's object; absent for the whole object. */
  fields?: string[];
  /** Checks everything and stores nothing. */
  dryRun?: boolean;
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

/** Answer of `kubernetes.discover`. */
export interface KubernetesDiscoverAnswer {
  /** Each resource at its preferred version. */
  resources: KubernetesResource[];
}

/** `kubernetes.discover`: what the cluster serves. */
export interface KubernetesDiscoverRequest {
  /** One API group, empty for core; absent for all. */
  group?: string;
}

/** Answer of `kubernetes.exec`. */
export interface KubernetesExecAnswer {
  exitCode: number;
  /** As UTF-8 text; what is none is replaced. */
  stdout: string;
  stderr: string;
  /** Output is missing at the end, because an answer holds no more. */
  truncated?: boolean;
}

/** `kubernetes.exec`: runs a command in a container and waits for its end. */
export interface KubernetesExecRequest {
  namespace: string;
  pod: string;
  /** May be absent when the pod has one container only. */
  container?: string;
  /** The program and its arguments; no shell reads them. */
  command: string[];
  /** Its standard input, which ends after this text. */
  stdin?: string;
  /** Longest wait for the end in milliseconds, 1 to 300,000; the message's own deadline ends it too. */
  timeoutMs?: number;
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

/** Answer of `kubernetes.logs`. */
export interface KubernetesLogsAnswer {
  /** In the order they were written; they may hold control characters. Empty when the log is followed. */
  lines: string[];
  /** Names the followed log in `watch` messages and in `kubernetes.unwatch`, as that of `kubernetes.watch` does. */
  watch?: string;
  /** Later lines are missing, because an answer holds no more: ask for fewer. */
  truncated?: boolean;
}

/** `kubernetes.logs`: lines that a container has written. */
export interface KubernetesLogsRequest {
  namespace: string;
  pod: string;
  /** May be absent when the pod has one container only. */
  container?: string;
  /** Lines before the end to begin at, 1 to 10,000; 1,000 when absent. */
  tailLines?: number;
  /** Only lines younger than this; 1 or more. */
  sinceSeconds?: number;
  /** The log of the container's previous run. */
  previous?: boolean;
  /** Tells the lines, and those that are written later, as `watch` messages until `kubernetes.unwatch`; it is one of the plugin's watches. Excludes `Previous`. */
  follow?: boolean;
}

/** `kubernetes.patch`: changes an object that is there. */
export interface KubernetesPatchRequest {
  group?: string;
  resource: string;
  /** Absent for cluster-scoped resources. */
  namespace?: string;
  name: string;
  /** Such as `status` or `scale`; absent for the object itself. */
  subresource?: string;
  type: "merge" | "json" | "strategic";
  /** The patch; it must not change what the object is: its kind, name and namespace. */
  patch: unknown;
  /** JSONPaths to keep of the answer's object; absent for the whole object. */
  fields?: string[];
  /** Checks everything and stores nothing. */
  dryRun?: boolean;
}

/** A resource that the cluster serves. */
export interface KubernetesResource {
  group: string;
  version: string;
  kind: string;
  /** The name in `resource` of the other calls. */
  plural: string;
  namespaced: boolean;
  /** What the server offers, not what the user or the plugin may do: see `kubernetes.canI`. */
  verbs: string[];
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

/** Answer of `kubernetes.schema`. */
export interface KubernetesSchemaAnswer {
  /** The kind's OpenAPI v3 schema. A `$ref` of `#/components/schemas/NAME` is `Definitions`' `NAME`. */
  schema: unknown;
  /** Every schema that is referred to, directly or not, by name. */
  definitions: Record<string, unknown>;
}

/** `kubernetes.schema`: how objects of a kind look. */
export interface KubernetesSchemaRequest {
  group?: string;
  kind: string;
  /** The preferred version when absent. */
  version?: string;
}

/** Answer of `kubernetes.serviceProxy`: whatever the service says, errors too. */
export interface KubernetesServiceProxyAnswer {
  /** HTTP status. */
  status: number;
  /** By lower-case name; several of one name are joined by commas. */
  headers: Record<string, string>;
  /** Text when it is UTF-8. */
  body: string | { base64: string };
}

/** `kubernetes.serviceProxy`: one HTTP request to a service, through the API server as the session's user. Redirects are answers, not followed. */
export interface KubernetesServiceProxyRequest {
  namespace: string;
  service: string;
  /** Number or name of the service's port. */
  port: string;
  /** `http`, which is meant when absent, or `https`. */
  scheme?: string;
  /** GET, HEAD, POST, PUT, PATCH or DELETE. */
  method: string;
  /** Begins with a slash and is not escaped: the host does that, so a `?` or `%2F` in it is part of a name. Without empty segments, `.` and `..`. */
  path: string;
  /** Parameters, not escaped. */
  query?: Record<string, string>;
  /** Without those that the host sets or that speak to the API server, such as `Authorization` and `Host`. */
  headers?: Record<string, string>;
  body?: string | { base64: string };
}

/** `kubernetes.unwatch`: ends a watch or a followed log; a message that is on its way still arrives. */
export interface KubernetesUnwatchRequest {
  watch: string;
}

/** Answer of `kubernetes.watch`. */
export interface KubernetesWatchAnswer {
  /** Names it in messages and in `kubernetes.unwatch`; unique within the plugin instance, with which it ends. */
  watch: string;
}

/** `kubernetes.watch`: objects that are there, then what happens to them, as `watch` messages (`WatchPayload`). */
export interface KubernetesWatchRequest {
  group?: string;
  /** Plural resource name. */
  resource: string;
  /** Absent for all namespaces and cluster-scoped resources. */
  namespace?: string;
  labelSelector?: string;
  fieldSelector?: string;
  /** JSONPaths to keep of each object, 1 to 32. What one path selects of one object is left out above 64 KiB. */
  fields: string[];
}

/** Answer of `kubernetes.create`, `apply` and `patch`. */
export interface KubernetesWriteAnswer {
  /** What was written. */
  reference: ObjectReference;
  /** The object as it is now, or its values by path; absent when the plugin may not `get` it. */
  object?: unknown;
}

/** A name in a folder. */
export interface ListedFile {
  name: string;
  kind: "file" | "folder" | "link" | "other";
  /** In bytes; of a file. */
  size?: number;
  modified?: string;
}

/** `log.write`: a line in the plugin's own log, at level info when none is given. */
export interface LogWriteRequest {
  level?: "debug" | "info" | "warn" | "error";
  message: string;
}

/** `metrics.record`: a value that the plugin measured of itself, for its author: `lazyoc plugin top --output json` shows it. */
export interface MetricsRecordRequest {
  /** Such as `cache.hits`; letters, digits, dots, hyphens and underscores. */
  name: string;
  value: number;
  /** Such as `ms`. */
  unit?: string;
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

/** Answer of `services.call`. */
export interface ServicesCallAnswer {
  /** The service's answer, which its `output` schema accepts. */
  output: unknown;
}

/** `services.call`: asks another plugin. */
export interface ServicesCallRequest {
  /** `PLUGIN-ID/NAME`, such as `acme.timeseries/downsample`. */
  service: string;
  /** What the service's `input` schema accepts. */
  input: unknown;
  /** How long to wait in milliseconds; as long as a service may take when absent. */
  timeoutMs?: number;
}

/** `storage.batch`: several changes, all of them or none; each key once. */
export interface StorageBatchRequest {
  set?: StorageSetRequest[];
  delete?: StorageDeleteRequest[];
}

/** `storage.delete`: takes a key and its value away; one that is not there is no error. */
export interface StorageDeleteRequest {
  key: string;
  /** As in `IfRevision`. */
  ifRevision?: number;
}

/** Answer of `storage.get`; empty when the key has no value. */
export interface StorageGetAnswer {
  value?: unknown;
  /** Another one with every change of the value: for `IfRevision`. */
  revision?: number;
}

/** `storage.get`: the value of one key. */
export interface StorageGetRequest {
  key: string;
}

/** Answer of `storage.list`. */
export interface StorageListAnswer {
  items: StoredItem[];
  /** There are more: ask with `After`. */
  more?: boolean;
}

/** `storage.list`: a page of keys, in ordinal order. */
export interface StorageListRequest {
  /** Only keys that begin so. */
  prefix?: string;
  /** Only keys behind this one: the last of the page before. */
  after?: string;
  /** Keys a page; 100 when absent. */
  limit?: number;
  /** With the values, as many as an answer holds. */
  values?: boolean;
}

/** Answer of `storage.set`. */
export interface StorageSetAnswer {
  /** Of the value as it is now. */
  revision: number;
}

/** `storage.set`: gives a key a value. */
export interface StorageSetRequest {
  key: string;
  /** Any JSON. */
  value: unknown;
  /** Refuses with `conflict` unless the value is still of this revision; 0 is that of a key without one. */
  ifRevision?: number;
}

/** A key that has a value. */
export interface StoredItem {
  key: string;
  /** When it was asked for. */
  value?: unknown;
  revision: number;
}

/** `timers.clear`: ends a timer; nothing happens when there is none of that id. */
export interface TimersClearRequest {
  id: string;
}

/** `timers.set`: a `timer` message after a while. A timer of the same id is replaced; all end with the instance. */
export interface TimersSetRequest {
  /** Names it among the plugin's own timers. */
  id: string;
  /** Milliseconds until the message, at least 10. */
  delayMs: number;
  /** Whether there is a message again and again, each so long after the one before. One that is still being handled is not sent anew. */
  repeat?: boolean;
}

/** `trace.span`: something that the plugin did and that has ended just now, for `lazyoc plugin profile`. */
export interface TraceSpanRequest {
  name: string;
  /** How long it took, at most an hour. */
  durationMs: number;
  /** What tells it from others of its name. */
  attributes?: Record<string, string>;
}

/** `ui.browse`: opens an address in the user's browser; needs a gesture. */
export interface UiBrowseRequest {
  /** `http` or `https`, of a server that the plugin may connect to. */
  url: string;
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
