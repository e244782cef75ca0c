const given = process.argv.slice(2);
const out = (text: string) => process.stdout.write(text);
const err = (text: string) => process.stderr.write(text);
const untilStopped = (): Promise<void> =>
  new Promise((resolve) => {
    // A second signal finds no listener and ends the process at once.
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });

// Each loads only what it needs: the rules answer from files, without the database's code.
if (given[0] === "policy") {
  const words = given.slice(1);
  const { needsSite } = await import("./command-line/policy/needs-site.ts");
  if (needsSite(words)) {
    const { runSitePolicyCommand } = await import("./command-line/policy/site-run.ts");
    process.exitCode = await runSitePolicyCommand(words, { databaseUrl: process.env.DATABASE_URL, now: Date.now, out, err });
  } else {
    const { runPolicyCommand } = await import("./command-line/policy/run.ts");
    process.exitCode = runPolicyCommand(words, { now: Date.now, out, err });
  }
} else if (given[0] === "account" || given[0] === "keys") {
  const { runAccountCommand } = await import("./command-line/account/run.ts");
  process.exitCode = await runAccountCommand(given, { databaseUrl: process.env.DATABASE_URL, input: process.stdin, out, err });
} else if (given[0] === "qr") {
  const { runQrCommand } = await import("./command-line/qr/run.ts");
  process.exitCode = await runQrCommand(given.slice(1), {
    databaseUrl: process.env.DATABASE_URL,
    out: (bytes) => process.stdout.write(bytes),
    err,
  });
} else if (given[0] === "jobs" || given[0] === "sms" || given[0] === "phone" || given[0] === "contact-keys") {
  const { runJobCommand } = await import("./command-line/jobs/run.ts");
  process.exitCode = await runJobCommand(given, { environment: process.env, out, err, untilStopped });
} else if (given[0] === "import" || given[0] === "system" || given[0] === "site") {
  const { runSiteCommand } = await import("./command-line/site/run.ts");
  process.exitCode = await runSiteCommand(given, { databaseUrl: process.env.DATABASE_URL, out, err });
} else if (given[0] === "site-file") {
  const { runSiteFileCommand } = await import("./command-line/site-file/run.ts");
  process.exitCode = await runSiteFileCommand(given.slice(1), { databaseUrl: process.env.DATABASE_URL, out, err });
} else {
  const { runCommandLine } = await import("./command-line/run.ts");
  process.exitCode = await runCommandLine(given, {
    databaseUrl: process.env.DATABASE_URL,
    out,
    err,
    untilStopped,
  });
}
