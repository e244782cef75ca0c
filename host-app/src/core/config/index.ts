export { configOf, loadConfig, misspeltVariables, type SettingInForce, settingsInForce } from "./load-config.ts";
export { type Config, SETTING_LIST } from "./settings.ts";
