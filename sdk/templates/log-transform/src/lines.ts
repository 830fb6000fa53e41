import { type Span, span, type TextStyle } from "@lazyoc/plugin";

const levels: Record<string, TextStyle> = { debug: "muted", info: "info", warn: "warn", warning: "warn", error: "error", fatal: "error" };

/** A line as it is shown; null hides it. */
export function shown(line: string): Span[] | null {
  if (/\bGET \/(healthz|readyz|livez)\b/.test(line)) return null;
  const level = /\b(debug|info|warn(?:ing)?|error|fatal)\b/i.exec(line);
  if (!level) return [span(line)];
  const [word] = level;
  return [span(line.slice(0, level.index)), span(word, levels[word.toLowerCase()] ?? "plain"), span(line.slice(level.index + word.length))].filter(({ text }) => text.length > 0);
}
