/** What messages carry: each is read with `receive`. Generated from their contracts; do not edit. */

import { ObjectReference } from "./host-calls";
import { Json } from "./json";
import { textsOf, Value, valuesOf } from "./value";

/** Payload of `action`; the envelope carries the gesture. */
export class ActionPayload extends Value {
  /** Id of the contribution. */
  get action(): string {
    return this.json.text("action");
  }

  get objects(): ObjectReference[] {
    return valuesOf<ObjectReference>(this.json.under("objects"));
  }

  /** Values of the contribution's inputs, by field name; they satisfy its fields. Absent when it has none. */
  get inputs(): Json {
    return this.json.any("inputs");
  }
}

/** Payload of `activate`. */
export class ActivatePayload extends Value {
  get pluginId(): string {
    return this.json.text("pluginId");
  }

  get pluginVersion(): string {
    return this.json.text("pluginVersion");
  }

  get hostApiVersion(): string {
    return this.json.text("hostApiVersion");
  }

  /** Why now: the activation event that matched. */
  get reason(): string {
    return this.json.text("reason");
  }

  get session(): SessionInfo {
    return new SessionInfo(this.json.under("session"));
  }
}

/** Payload of `command`; the envelope carries the gesture. */
export class CommandPayload extends Value {
  /** Id of the contribution. */
  get command(): string {
    return this.json.text("command");
  }

  /** Values of the contribution's inputs, by field name; they satisfy its fields. Absent when it has none. */
  get inputs(): Json {
    return this.json.any("inputs");
  }
}

/** Payload of `compute`: a batch of rows for one computed column; the answer is `ComputeAnswer`. */
export class ComputePayload extends Value {
  /** Id of the contribution. */
  get column(): string {
    return this.json.text("column");
  }

  /** The host's clock, RFC 3339. */
  get now(): string {
    return this.json.text("now");
  }

  get rows(): ComputeRow[] {
    return valuesOf<ComputeRow>(this.json.under("rows"));
  }
}

/** One row of a `ComputePayload`. */
export class ComputeRow extends Value {
  get object(): ObjectReference {
    return new ObjectReference(this.json.under("object"));
  }

  /** The values at the contribution's `compute` paths, in order; null where absent. Empty when the plugin may not `get` the object. */
  get values(): string[] {
    return textsOf(this.json.under("values"));
  }
}

/** Payload of `deactivate`: the instance ends; what it still calls has no effect. */
export class DeactivatePayload extends Value {
  /** Why, in words. */
  get reason(): string {
    return this.json.text("reason");
  }
}

/** Payload of `event`. */
export class EventPayload extends Value {
  get topic(): string {
    return this.json.text("topic");
  }

  /** `lazyoc` for the host, otherwise a plugin id. */
  get publisher(): string {
    return this.json.text("publisher");
  }

  /** Counts up per topic and publisher. */
  get sequence(): i64 {
    return <i64>this.json.number("sequence");
  }

  get time(): string {
    return this.json.text("time");
  }

  get data(): Json {
    return this.json.any("data");
  }
}

/** Payload of `hook`: a change that the user makes; the answer is a `HookAnswer`, which only counts before it. */
export class HookPayload extends Value {
  /** Id of the contribution. */
  get hook(): string {
    return this.json.text("hook");
  }

  /** One of `before`, `after`. */
  get phase(): string {
    return this.json.text("phase");
  }

  /** `create`, `update`, `scale` or `delete`. */
  get verb(): string {
    return this.json.text("verb");
  }

  /** What is changed. A new object may have no name yet: it is empty then. */
  get reference(): ObjectReference {
    return new ObjectReference(this.json.under("reference"));
  }

  /** The whole object as it would be, or as it is when it is deleted; absent when the plugin may not `get` it. */
  get object(): Json {
    return this.json.any("object");
  }

  /** The whole object before an update or a scaling; absent when the plugin may not `get` it. */
  get oldObject(): Json {
    return this.json.any("oldObject");
  }

  /** As whom it is done. */
  get user(): string {
    return this.json.text("user");
  }

  /** Where; absent for what has no namespace. */
  get namespace(): string | null {
    return this.json.has("namespace") ? this.json.text("namespace") : null;
  }
}

/** Payload of `httpRequest`: a program on this computer asks the plugin; the answer is an `HttpRequestAnswer`. */
export class HttpRequestPayload extends Value {
  /** The port that the plugin listens on. */
  get port(): i32 {
    return <i32>this.json.number("port");
  }

  get method(): string {
    return this.json.text("method");
  }

  /** As it was sent, percent-encoding kept; begins with a slash. */
  get path(): string {
    return this.json.text("path");
  }

  /** What follows the question mark, as it was sent; empty when there is none. */
  get query(): string {
    return this.json.text("query");
  }

  /** By name in lower case; the values of a repeated header are joined by a comma. */
  get headers(): Json {
    return this.json.under("headers");
  }

  /** Text when it is UTF-8, otherwise `{"base64": …}`; absent when it is empty. */
  get body(): Json {
    return this.json.any("body");
  }
}

/** Payload of `hydrate`, which follows `activate` when an instance takes over from another. */
export class HydratePayload extends Value {
  /** What the instance before answered to `dehydrate`. */
  get state(): Json {
    return this.json.any("state");
  }

  /** The version that gave it. */
  get fromVersion(): string {
    return this.json.text("fromVersion");
  }
}

/** Payload of `input`: the user operated an open view; the envelope carries the gesture. The answer is the view as it is now, or `null` to keep what is shown. */
export class InputPayload extends Value {
  /** Id of the contribution. */
  get view(): string {
    return this.json.text("view");
  }

  /** This one open view, as in `Instance`. */
  get instance(): string {
    return this.json.text("instance");
  }

  /** What a tab or section is about; absent for a page or card. */
  get object(): ObjectReference | null {
    return this.json.has("object") ? new ObjectReference(this.json.under("object")) : null;
  }

  /** Id of the node. */
  get node(): string {
    return this.json.text("node");
  }

  /** One of `press`, `submit`, `rowAction`, `activate`. */
  get event(): string {
    return this.json.text("event");
  }

  /** Id of the table's row or of the tree's item. */
  get row(): string | null {
    return this.json.has("row") ? this.json.text("row") : null;
  }

  /** Id of the row action. */
  get action(): string | null {
    return this.json.has("action") ? this.json.text("action") : null;
  }

  /** The form's values by field name; they satisfy its fields. */
  get values(): Json {
    return this.json.any("values");
  }
}

/** Payload of `logLines`: a batch of lines of one container; the answer is a `LogLinesAnswer`. */
export class LogLinesPayload extends Value {
  /** Id of the contribution. */
  get transform(): string {
    return this.json.text("transform");
  }

  /** Whose logs are looked at. */
  get object(): ObjectReference {
    return new ObjectReference(this.json.under("object"));
  }

  /** Name of the pod that wrote the lines. */
  get pod(): string | null {
    return this.json.has("pod") ? this.json.text("pod") : null;
  }

  /** Name of its container. */
  get container(): string | null {
    return this.json.has("container") ? this.json.text("container") : null;
  }

  /** Without time and line end. */
  get lines(): string[] {
    return textsOf(this.json.under("lines"));
  }
}

/** Payload of `render`: draw `View`, a tab, section, page, card or resource view. */
export class RenderPayload extends Value {
  /** Id of the contribution. */
  get view(): string {
    return this.json.text("view");
  }

  /** This one open view, for `ui.update`: opaque, unique in the session, the same in every `render` until the view is closed. One contribution may be open for several objects at once. */
  get instance(): string {
    return this.json.text("instance");
  }

  /** What a tab, section or view of details is about; absent for a page, card or view of a list. */
  get object(): ObjectReference | null {
    return this.json.has("object") ? new ObjectReference(this.json.under("object")) : null;
  }

  /** The namespace whose objects a view of a list shows; absent for all of them, and for every other view. */
  get namespace(): string | null {
    return this.json.has("namespace") ? this.json.text("namespace") : null;
  }

  /** Size of the area in cells. */
  get width(): i32 {
    return <i32>this.json.number("width");
  }

  get height(): i32 {
    return <i32>this.json.number("height");
  }
}

/** Payload of `service`: another plugin asks; the answer is what the service's `output` schema accepts. */
export class ServicePayload extends Value {
  /** Name of the service, without the plugin's id. */
  get service(): string {
    return this.json.text("service");
  }

  /** Which plugin asks, as the host knows it. */
  get caller(): string {
    return this.json.text("caller");
  }

  /** What the service's `input` schema has accepted. */
  get input(): Json {
    return this.json.any("input");
  }
}

/** What a plugin may know of its session. */
export class SessionInfo extends Value {
  get context(): string {
    return this.json.text("context");
  }

  get user(): string {
    return this.json.text("user");
  }

  get namespace(): string {
    return this.json.text("namespace");
  }

  get readOnly(): bool {
    return this.json.flag("readOnly");
  }
}

/** Payload of `settingsChanged`: the user has set or unset something; a plugin need not listen. */
export class SettingsChangedPayload extends Value {
  /** The settings as they are now, as `config.get` gives them. */
  get values(): Json {
    return this.json.under("values");
  }

  /** Names of what is different, secrets included. */
  get changed(): string[] {
    return textsOf(this.json.under("changed"));
  }
}

/** Payload of `timer`: a timer that the plugin set is due. */
export class TimerPayload extends Value {
  /** The timer's id. */
  get id(): string {
    return this.json.text("id");
  }
}

/** One change of one object. */
export class WatchEvent extends Value {
  /** One of `added`, `modified`, `deleted`. */
  get type(): string {
    return this.json.text("type");
  }

  get object(): ObjectReference {
    return new ObjectReference(this.json.under("object"));
  }

  /** The values at the watch's paths; absent when the object is gone or the plugin may not `get` it. */
  get fields(): Json {
    return this.json.any("fields");
  }

  /** The values are absent because no message holds them: `get` fewer of them. */
  get tooLarge(): bool {
    return this.json.flag("tooLarge");
  }
}

/** Payload of `watch`: what happened to the objects of one watch, in order. Of one object only the latest matters: changes that the plugin was too slow for become one. Of a followed log, the lines that were written. */
export class WatchPayload extends Value {
  /** Which watch. */
  get watch(): string {
    return this.json.text("watch");
  }

  /** Empty for a followed log. */
  get events(): WatchEvent[] {
    return valuesOf<WatchEvent>(this.json.under("events"));
  }

  /** Of a followed log, in the order they were written; they may hold control characters. */
  get lines(): string[] {
    return textsOf(this.json.under("lines"));
  }

  /** Lines may be missing before those of this message: the connection was lost, or the container began anew. */
  get gap(): bool {
    return this.json.flag("gap");
  }

  /** The followed log has come to its end, because its pod has, and the watch with it: this is its last message. */
  get ended(): bool {
    return this.json.flag("ended");
  }

  /** Everything told before is void: the objects, or the lines, follow anew, and those that are not among them are gone. */
  get reset(): bool {
    return this.json.flag("reset");
  }

  /** With the events of this message all objects that were there at the beginning have been told. */
  get synced(): bool {
    return this.json.flag("synced");
  }

  /** Changes or lines dropped since the last message, because the plugin was too slow: list the objects to be sure. */
  get lost(): i64 {
    return <i64>this.json.number("lost");
  }
}
