import { ERRORS, type ErrorCode } from "@window-rating/protocol/error";
import { EVENTS_PATH, EVENTS_SUMMARY } from "./event-stream.ts";
import { httpStatusOf } from "./http-status.ts";
import { errorsOf } from "./openapi.ts";
import { TRAFFIC_PATH, TRAFFIC_SUMMARY } from "./traffic-stream.ts";
import { VERBS } from "./verbs.ts";

const MARKS = {
  verbs: { from: "<!-- verbs: made from host-app/src/core/desk/verbs.ts by npm run docs -->", to: "<!-- end of verbs -->" },
  errors: { from: "<!-- errors: made from host-app/src/core/desk/verbs.ts by npm run docs -->", to: "<!-- end of errors -->" },
} as const;

const WHO = { paired: "pairing", control: "control.json", anyone: "none", asking: "none" } as const;

const verbTable = (): string => {
  const rows = VERBS.map(({ method, path, access, summary }) => `| \`${method} ${path}\` | ${WHO[access]} | ${summary} |`);
  const events = `| \`GET ${EVENTS_PATH}\` | ${WHO.paired} | ${EVENTS_SUMMARY} |`;
  const traffic = `| \`GET ${TRAFFIC_PATH}\` | ${WHO.control} | ${TRAFFIC_SUMMARY} |`;
  return ["| verb | token | what it does |", "|---|---|---|", ...rows, events, traffic].join("\n");
};

const errorTable = (): string => {
  const codes = [...new Set<ErrorCode>([...VERBS.flatMap(errorsOf), "WR5012"])].sort(
    (one, other) => httpStatusOf(one) - httpStatusOf(other) || (one < other ? -1 : 1),
  );
  const row = (code: ErrorCode): string =>
    `| ${httpStatusOf(code)} | ${code} | ${ERRORS[code].title} | ${ERRORS[code].advice.replaceAll("|", "\\|")} |`;
  return ["| HTTP | code | what | what to do |", "|---|---|---|---|", ...codes.map(row)].join("\n");
};

/**
 * docs/desk-api.md with its tables made anew from the declared verbs.
 * @throws Error if the page has lost a mark
 */
export const withVerbTables = (page: string): string => {
  const tables = { verbs: verbTable(), errors: errorTable() };
  let text = page;
  for (const name of ["verbs", "errors"] as const) {
    const { from, to } = MARKS[name];
    const start = text.indexOf(from);
    const end = text.indexOf(to);
    if (start === -1 || end < start) throw new Error(`docs/desk-api.md has lost the mark ${from}`);
    text = `${text.slice(0, start + from.length)}\n${tables[name]}\n${text.slice(end)}`;
  }
  return text;
};
