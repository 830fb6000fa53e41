import { ActionPayload, answer, button, done, empty, fail, failure, form, FormField, InputPayload, Json, ObjectReference, receive, RenderPayload, span, stack, text, TextStyle, tree, UiOpen, ViewNode } from "@lazyoc/assemblyscript/assembly";
import { compare, MAX_LINES } from "./hunks";
import { Found, get, hasLastApplied, lastApplied, mentioned, Revision, revisionsOf, stripped, templateOf } from "./objects";

const PAGE = "lazyoc.diff-viewer.page";

/** Open views whose choices are remembered; the one that was drawn first makes room. */
const MAX_VIEWS = 16;

const LAST_APPLIED = "last-applied";
const ANOTHER = "another";
const REVISION = "revision-";

/** What the user has chosen in one open view. */
class Choice {
  /** What the object is compared with; empty until the first drawing has found what there is. */
  with: string = "";
  name: string = "";
  leavesStatus: bool = true;
  leavesKept: bool = true;
  leavesDefaults: bool = true;
  readonly unfolded: Set<i32> = new Set<i32>();
}

const choices = new Map<string, Choice>();

/** The two objects of the page. */
let pair: ObjectReference[] = [];

export function render(): i32 {
  const request = receive<RenderPayload>();
  const choice = choiceOf(request.instance);
  if (request.view == PAGE) return answer(page(choice));
  const object = request.object;
  if (object === null) return fail("invalid: there is no object");
  return tab(object, choice);
}

export function input(): i32 {
  const given = receive<InputPayload>();
  const choice = choiceOf(given.instance);
  if (given.node == "choose") {
    const values = given.values;
    choice.with = values.text("with", choice.with);
    choice.name = values.text("name").trim();
    choice.leavesStatus = values.flag("status");
    choice.leavesKept = values.flag("kept");
    choice.leavesDefaults = values.flag("defaults");
    choice.unfolded.clear();
  }
  const row = given.row;
  if (given.node == "lines" && row !== null && row.startsWith("fold-")) choice.unfolded.add(I32.parseInt(row.substring(5)));
  if (given.node == "fold") choice.unfolded.clear();
  if (given.view == PAGE) return answer(page(choice));
  const object = given.object;
  return object === null ? fail("invalid: there is no object") : tab(object, choice);
}

/** Compares the two objects that are chosen in a list. */
export function action(): i32 {
  const objects = receive<ActionPayload>().objects;
  if (objects.length != 2) return fail(`invalid: ${objects.length} ${objects.length == 1 ? "object is" : "objects are"} chosen: choose two`);
  pair = objects;
  const instances = choices.keys();
  // A page that is open already shows them, too.
  for (let i = 0; i < instances.length; i++) choices.get(instances[i]).unfolded.clear();
  const opened = new UiOpen(PAGE).send();
  return opened.error === null ? done() : fail(opened.error!.toString());
}

function choiceOf(instance: string): Choice {
  if (choices.has(instance)) return choices.get(instance);
  if (choices.size >= MAX_VIEWS) choices.delete(choices.keys()[0]);
  const choice = new Choice();
  choices.set(instance, choice);
  return choice;
}

function tab(reference: ObjectReference, choice: Choice): i32 {
  const live = get(reference);
  if (live.error != "") return fail(live.error);
  const revisions = reference.kind == "Deployment" ? revisionsOf(live.object) : [];
  if (choice.with == "") choice.with = hasLastApplied(live.object) ? LAST_APPLIED : revisions.length > 1 ? REVISION + revisions[1].number.toString() : ANOTHER;
  return answer(stack([chooser(live.object, revisions, choice), against(reference, live.object, revisions, choice)], 1));
}

function chooser(object: Json, revisions: Revision[], choice: Choice): ViewNode {
  const other = FormField.of("with", "Compare with", "select").having("required", Json.of(true));
  if (hasLastApplied(object)) other.offering(LAST_APPLIED, "what was last applied");
  for (let i = 1; i < revisions.length; i++) other.offering(REVISION + revisions[i].number.toString(), `revision ${revisions[i].number}`);
  other.offering(ANOTHER, "another object").holding(Json.of(choice.with));
  const name = FormField.of("name", "Its name", "text").having("help", Json.of("NAME or NAMESPACE/NAME, of another object"));
  if (choice.name != "") name.holding(Json.of(choice.name));
  return form("choose", [
    other,
    name,
    FormField.of("status", "Without status", "toggle").holding(Json.of(choice.leavesStatus)),
    FormField.of("kept", "Without managed fields", "toggle").holding(Json.of(choice.leavesKept)),
    FormField.of("defaults", "Without defaults", "toggle").holding(Json.of(choice.leavesDefaults)),
  ], "Compare");
}

/** The difference that was chosen. */
function against(reference: ObjectReference, live: Json, revisions: Revision[], choice: Choice): ViewNode {
  const after = stripped(live, choice.leavesKept, choice.leavesStatus);
  if (choice.with == LAST_APPLIED) {
    const applied = lastApplied(live);
    if (applied.error != "") return failure(applied.error, "apply the object again, or compare it with another");
    const before = stripped(applied.object, choice.leavesKept, choice.leavesStatus);
    return difference("what was last applied", before, "now", choice.leavesDefaults ? mentioned(after, before) : after, choice);
  }
  if (choice.with.startsWith(REVISION)) {
    const number = I32.parseInt(choice.with.substring(REVISION.length));
    for (let i = 0; i < revisions.length; i++)
      if (revisions[i].number == number) return difference(`revision ${number}`, templateOf(revisions[i].template), "now", templateOf(live.under("spec").under("template")), choice);
    return failure(`revision ${number} is not there any more`, "choose another");
  }
  if (choice.name == "") return empty("Nothing was applied with kubectl, and there is no earlier revision: name another object to compare with");
  const other: Found = get(reference, choice.name);
  if (other.error != "") return failure(`${choice.name}: ${other.error}`, "name an object of the same kind, as NAME or NAMESPACE/NAME");
  return difference(choice.name, stripped(other.object, choice.leavesKept, choice.leavesStatus), reference.name, after, choice);
}

function page(choice: Choice): ViewNode {
  if (pair.length != 2) return empty("Choose two objects in a list, and run the action Compare");
  const before = get(pair[0]);
  const after = get(pair[1]);
  if (before.error != "") return failure(`${nameOf(pair[0])}: ${before.error}`);
  if (after.error != "") return failure(`${nameOf(pair[1])}: ${after.error}`);
  return difference(nameOf(pair[0]), stripped(before.object, true, true), nameOf(pair[1]), stripped(after.object, true, true), choice);
}

function nameOf(reference: ObjectReference): string {
  const namespace = reference.namespace;
  return namespace === null ? `${reference.kind} ${reference.name}` : `${reference.kind} ${namespace}/${reference.name}`;
}

function difference(beforeName: string, before: Json, afterName: string, after: Json, choice: Choice): ViewNode {
  const compared = compare(before, after);
  if (compared === null) return failure(`an object has more than ${MAX_LINES} lines`, "compare smaller ones");
  const names = [span("- ", TextStyle.error), span(beforeName, TextStyle.strong), span("   "), span("+ ", TextStyle.ok), span(afterName, TextStyle.strong)];
  if (compared.removed + compared.added == 0) return stack([text(names), empty("They are the same")], 1);
  names.push(span(`   ${compared.removed} removed, ${compared.added} added`, TextStyle.muted));
  const parts = [text(names)];
  if (compared.difference.isCoarse) parts.push(text([span("They differ so much that what is in between is shown as replaced.", TextStyle.warn)]));
  parts.push(tree("lines", compared.items(choice.unfolded)));
  if (choice.unfolded.size > 0) parts.push(button("fold", "Fold unchanged lines"));
  return stack(parts, 1);
}
