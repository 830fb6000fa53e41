// Walks a syntax tree with a stack of its own: a tree that is as deep as its author likes takes memory here, no native stack.

const functionTypes = new Set(["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"]);
const scopeTypes = new Set(["Program", "BlockStatement", "ForStatement", "ForInStatement", "ForOfStatement", "CatchClause", "SwitchStatement", "ClassExpression", "StaticBlock", ...functionTypes]);

// Most of a tree, and without children.
const leafTypes = new Set(["Identifier", "Literal", "TemplateElement", "ThisExpression", "Super", "EmptyStatement"]);

export const isFunction = (node) => functionTypes.has(node.type);
export const isScope = (node) => scopeTypes.has(node.type);

/** Calls `enter(node, parents)` before and `leave(node)` after the children of each node; the nearest parent is last. */
export function walk(root, enter, leave) {
  const parents = [];
  const pending = [root];
  while (pending.length > 0) {
    const node = pending.pop();
    if (node === null) {
      leave(parents.pop());
      continue;
    }
    enter(node, parents);
    if (leafTypes.has(node.type)) {
      leave(node);
      continue;
    }
    parents.push(node);
    pending.push(null);
    const from = pending.length;
    for (const key in node) {
      const value = node[key];
      if (typeof value !== "object" || value === null) continue;
      if (Array.isArray(value)) {
        for (const item of value) if (isNode(item)) pending.push(item);
      } else if (isNode(value)) pending.push(value);
    }
    // The first child is to be taken first.
    for (let low = from, high = pending.length - 1; low < high; low++, high--) [pending[low], pending[high]] = [pending[high], pending[low]];
  }
}

function isNode(value) {
  return typeof value === "object" && value !== null && typeof value.type === "string";
}

/** The names that a pattern binds, each with its identifier. */
export function boundIn(pattern) {
  const names = [];
  const pending = [pattern];
  while (pending.length > 0) {
    const node = pending.pop();
    switch (node?.type) {
      case "Identifier": names.push(node); break;
      case "ObjectPattern": for (const property of node.properties) pending.push(property.type === "RestElement" ? property.argument : property.value); break;
      case "ArrayPattern": pending.push(...node.elements); break;
      case "AssignmentPattern": pending.push(node.left); break;
      case "RestElement": pending.push(node.argument); break;
    }
  }
  return names;
}

/** Whether an identifier stands for a value, and is not the name of a property, a label or an import. */
export function isReference(node, parent) {
  switch (parent.type) {
    case "MemberExpression": return parent.object === node || parent.computed;
    case "Property": case "PropertyDefinition": case "MethodDefinition": return parent.computed || parent.value === node;
    case "LabeledStatement": case "BreakStatement": case "ContinueStatement": case "ImportSpecifier": case "ExportSpecifier": case "ExportAllDeclaration": case "MetaProperty": return false;
    default: return true;
  }
}

/** What names mean: scopes with their bindings, found before anything is asked. */
export class Scopes {
  #scopes = new Map();

  constructor(root) {
    const open = [];
    walk(root, (node, parents) => {
      if (isScope(node)) {
        this.#scopes.set(node, { bindings: new Map(), parent: open.at(-1) ?? null, isFunction: isFunction(node) || node.type === "Program" || node.type === "StaticBlock" });
        open.push(this.#scopes.get(node));
      }
      this.#declare(node, parents, open);
    }, (node) => {
      if (isScope(node)) open.pop();
    });
  }

  /** The binding of a name seen from a scope; undefined when it is the sandbox's own. */
  find(name, parents) {
    for (let i = parents.length - 1; i >= 0; i--) {
      let scope = this.#scopes.get(parents[i]);
      for (; scope; scope = scope.parent) {
        const binding = scope.bindings.get(name);
        if (binding) return binding;
      }
      if (scope === null) return undefined;
    }
    return undefined;
  }

  #declare(node, parents, open) {
    const inner = open.at(-1);
    const add = (scope, pattern, binding) => {
      for (const { name } of boundIn(pattern)) {
        const before = scope.bindings.get(name);
        // Declared twice: nothing is known of its value.
        scope.bindings.set(name, before ? { kind: before.kind } : binding);
      }
    };
    switch (node.type) {
      case "FunctionDeclaration":
        if (node.id) add(open.at(-2) ?? inner, node.id, { kind: "function" });
      // falls through
      case "FunctionExpression": case "ArrowFunctionExpression":
        if (node.type === "FunctionExpression" && node.id) add(inner, node.id, { kind: "function" });
        node.params.forEach((param, index) => add(inner, param, { kind: "parameter", of: node, index, isWhole: param.type === "Identifier" }));
        break;
      case "ClassDeclaration":
        if (node.id) add(inner, node.id, { kind: "class" });
        break;
      case "ClassExpression":
        if (node.id) add(inner, node.id, { kind: "class" });
        break;
      case "CatchClause":
        if (node.param) add(inner, node.param, { kind: "caught" });
        break;
      case "ImportDeclaration":
        for (const specifier of node.specifiers) add(inner, specifier.local, { kind: "import" });
        break;
      case "VariableDeclaration": {
        let scope = inner;
        if (node.kind === "var") while (!scope.isFunction) scope = scope.parent;
        const loop = parents.at(-1);
        const source = loop?.type === "ForOfStatement" && loop.left === node ? loop.right : null;
        for (const { id, init } of node.declarations)
          add(scope, id, { kind: "variable", value: id.type === "Identifier" ? init : null, pattern: id, source });
        break;
      }
    }
  }
}
