import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { startWebPanel } from "@window-rating/firmware-sim/web-panel";
import { runCommand } from "../../rig/child.ts";
import { setStage } from "../stage.ts";
import { buildClient, CLIENT_FILE } from "./build-client.ts";
import { startBusinessSystem } from "./server.ts";

const HELP = `A business system with a page and a server part of its own, which starts and ends cases in all three ways.

  npm run example        starts central, a window PC, a simulated pad and the business system; prints their addresses

The code of the page is in scripts/demo/business-system/web/page.mjs, that of the server part in server.ts beside it;
docs/business-systems.md explains both. Data lie in ./data/example.`;

const main = async (): Promise<void> => {
  if (process.argv.includes("--help")) return void process.stdout.write(`${HELP}\n`);
  const folder = join(process.cwd(), "data", "example");
  mkdirSync(folder, { recursive: true });
  await using undo = new AsyncDisposableStack();
  const say = (line: string): void => void process.stderr.write(`  ${line}\n`);
  say("the browser client is built");
  await buildClient(join(folder, "client"));
  const system = await startBusinessSystem(join(folder, "client", CLIENT_FILE));
  undo.defer(() => system.close());
  const stage = await setStage({ folder, origin: "http://127.0.0.1:1", timeoutSeconds: 60, say });
  undo.defer(() => stage.close());
  const panel = await startWebPanel(stage.pad, { port: 0 });
  undo.defer(() => panel.close());
  // Each start has a name of its own: a token is printed once.
  const name = `example ${Date.now()}`;
  const added = await runCommand("window-central", ["system", "add", "--name", name, "--scope", "push", "--data", join(folder, "central")]);
  const { deskPort, centralUrl, token } = stage;
  const pairing = { name: "业务系统示例", token };
  system.show({ windowNo: "1", deskUrl: `http://127.0.0.1:${deskPort}`, centralUrl, systemToken: String(added.token), pairing });
  process.stdout.write(`
  ${system.origin}/  ← the business system
  ${panel.url}  ← the pad

  When the page shows a code: window-host pair --confirm <code> --data ${stage.hostData}
  Its links, where no handler is registered: window-host open-link "<link>" --port ${deskPort}
  Ctrl-C ends it.
`);
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
};

await main();
