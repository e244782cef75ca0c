import { createRoot } from "react-dom/client";
import { ScreenClient } from "../../messages/client.ts";
import { screenCarrier } from "../carrier/screen-carrier.ts";
import { preloadPanels } from "./panel.tsx";
import { StripApp } from "./strip-app.tsx";
import { StripModel } from "./strip-model.ts";

const client = new ScreenClient<"strip">({
  carrier: screenCarrier("strip"),
  timers: { setTimeout: (act, ms) => window.setTimeout(act, ms), clearTimeout: (timer) => window.clearTimeout(timer as number) },
  random: Math.random,
  quietMs: 5000,
});
const model = new StripModel(client, {
  now: () => performance.now(),
  reload: () => location.reload(),
  later: (act, ms) => window.setTimeout(act, ms),
});
client.start();

const place = document.getElementById("screen");
if (place !== null) createRoot(place).render(<StripApp model={model} />);
// The line was first; now what may be opened, so that nothing waits when it is.
preloadPanels();
