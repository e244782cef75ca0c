import type { Words } from "./pairs.ts";

export const login = {
  heading: ["登录", "Sign in"],
  name: ["账号", "Account"],
  password: ["密码", "Password"],
  submit: ["登录", "Sign in"],
  nameMissing: ["请填写账号", "Fill in the account"],
  passwordMissing: ["请填写密码", "Fill in the password"],
  oidcOr: ["或", "or"],
  oidcFailed: ["单位统一账号登录失败", "Sign-in with the organisation's account failed"],
  oidcFailedAdvice: [
    "请再试一次；若再次失败，请把编号告诉信息技术人员，或用密码登录。",
    "Try again; if it fails again tell IT the code, or sign in with a password.",
  ],
  ended: ["登录已结束，请重新登录。您原来的页面会再次打开。", "You were signed out. Sign in again; the page you were on will open."],
  help: [
    "没有账号或忘记密码？请信息技术人员在“账号”页面为您新建或重置。",
    "No account, or password forgotten? IT makes or resets it on the page Accounts.",
  ],
  wrong: ["账号或密码不对", "Account or password is wrong"],
  wrongAdvice: [
    "请检查大小写和输入法后重试。多次输错会暂时锁定。",
    "Check capital letters and input method, and try again. Several wrong tries lock the account for a while.",
  ],
  locked: ["输错次数过多，暂时不能登录", "Too many wrong tries"],
  lockedAdvice: ["请在 {{wait}} 后再试，或请信息技术人员解锁。", "Try again in {{wait}}, or ask IT to unlock the account."],
  lockedAdviceLong: ["请稍后再试，或请信息技术人员解锁。", "Try again later, or ask IT to unlock the account."],
  minutes: ["{{count}} 分钟", "{{count}} min"],
  seconds: ["{{count}} 秒", "{{count}} s"],
  changeHeading: ["请设置您自己的密码", "Choose a password of your own"],
  changeWhy: [
    "您用的是一次性初始密码，它只能用来设置新密码。",
    "You signed in with a start password. It is good for one thing: choosing a new one.",
  ],
  old: ["现在的密码", "Password now"],
  new: ["新密码", "New password"],
  repeat: ["再输一遍新密码", "New password again"],
  rule: [
    "至少 {{least}} 个字符，不含账号名。建议用一句只有您知道的话。",
    "At least {{least}} characters, without the account's name. A sentence only you know is best.",
  ],
  tooShort: ["新密码至少 {{least}} 个字符", "The new password needs at least {{least}} characters"],
  different: ["两次输入不一样", "The two are not the same"],
  save: ["保存新密码", "Save the new password"],
  saved: ["新密码已生效，其他设备上的登录已结束。", "The new password is in force; sessions on other devices have ended."],
} as const satisfies Words;
