import { describe, expect, test } from "vitest";
import { argsOf, dataFolder, ownerStep, wishOf } from "./owner.ts";

const failed = (code: string | null) => ({ is: "failed", code, text: "" }) as const;
const nobody = { urls: [], code: null };
const alone = { asked: nobody, remembered: [], isService: false };

describe("one program owns the pads of a PC", () => {
  test("this one, if its core got the lock", () => {
    expect(ownerStep({ is: "ready", windowNos: ["12"] }, { ...alone, remembered: ["http://127.0.0.1:7101/strip.html"] })).toEqual({
      is: "own",
    });
  });

  test("or another: then its screen is shown, which it gave, or which IT staff opened here before", () => {
    const held = failed("WR4005");
    expect(
      ownerStep(held, {
        ...alone,
        asked: { urls: ["http://127.0.0.1:7101/open.html#t"], code: null },
        remembered: ["http://127.0.0.1:7101/strip.html"],
      }),
    ).toEqual({
      is: "guest",
      urls: ["http://127.0.0.1:7101/open.html#t"],
    });
    expect(ownerStep(failed("WR8006"), { ...alone, remembered: ["http://127.0.0.1:7101/strip.html"], isService: true }).is).toBe("guest");
  });

  test("or another that may not be asked: then it is said who, and tried again", () => {
    expect(ownerStep(failed("WR4005"), alone)).toMatchObject({ is: "tell", why: "session" });
    expect(ownerStep(failed("WR8006"), { ...alone, isService: true })).toMatchObject({ is: "tell", why: "service" });
    const unbuilt = { ...alone, asked: { urls: [], code: "WR5106" } };
    expect(ownerStep(failed("WR4005"), unbuilt)).toMatchObject({ is: "tell", why: "session", code: "WR5106" });
  });

  test("a core that fails for another reason is nobody's guest: it is said, and tried again soon", () => {
    const remembered = ["http://127.0.0.1:7101/strip.html"];
    for (const code of [null, "WR4001", "WR8001", "WR8006"]) {
      const step = ownerStep(failed(code), { ...alone, remembered });
      expect(step).toMatchObject({ is: "tell", why: "failed", code });
      expect(step.is === "tell" && step.againInMs).toBeGreaterThan(0);
    }
  });
});

describe("a core that serves nothing but the rescue of its database", () => {
  test("is said with its code, and not taken for one that is ready or has failed", () => {
    expect(ownerStep({ is: "rescue", code: "WR4001" }, alone)).toMatchObject({ is: "tell", why: "rescue", code: "WR4001" });
  });
});

describe("a second start in one session", () => {
  test("asks the first to show itself, the console, or a page of this PC", () => {
    expect(wishOf([])).toEqual({ is: "show" });
    expect(wishOf(["--console"])).toEqual({ is: "console" });
    const url = "window-rating://end-case?ticket=7b22";
    expect(wishOf(["--autostarted", url])).toEqual({ is: "link", url });
    const pages = ["http://127.0.0.1:7101/open.html#ticket", "http://127.0.0.1:7101/open.html#other"] as const;
    expect(wishOf(["--open", pages[0], "--open", pages[1]])).toEqual({ is: "open", urls: pages });
  });

  test("hands over its arguments as they were; what is no list of them is none", () => {
    expect(argsOf({ args: ["--console"] })).toEqual(["--console"]);
    for (const strange of [undefined, null, "--console", { args: "--console" }, { args: [1] }]) expect(argsOf(strange)).toEqual([]);
  });

  test("opens no page from elsewhere", () => {
    for (const url of ["https://example.org/", "http://hall.example/", "file:///etc/passwd", "javascript:1", ""])
      expect(wishOf(["--open", url])).toEqual({ is: "show" });
    expect(wishOf(["--open"])).toEqual({ is: "show" });
  });
});

describe("the data folder", () => {
  const linux = { platform: "linux", env: {}, home: "/home/clerk", exists: () => false } as const;

  test("is the machine's on Windows, so that two users who are logged in cannot both own the pads", () => {
    const windows = { platform: "win32", env: { PROGRAMDATA: "D:\\Data" }, home: "C:\\Users\\a", exists: () => false } as const;
    expect(dataFolder(windows)).toEqual({ path: "D:\\Data\\Window Rating\\window", isService: false });
  });

  test("is the service's on Linux where that is installed, else the user's", () => {
    expect(dataFolder({ ...linux, exists: () => true })).toEqual({ path: "/var/lib/window-rating/window", isService: true });
    expect(dataFolder(linux).path).toBe("/home/clerk/.local/share/window-rating/window");
    expect(dataFolder({ ...linux, env: { XDG_DATA_HOME: "/data" } }).path).toBe("/data/window-rating/window");
    expect(dataFolder({ ...linux, env: { XDG_DATA_HOME: "relative" } }).path).toBe("/home/clerk/.local/share/window-rating/window");
  });

  test("is the one that is named, if one is", () => {
    expect(dataFolder({ ...linux, env: { WINDOW_RATING_DATA: "/srv/12" }, exists: () => true })).toEqual({
      path: "/srv/12",
      isService: false,
    });
  });
});
