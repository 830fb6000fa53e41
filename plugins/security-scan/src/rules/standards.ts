import { containersOf, type Container, type PodSpec, type Rule, type SecurityContext, type Workload } from "./rule.js";

/** Capabilities that the baseline standard lets a container add. */
const baselineCapabilities = new Set([
  "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
]);

const safeSysctls = new Set([
  "kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_unprivileged_port_start", "net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range",
  "net.ipv4.ip_local_reserved_ports", "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes",
  "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem",
]);

const selinuxTypes = new Set(["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"]);

const restrictedVolumes = new Set(["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret", "image"]);

const appArmorPrefix = "container.apparmor.security.beta.kubernetes.io/";

const each = (test: (container: Container, pod: PodSpec) => boolean, field: string) => ({ spec }: Workload): string[] =>
  containersOf(spec).filter(({ container }) => test(container, spec)).map(({ path }) => `${path}.${field}`);

const podField = (field: "hostNetwork" | "hostPID" | "hostIPC") => ({ spec }: Workload): string[] => (spec[field] === true ? [field] : []);

/** Where a security context of the pod or of a container breaks something. */
function contexts({ spec }: Workload, test: (context: SecurityContext) => boolean, field: string): string[] {
  const found = spec.securityContext && test(spec.securityContext) ? [`securityContext.${field}`] : [];
  return [...found, ...each((container) => container.securityContext !== undefined && test(container.securityContext), `securityContext.${field}`)({ spec } as Workload)];
}

/** What a container gets: its own setting, else the pod's. */
const effective = <Name extends keyof SecurityContext>(container: Container, pod: PodSpec, name: Name): SecurityContext[Name] | undefined => container.securityContext?.[name] ?? pod.securityContext?.[name];

/** The pod security standards of Kubernetes, rule by rule. */
export const standardRules: readonly Rule<Workload>[] = [
  {
    id: "PSS-B01", title: "Shares the node's network", severity: "high", standard: "baseline",
    reason: "The pod sees and reaches everything that the node does, past network policies, and can take its ports.",
    mend: "Remove `hostNetwork`, and publish ports by a Service.",
    check: podField("hostNetwork"),
  },
  {
    id: "PSS-B02", title: "Shares the node's processes", severity: "high", standard: "baseline",
    reason: "The pod sees every process of the node, with what stands in their environment, and may signal those of its user.",
    mend: "Remove `hostPID`.",
    check: podField("hostPID"),
  },
  {
    id: "PSS-B03", title: "Shares the node's inter-process communication", severity: "high", standard: "baseline",
    reason: "The pod can read and write the shared memory of programs on the node.",
    mend: "Remove `hostIPC`.",
    check: podField("hostIPC"),
  },
  {
    id: "PSS-B04", title: "Privileged container", severity: "critical", standard: "baseline",
    reason: "A privileged container is root on the node: devices, kernel modules and every other container are within its reach.",
    mend: "Remove `privileged`, and add only the capabilities that are needed.",
    check: each(({ securityContext }) => securityContext?.privileged === true, "securityContext.privileged"),
  },
  {
    id: "PSS-B05", title: "Adds a dangerous capability", severity: "high", standard: "baseline",
    reason: "Capabilities such as SYS_ADMIN or NET_RAW are ways out of the container or into the traffic of others.",
    mend: "Remove it from `capabilities.add`.",
    check: each(({ securityContext }) => securityContext?.capabilities?.add?.some((name) => !baselineCapabilities.has(name)) === true, "securityContext.capabilities.add"),
  },
  {
    id: "PSS-B06", title: "Mounts a folder of the node", severity: "high", standard: "baseline",
    reason: "Files of the node, among them those of the kubelet and of other pods, can be read and perhaps changed.",
    mend: "Use a PersistentVolumeClaim, a ConfigMap or `emptyDir` instead of `hostPath`.",
    check: ({ spec }) => (spec.volumes ?? []).flatMap((volume, i) => ("hostPath" in volume ? [`volumes[${i}].hostPath`] : [])),
  },
  {
    id: "PSS-B07", title: "Takes a port of the node", severity: "medium", standard: "baseline",
    reason: "The port is open on the node's own address, past Services and their policies.",
    mend: "Remove `hostPort`, and publish the port by a Service.",
    check: each(({ ports }) => ports?.some(({ hostPort }) => (hostPort ?? 0) !== 0) === true, "ports"),
  },
  {
    id: "PSS-B08", title: "Unmasked /proc", severity: "high", standard: "baseline",
    reason: "Parts of /proc that the runtime hides, because they change the kernel, are there.",
    mend: "Remove `procMount`, or set it to `Default`.",
    check: each(({ securityContext }) => (securityContext?.procMount ?? "Default") !== "Default", "securityContext.procMount"),
  },
  {
    id: "PSS-B09", title: "Seccomp is switched off", severity: "high", standard: "baseline",
    reason: "Every system call is open, those included that are hardly used but by exploits.",
    mend: "Set `seccompProfile.type` to `RuntimeDefault`.",
    check: (workload) => contexts(workload, ({ seccompProfile }) => seccompProfile?.type === "Unconfined", "seccompProfile"),
  },
  {
    id: "PSS-B10", title: "Sets an unsafe sysctl", severity: "medium", standard: "baseline",
    reason: "Kernel parameters outside of the safe ones concern other pods on the node, too.",
    mend: "Remove it from `sysctls`.",
    check: ({ spec }) => (spec.securityContext?.sysctls ?? []).flatMap(({ name }, i) => (safeSysctls.has(name ?? "") ? [] : [`securityContext.sysctls[${i}]`])),
  },
  {
    id: "PSS-B11", title: "Chooses its own SELinux label", severity: "high", standard: "baseline",
    reason: "A label other than that of containers lifts the wall that SELinux puts around it.",
    mend: "Remove `seLinuxOptions.user` and `role`, and let `type` be a container's.",
    check: (workload) => contexts(workload, ({ seLinuxOptions: options }) => options !== undefined && (!selinuxTypes.has(options.type ?? "") || Boolean(options.user) || Boolean(options.role)), "seLinuxOptions"),
  },
  {
    id: "PSS-B12", title: "AppArmor is switched off", severity: "high", standard: "baseline",
    reason: "The profile that keeps a container from mounting and from writing to /proc and /sys does not apply.",
    mend: "Set `appArmorProfile.type` to `RuntimeDefault`, and remove the annotation `unconfined`.",
    check: (workload) => [
      ...contexts(workload, ({ appArmorProfile }) => appArmorProfile?.type === "Unconfined", "appArmorProfile"),
      ...Object.entries(workload.annotations).flatMap(([name, value]) => (name.startsWith(appArmorPrefix) && value === "unconfined" ? [`metadata.annotations["${name}"]`] : [])),
    ],
  },
  {
    id: "PSS-B13", title: "Runs as a process of a Windows host", severity: "critical", standard: "baseline",
    reason: "A host process has the rights of the node.",
    mend: "Remove `windowsOptions.hostProcess`.",
    check: (workload) => contexts(workload, ({ windowsOptions }) => windowsOptions?.hostProcess === true, "windowsOptions.hostProcess"),
  },
  {
    id: "PSS-R01", title: "Volume of a type that is not needed by most", severity: "medium", standard: "restricted",
    reason: "Volumes of network file systems and the like are mounted by the node, with what their drivers get wrong.",
    mend: "Use a PersistentVolumeClaim.",
    check: ({ spec }) => (spec.volumes ?? []).flatMap((volume, i) => (Object.keys(volume).some((key) => key !== "name" && key !== "hostPath" && !restrictedVolumes.has(key)) ? [`volumes[${i}]`] : [])),
  },
  {
    id: "PSS-R02", title: "May gain privileges", severity: "medium", standard: "restricted",
    reason: "A program with the setuid bit can become root within the container.",
    mend: "Set `allowPrivilegeEscalation: false`.",
    check: each(({ securityContext }) => securityContext?.allowPrivilegeEscalation !== false, "securityContext.allowPrivilegeEscalation"),
  },
  {
    id: "PSS-R03", title: "May run as root", severity: "medium", standard: "restricted",
    reason: "Root in the container is root on the node once it gets out.",
    mend: "Set `runAsNonRoot: true`, for the pod or for each container.",
    check: each((container, pod) => effective(container, pod, "runAsNonRoot") !== true, "securityContext.runAsNonRoot"),
  },
  {
    id: "PSS-R04", title: "Runs as root", severity: "high", standard: "restricted",
    reason: "Root in the container is root on the node once it gets out.",
    mend: "Set `runAsUser` to another number than 0, or leave it to the image or to OpenShift.",
    check: (workload) => contexts(workload, ({ runAsUser }) => runAsUser === 0, "runAsUser"),
  },
  {
    id: "PSS-R05", title: "No seccomp profile", severity: "medium", standard: "restricted",
    reason: "Without one every system call is open, unless the cluster has a default.",
    mend: "Set `seccompProfile.type` to `RuntimeDefault`.",
    check: each((container, pod) => !["RuntimeDefault", "Localhost", "Unconfined"].includes(effective(container, pod, "seccompProfile")?.type ?? ""), "securityContext.seccompProfile"),
  },
  {
    id: "PSS-R06", title: "Keeps default capabilities", severity: "medium", standard: "restricted",
    reason: "Of the dozen capabilities that a runtime gives by default most programs need none.",
    mend: "Set `capabilities.drop: [ALL]`.",
    check: each(({ securityContext }) => securityContext?.capabilities?.drop?.includes("ALL") !== true, "securityContext.capabilities.drop"),
  },
  {
    id: "PSS-R07", title: "Adds a capability", severity: "low", standard: "restricted",
    reason: "Only NET_BIND_SERVICE, for ports below 1024, is open to the restricted.",
    mend: "Remove it from `capabilities.add`.",
    check: each(({ securityContext }) => securityContext?.capabilities?.add?.some((name) => name !== "NET_BIND_SERVICE" && baselineCapabilities.has(name)) === true, "securityContext.capabilities.add"),
  },
];
