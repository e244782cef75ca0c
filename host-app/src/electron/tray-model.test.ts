import { describe, expect, test } from "vitest";
import { type TrayFacts, trayBitmap, trayModel } from "./tray-model.ts";

const health = { windowPcId: "pc", windows: [{ windowNo: "12", pad: "ready" }], waiting: 0, setAside: 0, isBusy: false };
const well: TrayFacts = {
  core: "own",
  health,
  edge: "top",
  startsWithSession: null,
  takenKeys: [],
  settingsTrouble: null,
  updateText: null,
};

describe("the icon beside the clock", () => {
  test("tells the state by its shape: all is well, something waits, a pad is away", () => {
    expect(trayModel(well).shape).toBe("well");
    expect(trayModel({ ...well, health: { ...health, waiting: 3 } }).shape).toBe("attention");
    expect(trayModel({ ...well, health: { ...health, setAside: 1 } }).shape).toBe("attention");
    const away = trayModel({ ...well, health: { ...health, windows: [{ windowNo: "12", pad: "absent" }] } });
    expect(away.shape).toBe("trouble");
    expect(away.tip).toContain("12");
    expect(trayModel({ ...well, core: "told", health: null }).shape).toBe("trouble");
    expect(trayModel({ ...well, core: "guest", health: null }).shape).toBe("well");
  });

  test("names keys that another program has, and a settings file that cannot be read", () => {
    const model = trayModel({ ...well, takenKeys: ["Ctrl+Alt+1"], settingsTrouble: "shell.json is not JSON" });
    expect(model.shape).toBe("attention");
    const texts = model.items.flatMap((item) => (item.is === "text" ? [item.label] : []));
    expect(texts.join("\n")).toContain("Ctrl+Alt+1");
    expect(texts.join("\n")).toContain("shell.json is not JSON");
  });

  test("offers each edge with the present one marked, and start at log-in only where it is the user's to decide", () => {
    const edges = trayModel({ ...well, edge: "left" }).items.flatMap((item) => (item.is === "edge" && item.checked ? [item.edge] : []));
    expect(edges).toEqual(["left"]);
    expect(trayModel(well).items.some(({ is }) => is === "autostart")).toBe(false);
    expect(trayModel({ ...well, startsWithSession: true }).items).toContainEqual(
      expect.objectContaining({ is: "autostart", checked: true }),
    );
  });

  test("is drawn in three shapes that differ without colour", () => {
    const outlines = (["well", "attention", "trouble"] as const).map((shape) =>
      [...trayBitmap(shape, 32)].filter((_, i) => i % 4 === 3).join(""),
    );
    expect(new Set(outlines).size).toBe(3);
    for (const outline of outlines) expect(outline).toMatch(/255/);
  });
});
