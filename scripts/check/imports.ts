import { parseSync, Visitor } from "oxc-parser";

/** One import of another module, in whatever form it is written. */
export interface Import {
  readonly specifier: string;
  readonly line: number;
}

/**
 * All imports of a TypeScript or JavaScript file: static, `export … from`, dynamic, `import("…").Type`, `import x = require("…")`
 * and `require("…")`. A dynamic import of a computed name cannot be judged and is left out.
 *
 * oxc parses TypeScript by itself; the usual tools for this need the compiler API that TypeScript 7 no longer has.
 *
 * @throws Error when the file cannot be parsed, because an unread file must not pass as one without imports
 */
export function importsOf(file: string, source: string): Import[] {
  const { program, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file} cannot be parsed: ${errors.map(({ message }) => message).join("; ")}`);
  const imports: Import[] = [];
  const add = (node: { start: number; value: unknown }) => {
    if (typeof node.value !== "string") return;
    imports.push({ specifier: node.value, line: source.slice(0, node.start).split("\n").length });
  };
  const addExpression = (node: { type: string; start: number; end: number }) => {
    const text = literal(source.slice(node.start, node.end));
    if (text !== undefined) add({ start: node.start, value: text });
  };
  new Visitor({
    ImportDeclaration: (node) => add(node.source),
    ExportAllDeclaration: (node) => add(node.source),
    ExportNamedDeclaration: (node) => {
      if (node.source !== null) add(node.source);
    },
    ImportExpression: (node) => addExpression(node.source),
    TSImportType: (node) => add(node.source),
    TSExternalModuleReference: (node) => add(node.expression),
    CallExpression: (node) => {
      const [argument] = node.arguments;
      if (node.callee.type === "Identifier" && node.callee.name === "require" && argument !== undefined) addExpression(argument);
    },
  }).visit(program);
  return imports;
}

/** The text of a quoted string or of a template without placeholders. */
function literal(code: string): string | undefined {
  return /^(["'`])((?:(?!\1|\$\{)[^\\])*)\1$/.exec(code)?.[2];
}
