import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Text } from "../calendar/schema.ts";
import { escaped } from "../policy/page/html.ts";

const asText = (value: unknown): string => {
  if (Array.isArray(value)) return value.map(asText).join("");
  if (value === undefined || value === null || value === false) return "";
  return value instanceof Markup ? value.html : escaped(String(value));
};

/** A piece of a page. What is put into one is escaped, unless it is a piece itself: nobody can forget to. */
export class Markup {
  readonly html: string;
  constructor(html: string) {
    this.html = html;
  }
}

export const html = (parts: TemplateStringsArray, ...values: readonly unknown[]): Markup =>
  new Markup(parts.reduce((page, part, index) => page + asText(values[index - 1]) + part));

/** Chinese first, English second; a name that has no English stands alone. */
export const both = ({ zh, en }: Text): Markup => (en === "" ? html`${zh}` : html`${zh} <span lang="en">${en}</span>`);

/** A stylesheet under a name that changes with its content, so that it may be kept for ever. */
const stylesheet = (name: string): { readonly file: string; readonly content: Buffer } => {
  const content = readFileSync(new URL(`./${name}.css`, import.meta.url));
  return { file: `${name}-${createHash("sha256").update(content).digest("hex").slice(0, 12)}.css`, content };
};

/** Small enough for any phone; the other one is for a printer. */
const STYLES = { citizen: stylesheet("citizen"), paper: stylesheet("paper") } as const;

/** By the name of their file. */
export const STYLESHEETS: ReadonlyMap<string, Buffer> = new Map(Object.values(STYLES).map(({ file, content }) => [file, content]));

/**
 * A whole page. All of them lie one folder deep, so that the same links work behind any path of a proxy.
 * @param title what the page is for, also its heading for who cannot see it
 */
export const page = (title: Text, content: Markup, style: keyof typeof STYLES = "citizen"): string =>
  html`<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="format-detection" content="telephone=no">
<title>${title.zh} ${title.en}</title>
<link rel="stylesheet" href="../citizen/${STYLES[style].file}">
</head>
<body>
<main>
${content}
</main>
</body>
</html>
`.html;
