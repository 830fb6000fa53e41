import type { KubernetesObject } from "@lazyoc/plugin";

export type Severity = "critical" | "high" | "medium" | "low";

/** From the most to the least severe. */
export const severities: readonly Severity[] = ["critical", "high", "medium", "low"];

/** What a rule belongs to: the two pod security standards that forbid something, and what they leave out. */
export type Standard = "baseline" | "restricted" | "image" | "reliability" | "access";

export interface Rule<Subject = never> {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly standard: Standard;
  /** What may happen, one or two sentences. */
  readonly reason: string;
  /** What to change. */
  readonly mend: string;
  /** Where it is broken, as paths in the subject; empty when it is kept. */
  check(subject: Subject): string[];
}

export interface Finding {
  readonly rule: Rule;
  /** Path in the object. */
  readonly path: string;
}

export interface SecurityContext {
  privileged?: boolean;
  allowPrivilegeEscalation?: boolean;
  runAsNonRoot?: boolean;
  runAsUser?: number;
  procMount?: string;
  capabilities?: { add?: string[]; drop?: string[] };
  seccompProfile?: { type?: string };
  appArmorProfile?: { type?: string };
  seLinuxOptions?: { type?: string; user?: string; role?: string };
  windowsOptions?: { hostProcess?: boolean };
  sysctls?: { name?: string }[];
}

export interface Container {
  name?: string;
  image?: string;
  ports?: { hostPort?: number; containerPort?: number }[];
  env?: { name?: string; value?: string }[];
  resources?: { limits?: Record<string, string>; requests?: Record<string, string> };
  readinessProbe?: object;
  livenessProbe?: object;
  securityContext?: SecurityContext;
}

export interface PodSpec {
  hostNetwork?: boolean;
  hostPID?: boolean;
  hostIPC?: boolean;
  serviceAccountName?: string;
  automountServiceAccountToken?: boolean;
  containers?: Container[];
  initContainers?: Container[];
  ephemeralContainers?: Container[];
  volumes?: (Record<string, unknown> & { name?: string })[];
  securityContext?: SecurityContext;
}

/** Pods as a workload makes them. */
export interface Workload {
  kind: string;
  /** Path of the pod's spec in the object. */
  path: string;
  spec: PodSpec;
  annotations: Record<string, string>;
}

/** The workload in an object; null when it makes no pods. */
export function workloadOf(object: KubernetesObject): Workload | null {
  const spec = object["spec"] as Record<string, unknown> | undefined;
  const template = (path: string, of: unknown): Workload | null => {
    const { metadata, spec: pod } = (of ?? {}) as { metadata?: { annotations?: Record<string, string> }; spec?: PodSpec };
    return pod ? { kind: object.kind ?? "", path, spec: pod, annotations: metadata?.annotations ?? {} } : null;
  };
  switch (object.kind) {
    case "Pod":
      return spec ? { kind: "Pod", path: "spec", spec: spec as PodSpec, annotations: (object.metadata["annotations"] as Record<string, string>) ?? {} } : null;
    case "CronJob": {
      const job = (spec?.["jobTemplate"] as { spec?: { template?: unknown } } | undefined)?.spec;
      return template("spec.jobTemplate.spec.template.spec", job?.template);
    }
    case "Deployment":
    case "StatefulSet":
    case "DaemonSet":
    case "ReplicaSet":
    case "Job":
    case "DeploymentConfig":
      return template("spec.template.spec", spec?.["template"]);
    default:
      return null;
  }
}

/** Every container with its path in the pod's spec. */
export function containersOf(spec: PodSpec): { container: Container; path: string }[] {
  return (["initContainers", "containers", "ephemeralContainers"] as const).flatMap((list) => (spec[list] ?? []).map((container, i) => ({ container, path: `${list}[${i}]` })));
}

/** Those that go on running, which probes and limits are about. */
export function mainContainersOf(spec: PodSpec): { container: Container; path: string }[] {
  return (spec.containers ?? []).map((container, i) => ({ container, path: `containers[${i}]` }));
}
