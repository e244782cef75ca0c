export { type ConfigSources, configOf, loadConfig, settingsInForce, unknownVariables } from "./load-config.ts";
export { type Config, SETTING_LIST } from "./settings.ts";
