import { shownValue } from "./setting.ts";
import { type NamedSetting, SETTING_LIST } from "./settings.ts";

const row = ({ key, flag, default: value, range, unit, help }: NamedSetting): string =>
  `| \`${key}\` | ${shownValue(value)}${unit === null ? "" : ` ${unit}`} | ${range} | \`--${flag}\` | ${help.zh}<br>${help.en} |`;

/** docs/configuration.md, derived from the declared settings. */
export const configurationPage = (): string => `# Settings of the window PC

Made from \`host-app/src/core/config/settings.ts\` by \`npm run docs\`; \`window-host config --explain --data <dir>\` prints the same, with the
values in force and where each comes from.

A value is taken from the first of these that gives one:

1. a flag, as \`--rating-timeout-seconds 20\`
2. the environment: \`WINDOW_RATING_\` and the key in capitals, as \`WINDOW_RATING_RATING_TIMEOUT_SECONDS=20\`
3. \`config.json\` in the data folder
4. the default

\`config.json\` is nested as the keys are. Change it with \`window-host config --data <dir> --set rating.timeoutSeconds=20\`, which checks
the value first, or by hand; a file with an unknown key or a value out of range is refused with WR8001, which names the key and the
nearest valid one. Changes take effect when window-host starts again. The data folder itself is named by \`--data\` or \`WINDOW_RATING_DATA\`.

\`\`\`json
{ "windowNo": "12", "central": "https://central.example:7300", "rating": { "timeoutSeconds": 20 } }
\`\`\`

A PC that serves several windows lists them, each with its own pad; \`windowNo\`, \`pad.port\`, \`pad.profile\` and \`pad.serialNumber\` then
have no effect, and what else stands under \`pad\` holds for all. Name each pad by its serial number (\`window-host ports --probe\` shows it):
it is found again whatever port it is plugged into.

\`\`\`json
{ "windows": [{ "windowNo": "12", "pad": { "serialNumber": "PAD-0012" } }, { "windowNo": "13", "pad": { "serialNumber": "PAD-0013" } }] }
\`\`\`

| key | default | allowed | flag | what it does |
|---|---|---|---|---|
${SETTING_LIST.map(row).join("\n")}

\`none\` stands for no value: leave it out of \`config.json\`, or write \`null\` there.
`;
