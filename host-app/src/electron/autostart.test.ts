import { expect, test } from "vitest";
import { autostartFile, desktopEntry } from "./autostart.ts";

test("an AppImage is started at log-in by a file of the user; elsewhere the installer decides", () => {
  expect(autostartFile("linux", { APPIMAGE: "/opt/a" }, "/home/clerk")).toBe("/home/clerk/.config/autostart/window-rating.desktop");
  expect(autostartFile("linux", { APPIMAGE: "/opt/a", XDG_CONFIG_HOME: "/conf" }, "/home/clerk")).toBe(
    "/conf/autostart/window-rating.desktop",
  );
  expect(autostartFile("linux", {}, "/home/clerk")).toBeNull();
  expect(autostartFile("win32", {}, "C:\\")).toBeNull();
});

test("a path with spaces and signs is one argument of the entry", () => {
  expect(desktopEntry("/home/clerk/窗口 评价.AppImage")).toContain('Exec="/home/clerk/窗口 评价.AppImage" --autostarted\n');
  expect(desktopEntry('/a"$b`c\\d%e')).toContain('Exec="/a\\\\"\\\\$b\\\\`c\\\\\\d%%e"');
});
