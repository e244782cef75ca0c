import { type ComponentType, lazy } from "react";
import type { PageName } from "./words/frame.ts";

/** Its code is loaded when it is opened first. */
const page = (load: () => Promise<ComponentType>) => lazy(async () => ({ default: await load() }));

/** The pages in the order of the menu. The address names them after #. */
export const PAGES: Partial<Record<PageName, ComponentType>> = {
  overview: page(async () => (await import("./pages/overview/overview.tsx")).Overview),
  pads: page(async () => (await import("./pages/pads/pads.tsx")).Pads),
  site: page(async () => (await import("./pages/site/site.tsx")).Site),
  clerks: page(async () => (await import("./pages/clerks/clerks.tsx")).Clerks),
  systems: page(async () => (await import("./pages/systems/systems.tsx")).Systems),
  queue: page(async () => (await import("./pages/queue/queue.tsx")).Queue),
  database: page(async () => (await import("./pages/database/database.tsx")).Database),
  traffic: page(async () => (await import("./pages/traffic/traffic.tsx")).Traffic),
  doctor: page(async () => (await import("./pages/doctor/doctor.tsx")).Doctor),
};

/** The pages while the database is damaged, each in the place of the one of its name. */
export const RESCUE_PAGES: Partial<Record<PageName, ComponentType>> = {
  database: page(async () => (await import("./pages/rescue/rescue.tsx")).Rescue),
  ...(PAGES.doctor === undefined ? {} : { doctor: PAGES.doctor }),
};

export const FIRST_PAGE: PageName = "overview";
