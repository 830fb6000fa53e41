import { answer, done, EventPayload, EventsSubscribe, KubernetesList, log, receive, RenderPayload, TextStyle, UiStatus, UiUpdate, Value, ViewNode } from "@lazyoc/assemblyscript/assembly";
import { Pod, pods, put, summary } from "./pods";
import { card, page, style } from "./views";

const ITEM = "lazyoc.cluster-pulse.pods";
const PAGE = "lazyoc.cluster-pulse.page";

/** Pods are first counted in pages, so that a large cluster's first events, which tell each of them, change nothing. */
const FIRST_PAGES = 4;
const PAGE_PODS = 500;

/** The views that are open: what each is, by instance. */
const open = new Map<string, string>();

/** What the status bar shows. */
let shown = "";

export function activate(): i32 {
  receive<Value>();
  count();
  const error = new EventsSubscribe(["resource.pods"]).send().error;
  if (error !== null) {
    log(error.toString());
    show(`no events: ${error.toString()}`, TextStyle.error);
  } else if (pods.size == 0) show("waiting for pods", TextStyle.muted);
  else pulse();
  return done();
}

/** A pod was added, modified or deleted. Exported under the name of the message. */
function onEvent(): i32 {
  const data = receive<EventPayload>().data;
  const object = data.under("object");
  const uid = object.text("uid");
  const changed = data.text("change") == "deleted" ? pods.delete(uid) : put(uid, new Pod(object.text("namespace"), object.text("name"), object.text("phase", "Unknown")));
  // Calls are not unlimited: most events change nothing here.
  if (changed) pulse();
  return done();
}
export { onEvent as event };

export function render(): i32 {
  const request = receive<RenderPayload>();
  open.set(request.instance, request.view);
  return answer(draw(request.view));
}

function pulse(): void {
  if (summary() != shown) show(summary(), style());
  const instances = open.keys();
  for (let i = 0; i < instances.length; i++) {
    const error = new UiUpdate(instances[i]).content(draw(open.get(instances[i]))).send().error;
    if (error !== null && error.code == "not-found") open.delete(instances[i]);
  }
}

function draw(view: string): ViewNode {
  return view == PAGE ? page() : card();
}

function count(): void {
  let next: string | null = "";
  for (let i = 0; i < FIRST_PAGES && next !== null; i++) {
    const call = new KubernetesList("pods").limit(PAGE_PODS).fields([".metadata.uid", ".metadata.namespace", ".metadata.name", ".status.phase"]);
    if (next != "") call.continue_(next);
    const listed = call.send();
    // The events will tell.
    if (listed.error !== null) return;
    const items = listed.ok.items;
    for (let j = 0; j < items.length; j++)
      put(items[j].text(".metadata.uid"), new Pod(items[j].text(".metadata.namespace"), items[j].text(".metadata.name"), items[j].text(".status.phase", "Unknown")));
    next = listed.ok.continue_;
  }
}

function show(text: string, style: string): void {
  shown = text;
  new UiStatus(ITEM, text).style(style).send();
}
