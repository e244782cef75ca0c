import path from "node:path";
import { layCoreTree } from "../package/core-tree.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");

/** Lays window-host out as the packages hold it, for this machine. @param folder made here */
export const layShippedHost = async (folder: string): Promise<{ readonly program: string }> => {
  await layCoreTree(ROOT, folder, { os: "linux", cpu: process.arch === "arm64" ? "arm64" : "x64" }, "0.0.0");
  return { program: path.join(folder, "bin/window-host") };
};
