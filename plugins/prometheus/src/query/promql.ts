/** Parts of a query. Names come from the cluster, so nothing is put in unescaped. */

/** A matcher of one of several values: `namespace=~"a|b"`. */
export function oneOf(label: string, values: Iterable<string>): string {
  const distinct = [...new Set(values)].sort();
  return distinct.length === 1 ? `${label}=${quoted(distinct[0]!)}` : `${label}=~${quoted(distinct.map(literal).join("|"))}`;
}

/** A matcher of what begins with a text and goes on as a regular expression says. */
export function startsWith(label: string, text: string, rest: string): string {
  return `${label}=~${quoted(literal(text) + rest)}`;
}

/** Puts matchers in the place of `$match`. */
export function withMatch(query: string, matchers: string[]): string {
  return query.replaceAll("$match", () => matchers.join(","));
}

function quoted(text: string): string {
  return `"${text.replace(/[\\"]/g, (c) => `\\${c}`).replaceAll("\n", "\\n")}"`;
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, (c) => `\\${c}`);
}
