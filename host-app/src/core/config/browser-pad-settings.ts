import { z } from "zod";
import { numberSetting, textSetting } from "./setting.ts";

const bindSchema = z.union([z.ipv4(), z.ipv6()], "expected an address of this PC as 10.1.2.3, 0.0.0.0 or 127.0.0.1");
const filePathSchema = z.string().min(1).max(1024).nullable();
const originSchema = z
  .string()
  .max(256)
  .refine((text) => /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text, {
    error: "expected an origin exactly as browsers send it, as https://window-12.hall.example:7180, or none",
  })
  .nullable();

/** The citizen's page on tablets and second monitors: the group browserPad of the settings. */
export const BROWSER_PAD_SETTINGS = {
  port: numberSetting({
    default: 7180,
    min: 0,
    max: 65_535,
    unit: null,
    help: {
      en: "Port of the citizen's page and of its lines; it is opened only where a window has pad.port browser. 0 takes any free one.",
      zh: "评价页面及其连接的端口；仅当有窗口的 pad.port 为 browser 时才开放。0 表示任一空闲端口。",
    },
  }),
  bind: textSetting({
    schema: bindSchema,
    default: "127.0.0.1",
    range: "an address of this PC, 0.0.0.0 or ::",
    help: {
      en: "Address on which the page is served: 127.0.0.1 for a second monitor of this PC; the address in the hall's network, or 0.0.0.0, for tablets, which needs a certificate.",
      zh: "评价页面的监听地址：本机第二块屏幕用 127.0.0.1；平板用本机在大厅网络中的地址或 0.0.0.0，此时必须有证书。",
    },
  }),
  certificate: textSetting({
    schema: filePathSchema,
    default: null,
    range: "a PEM file, none",
    help: {
      en: "The hall's certificate for this PC, with its chain; without it only this PC itself is served.",
      zh: "大厅为本机签发的证书（含证书链，PEM）；为 none 时只服务本机。",
    },
  }),
  certificateKey: textSetting({
    schema: filePathSchema,
    default: null,
    range: "a PEM file, none",
    help: { en: "Private key of that certificate, without a password.", zh: "上述证书的私钥（PEM，无密码）。" },
  }),
  origin: textSetting({
    schema: originSchema,
    default: null,
    range: "an origin as https://window-12.hall.example:7180, none",
    help: {
      en: "The one address under which tablets open the page; with none it is the first name of the certificate with the port. What arrives under another is refused.",
      zh: "平板打开评价页面所用的唯一地址；为 none 时取证书中的第一个名称加端口。以其他地址访问一律拒绝。",
    },
  }),
} as const;
