/** The objects that are compared, and what of them is left out. */

import { Answer, Json, JsonKind, KubernetesGet, KubernetesList, ObjectReference, readJson, Value } from "@lazyoc/assemblyscript/assembly";

/** Revisions that are offered, the latest first. */
const MAX_REVISIONS = 20;

const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
const REVISION = "deployment.kubernetes.io/revision";
const KINDS = ["Deployment", "StatefulSet", "DaemonSet", "Service", "ConfigMap", "CronJob"];
const RESOURCES = ["deployments", "statefulsets", "daemonsets", "services", "configmaps", "cronjobs"];

/** What the cluster keeps of an object by itself. */
const KEPT = ["managedFields", "resourceVersion", "uid", "generation", "creationTimestamp", "selfLink", "ownerReferences"];

/** An object, or why it is not there. */
export class Found {
  constructor(
    readonly object: Json,
    readonly error: string = "",
  ) {}
}

/** An earlier revision of a deployment. */
export class Revision {
  constructor(
    readonly number: i32,
    readonly template: Json,
  ) {}
}

export function get(reference: ObjectReference, name: string = ""): Found {
  const place = KINDS.indexOf(reference.kind);
  if (place < 0) return new Found(Json.object(), `invalid: objects of the kind ${reference.kind} are not compared`);
  const slash = name.indexOf("/");
  const namespace: string | null = slash < 0 ? reference.namespace : name.substring(0, slash);
  const call = new KubernetesGet(RESOURCES[place], name == "" ? reference.name : name.substring(slash + 1));
  if (reference.group != "") call.group(reference.group);
  if (namespace !== null) call.namespace(namespace);
  const got: Answer<Value> = call.send();
  return got.error === null ? new Found(got.ok.json) : new Found(Json.object(), got.error!.toString());
}

/** The revisions of a deployment that its replica sets hold, the latest first. */
export function revisionsOf(deployment: Json): Revision[] {
  const revisions: Revision[] = [];
  const labels = deployment.under("spec").under("selector").under("matchLabels");
  if (labels.length == 0) return revisions;
  const selector: string[] = [];
  for (let i = 0; i < labels.length; i++) selector.push(`${labels.names[i]}=${labels.items[i].asText}`);
  const metadata = deployment.under("metadata");
  const listed = new KubernetesList("replicasets").group("apps").namespace(metadata.text("namespace")).labelSelector(selector.join(",")).fields([".metadata.annotations", ".metadata.ownerReferences", ".spec.template"]).send();
  if (listed.error !== null) return revisions;
  const items = listed.ok.items;
  for (let i = 0; i < items.length; i++) {
    const owner = items[i].under(".metadata.ownerReferences");
    if (owner.length == 0 || owner.items[0].text("uid") != metadata.text("uid")) continue;
    const number = I32.parseInt(items[i].under(".metadata.annotations").text(REVISION, "0"));
    revisions.push(new Revision(number, items[i].under(".spec.template")));
  }
  revisions.sort((a, b) => b.number - a.number);
  return revisions.slice(0, MAX_REVISIONS);
}

/** The pod template of a deployment or of a revision of it. */
export function templateOf(template: Json): Json {
  const labels = copyWithout(template.under("metadata").under("labels"), ["pod-template-hash"]);
  const metadata = copyWithout(template.under("metadata"), ["creationTimestamp"]);
  if (metadata.has("labels")) metadata.set("labels", labels);
  const whole = copyWithout(template, []);
  return Json.object().set("spec", Json.object().set("template", metadata.length > 0 ? whole.set("metadata", metadata) : whole));
}

export function hasLastApplied(object: Json): bool {
  return object.under("metadata").under("annotations").has(LAST_APPLIED);
}

/** What `kubectl apply` was last given. */
export function lastApplied(object: Json): Found {
  const read = readJson(object.under("metadata").under("annotations").text(LAST_APPLIED));
  if (read.error !== null) return new Found(Json.object(), `the annotation ${LAST_APPLIED} is ${read.error!}`);
  return read.value.kind == JsonKind.Object ? new Found(read.value) : new Found(Json.object(), `the annotation ${LAST_APPLIED} holds no object`);
}

/** An object without what the cluster keeps by itself, and without its status. */
export function stripped(object: Json, leavesKept: bool, leavesStatus: bool): Json {
  const whole = copyWithout(object, leavesStatus ? ["status"] : []);
  const metadata = object.get("metadata");
  if (!leavesKept || metadata === null || metadata.kind != JsonKind.Object) return whole;
  const rest = copyWithout(metadata, KEPT);
  const annotations = copyWithout(metadata.under("annotations"), [LAST_APPLIED, REVISION]);
  if (rest.has("annotations")) rest.set("annotations", annotations);
  return whole.set("metadata", annotations.length > 0 ? rest : copyWithout(rest, ["annotations"]));
}

/** Of an object what another one mentions: the rest was put in by the cluster. Items of lists belong together by their name, or their place. */
export function mentioned(object: Json, other: Json): Json {
  if (object.kind != other.kind) return object;
  if (object.kind == JsonKind.Object) {
    const kept = Json.object();
    for (let i = 0; i < object.length; i++) {
      const twin = other.get(object.names[i]);
      if (twin !== null) kept.set(object.names[i], mentioned(object.items[i], twin));
    }
    return kept;
  }
  if (object.kind != JsonKind.List) return object;
  const kept = Json.list([]);
  for (let i = 0; i < object.length; i++) {
    const twin = counterpart(object.items[i], i, other);
    kept.push(twin === null ? object.items[i] : mentioned(object.items[i], twin));
  }
  return kept;
}

function counterpart(item: Json, place: i32, list: Json): Json | null {
  const name = item.text("name");
  if (name == "") return place < list.length ? list.items[place] : null;
  for (let i = 0; i < list.length; i++) if (list.items[i].text("name") == name) return list.items[i];
  return null;
}

function copyWithout(object: Json, names: string[]): Json {
  const copy = Json.object();
  for (let i = 0; i < object.length; i++) if (object.kind == JsonKind.Object && !names.includes(object.names[i])) copy.set(object.names[i], object.items[i]);
  return copy;
}
