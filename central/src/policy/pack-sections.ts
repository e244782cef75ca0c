import { clausesIn, type PackProblem, wordsIn } from "./pack-problem.ts";
import type { Pack, PackChannel } from "./pack-schema.ts";
import { squeeze } from "./quote.ts";
import type { Cite } from "./rule-schema.ts";

/** What a field of a section says, and the words without which its quotes do not say it. */
interface Fact {
  readonly path: string;
  /** As a person would say it: "5 copies". */
  readonly what: string;
  readonly holds: boolean;
  readonly cites: readonly Cite[];
}

/** Every field of every section must be in the words that the section quotes, and what those words say must be in the fields. */
export const sectionProblems = (pack: Pack): PackProblem[] =>
  [
    ...ratingFacts(pack),
    ...nameFacts(pack),
    ...extensionFacts(pack),
    ...appealFacts(pack),
    ...invalidFacts(pack),
    ...shareFacts(pack),
    ...bulletinFacts(pack),
  ].flatMap(({ path, what, holds, cites }) =>
    holds ? [] : [{ path, clause: clausesIn(cites), message: `no quote gives ${what}: quote the words that do, or correct it` }],
  );

const CHANNEL_WORDS: Readonly<Record<PackChannel, RegExp>> = {
  pad: /评价器/,
  qr: /二维码/,
  "dynamic-qr": /动态二维码/,
  "static-qr": /静态二维码/,
  sms: /短信/,
  web: /PC端|网上政务服务|政务服务网|线上政务服务平台/,
  "mini-program": /小程序/,
  wechat: /微信/,
  app: /APP|移动端|移动服务端/i,
  terminal: /自助/,
  hotline: /热线/,
  "phone-visit": /电话回访/,
  paper: /评价表/,
  message: /留言/,
  "opinion-box": /意见箱/,
  "complaint-desk": /投诉代办/,
  "own-system": /自建/,
  survey: /问卷|测评/,
  "third-party": /第三方/,
  inspection: /暗访/,
  "service-point": /服务点/,
  "supervision-platform": /监督平台/,
  email: /邮箱/,
  forum: /座谈会/,
  "open-day": /开放日/,
  supervisors: /监督员/,
};
const SUBJECT_WORDS = {
  agency: /机构|部门/,
  platform: /平台|APP/,
  item: /事项|一事一评|办事/,
  staff: /人员|一次一评|办事/,
  hall: /大厅|政务服务中心/,
} as const;
const FREQUENCY_WORDS = {
  visit: /一次一评|每次到窗口/,
  "completed-case": /一事一评|办结后/,
  "person-and-day": /一日评价一次|每人每日/,
  service: /一次政务服务评价一次/,
  "not-said": /^/,
} as const;
const REAL_NAME_WORDS = { mandatory: /实行实名|应实名|一律实名/, encouraged: /鼓励[^。；]*实名/, "visits-only": /实名差评/ } as const;

const ratingFacts = ({ channels, ways, subjects, batch, theme, realName, reminder }: Pack): Fact[] => {
  const facts: Fact[] = [];
  if (channels.said) {
    const words = wordsIn(channels.cites);
    for (const { channel } of channels.list)
      facts.push({ path: "channels", what: `the channel ${channel}`, holds: CHANNEL_WORDS[channel].test(words), cites: channels.cites });
    facts.push(
      once(
        "channels",
        channels.list.map(({ channel }) => channel),
        channels.cites,
      ),
    );
  }
  if (ways.said) {
    for (const { name } of ways.list)
      facts.push({ path: "ways", what: `“${name}”`, holds: wordsIn(ways.cites).includes(squeeze(name)), cites: ways.cites });
    facts.push(
      once(
        "ways",
        ways.list.map(({ way }) => way),
        ways.cites,
      ),
    );
  }
  if (subjects.said) {
    const words = wordsIn(subjects.cites);
    for (const { what, per } of subjects.list) {
      const holds = SUBJECT_WORDS[what].test(words) && FREQUENCY_WORDS[per].test(words);
      facts.push({ path: "subjects", what: `that the ${what} is rated, by ${per}`, holds, cites: subjects.cites });
    }
    facts.push(
      once(
        "subjects",
        subjects.list.map(({ what }) => what),
        subjects.cites,
      ),
    );
  }
  if (batch.said) {
    const holds = wordsIn(batch.cites).includes(`${batch.minCases}笔`);
    facts.push({ path: "batch", what: `the ${batch.minCases} cases`, holds, cites: batch.cites });
  }
  if (theme.said) facts.push({ path: "theme", what: "separate ratings", holds: /分别评价/.test(wordsIn(theme.cites)), cites: theme.cites });
  if (realName.said) {
    const words = wordsIn(realName.cites);
    const others = Object.entries(REAL_NAME_WORDS).filter(([rule, wanted]) => rule !== realName.rule && wanted.test(words));
    const holds = REAL_NAME_WORDS[realName.rule].test(words) && others.length === 0;
    facts.push({ path: "realName", what: `that a real name is ${realName.rule} and nothing else`, holds, cites: realName.cites });
    for (const channel of realName.mustOn) {
      const must = realName.cites.some(
        ({ quote }) => /必须|应当|应/.test(quote) && CHANNEL_WORDS[channel].test(quote) && quote.includes("实名"),
      );
      facts.push({ path: "realName.mustOn", what: `a duty to name oneself on ${channel}`, holds: must, cites: realName.cites });
    }
  }
  if (reminder.said) {
    const words = wordsIn(reminder.cites);
    for (const by of reminder.by)
      facts.push({ path: "reminder.by", what: by, holds: (by === "sms" ? /短信/ : /消息/).test(words), cites: reminder.cites });
    const except = reminder.exceptRatedOnSite ?? false;
    facts.push({
      path: "reminder.exceptRatedOnSite",
      what: except ? "that who rated at the window is not reminded" : "a reminder to whoever rated at the window",
      holds: except === /无现场评价/.test(words),
      cites: reminder.cites,
    });
  }
  return facts;
};

const once = (path: string, kinds: readonly string[], cites: readonly Cite[]): Fact => ({
  path,
  what: "one thing twice",
  holds: new Set(kinds).size === kinds.length,
  cites,
});

/** Lists of the document's own words, each of which must be in the quotes. */
const nameFacts = ({ classes, raterProtection, errorTolerance }: Pack): Fact[] => {
  const facts: Fact[] = [];
  const listed = (path: string, names: readonly string[], cites: readonly Cite[]): void => {
    const words = wordsIn(cites);
    for (const name of names) facts.push({ path, what: `“${name}”`, holds: words.includes(squeeze(name)), cites });
  };
  if (classes.said) {
    listed(
      "classes",
      classes.list.map(({ text }) => text),
      classes.cites,
    );
    facts.push(
      once(
        "classes",
        classes.list.map((one) => one.class),
        classes.cites,
      ),
    );
  }
  if (raterProtection.said) listed("raterProtection", raterProtection.rules, raterProtection.cites);
  if (errorTolerance.said) listed("errorTolerance", errorTolerance.rules, errorTolerance.cites);
  return facts;
};

const extensionFacts = ({ extension }: Pack): Fact[] => {
  if (!extension.said) return [];
  const { capWorkingDays: cap, approvalBy, beforeDueDay, tell, cites } = extension;
  const words = wordsIn(cites);
  const printed = /不(?:得)?超过(\d+)个工作日/.exec(words)?.[1];
  const isCap = cap === null ? printed === undefined : new RegExp(`(?<!\\d)${cap}个工作日`).test(words) && Number(printed) === cap;
  const isBefore = /到期(日)?(之)?前|届满前/.test(words);
  return [
    {
      path: "extension.capWorkingDays",
      what: cap === null ? "an extension without a cap" : `a cap of ${cap} working days`,
      holds: isCap,
      cites,
    },
    {
      path: "extension.approvalBy",
      what: `approval by ${approvalBy ?? "nobody"}`,
      holds: approvalBy === null ? !words.includes("批准") : words.includes("批准") && words.includes(approvalBy),
      cites,
    },
    {
      path: "extension.beforeDueDay",
      what: beforeDueDay ? "that it is told before the due day" : "a telling at any time",
      holds: beforeDueDay === isBefore,
      cites,
    },
    ...tell.map((who) => ({ path: "extension.tell", what: `${who} as who is told`, holds: words.includes(squeeze(who)), cites })),
  ];
};

const COPIES: Readonly<Record<string, number>> = { 两: 2, 二: 2, 三: 3, 四: 4, 五: 5, 六: 6, 七: 7, 八: 8, 九: 9 };

const appealFacts = ({ appeal, review }: Pack): Fact[] => {
  const facts: Fact[] = [];
  if (appeal.said) {
    const { by, to, form, copies, withEvidence, cites } = appeal;
    const words = wordsIn(cites);
    const printed = /一式(\d|[两二三四五六七八九])份/.exec(words)?.[1];
    const inCopies = printed === undefined ? undefined : (COPIES[printed] ?? Number(printed));
    facts.push(
      { path: "appeal.by", what: `${by} as who appeals`, holds: words.includes(squeeze(by)), cites },
      { path: "appeal.to", what: `an appeal to ${to ?? "nobody named"}`, holds: to === null || words.includes(`向${to}`), cites },
      { path: "appeal.form", what: `the form ${form}`, holds: (form === "written") === words.includes("书面"), cites },
      { path: "appeal.copies", what: `${copies ?? "no number of"} copies`, holds: copies === inCopies, cites },
      {
        path: "appeal.withEvidence",
        what: withEvidence ? "evidence" : "an appeal without evidence",
        holds: withEvidence === /证据|举证/.test(words),
        cites,
      },
    );
  }
  if (review.said) {
    const words = wordsIn(review.cites);
    const everyOne = /误评.*报送.*复核/.test(words);
    const atOnce = /立即启动/.test(words);
    facts.push(
      {
        path: "review.everyInvalidRating",
        what: review.everyInvalidRating ? "a review of every invalid rating" : "a review of some invalid ratings only",
        holds: review.everyInvalidRating === everyOne,
        cites: review.cites,
      },
      { path: "review.startsAtOnce", what: "when it starts", holds: (review.startsAtOnce ?? false) === atOnce, cites: review.cites },
    );
  }
  return facts;
};

const GROUND_WORDS = { mistaken: "误评", untrue: "不实", malicious: "恶意" } as const;

const invalidFacts = ({ invalidRatings }: Pack): Fact[] => {
  if (!invalidRatings.said) return [];
  const { grounds, personListDemanded, cites } = invalidRatings;
  const words = wordsIn(cites);
  const printed = Object.entries(GROUND_WORDS).flatMap(([ground, word]) => (words.includes(word) ? [ground] : []));
  const isList = words.includes("信息库");
  return [
    {
      path: "invalidRatings.grounds",
      what: `exactly the grounds ${grounds.join(", ")}`,
      holds: printed.length === grounds.length && grounds.every((ground) => printed.includes(ground)),
      cites,
    },
    {
      path: "invalidRatings.personListDemanded",
      what: personListDemanded ? "a list of persons" : "that there is no list of persons",
      holds: personListDemanded === isList,
      cites,
    },
  ];
};

const shareFacts = ({ returnVisits, targets }: Pack): Fact[] => {
  const facts: Fact[] = [];
  for (const [path, section] of [
    ["returnVisits", returnVisits],
    ["targets", targets],
  ] as const) {
    if (!section.said) continue;
    const words = wordsIn(section.cites);
    for (const { percent } of section.list) {
      if (percent !== null)
        facts.push({ path, what: `the ${percent} %`, holds: new RegExp(`(?<!\\d)${percent}%`).test(words), cites: section.cites });
    }
  }
  if (returnVisits.said) {
    const isRandom = /随机|抽取/.test(wordsIn(returnVisits.cites));
    const holds = returnVisits.list.some(({ random }) => random) === isRandom;
    facts.push({ path: "returnVisits", what: "whether visits are drawn at random", holds, cites: returnVisits.cites });
  }
  if (targets.said) {
    for (const { name } of targets.list) {
      const holds = wordsIn(targets.cites).includes(squeeze(name));
      facts.push({ path: "targets", what: `“${name}”`, holds, cites: targets.cites });
    }
  }
  return facts;
};

const PERIOD_WORDS = {
  month: /次月|每月/,
  quarter: /季/,
  "half-year": /半年|7月\d+日/,
  year: /年度|当年/,
  regular: /定期/,
} as const;
const WHEN_WORDS = { promptly: /及时/, regularly: /定期/, "not-said": /^/ } as const;

const bulletinFacts = ({ bulletins, publication }: Pack): Fact[] => {
  const facts: Fact[] = [];
  if (bulletins.said) {
    const words = wordsIn(bulletins.cites);
    for (const { period, to, approvedBy } of bulletins.list) {
      facts.push({ path: "bulletins", what: `the period ${period}`, holds: PERIOD_WORDS[period].test(words), cites: bulletins.cites });
      for (const who of [to, approvedBy])
        if (who !== undefined) facts.push({ path: "bulletins", what: who, holds: words.includes(squeeze(who)), cites: bulletins.cites });
    }
    for (const who of [bulletins.fedBackBefore, bulletins.filedWith])
      if (who !== undefined) facts.push({ path: "bulletins", what: who, holds: words.includes(squeeze(who)), cites: bulletins.cites });
  }
  if (publication.said) {
    const words = wordsIn(publication.cites);
    const holds = WHEN_WORDS[publication.when].test(words);
    facts.push({ path: "publication.when", what: `that it is made public ${publication.when}`, holds, cites: publication.cites });
  }
  return facts;
};
