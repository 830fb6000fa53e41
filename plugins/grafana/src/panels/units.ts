/** Units by Grafana's names. */

/** How values of a unit are written: multiplied by `factor`, with `unit` behind. */
export interface Scaled {
  factor: number;
  unit: string;
}

type Kind = { steps: readonly (readonly [least: number, unit: string])[]; suffix?: string; factor?: number };

const binary = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"].map((unit, i) => [1024 ** i, unit] as const);
const decimal = (unit: string) => ["", "k", "M", "G", "T", "P"].map((prefix, i) => [1000 ** i, `${prefix}${unit}`] as const);
const seconds = [[1e-9, "ns"], [1e-6, "µs"], [1e-3, "ms"], [1, "s"], [60, "min"], [3_600, "h"], [86_400, "d"]] as const;

/** Units whose size says how they are written. `factor` brings a value to the first unit. */
const scaled: Record<string, Kind> = {
  bytes: { steps: binary },
  kbytes: { steps: binary, factor: 1024 },
  mbytes: { steps: binary, factor: 1024 ** 2 },
  gbytes: { steps: binary, factor: 1024 ** 3 },
  binBps: { steps: binary, suffix: "/s" },
  decbytes: { steps: decimal("B") },
  Bps: { steps: decimal("B"), suffix: "/s" },
  bits: { steps: decimal("b") },
  decbits: { steps: decimal("b") },
  bps: { steps: decimal("b"), suffix: "/s" },
  ns: { steps: seconds, factor: 1e-9 },
  µs: { steps: seconds, factor: 1e-6 },
  ms: { steps: seconds, factor: 1e-3 },
  s: { steps: seconds },
  dtdurations: { steps: seconds },
  m: { steps: seconds, factor: 60 },
  h: { steps: seconds, factor: 3_600 },
  d: { steps: seconds, factor: 86_400 },
  hertz: { steps: decimal("Hz") },
  watt: { steps: decimal("W") },
};

/** Units that only stand behind a value. */
const fixed: Record<string, string> = {
  percent: "%", ops: "ops/s", opm: "ops/min", reqps: "req/s", reqpm: "req/min", rps: "reads/s", wps: "writes/s", iops: "io/s", eps: "events/s", mps: "messages/s", cps: "counts/s", pps: "packets/s", recps: "records/s", rowsps: "rows/s",
  celsius: "°C", humidity: "%H", currencyUSD: "$", currencyEUR: "€", currencyGBP: "£", cores: "cores",
};

/** Characters of a unit that an author has made up. */
const ownChars = 16;

/** Durations change to the next unit when there are two of it, so that 90 s is not 1.5 min. */
const whole = 2;

/** How values of a unit up to the greatest are written. */
export function scaleOf(unit: string, greatest: number): Scaled {
  if (unit === "percentunit") return { factor: 100, unit: "%" };
  const kind = Object.hasOwn(scaled, unit) ? scaled[unit] : undefined;
  if (kind) {
    const { steps, suffix = "", factor = 1 } = kind;
    const size = Math.abs(greatest) * factor;
    const isTime = steps === seconds;
    const smallest = isTime && size === 0 ? 3 : 0;
    const [least, name] = steps.findLast(([at], i) => i >= smallest && size >= at * (isTime && at > 1 ? whole : 1)) ?? steps[smallest]!;
    return { factor: factor / least, unit: `${name}${suffix}` };
  }
  if (Object.hasOwn(fixed, unit)) return { factor: 1, unit: fixed[unit]! };
  const [, own = ""] = /^(?:suffix|prefix|si|count|currency):(.+)$/.exec(unit) ?? [];
  return { factor: 1, unit: own.slice(0, ownChars) };
}

/** A value as people read it: few digits, thousands shortened, its unit behind. */
export function formatted(value: number | null, unit: string, decimals?: number): string {
  if (value === null) return "-";
  if (unit.startsWith("dateTime")) return new Date(Math.abs(value) <= 8.64e15 ? value : 0).toISOString().slice(0, 19).replace("T", " ");
  if (unit === "bool" || unit === "bool_yes_no" || unit === "bool_on_off") return value === 0 ? "no" : "yes";
  const { factor, unit: name } = scaleOf(unit, value);
  const text = shortened(value * factor, decimals);
  return name === "" ? text : name === "%" ? `${text}%` : `${text} ${name}`;
}

function shortened(value: number, decimals: number | undefined): string {
  const size = Math.abs(value);
  for (const [least, thousands, suffix] of [[1e12, 1e12, "T"], [1e9, 1e9, "G"], [1e6, 1e6, "M"], [1e4, 1e3, "k"]] as const) if (size >= least) return `${digits(value / thousands, decimals)}${suffix}`;
  return digits(value, decimals);
}

function digits(value: number, decimals: number | undefined): string {
  const size = Math.abs(value);
  const places = decimals ?? (size >= 100 || Number.isInteger(value) ? 0 : size >= 10 ? 1 : size >= 0.1 || size === 0 ? 2 : 4);
  return String(Number(value.toFixed(Math.min(6, Math.max(0, places)))));
}
