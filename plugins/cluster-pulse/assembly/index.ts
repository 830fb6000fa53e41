import { JSON } from "assemblyscript-json/assembly";
import { Host, LogLevel } from "@extism/as-pdk/lib/pdk";
import { call } from "./host";
import { Pod, pods, put, summary } from "./pods";
import { card, page, quoted, style } from "./views";

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
  count();
  const answer = call("events.subscribe", '{"topics":["resource.pods"]}');
  if (answer.includes('"error"')) {
    Host.log(LogLevel.Error, answer);
    show(`no events: ${answer}`, "error");
    return said("{}");
  }
  if (pods.size == 0) show("waiting for pods", "muted");
  else pulse();
  return said("{}");
}

/** A pod was added, modified or deleted. Exported under the name of the message. */
function onEvent(): i32 {
  const data = payload().getObj("data")!;
  const object = data.getObj("object")!;
  const uid = textOf(object, "uid", "");
  const changed =
    textOf(data, "change", "") == "deleted" ? pods.delete(uid) : put(uid, new Pod(textOf(object, "namespace", ""), textOf(object, "name", ""), textOf(object, "phase", "Unknown")));
  // Calls are not unlimited: most events change nothing here.
  if (changed) pulse();
  return said("{}");
}
export { onEvent as event };

export function render(): i32 {
  const request = payload();
  const view = textOf(request, "view", "");
  open.set(textOf(request, "instance", ""), view);
  return said(draw(view));
}

function pulse(): void {
  if (summary() != shown) show(summary(), style());
  const instances = open.keys();
  for (let i = 0; i < instances.length; i++) {
    const answer = call("ui.update", `{"instance":${quoted(instances[i])},"content":${draw(open.get(instances[i]))}}`);
    if (answer.includes('"not-found"')) open.delete(instances[i]);
  }
}

function draw(view: string): string {
  return view == PAGE ? page() : card();
}

function count(): void {
  let next = "";
  for (let i = 0; i < FIRST_PAGES; i++) {
    const answer = call("kubernetes.list", `{"resource":"pods","limit":${PAGE_PODS},"fields":[".metadata.uid",".metadata.namespace",".metadata.name",".status.phase"]${next}}`);
    const ok = (<JSON.Obj>JSON.parse(answer)).getObj("ok");
    // The events will tell.
    if (ok === null) return;
    const items = ok.getArr("items")!.valueOf();
    for (let j = 0; j < items.length; j++) {
      const item = <JSON.Obj>items[j];
      put(textOf(item, ".metadata.uid", ""), new Pod(textOf(item, ".metadata.namespace", ""), textOf(item, ".metadata.name", ""), textOf(item, ".status.phase", "Unknown")));
    }
    const more = ok.getString("continue");
    if (more === null) return;
    next = `,"continue":${quoted(more.valueOf())}`;
  }
}

function show(text: string, style: string): void {
  shown = text;
  call("ui.status", `{"item":"${ITEM}","text":${quoted(text)},"style":"${style}"}`);
}

function payload(): JSON.Obj {
  return (<JSON.Obj>JSON.parse(Host.inputString())).getObj("payload")!;
}

function textOf(object: JSON.Obj, key: string, otherwise: string): string {
  const text = object.getString(key);
  return text === null ? otherwise : text.valueOf();
}

// Host.outputString counts characters where bytes are meant, and cuts what is not ASCII.
function said(json: string): i32 {
  Host.output(Uint8Array.wrap(String.UTF8.encode(json)));
  return 0;
}

export function abort(message: string | null, file: string | null, line: u32, column: u32): void {
  Host.log(LogLevel.Error, `${message === null ? "aborted" : message!} at ${file === null ? "?" : file!}:${line}:${column}`);
  unreachable();
}
