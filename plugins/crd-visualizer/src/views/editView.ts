import { button, empty, span, stack, table, text, type ViewNode } from "@lazyoc/plugin";
import { shown } from "../edit/change.js";
import type { Draft, Review } from "../edit/editor.js";
import { clean, editable, formOf } from "../edit/form.js";
import { type Section, sectionId } from "../edit/sections.js";
import { pathText, pointer } from "../schema/path.js";
import type { Problem } from "../schema/validate.js";

const maxShown = 120;
const problemsTold = 10;

/** Forms for the scalar fields of an object, one for each part of it; or the change that is about to be made. */
export function editView(sections: readonly Section[], object: unknown, draft: Draft | undefined, chosen: string | undefined, refused: string): ViewNode {
  if (refused) return stack([text(span("▲ It cannot be changed here: ", "warn"), span(refused)), text(span("The host's own editor, e, may still do it", "muted"))]);
  const section = sections.find((one) => sectionId(one) === (draft?.section ?? chosen)) ?? sections[0];
  if (!section) return empty("Its schema names no field that a form could change; the host's editor, e, changes anything");
  if (draft?.review) return reviewView(draft.review);
  const own = draft && draft.section === sectionId(section) ? draft : undefined;
  const left = section.left + section.fields.length - editable(section, object).length;
  return stack([
    ...(sections.length > 1 ? [sectionTable(sections, section)] : []),
    text(span(sectionId(section), "strong"), span(section.description ? `  ${clean(section.description, 200)}` : "", "muted"), span(section.isSet ? "" : "  not set: what you fill in makes it", "info")),
    ...problemLines(own?.problems ?? [], section),
    formOf(section, object, own?.values, own?.problems ?? []),
    ...(left > 0 ? [text(span(`${left} ${left === 1 ? "field is" : "fields are"} not for a form: too long, or of another type than the schema's`, "muted"))] : []),
  ], 1);
}

function sectionTable(sections: readonly Section[], chosen: Section): ViewNode {
  return table(
    ["PART", { title: "FIELDS", type: "number" }, "", "WHAT IT IS"],
    sections.map((section) => ({
      id: sectionId(section),
      cells: [span(sectionId(section), section === chosen ? "accent" : "strong"), span(section.fields.length + section.left), span(section === chosen ? "▸ below" : section.isSet ? "" : "not set", section === chosen ? "accent" : "muted"), span(clean(section.description, maxShown), "muted")],
    })),
    { id: "parts", selectable: true },
  );
}

/** What is wrong outside of the form's own fields; those say it themselves, and how many they are is said here. */
function problemLines(problems: readonly Problem[], { fields }: Section): ViewNode[] {
  const own = new Set(fields.map(({ path }) => pointer(path)));
  return problems.slice(0, problemsTold).map(({ path, message }) => text(span("✗ ", "error"), ...(path.length > 0 ? [span(`${pathText(path)} `, own.has(pointer(path)) ? "strong" : "plain")] : []), span(clean(message, 500))));
}

function reviewView({ changes, others, unchecked }: Review): ViewNode {
  const row = (by: string) => ({ path, from, to }: { path: Review["changes"][number]["path"]; from: unknown; to: unknown }) => ({
    id: `${by} ${pointer(path)}`,
    cells: [span(pathText(path), "strong"), span(`- ${clean(shown(from), maxShown)}`, "error"), span(`+ ${clean(shown(to), maxShown)}`, "ok"), span(by, "muted")],
  });
  return stack([
    text(span("✓ ", "ok"), span("The schema allows it, and the cluster has tried it and would take it. Nothing is changed yet.")),
    table(["FIELD", "NOW", "THEN", "BY"], [...changes.map(row("you")), ...others.map(row("the cluster"))], { id: "changes" }),
    ...(unchecked.length > 0 ? [text(span(`Only the cluster could check ${unchecked.join(", ")}`, "muted"))] : []),
    { type: "columns", weights: [1, 1, 3], children: [button("apply", "Apply", { style: "accent" }), button("back", "Go on editing"), text("")] },
  ], 1);
}
