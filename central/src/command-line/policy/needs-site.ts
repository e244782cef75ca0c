/** Policy commands that put something on the record of a site. */
export const SITE_POLICY_NAMES = ["choose", "sign", "local-days"] as const;

/** Whether a policy command needs the site's database. @param given what follows `policy` */
export const needsSite = (given: readonly string[]): boolean =>
  SITE_POLICY_NAMES.some((name) => given[0] === name) ||
  given.some((word) => word === "--site" || word === "--data" || word.startsWith("--data="));
