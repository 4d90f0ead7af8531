import { messageOf } from "@plimsoll/kube/message";
import { grants, resourceText, secondChecks, unused, type Atom, type InferredRoles, type Request } from "@plimsoll/permissions";
import { inferFromLogs } from "@plimsoll/permissions/audit-log";
import { Command, Option } from "commander";
import { withCluster, type ClusterOptions } from "../cluster-options.ts";
import { exitCode, Failure, UsageError } from "../failure.ts";
import { formatDocuments, listOf } from "../output.ts";
import { paintFor } from "../paint.ts";
import { identityOfAccount } from "./access.ts";
import { counts, grantedBy } from "./answer.ts";
import { usersIn } from "./audit-users.ts";
import { count, print, tableOf } from "./format.ts";
import { progressOn } from "./progress.ts";
import { titleOf, type SourcedRole } from "./role.ts";
import { sourceHelp } from "./source-help.ts";
import { checkReadOnce } from "./stdin.ts";
import { formatObjects, formatRequest, formatVerbs, linesOf } from "./text.ts";
import { visible } from "./visible.ts";

interface InferOptions extends ClusterOptions {
  auditLog: string[];
  user?: string;
  serviceAccount?: string;
  since?: string;
  name?: string;
  compare?: string;
  pinNames?: boolean;
  output?: string;
}

/** `plimsoll permissions infer`: the least role for what an audit log shows that somebody did. */
export function inferCommand(): Command {
  return withCluster(new Command("infer"))
    .description("the least ClusterRole and Roles for what a user did according to kube-apiserver's audit logs")
    .requiredOption("--audit-log <file...>", "audit logs, oldest first, plain or gzipped; - is standard input")
    .option("--user <name>", "whose requests count; without it everybody's")
    .option("--service-account <namespace/name>", "the same for a ServiceAccount")
    .option("--since <time|duration>", "only requests since a time (2026-05-01, 2026-05-01T12:00:00Z) or for the last while (90m, 12h, 7d)")
    .option("--name <name>", "the roles' name (default: the user's)")
    .option("--pin-names", "hold the roles to names that are new each time, too")
    .addOption(new Option("-o, --output <format>", "how to print (default: yaml; table with --compare)").choices(["yaml", "json", "table"]))
    .option("--compare <source>", "instead of the roles: which grants of these were not used, and what was done without them")
    .addHelpText(
      "after",
      `${sourceHelp}\nA role can lack what the log doesn't show. Refused requests don't count.\n\nExamples:\n  plimsoll permissions infer --audit-log audit.log --service-account team-a/builder\n  plimsoll permissions infer --audit-log audit-1.log.gz audit.log --user ada --since 7d -o table\n  plimsoll permissions infer --audit-log audit.log --user ada --compare role.yaml\n\nExit code 1 when the log shows nothing of the user, or with --compare when a grant was not used.`,
    )
    .action(async (options: InferOptions) => {
      const user = userOf(options);
      // Before the log is read, which may take long.
      const name = options.name === undefined ? nameFor(user) : validName(options.name);
      checkReadOnce([...options.auditLog, options.compare]);
      const compared =
        options.compare === undefined ? undefined : await (await import("./held.ts")).loadHeld(options.compare, user, options);
      const inference = await read(options, user);
      if (compared !== undefined) return compare(compared, [...inference.requests, ...inference.listedByWatch], user, options);
      const inferred = inference.roles({ pinned: options.pinNames ?? false });
      noteNames(inference, options.pinNames ?? false);
      noteUnseen(inference.requests, inferred);
      const roles = objectsOf(inferred, name);
      const { output = "yaml" } = options;
      if (output === "yaml") return console.log(formatDocuments(roles));
      print(output, roles.length === 1 ? roles[0] : listOf(roles), () =>
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

async function read({ auditLog, since }: InferOptions, user: string | undefined) {
  const progress = progressOn(process.stderr, () => Date.now());
  const filter = {
    ...(user === undefined ? {} : { user }),
    ...(since === undefined ? {} : { since: (await import("./since.ts")).parseSince(since, Date.now()) }),
  };
  const summary = await inferFromLogs(auditLog, { ...filter, onProgress: progress.report })
    .catch((error: unknown) => {
      throw new UsageError(messageOf(error));
    })
    .finally(progress.end);
  const { inference, events, matched, malformed, firstMalformed } = summary;
  if (firstMalformed !== undefined) {
    const told = `${firstMalformed.file}:${firstMalformed.line}: not an audit event (audit.k8s.io, one JSON object a line)`;
    if (events === 0) throw new UsageError(told);
    console.error(`note: ${told}; ${count(malformed, "such line")} left out`);
  }
  if (matched > 0) return inference;
  const of = user === undefined ? "" : ` of user "${user}"`;
  const named = user === undefined ? [] : await usersIn(auditLog);
  if (user !== undefined && since === undefined && named.includes(user))
    throw new Failure(
      `every request of user "${user}" in ${auditLog.join(", ")} was refused, or came to no decision: only what was allowed counts`,
    );
  const known = named.filter((other) => other !== user);
  const others =
    known.length === 0 ? "" : `; it has requests of ${visible(known.slice(0, 10).join(", "))}${known.length > 10 ? ", …" : ""}`;
  throw new Failure(
    `no allowed request${of}${since === undefined ? "" : ` since ${since}`} among the ${count(events, "event")} of ${auditLog.join(", ")}${others}`,
  );
}

/** What the roles grant beyond what the log shows, and why. */
function noteNames(inference: Awaited<ReturnType<typeof read>>, pinned: boolean): void {
  const names = Map.groupBy(inference.fresh, (request) => `${request.verb} ${resourceText(request)}`);
  for (const [grant, requests] of names) {
    const all = [...new Set(requests.map(({ name = "" }) => name))];
    const shown = visible(all.slice(0, 3).join(", ")) + (all.length > 3 ? ", …" : "");
    console.error(
      pinned
        ? `note: ${grant} is held to ${shown}, which will be another name the next time`
        : `note: ${grant} isn't held to ${shown}: the log shows it being created, or it will be another name the next time; --pin-names holds it`,
    );
  }
  for (const request of inference.listedByWatch)
    console.error(
      `note: ${formatRequest(request)} is granted though the log shows a watch in its place: older servers, and busy ones, want the list`,
    );
}

/** The checks behind what was done are in no audit log: it doesn't tell who holds `escalate` from who holds all that a role grants. */
function noteUnseen(requests: readonly Request[], { cluster, namespaces }: InferredRoles): void {
  const unseen = new Map<string, string>();
  for (const { request, when } of requests.flatMap(secondChecks)) {
    // What `create` was asked for besides is in the log.
    if (request.verb === "create") continue;
    const rules = [...cluster, ...(namespaces.get(request.namespace ?? "") ?? [])];
    if (grants(rules, request) === undefined) unseen.set(`${request.verb} ${resourceText(request)}`, when);
  }
  for (const [grant, when] of unseen)
    console.error(`note: the roles may lack ${grant}, which no log shows. When the API server asks for it: ${when}`);
}

interface RoleObject {
  apiVersion: string;
  kind: "ClusterRole" | "Role";
  metadata: { name: string; namespace?: string };
  rules: InferredRoles["cluster"];
}

function objectsOf({ cluster, namespaces }: InferredRoles, name: string): RoleObject[] {
  const apiVersion = "rbac.authorization.k8s.io/v1";
  const wide: RoleObject[] = cluster.length === 0 ? [] : [{ apiVersion, kind: "ClusterRole", metadata: { name }, rules: cluster }];
  return [
    ...wide,
    ...[...namespaces].map(([namespace, rules]): RoleObject => ({ apiVersion, kind: "Role", metadata: { name, namespace }, rules })),
  ];
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
  const common = (await import("./default-bindings.ts")).defaultRulesOf(groupsOf(user));
  const lacking = requests.filter((request) => grantedBy(roles, request) === undefined && grants(common, request) === undefined);
  const paint = paintFor(process.stdout);
  const data = { unused: idle.map(({ role, atoms }) => ({ role: titleOf(role), grants: atoms })), notGranted: lacking };
  print(output, data, () =>
    [
      ...idle.flatMap(({ role, atoms }) =>
        linesOf(atoms).map((line) => paint("red", `- ${line}${roles.length > 1 ? `  (${titleOf(role)})` : ""}`)),
      ),
      ...lacking.map((request) => paint("green", `+ ${formatRequest(request)}`)),
    ].join("\n"),
  );
  for (const [told, is] of unseen) {
    const found = idle.flatMap(({ atoms }) => atoms.filter(is));
    if (found.length > 0) console.error(`note: ${linesOf(found).join(", ")} ${told}`);
  }
  const total = idle.reduce((sum, { atoms }) => sum + atoms.length, 0);
  console.error(`${count(total, "grant")} not used (-), ${count(lacking.length, "request")} not granted (+)`);
  if (total > 0) process.exitCode = exitCode.failure;
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

/** As the API server gives them; what else the login gives is unknown. */
function groupsOf(user: string | undefined): readonly string[] {
  const [, namespace, name] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user ?? "") ?? [];
  if (namespace !== undefined && name !== undefined) return identityOfAccount(namespace, name).groups;
  return user === "system:anonymous" ? ["system:unauthenticated"] : ["system:authenticated"];
}
