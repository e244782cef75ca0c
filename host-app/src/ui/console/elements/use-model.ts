import { createContext, use, useSyncExternalStore } from "react";
import type { ConsoleModel, ConsoleSnapshot } from "../console-model.ts";

/** Set once, by the app. */
export const ModelPlace = createContext<ConsoleModel | null>(null);

export const useModel = (): ConsoleModel => {
  const model = use(ModelPlace);
  if (model === null) throw new Error("no model around this page");
  return model;
};

export const useSnapshot = (): ConsoleSnapshot => {
  const model = useModel();
  return useSyncExternalStore(model.subscribe, model.snapshot);
};
