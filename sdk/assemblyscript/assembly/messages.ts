/** What messages carry: each is read with `receive`. Generated from their contracts; do not edit. */

import { ObjectReference } from "./host-calls";
import { Json } from "./json";
import { textsOf, Value, valuesOf } from "./value";

export class RenderPayload extends Value {
  get view(): string {
    return this.json.text("view");
  }

  get instance(): string {
    return this.json.text("instance");
  }

  get object(): ObjectReference | null {
    return this.json.has("object") ? new ObjectReference(this.json.under("object")) : null;
  }

  get namespace(): string | null {
    return this.json.has("namespace") ? this.json.text("namespace") : null;
  }

  get width(): i32 {
    return <i32>this.json.number("width");
  }

  get height(): i32 {
    return <i32>this.json.number("height");
  }
}

export class InputPayload extends Value {
  get view(): string {
    return this.json.text("view");
  }

  get instance(): string {
    return this.json.text("instance");
  }

  get object(): ObjectReference | null {
    return this.json.has("object") ? new ObjectReference(this.json.under("object")) : null;
  }

  get node(): string {
    return this.json.text("node");
  }

  get event(): string {
    return this.json.text("event");
  }

  get row(): string | null {
    return this.json.has("row") ? this.json.text("row") : null;
  }

  get action(): string | null {
    return this.json.has("action") ? this.json.text("action") : null;
  }

  get values(): Json {
    return this.json.any("values");
  }
}

export class ActionPayload extends Value {
  get action(): string {
    return this.json.text("action");
  }

  get objects(): ObjectReference[] {
    return valuesOf<ObjectReference>(this.json.under("objects"));
  }

  get inputs(): Json {
    return this.json.any("inputs");
  }
}

export class EventPayload extends Value {
  get topic(): string {
    return this.json.text("topic");
  }

  get data(): Json {
    return this.json.any("data");
  }
}
