import { JSON } from "assemblyscript-json/assembly";
import { Host, LogLevel } from "@extism/as-pdk/lib/pdk";
import { call } from "./host";

const ITEM = "lazyoc.cluster-pulse.pods";

/** Phase of every pod seen, by uid. */
const phases = new Map<string, string>();

/** Changes since the first list was complete. */
let changes = 0;

export function activate(): i32 {
  const answer = call("events.subscribe", '{"topics":["resource.pods"]}');
  if (answer.includes('"error"')) {
    Host.log(LogLevel.Error, answer);
    return show(`no events: ${answer}`, "error");
  }
  return show("waiting for pods", "muted");
}

/** A pod was added, modified or deleted. Exported under the name of the message. */
function onEvent(): i32 {
  const envelope = <JSON.Obj>JSON.parse(Host.inputString());
  const data = envelope.getObj("payload")!.getObj("data")!;
  const object = data.getObj("object")!;
  const uid = object.getString("uid")!.valueOf();
  if (data.getString("change")!.valueOf() == "deleted") phases.delete(uid);
  else {
    const phase = object.getString("phase");
    phases.set(uid, phase === null ? "Unknown" : phase.valueOf());
  }
  return pulse();
}
export { onEvent as event };

function pulse(): i32 {
  let running = 0;
  const all = phases.values();
  for (let i = 0; i < all.length; i++) if (all[i] == "Running" || all[i] == "Succeeded") running++;
  const ailing = all.length - running;
  return ailing == 0 ? show(`♥ ${all.length} pods`, "ok") : show(`♥ ${all.length} pods, ${ailing} ailing`, "warn");
}

function show(text: string, style: string): i32 {
  call("ui.status", `{"item":"${ITEM}","text":${JSON.from(text).stringify()},"style":"${style}"}`);
  Host.outputString("{}");
  return 0;
}

export function abort(message: string | null, file: string | null, line: u32, column: u32): void {
  Host.log(LogLevel.Error, `${message === null ? "aborted" : message!} at ${file === null ? "?" : file!}:${line}:${column}`);
  unreachable();
}
