// Which host calls are made: `lazyoc.call("…")` by name, and through the SDK, whose table of calls is recognised by its form.

import { constantText } from "./text.js";
import { isFunction, isReference, walk } from "./tree.js";

const argumentNames = ["group", "resource", "subresource", "path", "method"];

/** The texts of an object literal's properties that matter for permissions. */
function argumentsOf(node, find) {
  if (node?.type !== "ObjectExpression") return {};
  const found = {};
  for (const property of node.properties) {
    if (property.type !== "Property" || property.computed) continue;
    const name = property.key.name ?? property.key.value;
    const text = argumentNames.includes(name) ? constantText(property.value, find) : undefined;
    if (text !== undefined) found[name] = text.slice(0, 200);
  }
  return found;
}

export class Calls {
  /** By part of the host, then by member, the calls that it makes; a part that is itself a function has the member "". */
  #table = null;
  #tableNode = null;
  #forwarded = [];
  #members = [];
  #handedOn = [];

  made = [];

  constructor(knownCalls) {
    this.known = new Set(knownCalls);
  }

  /** A call of `lazyoc.call`; false when what is called cannot be said. */
  named(call, find, parents) {
    const [first] = call.arguments;
    const names = first?.type === "ConditionalExpression" ? [first.consequent, first.alternate] : [first];
    const texts = names.map((name) => constantText(name, find));
    if (texts.every((text) => text !== undefined)) {
      for (const name of texts) this.made.push({ name: name.slice(0, 200), at: call.start, certain: true, ...argumentsOf(call.arguments[1], find) });
      return true;
    }
    return this.#isForwarder(call, find, parents);
  }

  /** Notes an object literal that has the form of the SDK's table: functions of `call`, which they call by known names. */
  table(node) {
    if (this.#table || node.properties.length < 3) return;
    const table = new Map();
    for (const property of node.properties) {
      const part = property.type === "Property" && !property.computed && isFunction(property.value) ? (property.key.name ?? property.key.value) : undefined;
      const members = part === undefined ? null : this.#membersOf(property.value);
      if (!members) return;
      table.set(part, members);
    }
    this.#table = table;
    this.#tableNode = node;
  }

  /** Notes `X.PART` and `X.PART.MEMBER`, which may be the SDK's. */
  member(node, parents, find) {
    const part = memberName(node);
    if (part === undefined) return;
    const outer = parents.at(-1);
    const isBase = outer?.type === "MemberExpression" && outer.object === node;
    const owner = node.object.type === "Identifier" ? find(node.object.name) : undefined;
    const call = parents.at(isBase ? -2 : -1);
    const callee = isBase ? outer : node;
    const isCalled = call?.type === "CallExpression" && call.callee === callee;
    this.#members.push({ part, member: isBase ? memberName(outer) : undefined, isCalled, isHost: owner?.kind === "parameter" && owner.isWhole, at: node.start, args: isCalled ? argumentsOf(call.arguments[0], find) : {} });
  }

  /** Notes `{ PART }` taken out of something. */
  taken(pattern) {
    for (const property of pattern.properties)
      if (property.type === "Property" && !property.computed) this.#handedOn.push({ part: property.key.name ?? property.key.value, at: property.start });
  }

  /** Ends the counting: forwarders of anything but the table are calls that cannot be said. */
  end() {
    const unknown = this.#forwarded.filter(({ table }) => !this.#tableNode || table !== this.#tableNode).map(({ at }) => at);
    if (!this.#table) return unknown;
    for (const { part, member, isCalled, isHost, at, args } of this.#members) {
      const members = this.#table.get(part);
      if (!members) continue;
      const ofPart = members.get("");
      if (ofPart) this.#use(ofPart, at, isCalled && isHost && member === undefined, {});
      else if (member !== undefined && members.has(member)) this.#use(members.get(member), at, isCalled && isHost, args);
      else if (member === undefined && !isCalled) this.#all(part, at);
    }
    for (const { part, at } of this.#handedOn) if (this.#table.has(part)) this.#all(part, at);
    return unknown;
  }

  #all(part, at) {
    for (const names of this.#table.get(part).values()) this.#use(names, at, false, {});
  }

  #use(names, at, certain, args) {
    for (const name of names) this.made.push({ name, at, certain, ...args });
  }

  /** `PART((name, …) => lazyoc.call(name, …))` where PART comes from the entries of the table. */
  #isForwarder(call, find, parents) {
    const [first] = call.arguments;
    const forwarder = first?.type === "Identifier" ? find(first.name) : undefined;
    if (forwarder?.kind !== "parameter" || !forwarder.isWhole || forwarder.index !== 0) return false;
    const at = parents.lastIndexOf(forwarder.of);
    const outer = parents[at - 1];
    if (outer?.type !== "CallExpression" || outer.arguments[0] !== forwarder.of || outer.callee.type !== "Identifier") return false;
    const source = find(outer.callee.name)?.source;
    const isEntries = source?.type === "CallExpression" && source.callee.type === "MemberExpression" && source.callee.object.name === "Object" && source.callee.property.name === "entries";
    const table = isEntries && source.arguments[0]?.type === "Identifier" ? find(source.arguments[0].name)?.value : null;
    if (!table) return false;
    this.#forwarded.push({ table, at: call.start });
    return true;
  }

  #membersOf(part) {
    const [param] = part.params;
    if (param?.type !== "Identifier" || part.params.length !== 1) return null;
    const members = new Map();
    if (part.body.type === "ObjectExpression") {
      for (const property of part.body.properties) {
        const name = property.type === "Property" && !property.computed ? (property.key.name ?? property.key.value) : undefined;
        const calls = name === undefined ? null : this.#namesCalled(property.value, param.name);
        if (!calls) return null;
        members.set(name, calls);
      }
    } else {
      const calls = this.#namesCalled(part.body, param.name);
      if (!calls) return null;
      members.set("", calls);
    }
    return members;
  }

  /** The known names that a function is called with; null when it is used in any other way, or never. */
  #namesCalled(body, name) {
    const names = new Set();
    let isOther = false;
    walk(body, (node, parents) => {
      if (node.type !== "Identifier" || node.name !== name || (parents.length > 0 && !isReference(node, parents.at(-1)))) return;
      const call = parents.at(-1);
      const text = call?.type === "CallExpression" && call.callee === node && call.arguments[0]?.type === "Literal" ? call.arguments[0].value : undefined;
      if (this.known.has(text)) names.add(text);
      else isOther = true;
    }, () => {});
    return isOther || names.size === 0 ? null : names;
  }
}

/** The name of a member that is given in so many words. */
export function memberName(node) {
  if (!node.computed) return node.property.type === "Identifier" ? node.property.name : undefined;
  return node.property.type === "Literal" && typeof node.property.value === "string" ? node.property.value : undefined;
}
