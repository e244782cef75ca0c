import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ScreenPages } from "../core/screens/screen-pages.ts";
import { ERROR_WORDS } from "../ui/words/error-words.ts";
import { answerPage, SCHEME_PRIVILEGES } from "./app-page.ts";
import { APP_ORIGIN } from "./home.ts";
import { ownerAddress } from "./owner-page.ts";

let folder: string;
let pages: ScreenPages;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "app-page-"));
  mkdirSync(path.join(folder, "assets"));
  for (const page of ["open", "strip", "receipt"])
    writeFileSync(path.join(folder, `${page}.html`), `<style nonce="__CSP_NONCE__"></style>`);
  pages = new ScreenPages(folder);
});
afterEach(() => rmSync(folder, { recursive: true }));

const get = (where: string) => answerPage("GET", `${APP_ORIGIN}${where}`, pages);

describe("our own scheme", () => {
  test("serves the pages of the screens, each with a policy in its header that lets it connect to nothing", () => {
    const answer = get("/strip.html?window=12");
    if (answer.is !== "page") throw new Error("a page was wanted");
    const policy = answer.headers["content-security-policy"] ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("connect-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    const nonce = /nonce="([^"]+)"/.exec(answer.html)?.[1];
    expect(policy).toContain(`'nonce-${nonce}'`);
    expect(answer.headers["x-content-type-options"]).toBe("nosniff");
  });

  test("serves built files of the types that screens are built of", () => {
    expect(get("/assets/strip-Bq3x_1.js")).toMatchObject({ is: "file", path: "assets/strip-Bq3x_1.js" });
    expect(get("/icon.svg")).toMatchObject({ is: "file", headers: { "content-type": "image/svg+xml" } });
  });

  test.each([
    "/../../etc/passwd",
    "/assets/../../secret.js",
    "/assets/%2e%2e/secret.js",
    "/assets/..%2fsecret.js",
    "/assets/.hidden.js",
    "/assets/a/b.js",
    "/assets/x.exe",
    "/assets/x",
    "/package.json.map",
    "/unknown.html",
    "/STRIP.HTML",
    "/",
  ])("answers %s with nothing", (where) => expect(get(where)).toEqual({ is: "refused", status: 404 }));

  test("answers nothing under another host or scheme, and to nobody who sends something", () => {
    expect(answerPage("GET", "window-rating-app://other/strip.html", pages).is).toBe("refused");
    expect(answerPage("GET", "https://screens/strip.html", pages).is).toBe("refused");
    expect(answerPage("POST", `${APP_ORIGIN}/strip.html`, pages)).toEqual({ is: "refused", status: 405 });
    expect(answerPage("GET", "nonsense", pages).is).toBe("refused");
  });

  test("tells who owns the pads on a page without script or style, whatever it is asked", () => {
    for (const why of ["service", "session", "rescue", "failed", "<script>", ""]) {
      const answer = answerPage("GET", `${APP_ORIGIN}/owner.html?why=${encodeURIComponent(why)}`, undefined);
      if (answer.is !== "page") throw new Error("a page was wanted");
      expect(answer.html).not.toContain("<script");
      expect(answer.html).toMatch(/\p{Script=Han}/u);
      expect(answer.headers["content-security-policy"]).toMatch(/^default-src 'none'/);
    }
  });

  test("tells in words of both languages what the core failed with, if that is a code of ours, and says nothing else that was asked", () => {
    const told = (code: string): string => {
      const answer = answerPage("GET", ownerAddress({ why: "failed", code }), undefined);
      return answer.is === "page" ? answer.html : "";
    };
    const rescue = answerPage("GET", ownerAddress({ why: "rescue", code: "WR4001" }), undefined);
    expect(rescue.is === "page" && rescue.html).toContain("window-host screen console");
    const damaged = told("WR4001");
    expect(damaged).toContain(ERROR_WORDS.WR4001);
    expect(damaged).toContain("WR4001 Database is damaged. Do not delete the file");
    expect(damaged).toContain("window-host doctor");
    for (const code of ["WR0000", "constructor", "<b>WR4001</b>", ""]) expect(told(code)).toBe(told("nothing"));
  });

  test("is treated as https is, and no service worker or way around the policy comes with it", () => {
    expect(SCHEME_PRIVILEGES.privileges).toMatchObject({ standard: true, secure: true, bypassCSP: false, allowServiceWorkers: false });
  });
});
