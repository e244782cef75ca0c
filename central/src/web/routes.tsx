import type { ComponentType } from "react";
import { createBrowserRouter, type RouteObject } from "react-router";
import { FirstPage } from "./frame/first-page.tsx";
import { Gate } from "./frame/gate.tsx";
import { NoPage, PageFault } from "./frame/page-fault.tsx";

/** A page that is loaded when it is opened first. */
const page = (path: string, load: () => Promise<ComponentType>): RouteObject => ({
  path,
  lazy: async () => ({ Component: await load() }),
  ErrorBoundary: PageFault,
});

export const router = createBrowserRouter(
  [
    {
      path: "/",
      Component: Gate,
      ErrorBoundary: PageFault,
      HydrateFallback: () => null,
      children: [
        { index: true, Component: FirstPage },
        page("live", async () => (await import("./pages/live/halls-page.tsx")).HallsPage),
        page("live/hall", async () => (await import("./pages/live/hall-page.tsx")).HallPage),
        page("charts", async () => (await import("./pages/charts/charts-page.tsx")).ChartsPage),
        page("ratings", async () => (await import("./pages/ratings/ratings-page.tsx")).RatingsPage),
        page("ratings/:ratingNo", async () => (await import("./pages/ratings/rating-page.tsx")).RatingPage),
        page("cases", async () => (await import("./pages/cases/cases-page.tsx")).CasesPage),
        page("cases/:caseNo", async () => (await import("./pages/cases/case-page.tsx")).CasePage),
        page("troubles", async () => (await import("./pages/troubles/troubles-page.tsx")).TroublesPage),
        page("registry", async () => (await import("./pages/registry/registry-page.tsx")).RegistryPage),
        page("window-pcs", async () => (await import("./pages/window-pcs/window-pcs-page.tsx")).WindowPcsPage),
        page("policy", async () => (await import("./pages/policy/policy-page.tsx")).PolicyPage),
        page("explain", async () => (await import("./pages/policy/explain-page.tsx")).ExplainPage),
        page("steps", async () => (await import("./pages/steps/steps-page.tsx")).StepsPage),
        page("calendar", async () => (await import("./pages/policy/calendar-page.tsx")).CalendarPage),
        page("jobs", async () => (await import("./pages/work/jobs-page.tsx")).JobsPage),
        page("sms", async () => (await import("./pages/work/sms-page.tsx")).SmsPage),
        page("imports", async () => (await import("./pages/work/imports-page.tsx")).ImportsPage),
        page("accounts", async () => (await import("./pages/access/accounts-page.tsx")).AccountsPage),
        page("keys", async () => (await import("./pages/access/keys-page.tsx")).KeysPage),
        page("audit", async () => (await import("./pages/access/audit-page.tsx")).AuditPage),
        page("mine", async () => (await import("./pages/access/mine-page.tsx")).MinePage),
        { path: "*", Component: NoPage },
      ],
    },
  ],
  { basename: "/console" },
);
