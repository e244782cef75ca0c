/** The line width to which Biome formats everything here. */
const WIDTH = 140;

/** JSON in the form in which Biome leaves it: objects over several lines, arrays of plain values on one line where they fit. */
export const jsonText = (value: unknown): string => `${text(value, "", 0)}\n`;

/** @param before how many characters stand before it on its line, and a comma behind it */
const text = (value: unknown, indent: string, before: number): string => {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.every((item) => typeof item !== "object")) {
      const line = `[${value.map((item) => JSON.stringify(item)).join(", ")}]`;
      if (before + line.length <= WIDTH) return line;
    }
    return `[\n${value.map((item) => inner + text(item, inner, inner.length + 1)).join(",\n")}\n${indent}]`;
  }
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  if (entries.length === 0) return "{}";
  const lines = entries.map(([key, item]) => {
    const start = `${inner}${JSON.stringify(key)}: `;
    return start + text(item, inner, start.length + 1);
  });
  return `{\n${lines.join(",\n")}\n${indent}}`;
};
