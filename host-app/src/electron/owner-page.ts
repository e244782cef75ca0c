import { ERRORS, type ErrorCode } from "@window-rating/protocol/error";
import { sentenceOf } from "../ui/words/sentence.ts";
import { APP_ORIGIN } from "./home.ts";

/** Why the strip of this session shows no window: told on a page of its own, in plain words. */
const REASONS = {
  service: {
    zh: ["本机的评价服务由系统服务 window-host 管理。", "请信息技术人员运行："],
    en: ["The service window-host owns the pads of this PC.", "Ask IT staff to run:"],
    command: 'window-rating --open "$(sudo window-host screen strip --print)"',
  },
  session: {
    zh: ["另一位 Windows 或 Linux 用户已登录并正在使用本机的评价器。", "该用户注销后，本页面会自动恢复。"],
    en: ["Another user of this PC is logged in and owns the pads.", "This page comes back by itself when that user logs out."],
    command: null,
  },
  rescue: {
    zh: ["评价数据库需要抢救，其他功能已停止；评价保存在评价器中，不会丢失。", "请信息技术人员在托盘菜单打开“运维”，或在本机运行："],
    en: [
      "The database needs a rescue, and everything else has stopped; ratings wait in the pads and are not lost.",
      "Ask IT staff to open Console in the tray's menu, or to run on this PC:",
    ],
    command: "window-host screen console",
  },
  failed: {
    zh: ["评价程序没有启动，正在重试。", "请信息技术人员在本机运行："],
    en: ["The program that owns the pads did not start and is tried again.", "Ask IT staff to run on this PC:"],
    command: "window-host doctor",
  },
} as const;
export type OwnerReason = keyof typeof REASONS;

const isOwnerReason = (text: string): text is OwnerReason => Object.hasOwn(REASONS, text);

export interface OwnerTold {
  readonly why: OwnerReason;
  /** What the core failed with; null: it ended without a word. */
  readonly code: string | null;
}

export const ownerAddress = ({ why, code }: OwnerTold): string => {
  const query = new URLSearchParams(code === null ? { why } : { why, code });
  return `${APP_ORIGIN}/owner.html?${query}`;
};

const isErrorCode = (text: string): text is ErrorCode => Object.hasOwn(ERRORS, text);

/** What a code means and what to do about it. */
const wordsOf = (code: ErrorCode): { readonly zh: string; readonly en: string } => {
  const { title, advice } = ERRORS[code];
  const en = `${code} ${title}. ${advice}.`;
  return { zh: sentenceOf(code, en, "zh-CN"), en };
};

/**
 * No script, no file, nothing that came from outside: a reason by another name is answered as `failed`, and of a code only what is
 * declared is said.
 */
export const ownerPage = (query: URLSearchParams, headers: Readonly<Record<string, string>>) => {
  const why = query.get("why") ?? "";
  const { zh, en, command } = REASONS[isOwnerReason(why) ? why : "failed"];
  const failure = query.get("code") ?? "";
  const words = isErrorCode(failure) ? wordsOf(failure) : null;
  const cause = words === null ? "" : `<p><strong>${escaped(words.zh)}</strong></p><p lang="en">${escaped(words.en)}</p>`;
  const code = command === null ? "" : `<p><code>${escaped(command)}</code></p>`;
  const html = `<!doctype html>
<html lang="zh-CN"><meta charset="utf-8"><title>窗口评价</title>
<body><main role="alert">${cause}<p>${zh.join(" ")}</p><p lang="en">${en.join(" ")}</p>${code}</main></body></html>
`;
  const policy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
  return { html, headers: { ...headers, "content-security-policy": policy, "content-type": "text/html; charset=utf-8" } };
};

const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
