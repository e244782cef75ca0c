import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { LINE_CLOSED } from "@window-rating/protocol/browser-pad";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CAN_MAKE_CERTIFICATES, makeCertificate } from "../../../test/tablet/certificate.ts";
import { PageRig, TestDevice } from "../../../test/tablet/rig.ts";
import { AdmissionBook } from "./admission-book.ts";
import type { BrowserPadsOptions } from "./browser-pads.ts";
import { certificateFiles, readCertificate } from "./certificate.ts";
import { originOf } from "./served-at.ts";

const settings = (over: Partial<BrowserPadsOptions["settings"]>): BrowserPadsOptions["settings"] => ({
  ...{ port: 0, bind: "127.0.0.1", certificate: null, certificateKey: null, origin: null },
  ...over,
});
const NO_EVENTS = { bytes: () => undefined, closed: () => undefined };

/** Serial number of the certificate that a newcomer is shown. */
const shownAt = async (port: number): Promise<string> => {
  const socket = connect({ host: "127.0.0.1", port, servername: "localhost", rejectUnauthorized: false });
  await once(socket, "secureConnect");
  const { serialNumber } = socket.getPeerCertificate();
  socket.destroy();
  return serialNumber;
};

describe.skipIf(!CAN_MAKE_CERTIFICATES)("the tablet of a window", () => {
  let rig: PageRig;
  beforeEach(async () => {
    rig = await PageRig.open();
  });
  afterEach(() => rig[Symbol.asyncDispose]());

  const seated = async (device: TestDevice, windowNo = "12") => {
    const line = await rig.line(windowNo);
    line.prove(device);
    expect((await line.next())?.is).toBe("seated");
    return line;
  };

  test("is known by its key from then on, after a restart of the window PC too, and its file tells no secret", async () => {
    const device = await rig.admit();
    await seated(device);
    const path = join(rig.folder, "browser-pads.json");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(path, "utf8")).devices).toMatchObject([{ windowNo: "12", device: device.name, serialNumber: "WEB-1" }]);
    const again = new AdmissionBook(rig.folder, rig.clock);
    const proof = device.proof(["window-rating browser pad 1", "https://h", "12", "n"].join("\n"));
    expect(again.isProof("12", "https://h", "n", proof)).toBe(true);
    expect(again.isProof("13", "https://h", "n", proof)).toBe(false);
  });

  test("a second tablet is refused with words until IT staff put it in the place of the first, which is told so", async () => {
    const first = await rig.admit();
    const line = await seated(first);
    expect(() => rig.pads.offer("12", false)).toThrow(/WR1041.*window 12 has its tablet WEB-1 since .*--replace/);
    const second = await rig.admit(new TestDevice(), "12", true);
    expect(await line.untilClosed()).toMatchObject({ code: LINE_CLOSED.replaced });
    await seated(second);
    const late = await rig.line();
    late.prove(first);
    expect(await late.untilClosed()).toMatchObject({ code: LINE_CLOSED.notAdmitted });
  });

  test("that comes by a new connection takes the place of its own old one, which may only hang", async () => {
    const device = await rig.admit();
    const old = await seated(device);
    const port = await rig.pads.opener("12")(NO_EVENTS);
    await seated(device);
    expect(await old.untilClosed()).toMatchObject({ code: LINE_CLOSED.cameAnew });
    port.write(Uint8Array.of(1));
    const next = await rig.pads.opener("12")(NO_EVENTS);
    expect([next.name, next.kind]).toEqual(["browser:12", "browser"]);
  });

  test("is admitted no longer when it is removed, at once", async () => {
    const device = await rig.admit();
    const line = await seated(device);
    expect(rig.pads.remove("12")).toBe(true);
    expect(await line.untilClosed()).toMatchObject({ code: LINE_CLOSED.notAdmitted });
    const again = await rig.line();
    again.prove(device);
    expect(await again.untilClosed()).toMatchObject({ code: LINE_CLOSED.notAdmitted });
    expect(rig.pads.remove("12")).toBe(false);
  });

  test("is a port: what the window says comes to it in its order, its own bytes come back, and its going is told once", async () => {
    const device = await rig.admit();
    const heard: number[] = [];
    let closed = 0;
    const opening = rig.pads.opener("12")({ bytes: (chunk) => void heard.push(...chunk), closed: () => closed++ });
    const line = await seated(device);
    const port = await opening;
    for (let byte = 0; byte < 50; byte++) port.write(Uint8Array.of(byte, byte));
    line.socket.send(Buffer.from([7, 8]));
    await expect.poll(() => line.bytes.length).toBe(50);
    expect(Buffer.concat(line.bytes)).toEqual(Buffer.from(Array.from({ length: 100 }, (_, index) => index >> 1)));
    await expect.poll(() => heard).toEqual([7, 8]);
    line.socket.terminate();
    await expect.poll(() => closed).toBe(1);
    await port.close();
    expect(closed).toBe(1);
  });

  test("that is away is told as such, and the window goes on waiting for it", async () => {
    await expect(rig.pads.opener("13")(NO_EVENTS)).rejects.toMatchObject({
      code: "WR3012",
      detail: "no tablet is connected for window 13",
    });
    const opening = rig.pads.opener("13")(NO_EVENTS);
    const device = await rig.admit(new TestDevice(), "13");
    await seated(device, "13");
    expect((await opening).name).toBe("browser:13");
  });

  test("is to be paired by itself for ten minutes after it was admitted, and never without a new code", async () => {
    const device = await rig.admit();
    const line = await rig.line();
    line.prove(device);
    expect(await line.next()).toEqual({ is: "seated", pairs: true });
    rig.clock.advance(10 * 60_000);
    const later = await rig.line();
    later.prove(device);
    expect(await later.next()).toEqual({ is: "seated", pairs: false });
  });

  test("comes back over a renewed certificate without a restart; half a renewal changes nothing", async () => {
    const before = await shownAt(rig.port);
    const renewed = makeCertificate(rig.folder, { name: "renewed" });
    writeFileSync(rig.certificate.certificate, readFileSync(renewed.certificate));
    await rig.pads.look();
    expect(await shownAt(rig.port)).toBe(before);
    writeFileSync(rig.certificate.key, readFileSync(renewed.key));
    await rig.pads.look();
    expect(await shownAt(rig.port)).not.toBe(before);
  });
});

describe.skipIf(!CAN_MAKE_CERTIFICATES)("browser pads", () => {
  test("are served to this PC alone without a certificate: any other address is refused with a sentence", async () => {
    await using open = await PageRig.open({ settings: settings({ bind: "0.0.0.0" }) });
    expect(open.pads.failure).toMatchObject({
      code: "WR1043",
      detail: expect.stringContaining("without one only 127.0.0.1 and ::1 are served"),
    });
    await expect(open.pads.opener("12")(NO_EVENTS)).rejects.toMatchObject({ code: "WR1043" });
    expect(() => open.pads.offer("12", false)).toThrow("WR1043");
    await using loopback = await PageRig.open({ settings: settings({}) });
    expect(loopback.pads.list()).toMatchObject({
      origin: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      failure: null,
      certificateUntil: null,
    });
    expect(loopback.pads.offer("窗口 3", false).url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/window\/%E7%AA%97%E5%8F%A3%203\/#[\w-]{24}$/);
  });

  test("say what is wrong with a certificate, and are served when it is mended", async () => {
    const folder = mkdtempSync(join(tmpdir(), "window-rating-certificate-"));
    try {
      const good = makeCertificate(folder);
      const other = makeCertificate(folder, { name: "other" });
      const wildcard = makeCertificate(folder, { name: "wildcard", names: "DNS:*.hall.example" });
      const key = join(folder, "mended.key");
      writeFileSync(key, readFileSync(other.key));
      const cases: [Partial<BrowserPadsOptions["settings"]>, string][] = [
        [{ certificate: join(folder, "none.crt"), certificateKey: good.key }, "none.crt cannot be read (ENOENT)"],
        [{ certificate: good.key, certificateKey: good.key }, "is no PEM file of the kind that is wanted"],
        [{ certificate: good.certificate, certificateKey: good.certificate }, "is no PEM file of the kind that is wanted"],
        [{ certificate: good.certificate, certificateKey: key }, `${key} is not the key of ${good.certificate}`],
        [{ certificate: wildcard.certificate, certificateKey: wildcard.key }, "name the page's address: browserPad.origin"],
      ];
      for (const [wrong, words] of cases) {
        await using rig = await PageRig.open({ settings: settings(wrong) });
        expect(rig.pads.failure?.message).toContain(words);
        expect(rig.pads.failure?.message).toContain("WR1043");
        if (wrong.certificateKey !== key) continue;
        writeFileSync(key, readFileSync(good.key));
        await rig.pads.look();
        expect(rig.pads.failure).toBeUndefined();
        expect(await shownAt(rig.port)).toMatch(/^[0-9A-F]+$/);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test("take no certificate whose time is over", () => {
    const folder = mkdtempSync(join(tmpdir(), "window-rating-certificate-"));
    try {
      const { certificate, key } = makeCertificate(folder);
      const files = certificateFiles("/", certificate, key);
      expect(() => readCertificate(files, Date.now() + 40 * 86_400_000)).toThrow(/WR1043.*was good until .*; have it renewed/);
      expect(readCertificate(files, Date.now()).names).toEqual(["localhost"]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test("are not served where the port is taken or the page is not built, and say so", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = taken.address() as { port: number };
    await using rig = await PageRig.open({ settings: settings({ port }) });
    expect(rig.pads.failure).toMatchObject({ code: "WR8004" });
    taken.close();
    await once(taken, "close");
    await rig.pads.look();
    expect(rig.pads.list()).toMatchObject({ failure: null, origin: `http://127.0.0.1:${port}` });
    await using unbuilt = await PageRig.open({ built: rig.folder });
    expect(unbuilt.pads.failure?.message).toMatch(/WR1043.*the page is not built.*npm run setup/);
  });

  test("belong to the windows whose pad.port is browser, and to no others", async () => {
    await using rig = await PageRig.open({ settings: settings({}) });
    expect(() => rig.pads.offer("1", false)).toThrow(/WR1042.*pad\.port of window 1 is not browser/);
    expect(() => rig.pads.offer(undefined, false)).toThrow(/WR5017.*12, 13, 窗口 3/);
    await using one = await PageRig.open({ settings: settings({}), windowNos: ["7"] });
    expect(one.pads.offer(undefined, false).windowNo).toBe("7");
  });

  test("are asked for under the address that is set, or the certificate's first name with the port", () => {
    const certificate = { names: ["window-12.hall.example", "10.1.2.3"] } as never;
    const at = { bind: "0.0.0.0", port: 7180, origin: null, certificate };
    expect(originOf(at)).toBe("https://window-12.hall.example:7180");
    expect(originOf({ ...at, port: 443 })).toBe("https://window-12.hall.example");
    expect(originOf({ ...at, certificate: { names: ["fd00::1"] } as never })).toBe("https://[fd00::1]:7180");
    expect(originOf({ ...at, origin: "https://rate.hall.example" })).toBe("https://rate.hall.example");
    expect(originOf({ bind: "::1", port: 7180, origin: null, certificate: undefined })).toBe("http://[::1]:7180");
  });
});
