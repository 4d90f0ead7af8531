import { Command } from "commander";
import { isAskedWithin, type Request } from "@plimsoll/permissions";
import { withCluster, type ClusterOptions } from "../../connect/cluster-options.ts";
import { exitCode, UsageError } from "../../failure.ts";
import { paintFor } from "../../output/paint.ts";
import { formatTable } from "../../output/table.ts";
import { answer, type Answer } from "./answer.ts";
import { print, withFormat } from "../format.ts";
import { resolveResource } from "./resource-name.ts";
import { placeOf, titleOf } from "../objects/role.ts";
import { loadSource, sourceHelp } from "../sources/rules.ts";
import { scopesOf, type Served } from "../objects/served.ts";
import { formatRequest, formatRule } from "../text.ts";
import { checkVerb } from "./verb.ts";
import { summaries } from "../summaries.ts";

interface AllowsOptions extends ClusterOptions {
  rules: string;
  role?: string;
  verb: string;
  resource?: string;
  group?: string;
  name?: string;
  path?: string;
  output: string;
}

/** `plimsoll permissions allows`: whether rules grant one request. */
export function allowsCommand(): Command {
  return withFormat(withCluster(new Command("allows")), "table", "json", "yaml")
    .description(summaries.allows.description)
    .requiredOption("--rules <source>", "where the rules are: a file, -, clusterrole/NAME, role/NAME or ref:NAME")
    .option("--role <name>", "only the role of that name in the file")
    .requiredOption("--verb <verb>", "as RBAC has it: get, list, watch, create, update, patch, delete, deletecollection, …")
    .option("--resource <resource>", "the plural, with its subresource if any: pods, pods/exec, deployments.apps/scale")
    .option("--group <group>", "the resource's API group, where it is neither Kubernetes' own nor defined by a CRD beside the rules")
    .option("--name <name>", "the object's name; without it, all of them")
    .option("--path <path>", "instead of a resource, a path: /metrics")
    .addHelpText(
      "after",
      `${sourceHelp}\nA Role counts for requests in a namespace (-n) only: its own, if it has one.\n\nExamples:\n  plimsoll permissions allows --rules role.yaml --verb get --resource pods/log -n team-a\n  plimsoll permissions allows --rules clusterrole/view --verb list --resource secrets\n  plimsoll permissions allows --rules ref:ocean --verb get --path /version\n\nExit code 0 for yes, 1 for no.`,
    )
    .action(async (options: AllowsOptions) => {
      checkAsked(options);
      const { roles: all, resources } = await loadSource(options.rules, options);
      const request = requestOf(options, resources);
      checkVerb(request);
      const roles = all.filter(({ name }) => options.role === undefined || name === options.role);
      if (roles.length === 0) throw new UsageError(`${options.rules}: holds no role "${options.role}"`);
      const answered = answer(roles, request, scopesOf(resources));
      print(options.output, dataOf(request, answered), () => textOf(answered));
      if (!answered.allowed) process.exitCode = exitCode.failure;
    });
}

function checkAsked({ resource, group, name, path }: AllowsOptions): void {
  if ((path === undefined) === (resource === undefined)) throw new UsageError("give either --resource or --path");
  if (path === undefined) return;
  if (!path.startsWith("/")) throw new UsageError(`--path ${path}: a path starts with /`);
  if (name !== undefined || group !== undefined) throw new UsageError("--name and --group go with --resource, not with --path");
}

function requestOf({ verb, resource, group, name, path, namespace }: AllowsOptions, files: readonly Served[]): Request {
  if (path !== undefined) return { verb, path };
  const { namespaced, doubt, ...on } = resolveResource(resource ?? "", { group, verb, files });
  if (doubt !== undefined) console.error(`note: ${doubt}`);
  const isNamespace = on.group === "" && on.resource === "namespaces";
  if (namespaced === false && !isNamespace && namespace !== undefined && !isAskedWithin({ verb, group: on.group, resource: on.resource })) {
    console.error(`note: ${on.resource} are in no namespace: -n ${namespace} makes no difference`);
    return { verb, ...on, ...(name === undefined ? {} : { name }) };
  }
  // A Namespace is "in" itself, and all of them are in none.
  const within = isNamespace ? name : namespace;
  return { verb, ...on, ...(name === undefined ? {} : { name }), ...(within === undefined ? {} : { namespace: within }) };
}

function dataOf(request: Request, { allowed, by, secondChecks }: Answer): object {
  const line = by?.role.lines[by.index];
  const { kind, name, namespace, source } = by?.role ?? {};
  return { allowed, request, ...(by && { by: { source, kind, name, namespace, rule: by.rule, index: by.index, line } }), secondChecks };
}

function textOf({ allowed, by, secondChecks, elsewhere }: Answer): string {
  const paint = paintFor(process.stdout);
  const word = (yes: boolean): string => paint(yes ? "green" : "red", yes ? "yes" : "no");
  const lines = [word(allowed)];
  if (by !== undefined) lines.push(`granted by ${titleOf(by.role)}, ${placeOf(by.role, by.index)}: ${formatRule(by.rule)}`);
  for (const role of elsewhere)
    lines.push(
      `${titleOf(role)} grants it within ${role.namespace === undefined ? "a namespace" : `namespace ${role.namespace}`} only: give -n ${role.namespace ?? "NAMESPACE"}`,
    );
  if (secondChecks.length > 0) {
    lines.push("the API server may also ask for:");
    lines.push(
      formatTable(
        ["GRANTED", "REQUEST", "WHEN"],
        secondChecks.map((check) => [word(check.allowed), formatRequest(check.request), check.when]),
      ),
    );
  }
  return lines.join("\n");
}
