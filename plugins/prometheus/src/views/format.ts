/** Cores as people write them: `250m`, `1.5`. */
export function cores(value: number): string {
  return value < 1 ? `${Math.round(value * 1000)}m` : value < 10 ? value.toFixed(1) : String(Math.round(value));
}

/** A number with few digits. */
export function short(value: number): string {
  return Math.abs(value) >= 1000 || Number.isInteger(value) ? String(Math.round(value)) : value.toPrecision(3);
}

/** The labels of a series as PromQL writes them. */
export function labelsText(labels: Record<string, string>): string {
  const { __name__: name = "", ...rest } = labels;
  const pairs = Object.entries(rest).map(([key, value]) => `${key}="${value}"`);
  return pairs.length === 0 ? name || "{}" : `${name}{${pairs.join(", ")}}`;
}
