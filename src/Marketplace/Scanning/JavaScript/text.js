// What can be said of texts in code without running it.

const maxSteps = 256, maxChars = 4096;

/** The text that an expression always gives: literals, their sums, templates of them and constants; undefined when it cannot be said. */
export function constantText(root, find) {
  // Constants may be made of constants, each twice: without a bound a few lines would take for ever.
  let steps = 0;
  const textOf = (node) => {
    if (!node || ++steps > maxSteps) return undefined;
    switch (node.type) {
      case "Literal": return typeof node.value === "string" ? node.value : undefined;
      case "TemplateLiteral": {
        let text = node.quasis[0].value.cooked ?? "";
        for (let i = 0; i < node.expressions.length; i++) {
          text = joined(text, textOf(node.expressions[i]), node.quasis[i + 1].value.cooked ?? "");
          if (text === undefined) return undefined;
        }
        return text;
      }
      case "BinaryExpression": return node.operator === "+" ? joined(textOf(node.left), textOf(node.right), "") : undefined;
      case "Identifier": return textOf(find(node.name)?.value);
      default: return undefined;
    }
  };
  return textOf(root);
}

function joined(left, right, end) {
  return left === undefined || right === undefined || left.length + right.length > maxChars ? undefined : left + right + end;
}

/** Whether a text holds encoded bytes: only the letters of hexadecimal or Base64, without a word in it. */
export function isEncoded(text, least) {
  if (text.length < least) return false;
  let digits = 0, upper = 0, lower = 0, other = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c >= 48 && c <= 57) digits++;
    else if (c >= 65 && c <= 90) upper++;
    else if (c >= 97 && c <= 122) lower++;
    else if (c === 43 || c === 47 || c === 61 || c === 45 || c === 95) other++;
    else return false;
  }
  const isHex = upper + other === 0 && digits > text.length / 4 && lower > 0;
  return isHex || (digits > text.length / 32 && upper > text.length / 8 && lower > text.length / 8);
}
