import { answer, empty, fail, KubernetesGet, receive, RenderPayload, span, text, TextStyle } from "@lazyoc/assemblyscript/assembly";

/** The tab is to be drawn: its object stands in the message. */
export function render(): i32 {
  const object = receive<RenderPayload>().object;
  if (object === null) return fail("invalid: there is no object");

  const call = new KubernetesGet("pods", object.name).fields([".spec.nodeName"]);
  const namespace = object.namespace;
  if (namespace !== null) call.namespace(namespace);
  const pod = call.send();
  if (pod.error !== null) return fail(pod.error!.toString());

  const node = pod.ok.json.text(".spec.nodeName");
  return answer(node == "" ? empty("It has no node yet") : text([span("Runs on "), span(node, TextStyle.strong)]));
}
