import { createRoot } from "react-dom/client";
import { ScreenClient } from "../../messages/client.ts";
import { screenCarrier } from "../carrier/screen-carrier.ts";
import { ConsoleApp } from "./console-app.tsx";
import { ConsoleModel } from "./console-model.ts";
import { consoleWords } from "./words/use-words.ts";

const client = new ScreenClient<"console">({
  carrier: screenCarrier("console"),
  timers: { setTimeout: (act, ms) => window.setTimeout(act, ms), clearTimeout: (timer) => window.clearTimeout(timer as number) },
  random: Math.random,
});
const model = new ConsoleModel(client, {
  reload: () => location.reload(),
  changeLanguage: (language) => consoleWords.changeLanguage(language),
});
client.start();

const place = document.getElementById("screen");
if (place !== null) createRoot(place).render(<ConsoleApp model={model} />);
