const at = (pattern: RegExp) => (text: string) => pattern.test(text);

/** Formats that can be told from others without doubt. None of these patterns can take long. */
const formats: Record<string, (text: string) => boolean> = {
  "date-time": (text) => /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text)),
  date: (text) => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)),
  ipv4: (text) => /^\d{1,3}(\.\d{1,3}){3}$/.test(text) && text.split(".").every((part) => Number(part) <= 255),
  uuid: at(/^[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}$/),
  byte: (text) => text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text),
};

/** What a text of a format would have to be; null when it is that, or when only the API server can tell. */
export function formatProblem(format: string, text: string): string | null {
  const holds = Object.hasOwn(formats, format) ? formats[format]! : null;
  return holds === null || holds(text) ? null : `must be of the format ${format}`;
}
