/**
 * The AssemblyScript SDK of LazyOC plugins. A message arrives at the function that is exported under its name, such as `render`.
 * It reads the message with `receive`, may make host calls, and ends with `answer`, `done` or `fail`. One message is handled at
 * a time.
 */

import { ObjectReference } from "./host-calls";
import { Json } from "./json";

export * from "./answers";
export * from "./guest";
export * from "./host-calls";
export * from "./json";
export * from "./json-reader";
export * from "./messages";
export * from "./value";
export * from "./views";

/** An object of the cluster; the kind with its group, such as `apps/Deployment`. An empty namespace is none. */
export function reference(kind: string, name: string, namespace_: string = ""): ObjectReference {
  const slash = kind.indexOf("/");
  const json = Json.object()
    .set("group", Json.of(slash < 0 ? "" : kind.substring(0, slash)))
    .set("kind", Json.of(kind.substring(slash + 1)))
    .set("name", Json.of(name));
  if (namespace_ != "") json.set("namespace", Json.of(namespace_));
  return new ObjectReference(json);
}
