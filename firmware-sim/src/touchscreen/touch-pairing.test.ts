import { describe, expect, test } from "vitest";
import { touchViewOf } from "../citizen-page/touch-view.ts";
import { TouchBench } from "./touch-bench.ts";

const view = (bench: TouchBench) => {
  const face = {
    ...bench.show,
    ...({ connection: "ready", power: true, serialNumber: "SN-1", model: "generic/touchscreen" } as const),
  };
  return touchViewOf(face, bench.screen, (asset) => `/assets/${asset}`);
};

describe("a touchscreen that is to be paired", () => {
  test("offers from its settings, shows the code, and then the button", () => {
    const bench = new TouchBench({ isPaired: false });
    bench.atHost({ is: "asked" });
    bench.touch({ do: "pair" });
    const { pairing } = bench.show;
    const code = pairing.is === "code" ? pairing.code : "";
    expect(code).toMatch(/^[1-5]{8}$/);
    expect(view(bench).scene).toEqual({ is: "pairing", code });
    bench.touch({ do: "pairPress" });
    expect(bench.show.pairing.is).toBe("code");
    bench.atHost({ is: "typed", code });
    expect(view(bench).scene).toEqual({ is: "pairing", code: null });
    bench.touch({ do: "pairPress" });
    bench.pass(200);
    expect(bench.pairings).toEqual(["invite", "ask", "press", "paired"]);
    expect(bench.trust).toBe("paired");
    expect(view(bench).scene.is).toBe("idle");
  });

  test("offers nothing while a citizen is asked, and asks no citizen while it shows a code", () => {
    const bench = new TouchBench({ isPaired: false });
    const requestId = bench.ask();
    bench.touch({ do: "pair" });
    expect(bench.reports.map(({ type }) => type)).not.toContain("pairingOffer");
    bench.cancel(requestId);
    bench.atHost({ is: "asked" });
    bench.touch({ do: "pair" });
    bench.ask();
    expect(bench.refusals).toEqual(["notReady"]);
    expect(view(bench).scene.is).toBe("pairing");
  });
});
