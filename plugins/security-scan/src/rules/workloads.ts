import { containersOf, mainContainersOf, type Rule, type Workload } from "./rule.js";

const secretName = /(^|_)(PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|CREDENTIALS)$/i;

/** Kinds whose pods serve until they are stopped. */
const serving = new Set(["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "DeploymentConfig"]);

/** The tag of an image; null when it has a digest, empty when it has neither. */
export function tagOf(image: string): string | null {
  if (image.includes("@")) return null;
  const name = image.slice(image.lastIndexOf("/") + 1);
  const colon = name.indexOf(":");
  return colon < 0 ? "" : name.slice(colon + 1);
}

/** What the pod security standards leave out. */
export const workloadRules: readonly Rule<Workload>[] = [
  {
    id: "IMG-01", title: "Image without a fixed tag", severity: "medium", standard: "image",
    reason: "What runs depends on when it was pulled, and going back to the version before does not.",
    mend: "Name a version as tag, better the digest.",
    check: ({ spec }) => containersOf(spec).filter(({ container }) => ["", "latest"].includes(tagOf(container.image ?? "") ?? "fixed")).map(({ path }) => `${path}.image`),
  },
  {
    id: "IMG-02", title: "Image without a digest", severity: "low", standard: "image",
    reason: "A tag can be moved to another image by whoever may push it.",
    mend: "Write the image as NAME@sha256:….",
    check: ({ spec }) => containersOf(spec).filter(({ container }) => !(container.image ?? "").includes("@sha256:")).map(({ path }) => `${path}.image`),
  },
  {
    id: "REL-01", title: "No memory limit", severity: "medium", standard: "reliability",
    reason: "A leak takes the node's memory, and pods that did nothing are killed for it.",
    mend: "Set `resources.limits.memory`.",
    check: ({ spec }) => mainContainersOf(spec).filter(({ container }) => !container.resources?.limits?.["memory"]).map(({ path }) => `${path}.resources.limits.memory`),
  },
  {
    id: "REL-02", title: "No requests of processor and memory", severity: "low", standard: "reliability",
    reason: "The scheduler cannot tell how full a node is, and the pod is among the first to be evicted.",
    mend: "Set `resources.requests.cpu` and `memory`.",
    check: ({ spec }) => mainContainersOf(spec).filter(({ container }) => !container.resources?.requests?.["cpu"] || !container.resources.requests["memory"]).map(({ path }) => `${path}.resources.requests`),
  },
  {
    id: "REL-03", title: "No readiness probe", severity: "medium", standard: "reliability",
    reason: "Requests are sent to a container that is starting or stuck.",
    mend: "Set `readinessProbe`.",
    check: ({ kind, spec }) => (serving.has(kind) ? mainContainersOf(spec).filter(({ container }) => (container.ports?.length ?? 0) > 0 && !container.readinessProbe).map(({ path }) => `${path}.readinessProbe`) : []),
  },
  {
    id: "REL-04", title: "No liveness probe", severity: "low", standard: "reliability",
    reason: "A container that hangs is not restarted.",
    mend: "Set `livenessProbe`, to something that fails only when a restart helps.",
    check: ({ kind, spec }) => (serving.has(kind) ? mainContainersOf(spec).filter(({ container }) => (container.ports?.length ?? 0) > 0 && !container.livenessProbe).map(({ path }) => `${path}.livenessProbe`) : []),
  },
  {
    id: "ACC-01", title: "Secret written into the manifest", severity: "high", standard: "access",
    reason: "Everyone who may read the object, its backups and its repository has it.",
    mend: "Keep it in a Secret, and refer to it by `valueFrom.secretKeyRef`.",
    check: ({ spec }) => containersOf(spec).flatMap(({ container, path }) => (container.env ?? []).flatMap(({ name, value }, i) => (value && secretName.test(name ?? "") ? [`${path}.env[${i}]`] : []))),
  },
  {
    id: "ACC-02", title: "Token of the default service account", severity: "low", standard: "access",
    reason: "Whoever gets into the container can speak to the API server, though the program does not need to.",
    mend: "Set `automountServiceAccountToken: false`, or give it a service account of its own.",
    check: ({ spec }) => ((spec.serviceAccountName ?? "default") === "default" && spec.automountServiceAccountToken !== false ? ["automountServiceAccountToken"] : []),
  },
];
