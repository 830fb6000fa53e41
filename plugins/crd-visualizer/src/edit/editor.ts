import type { FormValues, Host, KubernetesObject, ObjectReference } from "@lazyoc/plugin";
import { codeOf, messageOf } from "../cluster/kinds.js";
import { pathText } from "../schema/path.js";
import type { KindFields } from "../schema/schema.js";
import { broughtBy, type Problem, validate } from "../schema/validate.js";
import { changed, changesOf, changeText, type FieldChange, isCurrent, patchOf } from "./change.js";
import { type Difference, differences } from "./difference.js";
import { problemsIn } from "./refusal.js";
import { type Section, sectionId } from "./sections.js";

/** What the user has filled in, what is wrong with it, and the change that the cluster has tried. All of it is kept over a hot swap. */
export interface Draft {
  section: string;
  values: FormValues;
  problems: Problem[];
  review: Review | null;
}

export interface Review {
  changes: FieldChange[];
  /** What the cluster would change beside that: defaults, and what admission does. */
  others: Difference[];
  /** What only the cluster could check. */
  unchecked: string[];
}

/** What is edited. */
export interface Subject {
  reference: ObjectReference;
  resource: string;
  object: KubernetesObject;
  fields: KindFields;
}

/** Changes that a question lists. */
const changesAsked = 10;

/** Holds a filled-in form against the schema, and then has the cluster try it. */
export async function check(subject: Subject, section: Section, values: FormValues, host: Host): Promise<Draft> {
  const draft = { section: sectionId(section), values, problems: [], review: null };
  const changes = changesOf(section, subject.object, values);
  if (changes.length === 0) return { ...draft, problems: [{ path: [], message: "nothing is changed yet" }] };
  const wanted = changed(subject.object, changes);
  const after = validate(subject.fields, wanted);
  const problems = broughtBy(validate(subject.fields, subject.object), after);
  if (problems.length > 0) return { ...draft, problems };
  try {
    const tried = await write(subject, changes, true, host);
    return { ...draft, review: { changes, others: tried ? differences(wanted, tried) : [], unchecked: after.unchecked } };
  } catch (refused) {
    return { ...draft, problems: await refusal(refused, subject, changes, section, host) };
  }
}

/** Asks the user, and makes the change; the draft that is left when it is not made, null when it is. */
export async function apply(subject: Subject, draft: Draft, section: Section, host: Host): Promise<Draft | null> {
  const { changes } = draft.review!;
  const { kind, namespace, name } = subject.reference;
  const told = changes.slice(0, changesAsked).map((change) => changeText(change).slice(0, 150));
  const question = `Change ${kind} ${namespace ? `${namespace}/` : ""}${name}? ${told.join("; ")}${changes.length > told.length ? ` and ${changes.length - told.length} more` : ""}`;
  if (!(await host.ui.confirm(question, "caution"))) return draft;
  try {
    await write(subject, changes, false, host);
  } catch (refused) {
    return { ...draft, review: null, problems: await refusal(refused, subject, changes, section, host) };
  }
  await host.ui.notify(`Changed ${changes.map(({ path }) => pathText(path)).slice(0, changesAsked).join(", ")} of ${name}`, "ok");
  return null;
}

async function write({ reference, resource, object }: Subject, changes: readonly FieldChange[], dryRun: boolean, host: Host): Promise<KubernetesObject | undefined> {
  const { group, name, namespace } = reference;
  const written = await host.kubernetes.patch({ group, resource, name, type: "json", patch: patchOf(object, changes), ...(dryRun && { dryRun }), ...(namespace && { namespace }) });
  return written.object;
}

/** What is wrong, by field; that somebody else was faster is said as such. */
async function refusal(refused: unknown, { reference: { group, name, namespace }, resource }: Subject, changes: readonly FieldChange[], section: Section, host: Host): Promise<Problem[]> {
  const code = codeOf(refused);
  if (code === "cancelled") throw refused;
  if (code === "invalid" || code === "conflict") {
    // Without it, what the server has said is told as it is.
    const now = await host.kubernetes.get({ group, resource, name, ...(namespace && { namespace }) }).catch(() => null);
    const overtaken = now ? changes.filter((change) => !isCurrent(now, change)) : [];
    if (overtaken.length > 0) return overtaken.map(({ path }) => ({ path, message: "was changed by somebody else meanwhile: look at it again" }));
    if (/testing value \/metadata\/resourceVersion failed/.test(messageOf(refused))) return [{ path: [], message: "it was changed meanwhile: check the change again" }];
  }
  return problemsIn(messageOf(refused), section.fields.map(({ path }) => path));
}
