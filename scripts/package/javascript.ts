import { stripTypeScriptTypes } from "node:module";
import { parseSync, Visitor } from "oxc-parser";

export interface Javascript {
  readonly text: string;
  /** Every path to another of our files, and every name of one of our packages' modules, that it imports or makes a URL of. */
  readonly uses: readonly string[];
}

const OWN = /^(\.\.?\/|@window-rating\/)/;

/**
 * The JavaScript of one of our TypeScript files, line for line: types become blanks, so that a stack trace names the line of the source,
 * and relative paths that end in `.ts` end in `.js`. Packages hold JavaScript because Node reads no TypeScript under node_modules.
 */
export const javascriptOf = (name: string, source: string): Javascript => {
  const javascript = name.endsWith(".ts") ? stripTypeScriptTypes(source) : source;
  const { program, errors } = parseSync(name.replace(/\.ts$/, ".js"), javascript);
  if (errors[0] !== undefined) throw new Error(`${name} cannot be read as JavaScript: ${errors[0].message}`);
  const paths: { value: string; end: number }[] = [];
  const add = (node: { type: string; end: number; value?: unknown } | null | undefined): void => {
    if (node?.type === "Literal" && typeof node.value === "string" && OWN.test(node.value))
      paths.push({ value: node.value, end: node.end });
  };
  new Visitor({
    ImportDeclaration: ({ source }) => add(source),
    ExportAllDeclaration: ({ source }) => add(source),
    ExportNamedDeclaration: ({ source }) => add(source),
    ImportExpression: ({ source }) => add(source),
    NewExpression: ({ callee, arguments: [first] }) => {
      if (callee.type === "Identifier" && callee.name === "URL") add(first);
    },
  }).visit(program);
  // From the last one on, so that the places before it stay where they are; `end` is past the closing quote.
  const text = paths
    .filter(({ value }) => value.startsWith(".") && value.endsWith(".ts"))
    .sort((a, b) => b.end - a.end)
    .reduce((before, { end }) => `${before.slice(0, end - 3)}js${before.slice(end - 1)}`, javascript);
  return { text, uses: paths.map(({ value }) => value) };
};
