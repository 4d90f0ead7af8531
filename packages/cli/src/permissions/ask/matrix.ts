import { grants, objectVerbs, type PolicyRule } from "@plimsoll/permissions";
import { Command } from "commander";
import type { Subject } from "kubernetes-types/rbac/v1.d.ts";
import { formatSubject, identityOfAccount, identityOfUser, subjectsFor, type Bound, type Identity } from "../subjects/access.ts";
import { readBound, withBound, type BoundOptions } from "../sources/bound-source.ts";
import { print, tableOf, withFormat } from "../format.ts";
import { resolveResource, type ResourceName } from "./resource-name.ts";
import { titleOf } from "../objects/role.ts";
import { subjectFilter } from "../subjects/subject-filter.ts";
import { parseSubject } from "../subjects/subject.ts";
import { summaries } from "../summaries.ts";

const usual = ["pods", "pods/exec", "secrets", "configmaps", "serviceaccounts", "deployments.apps", "jobs.batch", "roles", "rolebindings"];

/** `plimsoll permissions matrix`: who may do what with which resources, at a glance. */
export function matrixCommand(): Command {
  return withFormat(withBound(new Command("matrix")), "table", "json", "yaml")
    .description(summaries.matrix.description)
    .argument("[resource...]", `the columns (default: ${usual.join(", ")})`)
    .option("--for <subject>", "a user, group or ServiceAccount, as what-can takes it: the rows are verbs then")
    .addHelpText(
      "after",
      "\nOnly what is granted for all names counts. Groups that everybody or every ServiceAccount is in count for users and ServiceAccounts.\n\nExamples:\n  plimsoll permissions matrix -n team-a\n  plimsoll permissions matrix secrets pods/exec -n team-a --subjects '^ServiceAccount '\n  plimsoll permissions matrix --for team-a/builder --rules deploy/",
    )
    .action(async (names: string[], options: BoundOptions & { for?: string; output: string }) => {
      const asker = options.for === undefined ? undefined : parseSubject(options.for);
      const { bindings, resources, current = "default" } = await readBound(options, { named: names.length > 0 });
      const known = options.rules === undefined ? { served: resources } : { files: resources };
      const columns = (names.length > 0 ? names : usual).map((name) => ({ name, on: resolveResource(name, known) }));
      for (const { on } of columns) if (on.doubt !== undefined) console.error(`note: ${on.doubt}`);
      const namespace = options.namespace ?? current;
      const counting = bindings.filter((bound) => bound.namespace === undefined || bound.namespace === namespace);
      const everywhere = counting.filter((bound) => bound.namespace === undefined);
      // What is in no namespace, no RoleBinding grants for all names.
      const allowed = (who: Identity, on: ResourceName) =>
        verbsOf(heldBy(on.namespaced === false ? everywhere : counting, who), on, namespace);
      if (asker !== undefined) {
        const by = columns.map(({ on }) => allowed(asker, on));
        const rows = objectVerbs.map((verb) => [verb, ...by.map((all) => (all.includes(verb) ? "yes" : "-"))]);
        return print(
          options.output,
          { subject: asker.title, namespace, verbs: Object.fromEntries(columns.map(({ name }, index) => [name, by[index]])) },
          () => tableOf(["VERB", ...columns.map(({ name }) => name.toUpperCase())], rows),
        );
      }
      const rows = distinct(counting.flatMap(({ subjects }) => subjects))
        .filter(subjectFilter(options.subjects))
        .map((subject) => ({ subject, by: columns.map(({ on }) => allowed(identityOf(subject), on)) }))
        .filter(({ by }) => by.some((all) => all.length > 0));
      print(
        options.output,
        rows.map(({ subject, by }) => ({
          subject: titleOf(subject),
          namespace,
          verbs: Object.fromEntries(columns.map(({ name }, index) => [name, by[index]])),
        })),
        () =>
          tableOf(
            ["SUBJECT", ...columns.map(({ name }) => name.toUpperCase())],
            rows.map(({ subject, by }) => [formatSubject(subject), ...by.map(cellOf)]),
          ),
      );
      if (rows.length === 0) console.error(`nobody may do anything with these in namespace ${namespace}`);
    });
}

function cellOf(all: readonly string[]): string {
  return all.length === 0 ? "-" : all.length === objectVerbs.length ? "all" : all.join(",");
}

function verbsOf(rules: readonly PolicyRule[], { group, resource, subresource, namespaced }: ResourceName, namespace: string): string[] {
  const at = namespaced === false ? {} : { namespace };
  return objectVerbs.filter(
    (verb) => grants(rules, { verb, group, resource, ...(subresource !== undefined && { subresource }), ...at }) !== undefined,
  );
}

function heldBy(bindings: readonly Bound[], who: Identity): PolicyRule[] {
  return bindings.flatMap(({ subjects, rules = [] }) => (subjectsFor(subjects, who).length > 0 ? [...rules] : []));
}

function identityOf({ kind, name, namespace = "" }: Subject): Identity {
  if (kind === "ServiceAccount") return identityOfAccount(namespace, name);
  return kind === "Group" ? { groups: [name] } : identityOfUser(name);
}

function distinct(subjects: readonly Subject[]): Subject[] {
  const all = new Map(subjects.map((subject) => [titleOf(subject), subject]));
  return [...all].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, subject]) => subject);
}
