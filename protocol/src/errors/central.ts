import type { ErrorEntry } from "./error-entry.ts";

/** WR7xxx: central. */
export const CENTRAL_ERRORS = {
  WR7001: { title: "Request not understood", advice: "Correct the field named" },
  WR7002: { title: "Unknown window PC", advice: "Enrol it with a one-time code from window-central enrol" },
  WR7003: { title: "Enrolment code not valid", advice: "Make a new one with window-central enrol; each works once and for a limited time" },
  WR7004: {
    title: "Entry hash does not match its content",
    advice: "The entry was altered on the way or on the PC; compare it with the pad and the log",
  },
  WR7005: { title: "Entry signature is not valid", advice: "The entry was not made by this window PC; look at the incident list" },
  WR7006: {
    title: "Chain is broken",
    advice: "The entry does not follow the one before it; look at the incident list, and have it decided whether it counts",
  },
  WR7007: {
    title: "Number already taken by another entry",
    advice: "Two different entries carry one number; the first stands, and it is decided at central whether the second counts beside it",
  },
  WR7008: { title: "Entry content not understood", advice: "The entry is kept in the set-aside list; update central and take it in again" },
  WR7009: { title: "Request already rated", advice: "The first rating counts; the second is kept in the set-aside list" },
  WR7010: { title: "Database cannot be opened", advice: "Check DATABASE_URL or --data" },
  WR7011: {
    title: "Database belongs to a newer version",
    advice: "Install the newer window-central again; this one leaves the database untouched",
  },
  WR7012: { title: "Not found", advice: "Check the address" },
  WR7013: { title: "Batch too large", advice: "Send fewer entries at a time; the limits are in protocol/src/sync/batch.ts" },
  WR7014: { title: "Only from this machine", advice: "Open the list on the machine that runs window-central, at http://127.0.0.1" },
  WR7015: { title: "Central failed", advice: "Send again later: nothing was taken by halves; the reason is in the log of window-central" },
  WR7016: { title: "Data folder is in use", advice: "Another program holds this folder; stop it, or choose another --data" },
  WR7017: { title: "Administration token not valid", advice: "Run the command as the user who owns the data folder" },
  WR7018: {
    title: "File of entries is not as its window PC signed it",
    advice: "Copy missing-entries.json from the window PC once more, and do not open it in an editor that saves it",
  },
  WR7019: {
    title: "Number may still be used by its window PC",
    advice: "Somebody who may decides whether the entry counts; if the window PC is gone for good, retire it and take the entry again",
  },
  WR7020: { title: "Rated already", advice: "The first rating counts in this region; the second is kept aside where it came from" },
  WR7021: {
    title: "No such case or visit",
    advice: "Check caseNo and visitNo; the business system or the window PC must have told central of it",
  },
  WR7022: { title: "Real name needed", advice: "Give name and phone: this region takes ratings with a real name only" },
  WR7023: {
    title: "Case is not completed",
    advice: "The item can be rated when the case is completed; rate the clerk of the visit until then",
  },
  WR7024: { title: "Too late", advice: "The time for this rating or correction is over; the detail says since when" },
  WR7025: { title: "Reasons do not fit the rating", advice: "Choose among the reasons of this level in the list in force" },
  WR7026: { title: "Channel not open", advice: "Rate by a channel that this region's policy names" },
  WR7027: {
    title: "Batch or theme not valid",
    advice: "A batch has two or more cases of one item at one window; a theme has two or more cases",
  },
  WR7028: { title: "Receipt code not valid", advice: "Check the code for typing errors; it has 12 characters, without I, L, O and U" },
  WR7029: { title: "Too many requests", advice: "Wait as long as Retry-After says" },
  WR7030: {
    title: "Token of the business system not valid",
    advice: "Make one with window-central system add, or ask for the scope named",
  },
  WR7031: {
    title: "File cannot be read",
    advice: "Give a CSV file in UTF-8, GBK or GB18030, or an XLSX file within the limits of docs/central.md",
  },
  WR7032: { title: "File has bad rows", advice: "Correct the rows listed; nothing of the file was taken" },
  WR7033: { title: "Column missing or unknown", advice: "Name the columns in the first row as docs/central.md lists them" },
  WR7035: { title: "Contradicts what is known", advice: "Correct the field named, or report the case under a number of its own" },
  WR7036: {
    title: "SMS gateway file not valid",
    advice: "Correct the field named; docs/central-jobs.md describes the file, and its secrets come from the environment",
  },
  WR7037: {
    title: "Contact keys cannot be used",
    advice:
      "Name the file with --contact-keys; window-central contact-keys <file> makes one. Never make a new one for a lost one in silence",
  },
  WR7038: { title: "Token of the SMS gateway not valid", advice: "Send the token of the gateway file as bearer token, or as ?token=" },
  WR7040: { title: "QR code not valid", advice: "Ask at the window for a new one; it was mistyped, taken back, or not made here" },
  WR7041: { title: "QR code expired", advice: "Ask at the window or the agency for a new one" },
  WR7042: { title: "QR code used already", advice: "To see or correct what was rated use the receipt code" },
  WR7043: { title: "Page out of date", advice: "Open the QR code or link again; nothing was sent" },
  WR7044: {
    title: "Central has no keys for codes",
    advice: "Start it with --contact-keys; window-central contact-keys <file> makes a file",
  },
  WR7045: { title: "Public address not known", advice: "Set it with window-central site --public-url https://…" },
  WR7046: { title: "Too much to look through", advice: "Choose a shorter period, or take away the filter that fits hardly anything" },
  WR7050: { title: "Not signed in", advice: "Sign in; a session ends by itself when nothing is done, and when access or password change" },
  WR7051: { title: "Not allowed for this account", advice: "Ask IT for another role or scope; docs/central-access.md lists what each may" },
  WR7052: { title: "Name or password is wrong", advice: "Try again; after several wrong tries the name is locked for a while" },
  WR7053: {
    title: "Too many wrong passwords",
    advice: "Wait as long as said, or ask IT to unlock the account: window-central account unlock",
  },
  WR7054: { title: "Start password must be changed", advice: "Choose a password of your own first" },
  WR7055: {
    title: "Password cannot be used",
    advice: "Choose a longer one: four words that do not belong together are easy to keep in mind",
  },
  WR7056: { title: "Request did not come from the console", advice: "Open the console by its own address and do it there" },
  WR7057: { title: "No such account, session or key", advice: "Look in the list: window-central account list, window-central keys list" },
  WR7058: { title: "Account cannot be changed so", advice: "Do what the detail says" },
  WR7059: {
    title: "Sign-in needs HTTPS",
    advice: "Open the console by https://, through the proxy in front of central that --proxies names, or on the machine itself",
  },
  WR7060: { title: "OIDC file not valid", advice: "Correct the field named; docs/central-access.md describes the file" },
  WR7061: {
    title: "Sign-in with the organisation's account failed",
    advice: "Begin again from the sign-in page; if it fails again, tell IT",
  },
  WR7062: { title: "No account for this person", advice: "Ask IT to make an account with the name given, or sign in with a password" },
  WR7063: {
    title: "Nothing sealed there",
    advice: "Nobody wrote anything beside this rating or case, or it is not of your hall or agency",
  },
  WR7064: {
    title: "Sealed with a key that is not here",
    advice: "Put the key back into the contact key file from its copy; without it nobody can read this",
  },
  WR7065: { title: "Key is in use", advice: "Run window-central keys reseal first, and wait until no window PC seals with it any more" },
  WR7066: { title: "Key file has changed meanwhile", advice: "Run the command again; another one wrote the file" },
} as const satisfies Record<string, ErrorEntry>;
