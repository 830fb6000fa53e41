/** Every host call as a class. Generated from the table of host calls; do not edit. */

import { callHost } from "./guest";
import { Json } from "./json";
import { Answer, listOf, textsOf, Value, valuesOf } from "./value";
import { FormField, ViewNode, ViewPatch } from "./views";

/** Why a call was refused or failed: the closed list of codes. */
export namespace ErrorCode {
  export const permissionDenied = "permission-denied";
  export const gestureRequired = "gesture-required";
  export const quotaExceeded = "quota-exceeded";
  export const notFound = "not-found";
  export const conflict = "conflict";
  export const invalid = "invalid";
  export const timeout = "timeout";
  export const unavailable = "unavailable";
  export const tooLarge = "too-large";
  export const cancelled = "cancelled";
  export const internal = "internal";
}

/** What plugins did and were refused in this LazyOC. Permission: `audit`. */
export class AuditRead extends Value {
  constructor() {
    super(Json.object());
  }

  /** The `cursor` of an answer, to go on after it; from the oldest that is kept when absent. */
  after(value: i64): AuditRead {
    this.json.set("after", Json.of(value));
    return this;
  }

  /** Only this plugin. */
  plugin(value: string): AuditRead {
    this.json.set("plugin", Json.of(value));
    return this;
  }

  /** How many entries, 1 to 500; 100 when absent. */
  limit(value: i32): AuditRead {
    this.json.set("limit", Json.of(value));
    return this;
  }

  send(): Answer<AuditReadAnswer> {
    return new Answer<AuditReadAnswer>(callHost("audit.read", this.json));
  }
}

/** Puts text on the user's clipboard. Permission: `clipboard`. Needs a gesture. */
export class ClipboardWrite extends Value {
  /** text: At most 64 KiB of UTF-8; control characters other than tab and line feed are left out. */
  constructor(text: string) {
    super(Json.object());
    this.json.set("text", Json.of(text));
  }

  send(): Answer<Value> {
    return new Answer<Value>(callHost("clipboard.write", this.json));
  }
}

/** The plugin's settings, those the user has set and defaults; never a secret. */
export class ConfigGet extends Value {
  constructor() {
    super(Json.object());
  }

  send(): Answer<ConfigGetAnswer> {
    return new Answer<ConfigGetAnswer>(callHost("config.get", this.json));
  }
}

/** The digest of text or bytes. */
export class CryptoHash extends Value {
  /** algorithm: One of `sha-256`, `sha-384`, `sha-512`, `sha-1`. */
  /** data: Text, of which its UTF-8 is meant, or bytes as `{"base64": …}`. */
  constructor(algorithm: string, data: Json) {
    super(Json.object());
    this.json.set("algorithm", Json.of(algorithm));
    this.json.set("data", data);
  }

  send(): Answer<CryptoHashAnswer> {
    return new Answer<CryptoHashAnswer>(callHost("crypto.hash", this.json));
  }
}

/** Random bytes that nobody can predict. */
export class CryptoRandom extends Value {
  /** bytes: How many, from 1 to 65,536. */
  constructor(bytes: i32) {
    super(Json.object());
    this.json.set("bytes", Json.of(bytes));
  }

  send(): Answer<CryptoRandomAnswer> {
    return new Answer<CryptoRandomAnswer>(callHost("crypto.random", this.json));
  }
}

/** Tells subscribers of an event of a topic below the plugin's own id. Permission: `events.publish`. */
export class EventsPublish extends Value {
  /** data: What it carries; at most 64 KiB of JSON. */
  constructor(topic: string, data: Json) {
    super(Json.object());
    this.json.set("topic", Json.of(topic));
    this.json.set("data", data);
  }

  /** Of waiting events with one topic and key only the latest is delivered; absent when each matters. */
  key(value: string): EventsPublish {
    this.json.set("key", Json.of(value));
    return this;
  }

  send(): Answer<Value> {
    return new Answer<Value>(callHost("events.publish", this.json));
  }
}

/** Delivers events of topics from now on; of resources, first those that are there. Permission: `events.subscribe, and audit for audit.*`. */
export class EventsSubscribe extends Value {
  constructor(topics: string[]) {
    super(Json.object());
    this.json.set("topics", Json.texts(topics));
  }

  send(): Answer<Value> {
    return new Answer<Value>(callHost("events.subscribe", this.json));
  }
}

/** Ends the delivery of topics; what still waits of them is not delivered. */
export class EventsUnsubscribe extends Value {
  constructor(topics: string[]) {
    super(Json.object());
    this.json.set("topics", Json.texts(topics));
  }

  send(): Answer<Value> {
    return new Answer<Value>(callHost("events.unsubscribe", this.json));
  }
}

/** Deletes a file, a link or an empty folder. Permission: `files, below /mnt`. */
export class FilesDelete extends Value {
  /** path: Begins with `/plugin`, `/tmp` or `/mnt/NAME`. */
  constructor(path: string) {
    super(Json.object());
    this.json.set("path", Json.of(path));
  }

  send(): Answer<Value> {
    return new Answer<Value>(callHost("files.delete", this.json));
  }
}

/** What is in a folder. Permission: `files, below /mnt`. */
export class FilesList extends Value {
  /** path: Begins with `/plugin`, `/tmp` or `/mnt/NAME`. */
  constructor(path: string) {
    super(Json.object());
    this.json.set("path", Json.of(path));
  }

  send(): Answer<FilesListAnswer> {
    return new Answer<FilesListAnswer>(callHost("files.list", this.json));
  }
}

/** A part of a file, as base64, and the size of the whole. Permission: `files, below /mnt`. */
export class FilesRead extends Value {
  /** path: Begins with `/plugin`, `/tmp` or `/mnt/NAME`. */
  constructor(path: string) {
    super(Json.object());
    this.json.set("path", Json.of(path));
  }

  /** Where to begin, in bytes. */
  offset(value: i64): FilesRead {
    this.json.set("offset", Json.of(value));
    return this;
  }

  /** How many bytes at most; as many as one answer holds when absent. */
  length(value: i32): FilesRead {
    this.json.set("length", Json.of(value));
    return this;
  }

  send(): Answer<FilesReadAnswer> {
    return new Answer<FilesReadAnswer>(callHost("files.read", this.json));
  }
}

/** Moves a file or folder within one tree; a file that is in the way is replaced. Permission: `files, below /mnt`. */
export class FilesRename extends Value {
  constructor(path: string, to: string) {
    super(Json.object());
    this.json.set("path", Json.of(path));
    this.json.set("to", Json.of(to));
  }

  send(): Answer<Value> {
    return new Answer<Value>(callHost("files.rename", this.json));
  }
}

/** What is known of a file or folder. Permission: `files, below /mnt`. */
export class FilesStat extends Value {
  /** path: Begins with `/plugin`, `/tmp` or `/mnt/NAME`. */
  constructor(path: string) {
    super(Json.object());
    this.json.set("path", Json.of(path));
  }

  send(): Answer<ListedFile> {
    return new Answer<ListedFile>(callHost("files.stat", this.json));
  }
}

/** Writes a file whole, behind its end or at a place in it, and makes the folders it needs. Permission: `files, below /mnt`. */
export class FilesWrite extends Value {
  /** path: Begins with `/tmp` or `/mnt/NAME`. */
  constructor(path: string, data: Json) {
    super(Json.object());
    this.json.set("path", Json.of(path));
    this.json.set("data", data);
  }

  /** Behind the end of the file. */
  append(value: bool): FilesWrite {
    this.json.set("append", Json.of(value));
    return this;
  }

  /** Over what is at this place, in bytes; excludes `Append`. */
  offset(value: i64): FilesWrite {
    this.json.set("offset", Json.of(value));
    return this;
  }

  send(): Answer<Value> {
    return new Answer<Value>(callHost("files.write", this.json));
  }
}

/** The host API version and clock. */
export class HostInfo extends Value {
  constructor() {
    super(Json.object());
  }

  send(): Answer<HostInfoAnswer> {
    return new Answer<HostInfoAnswer>(callHost("host.info", this.json));
  }
}

/** Sends an HTTP request to a server and gives its answer, following redirects within the plugin's permissions. Permission: `network.connect; with saveTo, files below /mnt too`. */
export class HttpFetch extends Value {
  /** url: Absolute, `http` or `https`, without user name and password. */
  constructor(url: string) {
    super(Json.object());
    this.json.set("url", Json.of(url));
  }

  /** `GET` when absent; also `HEAD`, `POST`, `PUT`, `PATCH`, `DELETE` and `OPTIONS`. */
  method(value: string): HttpFetch {
    this.json.set("method", Json.of(value));
    return this;
  }

  /** By name; those that frame the message, such as `Host` and `Content-Length`, are the host's. */
  headers(value: Json): HttpFetch {
    this.json.set("headers", value);
    return this;
  }

  /** Text or `{"base64": …}`; not with `GET` and `HEAD`. */
  body(value: Json): HttpFetch {
    this.json.set("body", value);
    return this;
  }

  /** Wall time for all of it, redirects included; the host's limit when absent or longer. */
  timeoutMs(value: i32): HttpFetch {
    this.json.set("timeoutMs", Json.of(value));
    return this;
  }

  /** A file below `/tmp` or a writable `/mnt/NAME` that the body of a successful answer (2xx) is streamed into, up to 16 MiB; it is replaced in one step when all of it has come. Not with `HEAD`. */
  saveTo(value: string): HttpFetch {
    this.json.set("saveTo", Json.of(value));
    return this;
  }

  send(): Answer<HttpFetchAnswer> {
    return new Answer<HttpFetchAnswer>(callHost("http.fetch", this.json));
  }
}

/** Takes HTTP requests on a port of the loopback interface, which arrive as `httpRequest` messages. Permission: `network.listen`. */
export class HttpListen extends Value {
  /** port: From 1 to 65535; one of the manifest's `network.listen`. */
  constructor(port: i32) {
    super(Json.object());
    this.json.set("port", Json.of(port));
  }

  send(): Answer<HttpListenAnswer> {
    return new Answer<HttpListenAnswer>(callHost("http.listen", this.json));
  }
}

/** Sets the fields that the plugin owns, by server-side apply; creates the object when there is none. Permission: `kubernetes: create and patch`. Changes the cluster: needs a gesture, or a rule with `unattended`. */
export class KubernetesApply extends Value {
  /** object: The fields that this plugin wants to own; `apiVersion`, `kind` and `metadata` must say the same as the arguments. */
  constructor(resource: string, name: string, object: Json) {
    super(Json.object());
    this.json.set("resource", Json.of(resource));
    this.json.set("name", Json.of(name));
    this.json.set("object", object);
  }

  group(value: string): KubernetesApply {
    this.json.set("group", Json.of(value));
    return this;
  }

  /** Absent for cluster-scoped resources. */
  namespace(value: string): KubernetesApply {
    this.json.set("namespace", Json.of(value));
    return this;
  }

  /** JSONPaths to keep of the answer's object; absent for the whole object. */
  fields(value: string[]): KubernetesApply {
    this.json.set("fields", Json.texts(value));
    return this;
  }

  /** Takes fields over from other managers; without it they are a `conflict` that names their owners. */
  force(value: bool): KubernetesApply {
    this.json.set("force", Json.of(value));
    return this;
  }

  /** Checks everything and stores nothing. */
  dryRun(value: bool): KubernetesApply {
    this.json.set("dryRun", Json.of(value));
    return this;
  }

  send(): Answer<KubernetesWriteAnswer> {
    return new Answer<KubernetesWriteAnswer>(callHost("kubernetes.apply", this.json));
  }
}

/** Whether the plugin's permissions and its user's RBAC both give something. */
export class KubernetesCanI extends Value {
  /** verb: RBAC verb, such as `delete`. */
  constructor(verb: string, resource: string) {
    super(Json.object());
    this.json.set("verb", Json.of(verb));
    this.json.set("resource", Json.of(resource));
  }

  group(value: string): KubernetesCanI {
    this.json.set("group", Json.of(value));
    return this;
  }

  /** Such as `log`, `exec` or `scale`. */
  subresource(value: string): KubernetesCanI {
    this.json.set("subresource", Json.of(value));
    return this;
  }

  /** Absent for all namespaces and cluster-scoped resources. */
  namespace(value: string): KubernetesCanI {
    this.json.set("namespace", Json.of(value));
    return this;
  }

  /** One object; absent for any. */
  name(value: string): KubernetesCanI {
    this.json.set("name", Json.of(value));
    return this;
  }

  send(): Answer<KubernetesCanIAnswer> {
    return new Answer<KubernetesCanIAnswer>(callHost("kubernetes.canI", this.json));
  }
}

/** Creates one object. Permission: `kubernetes: create`. Changes the cluster: needs a gesture, or a rule with `unattended`. */
export class KubernetesCreate extends Value {
  /** object: The whole object; its `apiVersion`, `kind` and `metadata` must say the same as the arguments. */
  constructor(resource: string, name: string, object: Json) {
    super(Json.object());
    this.json.set("resource", Json.of(resource));
    this.json.set("name", Json.of(name));
    this.json.set("object", object);
  }

  group(value: string): KubernetesCreate {
    this.json.set("group", Json.of(value));
    return this;
  }

  /** Absent for cluster-scoped resources. */
  namespace(value: string): KubernetesCreate {
    this.json.set("namespace", Json.of(value));
    return this;
  }

  /** JSONPaths to keep of the answer's object; absent for the whole object. */
  fields(value: string[]): KubernetesCreate {
    this.json.set("fields", Json.texts(value));
    return this;
  }

  /** Checks everything and stores nothing. */
  dryRun(value: bool): KubernetesCreate {
    this.json.set("dryRun", Json.of(value));
    return this;
  }

  send(): Answer<KubernetesWriteAnswer> {
    return new Answer<KubernetesWriteAnswer>(callHost("kubernetes.create", this.json));
  }
}

/** Deletes one object. Permission: `kubernetes: delete`. Changes the cluster: needs a gesture, or a rule with `unattended`. */
export class KubernetesDelete extends Value {
  constructor(resource: string, name: string) {
    super(Json.object());
    this.json.set("resource", Json.of(resource));
    this.json.set("name", Json.of(name));
  }

  group(value: string): KubernetesDelete {
    this.json.set("group", Json.of(value));
    return this;
  }

  namespace(value: string): KubernetesDelete {
    this.json.set("namespace", Json.of(value));
    return this;
  }

  /** Refuses with `conflict` when the object is not the one meant. */
  uid(value: string): KubernetesDelete {
    this.json.set("uid", Json.of(value));
    return this;
  }

  send(): Answer<Value> {
    return new Answer<Value>(callHost("kubernetes.delete", this.json));
  }
}

/** The resources that the cluster serves. */
export class KubernetesDiscover extends Value {
  constructor() {
    super(Json.object());
  }

  /** One API group, empty for core; absent for all. */
  group(value: string): KubernetesDiscover {
    this.json.set("group", Json.of(value));
    return this;
  }

  send(): Answer<KubernetesDiscoverAnswer> {
    return new Answer<KubernetesDiscoverAnswer>(callHost("kubernetes.discover", this.json));
  }
}

/** Runs a command in a container and waits for its end. Permission: `kubernetes: create of pods/exec`. Changes the cluster: needs a gesture, or a rule with `unattended`. */
export class KubernetesExec extends Value {
  /** command: The program and its arguments; no shell reads them. */
  constructor(namespace: string, pod: string, command: string[]) {
    super(Json.object());
    this.json.set("namespace", Json.of(namespace));
    this.json.set("pod", Json.of(pod));
    this.json.set("command", Json.texts(command));
  }

  /** May be absent when the pod has one container only. */
  container(value: string): KubernetesExec {
    this.json.set("container", Json.of(value));
    return this;
  }

  /** Its standard input, which ends after this text. */
  stdin(value: string): KubernetesExec {
    this.json.set("stdin", Json.of(value));
    return this;
  }

  /** Longest wait for the end in milliseconds, 1 to 300,000; the message's own deadline ends it too. */
  timeoutMs(value: i32): KubernetesExec {
    this.json.set("timeoutMs", Json.of(value));
    return this;
  }

  send(): Answer<KubernetesExecAnswer> {
    return new Answer<KubernetesExecAnswer>(callHost("kubernetes.exec", this.json));
  }
}

/** One object, whole or projected to paths. Permission: `kubernetes: get`. */
export class KubernetesGet extends Value {
  constructor(resource: string, name: string) {
    super(Json.object());
    this.json.set("resource", Json.of(resource));
    this.json.set("name", Json.of(name));
  }

  group(value: string): KubernetesGet {
    this.json.set("group", Json.of(value));
    return this;
  }

  namespace(value: string): KubernetesGet {
    this.json.set("namespace", Json.of(value));
    return this;
  }

  /** JSONPaths to keep; absent for the whole object. */
  fields(value: string[]): KubernetesGet {
    this.json.set("fields", Json.texts(value));
    return this;
  }

  send(): Answer<Value> {
    return new Answer<Value>(callHost("kubernetes.get", this.json));
  }
}

/** A page of objects of one resource, whole or projected to paths. Permission: `kubernetes: list`. */
export class KubernetesList extends Value {
  /** resource: Plural resource name. */
  constructor(resource: string) {
    super(Json.object());
    this.json.set("resource", Json.of(resource));
  }

  group(value: string): KubernetesList {
    this.json.set("group", Json.of(value));
    return this;
  }

  /** Absent for all namespaces and cluster-scoped resources. */
  namespace(value: string): KubernetesList {
    this.json.set("namespace", Json.of(value));
    return this;
  }

  labelSelector(value: string): KubernetesList {
    this.json.set("labelSelector", Json.of(value));
    return this;
  }

  fieldSelector(value: string): KubernetesList {
    this.json.set("fieldSelector", Json.of(value));
    return this;
  }

  /** JSONPaths to keep of each object; absent for whole objects. */
  fields(value: string[]): KubernetesList {
    this.json.set("fields", Json.texts(value));
    return this;
  }

  /** Objects a page, 1 to 500; 100 when absent. */
  limit(value: i32): KubernetesList {
    this.json.set("limit", Json.of(value));
    return this;
  }

  /** Token of the previous page's answer. */
  continue_(value: string): KubernetesList {
    this.json.set("continue", Json.of(value));
    return this;
  }

  send(): Answer<KubernetesListAnswer> {
    return new Answer<KubernetesListAnswer>(callHost("kubernetes.list", this.json));
  }
}

/** The latest lines that a container has written; followed, those it writes from then on too, as `watch` messages. Permission: `kubernetes: get of pods/log`. */
export class KubernetesLogs extends Value {
  constructor(namespace: string, pod: string) {
    super(Json.object());
    this.json.set("namespace", Json.of(namespace));
    this.json.set("pod", Json.of(pod));
  }

  /** May be absent when the pod has one container only. */
  container(value: string): KubernetesLogs {
    this.json.set("container", Json.of(value));
    return this;
  }

  /** Lines before the end to begin at, 1 to 10,000; 1,000 when absent. */
  tailLines(value: i32): KubernetesLogs {
    this.json.set("tailLines", Json.of(value));
    return this;
  }

  /** Only lines younger than this; 1 or more. */
  sinceSeconds(value: i32): KubernetesLogs {
    this.json.set("sinceSeconds", Json.of(value));
    return this;
  }

  /** The log of the container's previous run. */
  previous(value: bool): KubernetesLogs {
    this.json.set("previous", Json.of(value));
    return this;
  }

  /** Tells the lines, and those that are written later, as `watch` messages until `kubernetes.unwatch`; it is one of the plugin's watches. Excludes `Previous`. */
  follow(value: bool): KubernetesLogs {
    this.json.set("follow", Json.of(value));
    return this;
  }

  send(): Answer<KubernetesLogsAnswer> {
    return new Answer<KubernetesLogsAnswer>(callHost("kubernetes.logs", this.json));
  }
}

/** Changes fields of an object that is there, or of one of its subresources. Permission: `kubernetes: patch of RESOURCE or RESOURCE/SUBRESOURCE`. Changes the cluster: needs a gesture, or a rule with `unattended`. */
export class KubernetesPatch extends Value {
  /** type: One of `merge`, `json`, `strategic`. */
  /** patch: The patch; it must not change what the object is: its kind, name and namespace. */
  constructor(resource: string, name: string, type: string, patch: Json) {
    super(Json.object());
    this.json.set("resource", Json.of(resource));
    this.json.set("name", Json.of(name));
    this.json.set("type", Json.of(type));
    this.json.set("patch", patch);
  }

  group(value: string): KubernetesPatch {
    this.json.set("group", Json.of(value));
    return this;
  }

  /** Absent for cluster-scoped resources. */
  namespace(value: string): KubernetesPatch {
    this.json.set("namespace", Json.of(value));
    return this;
  }

  /** Such as `status` or `scale`; absent for the object itself. */
  subresource(value: string): KubernetesPatch {
    this.json.set("subresource", Json.of(value));
    return this;
  }

  /** JSONPaths to keep of the answer's object; absent for the whole object. */
  fields(value: string[]): KubernetesPatch {
    this.json.set("fields", Json.texts(value));
    return this;
  }

  /** Checks everything and stores nothing. */
  dryRun(value: bool): KubernetesPatch {
    this.json.set("dryRun", Json.of(value));
    return this;
  }

  send(): Answer<KubernetesWriteAnswer> {
    return new Answer<KubernetesWriteAnswer>(callHost("kubernetes.patch", this.json));
  }
}

/** Sets `spec.replicas` through the scale subresource. Permission: `kubernetes: update of RESOURCE/scale`. Changes the cluster: needs a gesture, or a rule with `unattended`. */
export class KubernetesScale extends Value {
  /** replicas: 0 or more. */
  constructor(resource: string, namespace: string, name: string, replicas: i32) {
    super(Json.object());
    this.json.set("resource", Json.of(resource));
    this.json.set("namespace", Json.of(namespace));
    this.json.set("name", Json.of(name));
    this.json.set("replicas", Json.of(replicas));
  }

  group(value: string): KubernetesScale {
    this.json.set("group", Json.of(value));
    return this;
  }

  send(): Answer<Value> {
    return new Answer<Value>(callHost("kubernetes.scale", this.json));
  }
}

/** The OpenAPI v3 schema of a kind, with the definitions that it refers to. */
export class KubernetesSchema extends Value {
  constructor(kind: string) {
    super(Json.object());
    this.json.set("kind", Json.of(kind));
  }

  group(value: string): KubernetesSchema {
    this.json.set("group", Json.of(value));
    return this;
  }

  /** The preferred version when absent. */
  version(value: string): KubernetesSchema {
    this.json.set("version", Json.of(value));
    return this;
  }

  send(): Answer<KubernetesSchemaAnswer> {
    return new Answer<KubernetesSchemaAnswer>(callHost("kubernetes.schema", this.json));
  }
}

/** Sends one HTTP request to a service, through the API server. Permission: `kubernetes: get of services/proxy for GET and HEAD, else create`. Changes the cluster: needs a gesture, or a rule with `unattended`. */
export class KubernetesServiceProxy extends Value {
  /** port: Number or name of the service's port. */
  /** method: GET, HEAD, POST, PUT, PATCH or DELETE. */
  /** path: Begins with a slash and is not escaped: the host does that, so a `?` or `%2F` in it is part of a name. Without empty segments, `.` and `..`. */
  constructor(namespace: string, service: string, port: string, method: string, path: string) {
    super(Json.object());
    this.json.set("namespace", Json.of(namespace));
    this.json.set("service", Json.of(service));
    this.json.set("port", Json.of(port));
    this.json.set("method", Json.of(method));
    this.json.set("path", Json.of(path));
  }

  /** `http`, which is meant when absent, or `https`. */
  scheme(value: string): KubernetesServiceProxy {
    this.json.set("scheme", Json.of(value));
    return this;
  }

  /** Parameters, not escaped. */
  query(value: Json): KubernetesServiceProxy {
    this.json.set("query", value);
    return this;
  }

  /** Without those that the host sets or that speak to the API server, such as `Authorization` and `Host`. */
  headers(value: Json): KubernetesServiceProxy {
    this.json.set("headers", value);
    return this;
  }

  body(value: Json): KubernetesServiceProxy {
    this.json.set("body", value);
    return this;
  }

  send(): Answer<KubernetesServiceProxyAnswer> {
    return new Answer<KubernetesServiceProxyAnswer>(callHost("kubernetes.serviceProxy", this.json));
  }
}

/** Ends a watch or a followed log. */
export class KubernetesUnwatch extends Value {
  constructor(watch: string) {
    super(Json.object());
    this.json.set("watch", Json.of(watch));
  }

  send(): Answer<Value> {
    return new Answer<Value>(callHost("kubernetes.unwatch", this.json));
  }
}

/** Tells of the objects that are there, then of what happens to them, as `watch` messages. Permission: `kubernetes: list and watch`. */
export class KubernetesWatch extends Value {
  /** resource: Plural resource name. */
  /** fields: JSONPaths to keep of each object, 1 to 32. What one path selects of one object is left out above 64 KiB. */
  constructor(resource: string, fields: string[]) {
    super(Json.object());
    this.json.set("resource", Json.of(resource));
    this.json.set("fields", Json.texts(fields));
  }

  group(value: string): KubernetesWatch {
    this.json.set("group", Json.of(value));
    return this;
  }

  /** Absent for all namespaces and cluster-scoped resources. */
  namespace(value: string): KubernetesWatch {
    this.json.set("namespace", Json.of(value));
    return this;
  }

  labelSelector(value: string): KubernetesWatch {
    this.json.set("labelSelector", Json.of(value));
    return this;
  }

  fieldSelector(value: string): KubernetesWatch {
    this.json.set("fieldSelector", Json.of(value));
    return this;
  }

  send(): Answer<KubernetesWatchAnswer> {
    return new Answer<KubernetesWatchAnswer>(callHost("kubernetes.watch", this.json));
  }
}

/** Writes a line to the plugin's own log. */
export class LogWrite extends Value {
  constructor(message: string) {
    super(Json.object());
    this.json.set("message", Json.of(message));
  }

  /** One of `debug`, `info`, `warn`, `error`. */
  level(value: string): LogWrite {
    this.json.set("level", Json.of(value));
    return this;
  }

  send(): Answer<Value> {
    return new Answer<Value>(callHost("log.write", this.json));
  }
}

/** Records a value that the plugin measured of itself, for its author. */
export class MetricsRecord extends Value {
  /** name: Such as `cache.hits`; letters, digits, dots, hyphens and underscores. */
  constructor(name: string, value: f64) {
    super(Json.object());
    this.json.set("name", Json.of(name));
    this.json.set("value", Json.of(value));
  }

  /** Such as `ms`. */
  unit(value: string): MetricsRecord {
    this.json.set("unit", Json.of(value));
    return this;
  }

  send(): Answer<Value> {
    return new Answer<Value>(callHost("metrics.record", this.json));
  }
}

/** Asks another plugin's service, which is started for it when it does not run. Permission: `services.call`. */
export class ServicesCall extends Value {
  /** service: `PLUGIN-ID/NAME`, such as `acme.timeseries/downsample`. */
  /** input: What the service's `input` schema accepts. */
  constructor(service: string, input: Json) {
    super(Json.object());
    this.json.set("service", Json.of(service));
    this.json.set("input", input);
  }

  /** How long to wait in milliseconds; as long as a service may take when absent. */
  timeoutMs(value: i32): ServicesCall {
    this.json.set("timeoutMs", Json.of(value));
    return this;
  }

  send(): Answer<ServicesCallAnswer> {
    return new Answer<ServicesCallAnswer>(callHost("services.call", this.json));
  }
}

/** Several changes of the plugin's own store, all of them or none. Permission: `storage`. */
export class StorageBatch extends Value {
  constructor() {
    super(Json.object());
  }

  set(value: StorageSetRequest[]): StorageBatch {
    this.json.set("set", listOf(value));
    return this;
  }

  delete(value: StorageDeleteRequest[]): StorageBatch {
    this.json.set("delete", listOf(value));
    return this;
  }

  send(): Answer<Value> {
    return new Answer<Value>(callHost("storage.batch", this.json));
  }
}

/** Takes a key out of the plugin's own store. Permission: `storage`. */
export class StorageDelete extends Value {
  constructor(key: string) {
    super(Json.object());
    this.json.set("key", Json.of(key));
  }

  /** As in `IfRevision`. */
  ifRevision(value: i64): StorageDelete {
    this.json.set("ifRevision", Json.of(value));
    return this;
  }

  send(): Answer<Value> {
    return new Answer<Value>(callHost("storage.delete", this.json));
  }
}

/** The value of a key in the plugin's own store. Permission: `storage`. */
export class StorageGet extends Value {
  constructor(key: string) {
    super(Json.object());
    this.json.set("key", Json.of(key));
  }

  send(): Answer<StorageGetAnswer> {
    return new Answer<StorageGetAnswer>(callHost("storage.get", this.json));
  }
}

/** A page of the keys in the plugin's own store, with or without their values. Permission: `storage`. */
export class StorageList extends Value {
  constructor() {
    super(Json.object());
  }

  /** Only keys that begin so. */
  prefix(value: string): StorageList {
    this.json.set("prefix", Json.of(value));
    return this;
  }

  /** Only keys behind this one: the last of the page before. */
  after(value: string): StorageList {
    this.json.set("after", Json.of(value));
    return this;
  }

  /** Keys a page; 100 when absent. */
  limit(value: i32): StorageList {
    this.json.set("limit", Json.of(value));
    return this;
  }

  /** With the values, as many as an answer holds. */
  values(value: bool): StorageList {
    this.json.set("values", Json.of(value));
    return this;
  }

  send(): Answer<StorageListAnswer> {
    return new Answer<StorageListAnswer>(callHost("storage.list", this.json));
  }
}

/** Gives a key in the plugin's own store a value. Permission: `storage`. */
export class StorageSet extends Value {
  /** value: Any JSON. */
  constructor(key: string, value: Json) {
    super(Json.object());
    this.json.set("key", Json.of(key));
    this.json.set("value", value);
  }

  /** Refuses with `conflict` unless the value is still of this revision; 0 is that of a key without one. */
  ifRevision(value: i64): StorageSet {
    this.json.set("ifRevision", Json.of(value));
    return this;
  }

  send(): Answer<StorageSetAnswer> {
    return new Answer<StorageSetAnswer>(callHost("storage.set", this.json));
  }
}

/** Ends a timer. */
export class TimersClear extends Value {
  constructor(id: string) {
    super(Json.object());
    this.json.set("id", Json.of(id));
  }

  send(): Answer<Value> {
    return new Answer<Value>(callHost("timers.clear", this.json));
  }
}

/** Sends the plugin a message after a while, once or again and again. Set by an instance that has not taken over yet, it begins when that does. */
export class TimersSet extends Value {
  /** id: Names it among the plugin's own timers. */
  /** delayMs: Milliseconds until the message, at least 10. */
  constructor(id: string, delayMs: i32) {
    super(Json.object());
    this.json.set("id", Json.of(id));
    this.json.set("delayMs", Json.of(delayMs));
  }

  /** Whether there is a message again and again, each so long after the one before. One that is still being handled is not sent anew. */
  repeat(value: bool): TimersSet {
    this.json.set("repeat", Json.of(value));
    return this;
  }

  send(): Answer<Value> {
    return new Answer<Value>(callHost("timers.set", this.json));
  }
}

/** Says that something the plugin did has ended, for profiles. */
export class TraceSpan extends Value {
  /** durationMs: How long it took, at most an hour. */
  constructor(name: string, durationMs: f64) {
    super(Json.object());
    this.json.set("name", Json.of(name));
    this.json.set("durationMs", Json.of(durationMs));
  }

  /** What tells it from others of its name. */
  attributes(value: Json): TraceSpan {
    this.json.set("attributes", value);
    return this;
  }

  send(): Answer<Value> {
    return new Answer<Value>(callHost("trace.span", this.json));
  }
}

/** Opens an address in the user's browser, of a server that the plugin may connect to; `unavailable` where there is no browser, as over SSH. Permission: `network.connect`. Needs a gesture. */
export class UiBrowse extends Value {
  /** url: `http` or `https`, of a server that the plugin may connect to. */
  constructor(url: string) {
    super(Json.object());
    this.json.set("url", Json.of(url));
  }

  send(): Answer<Value> {
    return new Answer<Value>(callHost("ui.browse", this.json));
  }
}

/** Asks the user a question of yes or no. Needs a gesture. The wait for the user costs no time of the message. */
export class UiConfirm extends Value {
  constructor(text: string) {
    super(Json.object());
    this.json.set("text", Json.of(text));
  }

  /** One of `none`, `caution`, `destructive`. */
  danger(value: string): UiConfirm {
    this.json.set("danger", Json.of(value));
    return this;
  }

  send(): Answer<UiConfirmAnswer> {
    return new Answer<UiConfirmAnswer>(callHost("ui.confirm", this.json));
  }
}

/** Shows a short text that goes away by itself. */
export class UiNotify extends Value {
  constructor(text: string) {
    super(Json.object());
    this.json.set("text", Json.of(text));
  }

  /** One of `plain`, `muted`, `strong`, `accent`, `ok`, `warn`, `error`, `info`. */
  style(value: string): UiNotify {
    this.json.set("style", Json.of(value));
    return this;
  }

  send(): Answer<Value> {
    return new Answer<Value>(callHost("ui.notify", this.json));
  }
}

/** Shows a tab or page that the plugin contributes. Needs a gesture. */
export class UiOpen extends Value {
  /** view: Id of the contribution. */
  constructor(view: string) {
    super(Json.object());
    this.json.set("view", Json.of(view));
  }

  /** What a tab is about; absent for a page. */
  object(value: ObjectReference): UiOpen {
    this.json.set("object", value.json);
    return this;
  }

  send(): Answer<Value> {
    return new Answer<Value>(callHost("ui.open", this.json));
  }
}

/** Shows how far something is that goes on in the background. */
export class UiProgress extends Value {
  /** id: Names it among the plugin's own. */
  constructor(id: string, text: string) {
    super(Json.object());
    this.json.set("id", Json.of(id));
    this.json.set("text", Json.of(text));
  }

  /** From 0 to 1; absent when there is no measure. */
  value(value: f64): UiProgress {
    this.json.set("value", Json.of(value));
    return this;
  }

  /** It has ended and goes away. */
  done(value: bool): UiProgress {
    this.json.set("done", Json.of(value));
    return this;
  }

  send(): Answer<Value> {
    return new Answer<Value>(callHost("ui.progress", this.json));
  }
}

/** Asks the user to fill in fields. Needs a gesture. The wait for the user costs no time of the message. */
export class UiPrompt extends Value {
  /** fields: At least one. */
  constructor(title: string, fields: FormField[]) {
    super(Json.object());
    this.json.set("title", Json.of(title));
    this.json.set("fields", listOf(fields));
  }

  send(): Answer<UiPromptAnswer> {
    return new Answer<UiPromptAnswer>(callHost("ui.prompt", this.json));
  }
}

/** Sets the text of a status item that the plugin contributes. */
export class UiStatus extends Value {
  /** item: Id of the contribution. */
  constructor(item: string, text: string) {
    super(Json.object());
    this.json.set("item", Json.of(item));
    this.json.set("text", Json.of(text));
  }

  /** One of `plain`, `muted`, `strong`, `accent`, `ok`, `warn`, `error`, `info`. */
  style(value: string): UiStatus {
    this.json.set("style", Json.of(value));
    return this;
  }

  send(): Answer<Value> {
    return new Answer<Value>(callHost("ui.status", this.json));
  }
}

/** Gives one open view that the plugin contributes new content, whole or by patches. */
export class UiUpdate extends Value {
  /** instance: The `Instance` of a view of this plugin; `not-found` when it is closed or another's. */
  constructor(instance: string) {
    super(Json.object());
    this.json.set("instance", Json.of(instance));
  }

  /** Replaces all of it; excludes `Patches`. */
  content(value: ViewNode): UiUpdate {
    this.json.set("content", value.json);
    return this;
  }

  /** Replace nodes by id, all in one step or, when an id is not there (`not-found`), none; excludes `Content`. */
  patches(value: ViewPatch[]): UiUpdate {
    this.json.set("patches", listOf(value));
    return this;
  }

  send(): Answer<Value> {
    return new Answer<Value>(callHost("ui.update", this.json));
  }
}

/** `storage.delete`: takes a key and its value away; one that is not there is no error. */
export class StorageDeleteRequest extends Value {
  constructor(key: string) {
    super(Json.object());
    this.json.set("key", Json.of(key));
  }

  /** As in `IfRevision`. */
  ifRevision(value: i64): StorageDeleteRequest {
    this.json.set("ifRevision", Json.of(value));
    return this;
  }
}

/** `storage.set`: gives a key a value. */
export class StorageSetRequest extends Value {
  /** value: Any JSON. */
  constructor(key: string, value: Json) {
    super(Json.object());
    this.json.set("key", Json.of(key));
    this.json.set("value", value);
  }

  /** Refuses with `conflict` unless the value is still of this revision; 0 is that of a key without one. */
  ifRevision(value: i64): StorageSetRequest {
    this.json.set("ifRevision", Json.of(value));
    return this;
  }
}

/** Answer of `audit.read`. */
export class AuditReadAnswer extends Value {
  get entries(): AuditReadEntry[] {
    return valuesOf<AuditReadEntry>(this.json.under("entries"));
  }

  /** Where to go on. */
  get cursor(): i64 {
    return <i64>this.json.number("cursor");
  }

  /** Entries after the cursor given that were not kept long enough to be read, of all plugins. */
  get lost(): i64 {
    return <i64>this.json.number("lost");
  }
}

/** One line of the audit. */
export class AuditReadEntry extends Value {
  get time(): string {
    return this.json.text("time");
  }

  get plugin(): string {
    return this.json.text("plugin");
  }

  /** The plugin's version. */
  get version(): string {
    return this.json.text("version");
  }

  /** Name of the host call, or of the transition. */
  get call(): string {
    return this.json.text("call");
  }

  /** On what; never a body or a secret. */
  get target(): string {
    return this.json.text("target");
  }

  /** `refused`, `intent`, `done`, `failed`, `counted`, `transition`, `fault` or `bug`. */
  get decision(): string {
    return this.json.text("decision");
  }

  get reason(): string | null {
    return this.json.has("reason") ? this.json.text("reason") : null;
  }

  /** How many alike it stands for; absent for one. */
  get count(): i64 {
    return <i64>this.json.number("count");
  }
}

/** Bytes in JSON: `{"base64":"…"}`. */
export class Base64Bytes extends Value {
  get base64(): string {
    return this.json.text("base64");
  }
}

/** Answer of `config.get`. */
export class ConfigGetAnswer extends Value {
  /** The settings by name: what the user has set, else their defaults. Those with neither, and secrets, are not among them. */
  get values(): Json {
    return this.json.under("values");
  }
}

/** Answer of `crypto.hash`. */
export class CryptoHashAnswer extends Value {
  /** The digest, two lower-case digits a byte. */
  get hex(): string {
    return this.json.text("hex");
  }
}

/** Answer of `crypto.random`. */
export class CryptoRandomAnswer extends Value {
  /** The bytes. */
  get base64(): string {
    return this.json.text("base64");
  }
}

/** Answer of `files.list`. */
export class FilesListAnswer extends Value {
  get entries(): ListedFile[] {
    return valuesOf<ListedFile>(this.json.under("entries"));
  }

  /** There are more than one answer holds. */
  get more(): bool {
    return this.json.flag("more");
  }
}

/** Answer of `files.read`. */
export class FilesReadAnswer extends Value {
  /** What was read; less than was asked for at the end of the file, and when an answer holds no more. */
  get data(): Base64Bytes {
    return new Base64Bytes(this.json.under("data"));
  }

  /** Bytes of the whole file. */
  get size(): i64 {
    return <i64>this.json.number("size");
  }
}

/** Answer of `host.info`. */
export class HostInfoAnswer extends Value {
  get hostApiVersion(): string {
    return this.json.text("hostApiVersion");
  }

  /** The host's clock, coarsened to 1 ms. */
  get now(): string {
    return this.json.text("now");
  }
}

/** Answer of `http.fetch`, whatever its status. */
export class HttpFetchAnswer extends Value {
  get status(): i32 {
    return <i32>this.json.number("status");
  }

  /** By name in lower case; the values of a repeated header are joined by a comma. */
  get headers(): Json {
    return this.json.under("headers");
  }

  /** Text when it is UTF-8, otherwise `{"base64": …}`; decompressed, unless the request named its own `Accept-Encoding`. Absent when it is empty, and when it was saved. */
  get body(): Json {
    return this.json.any("body");
  }

  /** Bytes in the file of `saveTo`, decompressed as `Body` would be; absent when nothing was saved. */
  get savedBytes(): i64 {
    return <i64>this.json.number("savedBytes");
  }
}

/** Answer of `http.listen`. */
export class HttpListenAnswer extends Value {
  /** Requests arrive from now on. False while another LazyOC of the same home serves the plugin, and before this instance has taken over: listening begins by itself when that is over, and the plugin need not ask again. */
  get listening(): bool {
    return this.json.flag("listening");
  }
}

/** Answer of `kubernetes.canI`. */
export class KubernetesCanIAnswer extends Value {
  /** The plugin's permissions and the user's RBAC both give it; a write may need a gesture all the same. */
  get allowed(): bool {
    return this.json.flag("allowed");
  }

  /** Why not, or by what; may be absent. */
  get reason(): string | null {
    return this.json.has("reason") ? this.json.text("reason") : null;
  }
}

/** Answer of `kubernetes.discover`. */
export class KubernetesDiscoverAnswer extends Value {
  /** Each resource at its preferred version. */
  get resources(): KubernetesResource[] {
    return valuesOf<KubernetesResource>(this.json.under("resources"));
  }
}

/** Answer of `kubernetes.exec`. */
export class KubernetesExecAnswer extends Value {
  get exitCode(): i32 {
    return <i32>this.json.number("exitCode");
  }

  /** As UTF-8 text; what is none is replaced. */
  get stdout(): string {
    return this.json.text("stdout");
  }

  get stderr(): string {
    return this.json.text("stderr");
  }

  /** Output is missing at the end, because an answer holds no more. */
  get truncated(): bool {
    return this.json.flag("truncated");
  }
}

/** Answer of `kubernetes.list`. */
export class KubernetesListAnswer extends Value {
  /** Whole objects, or objects from path to value when `fields` was given. */
  get items(): Json[] {
    return this.json.under("items").items;
  }

  /** Absent on the last page. */
  get continue_(): string | null {
    return this.json.has("continue") ? this.json.text("continue") : null;
  }
}

/** Answer of `kubernetes.logs`. */
export class KubernetesLogsAnswer extends Value {
  /** In the order they were written; they may hold control characters. Empty when the log is followed. */
  get lines(): string[] {
    return textsOf(this.json.under("lines"));
  }

  /** Names the followed log in `watch` messages and in `kubernetes.unwatch`, as that of `kubernetes.watch` does. */
  get watch(): string | null {
    return this.json.has("watch") ? this.json.text("watch") : null;
  }

  /** Later lines are missing, because an answer holds no more: ask for fewer. */
  get truncated(): bool {
    return this.json.flag("truncated");
  }
}

/** A resource that the cluster serves. */
export class KubernetesResource extends Value {
  get group(): string {
    return this.json.text("group");
  }

  get version(): string {
    return this.json.text("version");
  }

  get kind(): string {
    return this.json.text("kind");
  }

  /** The name in `resource` of the other calls. */
  get plural(): string {
    return this.json.text("plural");
  }

  get namespaced(): bool {
    return this.json.flag("namespaced");
  }

  /** What the server offers, not what the user or the plugin may do: see `kubernetes.canI`. */
  get verbs(): string[] {
    return textsOf(this.json.under("verbs"));
  }
}

/** Answer of `kubernetes.schema`. */
export class KubernetesSchemaAnswer extends Value {
  /** The kind's OpenAPI v3 schema. A `$ref` of `#/components/schemas/NAME` is `Definitions`' `NAME`. */
  get schema(): Json {
    return this.json.any("schema");
  }

  /** Every schema that is referred to, directly or not, by name. */
  get definitions(): Json {
    return this.json.under("definitions");
  }
}

/** Answer of `kubernetes.serviceProxy`: whatever the service says, errors too. */
export class KubernetesServiceProxyAnswer extends Value {
  /** HTTP status. */
  get status(): i32 {
    return <i32>this.json.number("status");
  }

  /** By lower-case name; several of one name are joined by commas. */
  get headers(): Json {
    return this.json.under("headers");
  }

  /** Text when it is UTF-8. */
  get body(): Json {
    return this.json.any("body");
  }
}

/** Answer of `kubernetes.watch`. */
export class KubernetesWatchAnswer extends Value {
  /** Names it in messages and in `kubernetes.unwatch`; unique within the plugin instance, with which it ends. */
  get watch(): string {
    return this.json.text("watch");
  }
}

/** Answer of `kubernetes.create`, `apply` and `patch`. */
export class KubernetesWriteAnswer extends Value {
  /** What was written. */
  get reference(): ObjectReference {
    return new ObjectReference(this.json.under("reference"));
  }

  /** The object as it is now, or its values by path; absent when the plugin may not `get` it. */
  get object(): Json {
    return this.json.any("object");
  }
}

/** A name in a folder. */
export class ListedFile extends Value {
  get name(): string {
    return this.json.text("name");
  }

  /** One of `file`, `folder`, `link`, `other`. */
  get kind(): string {
    return this.json.text("kind");
  }

  /** In bytes; of a file. */
  get size(): i64 {
    return <i64>this.json.number("size");
  }

  get modified(): string | null {
    return this.json.has("modified") ? this.json.text("modified") : null;
  }
}

/** Identity of an object; all that a plugin is told of one it may not `get`. */
export class ObjectReference extends Value {
  get group(): string {
    return this.json.text("group");
  }

  get kind(): string {
    return this.json.text("kind");
  }

  get namespace(): string | null {
    return this.json.has("namespace") ? this.json.text("namespace") : null;
  }

  get name(): string {
    return this.json.text("name");
  }

  get uid(): string | null {
    return this.json.has("uid") ? this.json.text("uid") : null;
  }
}

/** Answer of `services.call`. */
export class ServicesCallAnswer extends Value {
  /** The service's answer, which its `output` schema accepts. */
  get output(): Json {
    return this.json.any("output");
  }
}

/** Answer of `storage.get`; empty when the key has no value. */
export class StorageGetAnswer extends Value {
  get value(): Json {
    return this.json.any("value");
  }

  /** Another one with every change of the value: for `IfRevision`. */
  get revision(): i64 {
    return <i64>this.json.number("revision");
  }
}

/** Answer of `storage.list`. */
export class StorageListAnswer extends Value {
  get items(): StoredItem[] {
    return valuesOf<StoredItem>(this.json.under("items"));
  }

  /** There are more: ask with `After`. */
  get more(): bool {
    return this.json.flag("more");
  }
}

/** Answer of `storage.set`. */
export class StorageSetAnswer extends Value {
  /** Of the value as it is now. */
  get revision(): i64 {
    return <i64>this.json.number("revision");
  }
}

/** A key that has a value. */
export class StoredItem extends Value {
  get key(): string {
    return this.json.text("key");
  }

  /** When it was asked for. */
  get value(): Json {
    return this.json.any("value");
  }

  get revision(): i64 {
    return <i64>this.json.number("revision");
  }
}

/** Answer of `ui.confirm`. */
export class UiConfirmAnswer extends Value {
  /** False, too, when the user dismissed the question. */
  get confirmed(): bool {
    return this.json.flag("confirmed");
  }
}

/** Answer of `ui.prompt`. */
export class UiPromptAnswer extends Value {
  /** By field name; they satisfy the fields. Absent when the user dismissed the prompt. */
  get values(): Json {
    return this.json.any("values");
  }
}
