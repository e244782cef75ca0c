import path from "node:path";
import { build } from "vite";

export interface BundleRequest {
  readonly root: string;
  /** The module that is started, from the root of the repository; the bundle's files lie where it lies. */
  readonly entry: string;
  /** Where a file of the repository lies in the package. */
  readonly shippedPath: (file: string) => string;
  /** Packages that stay packages: `import` and `require` find them under node_modules when the program runs. */
  readonly external: readonly string[];
}

/**
 * Puts a program and the packages it uses into few files: 9 MB less memory than a file for each module (docs/packages.md). What is imported
 * by `import()` or started as a thread stays apart and unloaded. Names and lines are kept and comments are not, so a stack trace tells the function, and the line of a
 * file that can be read. All is ASCII, because V8 holds a source of which one letter is Chinese in two bytes a letter.
 *
 * @returns content by path in the package
 * @throws Error if a module names one that is not there
 */
export const bundleOf = async ({ root, entry, shippedPath, external }: BundleRequest): Promise<Map<string, string>> => {
  const folder = path.posix.dirname(shippedPath(entry));
  const built = await build({
    configFile: false,
    envDir: false,
    root,
    logLevel: "warn",
    ssr: { target: "node", noExternal: true, external: [...external] },
    plugins: [
      {
        name: "own-place",
        enforce: "pre",
        transform(code, id) {
          // Ids that are no path are the bundler's own.
          if (!path.isAbsolute(id) || id.includes("node_modules") || !code.includes("import.meta")) return null;
          const place = path.posix.relative(folder, shippedPath(path.relative(root, id).split(path.sep).join("/")));
          return withPlace(code, place, (module) => {
            const fileName = path.posix.basename(module, ".ts").concat(".js");
            this.emitFile({ type: "chunk", id: path.resolve(path.dirname(id), module), fileName });
            return fileName;
          });
        },
      },
    ],
    build: {
      ssr: path.join(root, entry),
      target: "node24",
      write: false,
      minify: false,
      sourcemap: false,
      rolldownOptions: {
        // What is not found would fail in the hall, when it is imported.
        onLog: (level, { code, message }, log) => {
          if (code === "UNRESOLVED_IMPORT") throw new Error(message);
          log(level, message);
        },
        output: { format: "esm", entryFileNames: "[name].js", chunkFileNames: "[name].js", charset: "ascii", comments: false },
      },
    },
  });
  if (!("output" in built)) throw new Error("the bundler was to build once, and did something else");
  return new Map(
    built.output.map((part) => {
      if (part.type !== "chunk") throw new Error(`${part.fileName} is no JavaScript: put it beside the program as data`);
      return [`${folder}/${part.fileName}`, part.code];
    }),
  );
};

const OWN_PLACE = /new URL\("(?<module>\.[^"]+\.ts)", import\.meta\.url\)|import\.meta\.(?<part>dirname|url)\b/g;

/**
 * A module that reads files beside itself finds them where it would lie as a file of its own, and one that starts another module as a thread
 * finds that in the bundle.
 * @param place of the module, seen from the bundle's folder
 * @param start takes the other module into the bundle, and tells the name of its file there
 */
const withPlace = (code: string, place: string, start: (module: string) => string): string =>
  code.replaceAll(OWN_PLACE, (_all, module: string | undefined, part: string | undefined) => {
    if (module !== undefined) return `new URL(${JSON.stringify(`./${start(module)}`)}, import.meta.url)`;
    if (part === "dirname") return `(import.meta.dirname + ${JSON.stringify(`/${path.posix.dirname(place)}`)})`;
    return `new URL(${JSON.stringify(place)}, import.meta.url).href`;
  });
