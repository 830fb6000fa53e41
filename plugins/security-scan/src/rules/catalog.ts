import type { KubernetesObject } from "@lazyoc/plugin";
import { bindingOf, bindingRules, roleOf, roleRules } from "./roles.js";
import { type Finding, type Rule, severities, type Severity, workloadOf } from "./rule.js";
import { standardRules } from "./standards.js";
import { workloadRules } from "./workloads.js";

/** Every rule there is, in the order of their ids. */
export const allRules: readonly Rule[] = ([...standardRules, ...workloadRules, ...roleRules, ...bindingRules] as Rule[]).sort((a, b) => (a.id < b.id ? -1 : 1));

export const ruleById: ReadonlyMap<string, Rule> = new Map(allRules.map((rule) => [rule.id, rule]));

export type Level = "baseline" | "restricted";

/** What an object breaks, the most severe first. `baseline` leaves the restricted standard out. */
export function check(object: KubernetesObject, level: Level): Finding[] {
  const found: Finding[] = [];
  const hold = <Subject>(rules: readonly Rule<Subject>[], subject: Subject, at: string) => {
    for (const rule of rules) {
      if (rule.standard === "restricted" && level === "baseline") continue;
      for (const path of rule.check(subject)) found.push({ rule: rule as Rule, path: path.startsWith("metadata.") || at === "" ? path : `${at}.${path}` });
    }
  };
  const workload = workloadOf(object);
  if (workload) {
    hold(standardRules, workload, workload.path);
    hold(workloadRules, workload, workload.path);
  }
  const role = roleOf(object);
  if (role) hold(roleRules, role, "");
  const binding = bindingOf(object);
  if (binding) hold(bindingRules, binding, "");
  return found.sort((a, b) => rank(a.rule.severity) - rank(b.rule.severity) || (a.rule.id < b.rule.id ? -1 : a.rule.id > b.rule.id ? 1 : 0));
}

/** 0 for the most severe. */
export function rank(severity: Severity): number {
  return severities.indexOf(severity);
}
