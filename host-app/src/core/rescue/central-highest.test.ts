import { describe, expect, test } from "vitest";
import { PATIENCE_MS } from "../../messages/client.ts";
import { QUESTION_MS } from "../console/screen-patience.ts";
import type { Exchange, Post } from "../sync/exchange.ts";
import { askCentralHighest, highestToReach } from "./central-highest.ts";

const enrolment = { centralUrl: "http://central.example:7300/", token: "t".repeat(43), enrolledAt: "2026-03-02T01:00:00Z" };

const ask = async (exchange: Exchange, centralUrl: string | null = null) => {
  const posts: Post[] = [];
  const transport = {
    post: async (post: Post) => {
      posts.push(post);
      return exchange;
    },
    close: () => undefined,
  };
  const identity = { windowPcId: "018f0000-0000-7000-8000-000000000001", enrolment: () => enrolment };
  return { central: await askCentralHighest({ identity, centralUrl, transport, wallMs: () => 7 }), posts };
};

const answered = (body: object): Exchange => ({
  ...{ is: "answer", status: 200, contentType: "application/json", location: null, retryAfter: null, date: null },
  text: JSON.stringify({ answers: [], highestGapless: 3, centralTimeMs: 1, ...body }),
});

describe("How far central is", () => {
  test("is asked at the address of the settings, else where the PC was enrolled, by a batch without entries", async () => {
    const here = await ask(answered({ highest: 9 }));
    expect(here.central).toEqual({ is: "told", highest: 9 });
    expect(here.posts.map(({ url }) => url.href)).toEqual(["http://central.example:7300/sync/v1/batches"]);
    expect(JSON.parse(here.posts[0]?.text ?? "")).toMatchObject({ entries: [] });
    const moved = await ask(answered({ highest: 9 }), "http://other.example:7300");
    expect(moved.posts[0]?.url.host).toBe("other.example:7300");
  });

  test("is not known of a central that is silent, of an older version, or away; of a silent one the screen hears before it gives up", async () => {
    const silent = (await ask({ is: "aborted" })).central;
    expect(silent).toMatchObject({ is: "unknown", why: { code: "WR6001", detail: expect.stringContaining(`${QUESTION_MS / 1000} s`) } });
    expect(QUESTION_MS).toBeLessThan(PATIENCE_MS);
    // Up to where it has no hole says nothing of what it has beyond.
    expect((await ask(answered({}))).central).toMatchObject({ is: "unknown", why: { code: "WR6002" } });
    expect((await ask({ is: "unreachable", reason: "no program listens" })).central).toMatchObject({
      is: "unknown",
      why: { code: "WR6001" },
    });
  });

  test("is the greater of what central says and of what a person has read there; where nobody knows, nothing is used", async () => {
    const unknown = (await ask({ is: "aborted" })).central;
    expect([1, 12, null].map((typed) => highestToReach({ is: "told", highest: 9 }, typed))).toEqual([9, 12, 9]);
    expect(highestToReach(unknown, 4)).toBe(4);
    expect(() => highestToReach(unknown, null)).toThrow(/WR4010.*WR6001/);
    expect(highestToReach({ is: "not-enrolled" }, null)).toBeNull();
  });
});
