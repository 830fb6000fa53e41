// Runs as a guest of the sandbox, without a single host call: takes the text of a script in pieces and says what is in it.
// It never runs what it reads.

import { parse } from "acorn";
import { Calls, memberName } from "./calls.js";
import { constantText, isEncoded } from "./text.js";
import { Scopes, isReference, walk } from "./tree.js";

const pieces = [];

lazyoc.on("piece", ({ text }) => {
  pieces.push(text);
});

lazyoc.on("analyse", ({ isModule, knownCalls, maxItems, encodedChars }) => {
  const source = pieces.join("");
  pieces.length = 0;
  const { tree, failure } = read(source, isModule);
  if (!tree) return { failure };
  const { made, findings } = new Analysis(source, tree, knownCalls, encodedChars).run();
  return { calls: made.slice(0, maxItems), findings: findings.slice(0, maxItems), left: Math.max(0, made.length - maxItems) + Math.max(0, findings.length - maxItems) };
});

function read(source, isModule) {
  const options = { ecmaVersion: "latest", allowHashBang: true };
  try {
    return { tree: parse(source, { ...options, sourceType: "module" }) };
  } catch (error) {
    try {
      // What is not loaded as a module may be a script.
      if (!isModule && error instanceof SyntaxError) return { tree: parse(source, { ...options, sourceType: "script", allowReturnOutsideFunction: true }) };
    } catch {
      // The first reason is told.
    }
    return { failure: { message: String(error.message).slice(0, 200), line: error.loc?.line ?? 1 } };
  }
}

const globals = new Set(["globalThis", "self", "window", "global"]);
const sensitive = new Set(["lazyoc", "eval", "Function"]);
const decoders = new Set(["atob", "unescape", "decodeURIComponent", "fromCharCode", "fromCodePoint", "fromBase64", "fromHex", "decode"]);
const mangled = /^_0x[0-9a-f]{3,}$/;

class Analysis {
  findings = [];
  #source;
  #tree;
  #scopes;
  #calls;
  #encodedChars;
  #parents = [];
  #lineStarts = [0];
  #names = new Set();
  #mangledNames = new Set();
  #encodedAt = [];
  #dynamicAt = [];
  #members = 0;
  #lookups = [];
  #rotations = [];

  constructor(source, tree, knownCalls, encodedChars) {
    this.#source = source;
    this.#tree = tree;
    this.#scopes = new Scopes(tree);
    this.#calls = new Calls(knownCalls);
    this.#encodedChars = encodedChars;
    for (let at = source.indexOf("\n"); at >= 0; at = source.indexOf("\n", at + 1)) this.#lineStarts.push(at + 1);
  }

  run() {
    walk(this.#tree, (node, parents) => {
      this.#parents = parents;
      this.#enter(node, parents.at(-1));
    }, () => {});
    for (const at of this.#calls.end()) this.#found("js-computed-call", at, "lazyoc.call");
    this.#judge();
    const made = this.#calls.made.map(({ at, ...call }) => ({ ...call, line: this.#lineOf(at) }));
    this.findings.sort((left, right) => left.line - right.line);
    return { made, findings: this.findings };
  }

  #enter(node, parent) {
    switch (node.type) {
      case "Identifier": this.#identifier(node, parent); break;
      case "MemberExpression": this.#member(node); break;
      case "ObjectPattern": this.#pattern(node); break;
      case "ObjectExpression":
        this.#calls.table(node);
        if (isUnnamed(node)) this.#found("js-view-unnamed", node.start, constantOf(node, "type"));
        break;
      case "ImportExpression": this.#found("js-dynamic-import", node.start, "import()"); break;
      case "CallExpression": case "NewExpression": this.#call(node); break;
      case "Literal":
        if (typeof node.value === "string" && isEncoded(node.value, this.#encodedChars)) this.#encodedAt.push(node.start);
        break;
      case "TemplateElement":
        if (isEncoded(node.value.raw, this.#encodedChars)) this.#encodedAt.push(node.start);
        break;
    }
  }

  #identifier(node, parent) {
    this.#names.add(node.name);
    if (mangled.test(node.name)) this.#mangledNames.add(node.name);
    if (!parent || !isReference(node, parent) || isTypeof(parent) || this.#find(node.name)) return;
    if (globals.has(node.name)) this.#global(node, parent);
    else this.#own(node.name, node, parent, this.#parents.at(-2));
  }

  /** A use of the object that holds everything. */
  #global(node, parent) {
    if (parent.type === "MemberExpression" && parent.object === node) {
      const name = memberName(parent);
      if (name === undefined) this.#found("js-computed-global", node.start, node.name);
      else if (!isTypeof(this.#parents.at(-2))) this.#own(name, parent, this.#parents.at(-2), this.#parents.at(-3));
    } else if (node.name === "globalThis") {
      this.#found("js-global-handed-on", node.start, node.name);
    }
  }

  /** A use of something that the sandbox or the language gives. */
  #own(name, node, parent, outer) {
    switch (name) {
      case "lazyoc": this.#host(node, parent, outer); break;
      case "eval": this.#dynamic(node.start, "eval", parent?.type === "CallExpression" && parent.callee === node ? parent : null); break;
      case "Function": this.#function(node, parent); break;
      case "fetch": this.#calls.made.push({ name: "http.fetch", at: node.start, certain: parent?.type === "CallExpression" && parent.callee === node }); break;
    }
  }

  #host(node, parent, outer) {
    const member = parent?.type === "MemberExpression" && parent.object === node ? memberName(parent) : undefined;
    if (member === "on") return;
    const isCall = member === "call" && outer?.type === "CallExpression" && outer.callee === parent;
    if (!isCall) this.#found("js-indirect-host", node.start, "lazyoc");
    else if (!this.#calls.named(outer, (name) => this.#find(name), this.#parents)) this.#found("js-computed-call", outer.start, "lazyoc.call");
  }

  #function(node, parent) {
    const isCalled = (parent?.type === "CallExpression" || parent?.type === "NewExpression") && parent.callee === node;
    if (isCalled) {
      const texts = parent.arguments.map((argument) => constantText(argument, (name) => this.#find(name)));
      if (texts.length === 1 && /^return this;?$/.test(texts[0] ?? "")) this.#found("js-global-handed-on", node.start, "Function");
      else this.#dynamic(node.start, "Function", parent);
      return;
    }
    const isHandedOn = parent && !["MemberExpression", "BinaryExpression"].includes(parent.type);
    if (isHandedOn) this.#dynamic(node.start, "Function", null);
  }

  #member(node) {
    this.#members++;
    this.#calls.member(node, this.#parents, (name) => this.#find(name));
    const isOfGlobal = node.object.type === "Identifier" && globals.has(node.object.name) && !this.#find(node.object.name);
    if (memberName(node) === "lazyoc" && !isOfGlobal) this.#found("js-indirect-host", node.start, "lazyoc");
    if (!node.computed || node.property.type === "Literal") return;
    const [argument] = node.property.type === "CallExpression" ? node.property.arguments : [];
    if (argument?.type === "Literal" && (typeof argument.value === "number" || /^0x/.test(argument.value))) this.#lookups.push(node.start);
    const hidden = constantText(node.property, (name) => this.#find(name));
    // Libraries keep the name of `constructor` in a constant; only put together of parts it is hidden.
    if (sensitive.has(hidden) || (hidden === "constructor" && node.property.type !== "Identifier")) this.#found("js-hidden-name", node.start, hidden);
    if (node.object.type === "Identifier" && this.#isGlobalAlias(this.#find(node.object.name)?.value)) this.#found("js-computed-global", node.start, node.object.name);
  }

  /** `const { lazyoc } = …`: whatever it is taken from, it is meant. */
  #pattern(node) {
    this.#calls.taken(node);
    for (const property of node.properties)
      if (property.type === "Property" && constantKey(property) === "lazyoc") this.#found("js-indirect-host", property.start, "lazyoc");
  }

  /** Whether a value is the object that holds everything, or may be. */
  #isGlobalAlias(value) {
    for (let node = value; node; ) {
      if (node.type === "Identifier") return globals.has(node.name);
      if (node.type === "ConditionalExpression") node = node.consequent;
      else if (node.type === "LogicalExpression") node = node.left;
      else return false;
    }
    return false;
  }

  #call(node) {
    const { callee } = node;
    if (callee.type === "MemberExpression") {
      const name = memberName(callee);
      const isOfFunction = callee.object.type === "MemberExpression" && memberName(callee.object) === "constructor";
      if (name === "constructor" && (isOfFunction || node.arguments.some((argument) => constantText(argument, (text) => this.#find(text)) !== undefined))) this.#dynamic(node.start, "constructor", node);
      if (name === "push" && isShiftOf(node.arguments[0], callee.object)) this.#rotation(node);
    }
    // A bundler may have added a number to the name.
    const builder = callee.type === "Identifier" ? /^(button|sparkline)\d*$/.exec(callee.name) : null;
    if (builder && node.arguments[builder[1] === "button" ? 1 : 0]?.value === "") this.#found("js-view-unnamed", node.start, builder[1] === "button" ? "button" : "chart");
    if (callee.type === "Identifier" && (callee.name === "setTimeout" || callee.name === "setInterval") && constantText(node.arguments[0], (name) => this.#find(name)) !== undefined)
      this.#dynamic(node.start, callee.name, node);
  }

  /** `list.push(list.shift())` in a loop that ends by trying: how obfuscators hide the order of their texts. */
  #rotation(node) {
    const around = this.#parents.map(({ type }) => type);
    if (around.includes("TryStatement") && (around.includes("WhileStatement") || around.includes("ForStatement") || around.includes("DoWhileStatement"))) this.#rotations.push(node.start);
  }

  #dynamic(at, what, call) {
    this.#dynamicAt.push(at);
    this.#found("js-dynamic-code", at, what);
    if (!call) return;
    let isDecoded = false;
    for (const argument of call.arguments)
      walk(argument, (node) => {
        isDecoded ||= (node.type === "Identifier" && decoders.has(node.name)) || (node.type === "Literal" && isEncoded(String(node.value), this.#encodedChars));
      }, () => {});
    if (isDecoded) this.#found("js-decoded-code", at, what);
  }

  /** What only the whole of a script shows. */
  #judge() {
    for (const at of this.#encodedAt) this.#found(this.#dynamicAt.length > 0 ? "js-decoded-code" : "js-encoded-text", at, "");
    for (const at of this.#rotations) this.#found("js-obfuscated", at, "rotated texts");
    const least = 10;
    if (this.#mangledNames.size >= least && this.#mangledNames.size * 5 >= this.#names.size) this.#found("js-obfuscated", 0, "names such as `_0x1a2b`");
    if (this.#lookups.length >= 2 * least && this.#lookups.length * 5 >= this.#members) this.#found("js-obfuscated", this.#lookups[0], "members by number");
  }

  #found(rule, at, detail) {
    this.findings.push({ rule, line: this.#lineOf(at), detail });
  }

  #find(name) {
    return this.#scopes.find(name, this.#parents);
  }

  #lineOf(at) {
    let low = 0, high = this.#lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#lineStarts[middle] <= at) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }
}

/** Whether an object is a node of a view whose reader is not told what it is: a chart without title, a button or badge without label. */
function isUnnamed(node) {
  const type = constantOf(node, "type");
  const name = { chart: "title", button: "label", badge: "label" }[type];
  if (!name || node.properties.some(({ type }) => type !== "Property")) return false;
  const has = node.properties.some((property) => constantKey(property) === name);
  return type === "chart" && constantOf(node, "kind") !== undefined ? !has || constantOf(node, name) === "" : has && constantOf(node, name) === "";
}

/** The text of a member, where it is a constant. */
function constantOf(node, name) {
  const member = node.properties.find((property) => property.type === "Property" && constantKey(property) === name);
  return member?.value.type === "Literal" ? member.value.value : undefined;
}

function constantKey({ key, computed }) {
  return !computed && key.type === "Identifier" ? key.name : key.value;
}

function isTypeof(node) {
  return node?.type === "UnaryExpression" && node.operator === "typeof";
}

function isShiftOf(node, list) {
  if (node?.type !== "CallExpression" || node.callee.type !== "MemberExpression" || memberName(node.callee) !== "shift") return false;
  const { object } = node.callee;
  return object.type === "Identifier" && list.type === "Identifier" && object.name === list.name;
}
