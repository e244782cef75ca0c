import type { DeskState } from "@window-rating/protocol/desk";
import { beforeEach, describe, expect, test } from "vitest";
import type { CarrierListener } from "../../messages/carrier.ts";
import { ScreenClient } from "../../messages/client.ts";
import { StripModel } from "./strip-model.ts";
import { wellState } from "./test/desk-state.ts";

const REQUEST_ID = "018f0000-0000-7000-8000-000000000001";
const openCase = { caseNo: "A-8", visitNo: 1, itemCode: "1", itemName: "护照换发", staffNo: "1001" };
const request = {
  requestId: REQUEST_ID,
  caseNo: "A-8",
  visitNo: 1,
  staffNo: "1001",
  itemName: "护照换发",
  state: "shown",
  cases: 1,
  isAgain: false,
  canInviteAgain: false,
  code: null,
} as NonNullable<DeskState["request"]>;

describe("What was refused at the strip", () => {
  let listener: CarrierListener;
  let waiting: { act: () => void; ms: number }[];
  let model: StripModel;
  const told = (changes: Partial<DeskState>): void =>
    listener.text(
      JSON.stringify({ is: "event", name: "desk", body: { event: "state", windowNo: "12", state: { ...wellState, ...changes } } }),
    );
  const said = (): string | undefined => model.snapshot().message?.text;
  const passTime = (): void => {
    for (const { act } of waiting.splice(0)) act();
  };

  beforeEach(() => {
    waiting = [];
    const carrier = {
      connect: (its: CarrierListener) => {
        listener = its;
        return { send: () => undefined, close: () => undefined };
      },
    };
    const timers = { setTimeout: () => undefined, clearTimeout: () => undefined };
    const client = new ScreenClient<"strip">({ carrier, timers, random: () => 0 });
    model = new StripModel(client, { now: () => 0, reload: () => undefined, later: (act, ms) => waiting.push({ act, ms }) });
    client.start();
    listener.opened();
    told({});
    expect(model.snapshot().state).toBeDefined();
  });

  test("is said no longer as soon as it is not so any more", () => {
    model.say("refused", "没有正在办理的办件", { action: "endCase", hindrance: "noCase" });
    told({ queue: { ...wellState.queue, waiting: 1, oldestMs: 0 } });
    expect(said()).toBe("没有正在办理的办件");
    told({ openCase });
    expect(said()).toBeUndefined();
  });

  test("gives way a moment after the next case, invitation or clerk, though it would be refused still", () => {
    for (const next of [{ openCase }, { request }, { clerk: { staffNo: "1002", name: "李四样例" } }]) {
      told({});
      model.hush();
      waiting.length = 0;
      model.say("refused", "只能在未评价时再邀请一次", { action: "inviteAgain", hindrance: "cannotInvite" });
      told(next);
      expect(said()).toBe("只能在未评价时再邀请一次");
      expect(waiting.map(({ ms }) => ms)).toEqual([8000]);
      passTime();
      expect(said()).toBeUndefined();
    }
  });

  test("and told of the pad is said no longer when the pad is sound again", () => {
    const cause = "WR1061 Key of the pad is held down: key 3. Take away what lies on it";
    const notice = { event: "notice", windowNo: "12", code: "WR1061", text: cause };
    told({ request, pad: { connection: "ready", cause } });
    listener.text(JSON.stringify({ is: "event", name: "desk", body: notice }));
    expect(said()).toMatch(/按键一直被按住.*WR1061/);
    told({ request, pad: { connection: "ready", cause }, queue: { ...wellState.queue, waiting: 1, oldestMs: 0 } });
    expect(said()).toMatch(/WR1061/);
    told({ request });
    expect(said()).toBeUndefined();
  });

  test("takes nothing with it that was said since", () => {
    model.say("refused", "请填写工号");
    told({ openCase });
    model.say("refused", "请填写密码");
    passTime();
    expect(said()).toBe("请填写密码");
  });

  test("stays when a clerk was signed out, which it may be about, and while a case only ends", () => {
    told({ openCase });
    model.say("refused", "已自动签退，未办结的办件保留");
    told({ openCase, clerk: null, clerks: [] });
    told({ clerk: null, clerks: [] });
    passTime();
    expect(said()).toBe("已自动签退，未办结的办件保留");
  });
});
