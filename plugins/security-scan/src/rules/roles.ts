import type { KubernetesObject } from "@lazyoc/plugin";
import type { Rule } from "./rule.js";

export interface RoleRule {
  apiGroups?: string[];
  resources?: string[];
  verbs?: string[];
}

export interface Role {
  kind: "Role" | "ClusterRole";
  rules: RoleRule[];
}

export interface Binding {
  kind: "RoleBinding" | "ClusterRoleBinding";
  roleRef: { kind?: string; name?: string };
  subjects: { kind?: string; name?: string; namespace?: string }[];
}

/** Roles that every cluster has: that they are wide is what they are for. */
const known = new Set(["cluster-admin", "admin", "edit", "view"]);

const covers = (list: string[] | undefined, ...names: string[]) => (list ?? []).some((name) => name === "*" || names.includes(name));

const rulesWhere = (test: (rule: RoleRule) => boolean) => ({ rules }: Role): string[] => rules.flatMap((rule, i) => (test(rule) ? [`rules[${i}]`] : []));

export const roleRules: readonly Rule<Role>[] = [
  {
    id: "RBAC-01", title: "Role that may do everything", severity: "critical", standard: "access",
    reason: "Every verb on every resource of every group is to be an administrator, whatever the role is called.",
    mend: "Name the resources and verbs that are needed.",
    check: rulesWhere(({ apiGroups, resources, verbs }) => covers(apiGroups) && covers(resources) && covers(verbs)),
  },
  {
    id: "RBAC-02", title: "Role that may read Secrets", severity: "high", standard: "access",
    reason: "Tokens and passwords of others are among them, and lead further.",
    mend: "Name the Secrets by `resourceNames`, or mount them.",
    check: ({ kind, rules }) => rules.flatMap((rule, i) => (covers(rule.apiGroups, "") && covers(rule.resources, "secrets") && covers(rule.verbs, "get", "list", "watch") && !(covers(rule.apiGroups) && covers(rule.resources) && covers(rule.verbs)) && (kind === "ClusterRole" || covers(rule.verbs, "list", "watch")) && !("resourceNames" in rule) ? [`rules[${i}]`] : [])),
  },
  {
    id: "RBAC-03", title: "Role that may enter pods", severity: "high", standard: "access",
    reason: "Who may exec into a pod has its files, its memory and its service account.",
    mend: "Leave `pods/exec` and `pods/attach` to people, and for the time that they need it.",
    check: rulesWhere(({ apiGroups, resources, verbs }) => covers(apiGroups, "") && (resources ?? []).some((name) => name === "pods/exec" || name === "pods/attach") && covers(verbs, "create", "get")),
  },
  {
    id: "RBAC-04", title: "Role that may raise rights", severity: "critical", standard: "access",
    reason: "`escalate`, `bind` and `impersonate` give what the role does not have itself.",
    mend: "Remove these verbs.",
    check: rulesWhere(({ verbs }) => (verbs ?? []).some((verb) => verb === "escalate" || verb === "bind" || verb === "impersonate")),
  },
];

export const bindingRules: readonly Rule<Binding>[] = [
  {
    id: "RBAC-05", title: "Rights for everybody", severity: "critical", standard: "access",
    reason: "`system:anonymous` and `system:unauthenticated` are people whom nobody has asked for a name.",
    mend: "Bind to the users, groups or service accounts that need it.",
    check: ({ subjects }) => subjects.flatMap(({ name }, i) => (name === "system:anonymous" || name === "system:unauthenticated" ? [`subjects[${i}]`] : [])),
  },
  {
    id: "RBAC-06", title: "Service account that is an administrator", severity: "high", standard: "access",
    reason: "Who gets into one of its pods has the whole cluster.",
    mend: "Bind it to a role with the rights that it needs.",
    check: ({ kind, roleRef, subjects }) => (kind === "ClusterRoleBinding" && roleRef.name === "cluster-admin" ? subjects.flatMap((subject, i) => (subject.kind === "ServiceAccount" ? [`subjects[${i}]`] : [])) : []),
  },
];

/** The role in an object; null when it is none, or one that comes with the cluster. */
export function roleOf(object: KubernetesObject): Role | null {
  if (object.kind !== "Role" && object.kind !== "ClusterRole") return null;
  const { name } = object.metadata;
  if (known.has(name) || name.startsWith("system:")) return null;
  return { kind: object.kind, rules: (object["rules"] as RoleRule[] | undefined) ?? [] };
}

export function bindingOf(object: KubernetesObject): Binding | null {
  if (object.kind !== "RoleBinding" && object.kind !== "ClusterRoleBinding") return null;
  if (object.metadata.name.startsWith("system:")) return null;
  return { kind: object.kind, roleRef: (object["roleRef"] as Binding["roleRef"]) ?? {}, subjects: (object["subjects"] as Binding["subjects"] | undefined) ?? [] };
}
