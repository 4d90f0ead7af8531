import { count } from "@plimsoll/api/text";
import { messageOf } from "@plimsoll/kube/message";
import { grants, unused, type Atom, type Request } from "@plimsoll/permissions";
import { inferFromLogs, type LoggedEvent } from "@plimsoll/permissions/audit-log";
import { Command, InvalidArgumentError, Option } from "commander";
import { withCluster, type ClusterOptions } from "../../connect/cluster-options.ts";
import { exitCode, Failure, UsageError } from "../../failure.ts";
import { formatDocuments, listOf } from "../../output/output.ts";
import { paintFor } from "../../output/paint.ts";
import { identityOfAccount, identityOfUser } from "../subjects/access.ts";
import { counts, grantedBy } from "../ask/answer.ts";
import { usersIn } from "../subjects/audit-users.ts";
import { print, tableOf } from "../format.ts";
import { bindingObjects, roleObjects } from "./inferred-objects.ts";
import { noteBroken, noteNames, noteSources, noteUnseen } from "./log-notes.ts";
import { progressOn } from "./progress.ts";
import { titleOf, type SourcedRole } from "../objects/role.ts";
import { checkReadOnce } from "../../source-text.ts";
import { formatObjects, formatRequest, formatVerbs, linesOf } from "../text.ts";
import { visible } from "../../output/visible.ts";
import { Why } from "./why.ts";
import { widerThanUsed, type Wider } from "./wider-than-used.ts";
import { sourceHelp } from "../sources/rules.ts";
import { summaries } from "../summaries.ts";

interface InferOptions extends ClusterOptions {
  auditLog: string[];
  user?: string;
  serviceAccount?: string;
  since?: string;
  name?: string;
  compare?: string;
  pinNames?: boolean;
  namesLimit?: number;
  namespacesLimit?: number;
  fromDenied?: boolean;
  bindings?: boolean;
  why?: string;
  output?: string;
}

/** `plimsoll permissions infer`: the least role for what an audit log shows that somebody did. */
export function inferCommand(): Command {
  return withCluster(new Command("infer"))
    .description(summaries.infer.description)
    .requiredOption(
      "--audit-log <file...>",
      "audit logs, oldest first, plain or gzipped, also as clouds and log shippers hand them out; - is standard input",
    )
    .option("--user <name>", "whose requests count; without it everybody's")
    .option("--service-account <namespace/name>", "the same for a ServiceAccount")
    .option("--since <time|duration>", "only requests since a time (2026-05-01, 2026-05-01T12:00:00Z) or for the last while (90m, 12h, 7d)")
    .option("--name <name>", "the roles' name (default: the user's)")
    .option("--pin-names", "hold the roles to names that are new each time, too")
    .addOption(new Option("--names-limit <number>", "more names than that for a verb on a resource become all").argParser(limit))
    .addOption(
      new Option(
        "--namespaces-limit <number>",
        "more namespaces than that for a verb on a resource become all, in the ClusterRole",
      ).argParser(limit),
    )
    .option("--from-denied", "what was refused counts, instead of what was allowed: the role that it would have taken")
    .option("--bindings", "also the bindings to the user, and the ServiceAccount")
    .option("--why <grant>", 'instead of the roles: the events that gave a grant, as "get secrets" or "get secrets db"')
    .addOption(
      new Option("-o, --output <format>", "how to print (default: yaml; table with --compare and --why)").choices([
        "yaml",
        "json",
        "table",
      ]),
    )
    .option("--compare <source>", "instead of the roles: which grants of these were not used, and what was done without them")
    .addHelpText(
      "after",
      `${sourceHelp}\nA role can lack what the log doesn't show. Refused requests don't count, unless --from-denied counts them alone.\n\nExamples:\n  plimsoll permissions infer --audit-log audit.log --service-account team-a/builder\n  plimsoll permissions infer --audit-log audit-1.log.gz audit.log --user ada --since 7d -o table\n  plimsoll permissions infer --audit-log audit.log --user ada --compare role.yaml\n  plimsoll permissions infer --audit-log audit.log --service-account team-a/builder --names-limit 5 --bindings | kubectl apply -f -\n  plimsoll permissions infer --audit-log audit.log --user ada --why "get secrets"\n  plimsoll permissions infer --audit-log audit.log --user ada --from-denied\n\nExit code 1 when the log shows nothing of the user, or with --compare when a grant was not used.`,
    )
    .action(async (options: InferOptions) => {
      const user = userOf(options);
      // Before the log is read, which may take long.
      const name = options.name === undefined ? nameFor(user) : validName(options.name);
      checkReadOnce([...options.auditLog, options.compare]);
      const compared =
        options.compare === undefined ? undefined : await (await import("./held.ts")).loadHeld(options.compare, user, options);
      if (options.bindings && user === undefined)
        throw new UsageError("--bindings takes --user or --service-account: whom to bind the roles to");
      const why = options.why === undefined ? undefined : new Why(options.why, { user, refused: options.fromDenied });
      const inference = await read(options, user, why);
      if (why !== undefined) {
        print(options.output ?? "table", why.data, () => why.text);
        console.error(why.summary);
        if (why.isEmpty) process.exitCode = exitCode.failure;
        return;
      }
      if (compared !== undefined) return compare(compared, [...inference.requests, ...inference.listedByWatch], user, options);
      const inferred = inference.roles({
        pinned: options.pinNames ?? false,
        names: options.namesLimit,
        namespaces: options.namespacesLimit,
      });
      noteNames(inference, options.pinNames ?? false);
      noteUnseen(inference.requests, inferred);
      const roles = roleObjects(inferred, name);
      const { output = "yaml" } = options;
      const objects = [...roles, ...(options.bindings && user !== undefined ? bindingObjects(roles, user) : [])];
      if (output === "yaml") return console.log(formatDocuments(objects));
      print(output, objects.length === 1 ? objects[0] : listOf(objects), () =>
        tableOf(
          ["NAMESPACE", "VERBS", "ON"],
          roles.flatMap(({ metadata, rules }) => rules.map((rule) => [metadata.namespace ?? "*", formatVerbs(rule), formatObjects(rule)])),
        ),
      );
    });
}

function userOf({ user, serviceAccount }: InferOptions): string | undefined {
  if (serviceAccount === undefined) return user;
  if (user !== undefined) throw new UsageError("give either --user or --service-account");
  const [, namespace, name] =
    /^([^:/]+)\/([^:/]+)$/.exec(serviceAccount) ?? /^system:serviceaccount:([^:/]+):([^:/]+)$/.exec(serviceAccount) ?? [];
  if (namespace === undefined || name === undefined)
    throw new UsageError(`--service-account ${serviceAccount}: write it as NAMESPACE/NAME`);
  return identityOfAccount(namespace, name).user;
}

async function read({ auditLog, since, fromDenied = false }: InferOptions, user: string | undefined, why: Why | undefined) {
  const progress = progressOn(process.stderr, () => Date.now());
  const filter = {
    ...(user === undefined ? {} : { user }),
    refused: fromDenied,
    ...(why === undefined ? {} : { onEvent: (event: LoggedEvent) => why.add(event) }),
    ...(since === undefined ? {} : { since: (await import("./since.ts")).parseSince(since, Date.now()) }),
  };
  const summary = await inferFromLogs(auditLog, { ...filter, onProgress: progress.report })
    .catch((error: unknown) => {
      throw new UsageError(messageOf(error));
    })
    .finally(progress.end);
  const { inference, events, matched, malformed, firstMalformed, sources, broken } = summary;
  const [torn] = broken;
  if (events === 0 && torn !== undefined) throw new UsageError(`${torn.file} ${torn.why}, and no event of it can be read`);
  noteBroken(broken);
  if (firstMalformed !== undefined) {
    const { file, line, looks } = firstMalformed;
    const told = `${file}:${line}: no audit event (audit.k8s.io), as kube-apiserver writes it, one a line, or in a wrapping that is known${looks === undefined ? "" : `; what stands there ${visible(looks)}`}`;
    if (events === 0) throw new UsageError(told);
    console.error(`note: ${told}; ${count(malformed, "such line")} left out`);
  }
  noteSources(sources, inference.requests, fromDenied ? 0 : matched);
  if (events === 0) throw new UsageError(`${auditLog.join(", ")}: no audit event is there`);
  if (matched > 0) return inference;
  const of = user === undefined ? "" : ` of user "${user}"`;
  if (fromDenied) throw new Failure(`no refused request${of} among the ${count(events, "event")} of ${auditLog.join(", ")}`);
  const named = user === undefined ? [] : await usersIn(auditLog);
  if (user !== undefined && since === undefined && named.includes(user))
    throw new Failure(
      `every request of user "${user}" in ${auditLog.join(", ")} was refused, or came to no decision: only what was allowed counts; --from-denied counts what was refused`,
    );
  const known = named.filter((other) => other !== user);
  const others =
    known.length === 0 ? "" : `; it has requests of ${visible(known.slice(0, 10).join(", "))}${known.length > 10 ? ", …" : ""}`;
  throw new Failure(
    `no allowed request${of}${since === undefined ? "" : ` since ${since}`} among the ${count(events, "event")} of ${auditLog.join(", ")}${others}`,
  );
}

/** A name that the API server takes for a role (k8s.io/apimachinery pkg/api/validation/path, IsValidPathSegmentName). */
function validName(name: string): string {
  if (name === "" || name === "." || name === ".." || /[/%]/.test(name))
    throw new UsageError(`--name ${name}: a role's name is not empty, . or .., and has no / and no %`);
  return name;
}

/** What may be a role's name of a user's: `system:serviceaccount:team-a:builder` gives `builder`. */
function nameFor(user: string | undefined): string {
  const name = user?.replace(/^system:serviceaccount:[^:]+:/, "").replaceAll(/[/%]/g, "-") ?? "";
  return ["", ".", ".."].includes(name) ? "inferred" : name;
}

async function compare(
  roles: readonly SourcedRole[],
  requests: readonly Request[],
  user: string | undefined,
  { output = "table" }: InferOptions,
): Promise<void> {
  const idle = roles.map((role) => ({
    role,
    atoms: unused(
      role.rules,
      requests.filter((request) => counts(role, request)),
    ),
  }));
  // What Kubernetes lets everybody do takes no role.
  const common = (await import("../subjects/default-bindings.ts")).defaultRulesOf(
    user === undefined ? ["system:authenticated"] : identityOfUser(user).groups,
  );
  const lacking = requests.filter((request) => grantedBy(roles, request) === undefined && grants(common, request) === undefined);
  const wider = roles.map((role) => ({ role, found: widerThanUsed(role, requests) }));
  const paint = paintFor(process.stdout);
  const data = {
    unused: idle.map(({ role, atoms }) => ({ role: titleOf(role), grants: atoms })),
    wider: wider.flatMap(({ role, found }) => found.map(({ atom, ...used }) => ({ role: titleOf(role), grant: atom, ...used }))),
    notGranted: lacking,
  };
  print(output, data, () =>
    [
      ...idle.flatMap(({ role, atoms }) =>
        linesOf(atoms).map((line) => paint("red", `- ${line}${roles.length > 1 ? `  (${titleOf(role)})` : ""}`)),
      ),
      ...wider.flatMap(({ role, found }) =>
        found.map((one) => paint("yellow", `~ ${widerText(one)}${roles.length > 1 ? `  (${titleOf(role)})` : ""}`)),
      ),
      ...lacking.map((request) => paint("green", `+ ${formatRequest(request)}`)),
    ].join("\n"),
  );
  for (const [told, is] of unseen) {
    const found = idle.flatMap(({ atoms }) => atoms.filter(is));
    if (found.length > 0) console.error(`note: ${linesOf(found).join(", ")} ${told}`);
  }
  const total = idle.reduce((sum, { atoms }) => sum + atoms.length, 0);
  const usedForLess = wider.reduce((sum, { found }) => sum + found.length, 0);
  const told = usedForLess === 0 ? "" : `${count(usedForLess, "grant")} used for less (~), `;
  console.error(`${count(total, "grant")} not used (-), ${told}${count(lacking.length, "request")} not granted (+)`);
  if (total > 0) process.exitCode = exitCode.failure;
}

/** `get secrets: used for "db" in shop only`. */
function widerText({ atom, names, namespaces }: Wider): string {
  const [line = ""] = linesOf([atom]);
  const used = [names && `for ${names.map((name) => JSON.stringify(name)).join(", ")}`, namespaces && `in ${namespaces.join(", ")}`];
  return visible(`${line}: used ${used.filter((part) => part !== undefined).join(" ")} only`);
}

function limit(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("Must be a whole number.");
  return Number(text);
}

/** Grants that a log may not show though they are needed. */
const unseen: readonly [told: string, is: (atom: Atom) => boolean][] = [
  [
    "may be needed all the same: no log shows whether it was, as it is asked for behind the write of a role or binding",
    ({ verb }) => verb === "escalate" || verb === "bind",
  ],
  [
    "may be needed all the same: a log shows it on the day only that something is removed, as Helm does with old releases",
    (atom) => "resource" in atom && atom.verb === "delete" && atom.group === "" && atom.resource === "secrets",
  ],
];
