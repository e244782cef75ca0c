import { afterAll, describe, test } from "vitest";
import { browserPath } from "../browser.ts";
import { accessPages } from "./access-pages.ts";
import { setConsoleStage } from "./console-stage.ts";
import { everyPage } from "./every-page.ts";
import { livePages } from "./live-pages.ts";
import { recordPages } from "./record-pages.ts";
import { rulePages } from "./rule-pages.ts";

// One central and one browser for all pages: to set them up takes as long as a dozen pages. The order matters: looks at what nobody has
// touched come first, tampering with the database comes last.
const path = browserPath();
const stage = path === undefined ? undefined : await setConsoleStage(path);

describe.skipIf(stage === undefined)("the console in a browser (needs one; WINDOW_RATING_BROWSER names it)", () => {
  afterAll(() => stage?.close());
  if (stage === undefined) return test("every page", () => {});
  everyPage(stage);
  accessPages(stage);
  livePages(stage);
  recordPages(stage);
  rulePages(stage);
});
