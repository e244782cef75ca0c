import { describe, expect, test } from "vitest";
import { appPage, type Home, homeOf, mayFetch, mayGo } from "./home.ts";

const app: Home = { is: "app" };
const guest: Home = { is: "origin", origin: "http://127.0.0.1:7101" };

describe("a page of our own scheme", () => {
  test("goes to our pages and nowhere else, and fetches nothing else", () => {
    expect(mayGo(appPage("strip", "12 甲"), app)).toBe(true);
    for (const address of [
      "https://example.org/",
      "http://127.0.0.1:7101/strip.html",
      "file:///etc/passwd",
      "window-rating-app://elsewhere/strip.html",
      "window-rating-app://user@screens/strip.html",
      "javascript:alert(1)",
      "data:text/html,x",
      "about:blank",
      "no address",
    ]) {
      expect(mayGo(address, app), address).toBe(false);
      expect(mayFetch(address, app), address).toBe(false);
    }
    expect(mayFetch("ws://127.0.0.1:7100/desk/v1/events", app)).toBe(false);
  });
});

describe("a page of a window-host that owns this PC", () => {
  test("goes to that window-host alone, and may have a WebSocket to it", () => {
    expect(mayGo("http://127.0.0.1:7101/strip.html?window=12", guest)).toBe(true);
    expect(mayFetch("ws://127.0.0.1:7101/socket?screen=strip", guest)).toBe(true);
    for (const address of [
      "http://127.0.0.1:7100/desk/v1/status",
      "http://localhost:7101/strip.html",
      "http://127.0.0.1:7101@example.org/",
      "http://user:word@127.0.0.1:7101/",
      "wss://127.0.0.1:7101/socket",
      "ws://127.0.0.1:7100/socket",
      "window-rating-app://screens/strip.html",
    ]) {
      expect(mayFetch(address, guest), address).toBe(false);
    }
  });

  test("is known by an address on this PC, or one that TLS proves", () => {
    expect(homeOf("http://127.0.0.1:7101/open.html#ticket")).toEqual(guest);
    expect(homeOf("https://pad.hall.example/12")).toEqual({ is: "origin", origin: "https://pad.hall.example" });
    for (const address of ["http://pad.hall.example/", "http://localhost:1/", "https://u:p@hall.example/", "file:///x", "12"])
      expect(homeOf(address), address).toBeNull();
  });
});
