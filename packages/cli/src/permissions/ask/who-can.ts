import { namespaceOf, signerDomain, type Request } from "@plimsoll/permissions";
import { Command } from "commander";
import { endWith, exitCode, UsageError } from "../../failure.ts";
import { bindingsOf, bindingsThatGrant, formatSubject, type Bound, type GrantingBinding } from "../subjects/access.ts";
import { bindingTitle, noteMissing, roleTitle, scopeOf } from "./bindings-text.ts";
import { boundIn } from "../sources/bound-files.ts";
import { withBound, type BoundOptions } from "../sources/bound-source.ts";
import { discover } from "../sources/discovery.ts";
import { print, tableOf, withFormat } from "../format.ts";
import { readRbac, withRbac } from "../sources/live.ts";
import { resolveResource, type ResourceName } from "./resource-name.ts";
import type { Served } from "../objects/served.ts";
import { subjectFilter } from "../subjects/subject-filter.ts";
import { formatRequest, formatRule } from "../text.ts";
import { checkVerb } from "./verb.ts";
import { summaries } from "../summaries.ts";

interface WhoCanOptions extends BoundOptions {
  allNamespaces?: boolean;
  group?: string;
  output: string;
}

/** `plimsoll permissions who-can`: the subjects that the cluster's roles and bindings grant a request. */
export function whoCanCommand(): Command {
  return withFormat(withBound(new Command("who-can")), "table", "wide", "json", "yaml")
    .description(summaries["who-can"].description)
    .argument("<verb>", "get, list, watch, create, update, patch, delete, …")
    .argument(
      "<resource|path>",
      "as kubectl takes it, with its subresource if any (pods, po, pods/exec, deployments.apps), or a path (/metrics)",
    )
    .argument("[name]", "the object's name; without it, all of them")
    .option("-A, --all-namespaces", "in any namespace: whoever may in one is shown with it")
    .option("--group <group>", "the resource's API group, for what the cluster doesn't serve")
    .addHelpText(
      "after",
      "\nOnly roles and bindings are looked at: nodes, and what a webhook authorizes, are not RBAC's. Members of system:masters may do everything.\n\nExamples:\n  plimsoll permissions who-can get secrets -n team-a\n  plimsoll permissions who-can create pods/exec -A\n  plimsoll permissions who-can escalate clusterroles\n  plimsoll permissions who-can get /metrics\n  plimsoll permissions who-can get secrets -n team-a --rules deploy/\n\nExit code 1 when nobody may.",
    )
    .action(async (verb: string, on: string, name: string | undefined, options: WhoCanOptions) => {
      const fits = subjectFilter(options.subjects);
      const { rules } = options;
      const work = async ({ served = [], files = [], current, read }: Known): Promise<void> => {
        const { request, anyNamespace = false } = on.startsWith("/")
          ? { request: pathRequest(verb, on, name) }
          : resourceRequest(verb, resolveResource(on, { verb, group: options.group, served, files }), name, options, current);
        checkVerb(request);
        const where = namespaceOf(request);
        const bindings = await read(where);
        noteMissing(
          bindings.filter(({ namespace }) => namespace === undefined || anyNamespace || namespace === where),
          rules,
        );
        const domain = signerDomain(request);
        if (domain !== undefined) console.error(`note: whoever may ${formatRequest(domain)} may too, and is among these`);
        const asked = [request, ...(domain === undefined ? [] : [domain])];
        const given = asked.flatMap((one) => bindingsThatGrant(bindings, one, { anyNamespace }));
        const once = new Map(given.map((one) => [one.bound, one]));
        const granting = [...once.values()].map(({ bound, rule }) => ({
          bound: { ...bound, subjects: bound.subjects.filter(fits) },
          rule,
        }));
        print(options.output, granting.flatMap(dataOf), () => tableOfGrants(granting, options.output === "wide"));
        if (granting.some(({ bound }) => bound.subjects.length > 0)) return;
        const who = options.subjects === undefined ? "nobody" : `nobody whom ${options.subjects} fits`;
        console.error(
          rules === undefined
            ? `${who} may ${formatRequest(request)}, but members of system:masters`
            : `${rules.join(", ")}: ${who} may ${formatRequest(request)}`,
        );
        endWith(exitCode.failure);
      };
      // Files say nothing of where they are applied: unless a namespace is named, any counts.
      if (rules !== undefined) {
        const { bindings, resources } = await boundIn(rules, options);
        return work({ files: resources, read: async () => bindings });
      }
      return withRbac(options, async (client, transport) =>
        work({
          served: await discover(transport),
          current: transport.namespace,
          read: async (namespace) => bindingsOf(await readRbac(client, namespace)),
        }),
      );
    });
}

/** What a question is answered from: a cluster or files. */
interface Known {
  served?: readonly Served[];
  /** What the files' CRDs define. */
  files?: readonly Served[];
  /** The namespace that is asked about where none is named. */
  current?: string;
  read: (namespace: string | undefined) => Promise<Bound[]>;
}

function pathRequest(verb: string, path: string, name: string | undefined): Request {
  if (name !== undefined) throw new UsageError(`${name}: a path has no name beside it`);
  return { verb, path };
}

function resourceRequest(
  verb: string,
  { namespaced = true, doubt, ...on }: ResourceName,
  name: string | undefined,
  { allNamespaces = false, namespace }: WhoCanOptions,
  current: string | undefined,
): { request: Request; anyNamespace?: boolean } {
  if (doubt !== undefined) console.error(`note: ${doubt}`);
  const request = { verb, ...on, ...(name === undefined ? {} : { name }) };
  // A Namespace is "in" itself, so that a Role in it can grant what is done to it.
  if (on.group === "" && on.resource === "namespaces")
    return name === undefined ? { request, anyNamespace: allNamespaces } : { request: { ...request, namespace: name } };
  if (!namespaced) {
    if (namespace !== undefined) console.error(`note: ${on.resource} are in no namespace: -n ${namespace} makes no difference`);
    return { request };
  }
  const within = namespace ?? current;
  return allNamespaces || within === undefined ? { request, anyNamespace: true } : { request: { ...request, namespace: within } };
}

function dataOf({ bound, rule }: GrantingBinding): object[] {
  const { binding, role, namespace } = bound;
  return bound.subjects.map(({ kind, name, namespace: home }) => ({
    subject: { kind, name, ...(kind === "ServiceAccount" && { namespace: home }) },
    ...(namespace !== undefined && { namespace }),
    binding,
    role,
    rule,
  }));
}

function tableOfGrants(granting: readonly GrantingBinding[], wide: boolean): string {
  const rows = granting.flatMap(({ bound, rule }) =>
    bound.subjects.map((subject) => [
      formatSubject(subject),
      scopeOf(bound),
      bindingTitle(bound),
      roleTitle(bound),
      ...(wide ? [formatRule(rule)] : []),
    ]),
  );
  return tableOf(["SUBJECT", "NAMESPACE", "BINDING", "ROLE", ...(wide ? ["RULE"] : [])], rows);
}
