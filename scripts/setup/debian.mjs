import { findOnPath, run } from "./program.mjs";
import { SetupError, step } from "./steps.mjs";

/** Whether packages can be installed here without asking anyone: a Debian, and root. */
export function canInstallDebianPackages() {
  return process.platform === "linux" && process.getuid?.() === 0 && findOnPath(["apt-get"]) !== undefined;
}

/**
 * Installs Debian packages. A failure is shown with all that apt-get said, and stops nothing.
 *
 * @param {readonly string[]} packages
 * @param {string} title
 */
export async function installDebianPackages(packages, title) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  try {
    await step(`${title} (Debian: ${packages.join(", ")})`, async () => {
      const update = await run("apt-get", ["update"], { env });
      const install = await run("apt-get", ["install", "-y", "--no-install-recommends", ...packages], { env });
      if (!install.ok) throw new SetupError("apt-get failed", "", update.output + install.output);
    });
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.stderr.write(error.output);
  }
}
